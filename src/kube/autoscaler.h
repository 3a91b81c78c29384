#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "edgetide/core/quantity.h"
#include "edgetide/core/result.h"
#include "edgetide/model/edge_pool.h"

namespace edgetide::kube {

/// How one kind of autoscaler says between which bounds it scales. As a pool's target its minimum
/// is raised and lowered in place of replicas; what lies above is its own affair.
struct AutoscalerKind {
  std::string_view api_version;
  std::string_view kind;
  std::string_view minimum;      ///< Name of a field of its spec: "minReplicas".
  std::string_view maximum;      ///< The same.
  Replicas least;                ///< Its minimum where none is written; no lower one is legal.
  std::optional<Replicas> most;  ///< Its maximum where none is written; nothing: one is required.
};

/// nullptr for whatever is scaled by a scale subresource.
[[nodiscard]] const AutoscalerKind* autoscaler_kind(std::string_view api_version,
                                                    std::string_view kind);

/// "spec.minReplicas"; "spec.replicas" for what is no autoscaler, of kind nullptr.
[[nodiscard]] std::string replicas_field(const AutoscalerKind* kind);

/// What an autoscaler's spec says.
struct Autoscaler {
  Replicas minimum;
  Replicas maximum;
  model::ScaleTarget workload;  ///< What it scales, in its namespace.
  std::string resource_version;
};

/// Reads an object of that kind; kInvalid for anything else.
[[nodiscard]] Result<Autoscaler> decode_autoscaler(const AutoscalerKind& kind,
                                                   std::string_view body);

}  // namespace edgetide::kube
