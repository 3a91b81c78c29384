#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "kube/object_table.h"

namespace edgetide::kube {

/// An ObjectTable whose values are `T`s.
template <typename T>
class Store {
 public:
  using Ptr = std::shared_ptr<const T>;
  /// `before` is what stood under the same uid, or nullptr.
  using Decode = std::function<Result<T>(simdjson::dom::element object, const T* before)>;
  /// As ObjectTable::OnChange.
  using OnChange = std::function<void(const ObjectKey& key, const Ptr& before, const Ptr& after)>;

  explicit Store(Decode decode, OnChange on_change = {})
      : table_(erased(std::move(decode)), erased(std::move(on_change))) {}

  /// For the reflector.
  [[nodiscard]] ObjectTable& table() { return table_; }

  /// nullptr when there is none.
  [[nodiscard]] Ptr find(const ObjectKey& key) const { return typed(table_.find(key)); }
  /// By key.
  [[nodiscard]] std::vector<std::pair<ObjectKey, Ptr>> all() const {
    std::vector<std::pair<ObjectKey, Ptr>> found;
    for (auto& [key, value] : table_.all()) found.emplace_back(key, typed(value));
    return found;
  }
  /// As ObjectTable::visit.
  void visit(const std::function<void(const ObjectKey& key, const T& value)>& visit) const {
    table_.visit([&](const ObjectKey& key, const void* value) {
      visit(key, *static_cast<const T*>(value));
    });
  }
  [[nodiscard]] std::uint64_t revision() const { return table_.revision(); }

 private:
  [[nodiscard]] static Ptr typed(const ObjectTable::Ptr& value) {
    return std::static_pointer_cast<const T>(value);
  }

  [[nodiscard]] static ObjectTable::Decode erased(Decode decode) {
    return [decode = std::move(decode)](simdjson::dom::element object,
                                        const void* before) -> Result<ObjectTable::Ptr> {
      auto value = decode(object, static_cast<const T*>(before));
      if (!value.ok()) return value.error();
      return ObjectTable::Ptr{std::make_shared<const T>(std::move(*value))};
    };
  }

  [[nodiscard]] static ObjectTable::OnChange erased(OnChange on_change) {
    if (!on_change) return {};
    return [on_change = std::move(on_change)](const ObjectKey& key, const ObjectTable::Ptr& before,
                                              const ObjectTable::Ptr& after) {
      on_change(key, typed(before), typed(after));
    };
  }

  ObjectTable table_;
};

}  // namespace edgetide::kube
