#pragma once

#include <string>
#include <vector>

#include "simulation/closed_loop.h"

namespace edgetide::simulation {

/// One evening under two policies.
struct Comparison {
  const Scenario& scenario;
  const Recording& edgetide;
  const Recording& hpa;
};

/// One figure of the comparison, for both policies.
struct SummaryRow {
  std::string label;
  std::string edgetide;
  std::string hpa;
  bool part = false;  ///< A part of the figure above it.
};

/// The figures that decide: what was not served, when, and what it cost.
[[nodiscard]] std::vector<SummaryRow> summary_rows(const Comparison& comparison);

/// What evening it was: "18:30 to 23:30 UTC, at most 471,899 viewers at 22:40, seed 1".
[[nodiscard]] std::string evening_text(const Scenario& scenario, const Recording& recording);

/// The rows as an aligned table with a heading.
[[nodiscard]] std::string summary_text(const Comparison& comparison);

/// What the clairvoyant fleets are, in two sentences.
[[nodiscard]] std::string clairvoyant_text();

}  // namespace edgetide::simulation
