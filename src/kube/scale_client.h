#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "edgetide/core/quantity.h"
#include "edgetide/core/result.h"
#include "kube/autoscaler.h"
#include "kube/client.h"

namespace edgetide::kube {

/// What a target's scale subresource says, or the autoscaler that is a target itself.
struct Scale {
  Replicas specified;    ///< spec.replicas; of an autoscaler its minimum.
  Replicas existing;     ///< status.replicas: pods that stand, ready or not.
  std::string selector;  ///< Of its pods, as text; empty when the target does not tell.
  std::string resource_version;
  std::optional<Replicas> most;                ///< An autoscaler's maximum.
  std::optional<model::ScaleTarget> workload;  ///< What an autoscaler scales: whose pods count.
};

/// Reads an autoscaling/v1 Scale; kInvalid for anything else.
[[nodiscard]] Result<Scale> decode_scale(std::string_view body);

/// Reads and writes scale subresources, of whatever kind, and the minimum of autoscalers.
class ScaleClient {
 public:
  /// One target: the path of its scale subresource, or of itself when it is an autoscaler, and its
  /// name for people and for the body.
  struct Target {
    std::string path;  ///< ".../namespaces/video/deployments/edge-1a/scale"
    std::string name_space;
    std::string name;
    const AutoscalerKind* autoscaler = nullptr;  ///< Its kind, if it is one.
  };

  explicit ScaleClient(Client& client) : client_(client) {}

  /// Of an autoscaler without existing pods and selector, which its workload tells.
  [[nodiscard]] Result<Scale> read(const Target& target);

  /// Sets what is specified to `to` on the version in `known`, whose number is what the decision
  /// was made on. When the version has moved on but that number has not, tries again at once, five
  /// times in all: rollouts and status updates change versions all the time. kConflict when the
  /// number changed, or when the version would not stand still; then nothing was written.
  ///
  /// A number that is `to` already counts as written: the answer to our write may have been lost.
  [[nodiscard]] Result<Scale> change(const Target& target, Scale known, Replicas to);

  /// Has the server judge the same write without keeping it (dryRun=All), once.
  [[nodiscard]] Result<Scale> rehearse(const Target& target, const Scale& known, Replicas to) {
    return write(target, known, to, "?dryRun=All");
  }

 private:
  [[nodiscard]] Result<Scale> write(const Target& target, const Scale& known, Replicas to,
                                    std::string_view query = "");

  Client& client_;
};

}  // namespace edgetide::kube
