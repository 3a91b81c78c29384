#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/closed_loop.h"

namespace edgetide::simulation {

/// One evening, lived through three times.
struct Comparison {
  const Scenario& scenario;
  const Recording& edgetide;
  const Recording& unreserved;  ///< Edgetide on `without_reserve(scenario)`.
  const Recording& hpa;
};

inline constexpr std::size_t kCompared = 3;
/// What is compared, in the order of all figures.
inline constexpr std::array<std::string_view, kCompared> kComparedNames = {
    "Edgetide", "no zone reserve", "HPA at 60 %"};

/// One figure of the comparison.
struct SummaryRow {
  std::string label;
  std::array<std::string, kCompared> figures;
  bool part = false;  ///< A part of the figure above it.
};

/// The figures that decide: what was not served, when, and what it cost.
[[nodiscard]] std::vector<SummaryRow> summary_rows(const Comparison& comparison);

/// For how long, until a zone was lost or the evening was over, the loss of one would have left the
/// others with more viewers than the scenario's pool promises to carry.
[[nodiscard]] double unprotected_minutes(const Scenario& scenario, const Recording& recording);

/// What evening it was: "18:30 to 23:30 UTC, at most 471,899 viewers at 22:40, seed 1".
[[nodiscard]] std::string evening_text(const Scenario& scenario, const Recording& recording);

/// The rows as an aligned table with a heading.
[[nodiscard]] std::string summary_text(const Comparison& comparison);

/// What is compared with what.
[[nodiscard]] std::string comparison_text();

}  // namespace edgetide::simulation
