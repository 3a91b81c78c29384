#pragma once

#include <span>
#include <string>
#include <vector>

#include "edgetide/model/observation.h"

namespace edgetide::promql {

/// One series of a pool's answer: the domain it is about, and its value.
struct Part {
  std::string domain;  ///< Empty when the series does not say.
  double value = 0;
};

/// How an answer for one pool has to look to be whole.
struct Coverage {
  std::string domain_label;          ///< Empty: one series is the whole.
  std::vector<std::string> domains;  ///< One series for each of these, others are added.
  bool one_total_will_do = false;    ///< A single series that names no domain counts as the whole.
};

/// The parts as one number: the sum when the answer is whole, and otherwise what is wrong with it.
/// The order of judgment is missing, ambiguous, invalid, partial (with the sum of what is there),
/// fresh; age is not judged here.
struct Total {
  model::Freshness freshness = model::Freshness::kMissing;
  double value = 0;    ///< For fresh and partial.
  std::string detail;  ///< Empty when fresh.
};

[[nodiscard]] Total total(std::span<const Part> parts, const Coverage& coverage);

}  // namespace edgetide::promql
