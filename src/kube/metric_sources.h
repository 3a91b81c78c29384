#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "edgetide/core/ids.h"
#include "edgetide/model/metric_source.h"
#include "kube/watched.h"

namespace edgetide::kube {

/// The MetricSources of the cluster, from a watch.
class MetricSources {
 public:
  MetricSources(Client& client, std::function<void(const std::string&)> on_problem);

  void start() { sources_->reflector().start(); }

  /// The usable ones by name; one that became unusable stays as it was last usable.
  [[nodiscard]] std::map<std::string, model::MetricSource> all() const;
  [[nodiscard]] std::uint64_t version() const { return sources_->store().revision(); }
  [[nodiscard]] Reflector* reflector() const { return &sources_->reflector(); }

 private:
  std::unique_ptr<Watched<model::MetricSource>> sources_;
};

/// The decoded data of a Secret's JSON; kInvalid when it is none, without any of its content.
[[nodiscard]] Result<std::map<std::string, std::string>> decode_secret(std::string_view body);
/// The decoded data of a Secret, read now. Never logged, never kept.
[[nodiscard]] Result<std::map<std::string, std::string>> read_secret(Client& client,
                                                                     const ObjectKey& key);

}  // namespace edgetide::kube
