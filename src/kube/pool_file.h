#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/edge_pool.h"
#include "kube/local_time.h"

namespace edgetide::kube {

/// The name and namespace of a pool whose file gives it none.
inline constexpr std::string_view kNamelessPool = "pool";
inline constexpr std::string_view kNamelessNamespace = "default";

/// One pool for calculations, from a file that may be a manifest, or a spec alone, or its fields
/// alone: which cluster it stands in does not matter. Needed are `failureDomains`, `capacity` and
/// `replicas`; names, demand and targets may be left out, and what is left out has the default of
/// the schema. A number with decimals may stand without quotes. Other documents of the file are not
/// looked at.
///
/// \param overrides "spec.forecast.confidencePercent=99.9", stronger than the file and held to the
/// same rules
/// kInvalid names every problem: by file:line:column and field, or by the override that made it.
[[nodiscard]] Result<model::EdgePool> read_lone_pool(std::string_view text,
                                                     std::string_view file_name,
                                                     const std::vector<std::string>& overrides,
                                                     const LocalTime* local_time);

/// The same for a file; kNotFound when it does not exist.
[[nodiscard]] Result<model::EdgePool> read_lone_pool_file(const std::string& path,
                                                          const std::vector<std::string>& overrides,
                                                          const LocalTime* local_time);

}  // namespace edgetide::kube
