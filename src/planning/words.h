#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "edgetide/core/quantity.h"
#include "edgetide/model/observation.h"

namespace edgetide::planning {

[[nodiscard]] inline std::string text(Replicas replicas) {
  return std::to_string(replicas.count());
}

/// The parts as one, in memory that is taken once rather than once for each `+`.
[[nodiscard]] inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string whole;
  whole.reserve(size);
  for (const std::string_view part : parts) whole += part;
  return whole;
}

/// "the viewers of this moment", or of an earlier one where nobody has read them since.
[[nodiscard]] inline std::string known_viewers(const model::DemandReadings& demand,
                                               const std::string& viewers = "viewers") {
  const bool stale = demand.viewers.freshness == model::Freshness::kStale;
  return "the " + viewers + (stale ? " last read" : " of this moment");
}

/// "domain a: 404 Not Found": the first whose target cannot be read, and why; empty for none.
[[nodiscard]] inline std::string unread_domain(const model::Observation& observation) {
  for (const auto& domain : observation.domains)
    if (!domain.known) return "domain " + domain.name + ": " + domain.detail;
  return "";
}

}  // namespace edgetide::planning
