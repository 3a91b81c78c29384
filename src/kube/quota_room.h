#pragma once

#include <simdjson.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/room.h"
#include "kube/pod_shape.h"
#include "kube/resources.h"

/// What ResourceQuotas leave room for, by the rules of the API server's admission. All of it is
/// pure.
namespace edgetide::kube {

/// One condition on the pods that a quota counts: `scopes` and `scopeSelector` alike.
struct QuotaScope {
  std::string name;  ///< "NotTerminating", "PriorityClass"
  std::string op = "Exists";
  std::vector<std::string> values;
};

/// What is kept of a ResourceQuota.
struct Quota {
  std::string name;
  std::vector<QuotaScope> scopes;
  Resources hard;  ///< As enforced;
  Resources used;  ///< what of it is taken. A resource without a word here is not counted yet.
};

/// Trims a ResourceQuota.
[[nodiscard]] Result<Quota> read_quota(simdjson::dom::element quota);

/// The quota counts such pods.
[[nodiscard]] bool counts(const Quota& quota, const PodShape& pod);

/// What one such pod counts as, by the resources' names in quotas: "pods", "cpu", "requests.cpu",
/// "limits.memory"...
[[nodiscard]] Resources quota_usage(const PodShape& pod);

/// The least that the quotas let stand of pods of which `standing` do; nothing where none counts
/// them. Where the shapes differ, each further pod counts as the largest, resource by resource.
[[nodiscard]] std::optional<model::RoomLimit> quota_room(std::span<const Quota> quotas,
                                                         std::span<const PodShape* const> shapes,
                                                         Replicas standing);

}  // namespace edgetide::kube
