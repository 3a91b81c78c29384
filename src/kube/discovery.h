#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "edgetide/core/result.h"
#include "kube/client.h"

namespace edgetide::kube {

/// What the server calls a kind in its paths, from its discovery documents. Safe for use from
/// several threads at once. Answers are kept for ten minutes, refusals for half a minute.
class Discovery {
 public:
  explicit Discovery(Client& client) : client_(client) {}

  /// "deployments" for "apps/v1", "Deployment". kNotFound when the server serves no such kind,
  /// kInvalid when it is not namespaced, or neither has a scale subresource nor is an autoscaler.
  [[nodiscard]] Result<std::string> scalable_plural(const std::string& api_version,
                                                    const std::string& kind);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Answer {
    Result<std::string> plural;
    SteadyTime until;
  };

  [[nodiscard]] Result<std::string> ask(const std::string& api_version, const std::string& kind);

  Client& client_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Answer> answers_;
};

}  // namespace edgetide::kube
