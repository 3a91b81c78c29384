#pragma once

#include <string>
#include <vector>

#include "cli/explanation.h"

namespace edgetide::cli {

/// The chain from viewers to replicas of the last decision, link by link. Empty where there was
/// nothing to size by.
[[nodiscard]] std::vector<Explanation::Number> numbers_of(const kube::PoolStatus& status,
                                                          const model::EdgePool& pool, Instant now);

/// By how much demand, confidence and limits may move before the size does, a sentence each.
/// \param drawn whether other pools fetch from it, so that viewers alone do not tell its egress
[[nodiscard]] std::vector<std::string> thresholds_of(const kube::PoolStatus& status,
                                                     const model::EdgePool& pool, bool drawn);

}  // namespace edgetide::cli
