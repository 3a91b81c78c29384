#pragma once

#include <string_view>

namespace edgetide::report {

/// The chart's rule file of Prometheus, charts/edgetide/files/alerts.yaml, as it was when the
/// program was built.
[[nodiscard]] std::string_view alert_rules();

}  // namespace edgetide::report
