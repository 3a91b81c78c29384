#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kube/reflector.h"
#include "kube/store.h"

namespace edgetide::kube {

/// A resource in one namespace, or in all: a store and the reflector that keeps it.
template <typename T>
class Watched {
 public:
  using Ptr = typename Store<T>::Ptr;

  Watched(Client& client, typename Store<T>::Decode decode, typename Store<T>::OnChange on_change,
          ReflectorOptions options, std::function<void(const std::string&)> on_problem)
      : store_(std::move(decode), std::move(on_change)),
        reflector_(client, store_.table(), std::move(options), std::move(on_problem)) {}

  [[nodiscard]] Store<T>& store() { return store_; }
  [[nodiscard]] const Store<T>& store() const { return store_; }
  [[nodiscard]] Reflector& reflector() { return reflector_; }
  [[nodiscard]] const Reflector& reflector() const { return reflector_; }

 private:
  Store<T> store_;
  Reflector reflector_;  // after the store that it fills: stopped first
};

}  // namespace edgetide::kube
