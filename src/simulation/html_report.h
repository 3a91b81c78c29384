#pragma once

#include <functional>
#include <string>

#include "simulation/summary.h"

namespace edgetide::simulation {

/// A whole decision as text, for its fold-out in the table.
using DecisionPage = std::function<std::string(const model::PlanReport&)>;

/// The evening as one HTML page that needs nothing else: no scripts, no fonts, no other files;
/// light and dark, printable, safe for the colour-blind (Okabe and Ito's palette, and dashes).
/// Every text from outside is escaped; the same comparison gives the same bytes.
[[nodiscard]] std::string html_report(const Comparison& comparison, const DecisionPage& page);

}  // namespace edgetide::simulation
