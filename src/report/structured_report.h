#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "edgetide/model/plan_report.h"

namespace edgetide::report {

/// The whole decision as JSON: `apiVersion: edgetide.io/v1alpha1`, `kind: PlanReport`. Fields are
/// only ever added within a version. Unknown numbers are absent, never zero.
[[nodiscard]] nlohmann::ordered_json json_report(const model::PlanReport& report);

/// The same as one line.
[[nodiscard]] std::string json_line(const model::PlanReport& report);

/// Any JSON as block YAML; strings are always quoted, and keys where they are more than a word, so
/// that none is read back as another type.
[[nodiscard]] std::string to_yaml(const nlohmann::ordered_json& value);

/// As "yaml", or else as indented JSON.
[[nodiscard]] std::string document(const nlohmann::ordered_json& value, const std::string& format);

}  // namespace edgetide::report
