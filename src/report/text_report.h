#pragma once

#include <string>

#include "edgetide/model/plan_report.h"

namespace edgetide::report {

/// The whole decision as a page of text: what, why, from which inputs, which limits spoke. Read
/// from the top, it answers the questions of a bad night in their order.
[[nodiscard]] std::string text_report(const model::PlanReport& report);

}  // namespace edgetide::report
