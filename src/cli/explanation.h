#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/surroundings.h"
#include "edgetide/core/time.h"
#include "edgetide/model/edge_pool.h"
#include "kube/pool_status.h"

namespace edgetide::cli {

/// Why a pool has the size that it has, from what the operator has written down.
struct Explanation {
  /// Something that the decision rests on.
  struct Input {
    std::string name;
    std::string value;
    std::optional<Instant> at;  ///< When it was true; nothing for what has no time.
  };
  /// A link of the chain from viewers to replicas.
  struct Number {
    double value = 0;
    std::string unit;     ///< "viewers", "replicas", "bit/s"
    std::string meaning;  ///< Where it comes from, with the field that sets it.
  };

  kube::PoolStatus status;
  bool spread_by_scheduler = false;  ///< One workload: no failure domain is ordered by itself.
  std::vector<Input> inputs;
  std::vector<Number> numbers;
  std::vector<std::string> changes;  ///< What would change the size, a sentence each.
};

/// \param pool as it is written now
[[nodiscard]] Explanation explain(const kube::PoolStatus& status, const model::EdgePool& pool,
                                  const Surroundings& surroundings, Instant now);

/// `format` is "text", "json" or "yaml".
[[nodiscard]] std::string print_explanation(const Explanation& explanation,
                                            const std::string& format, Instant now);

}  // namespace edgetide::cli
