#pragma once

#include <string>
#include <vector>

#include "app/doctor.h"

namespace edgetide::cli {

/// A line a finding with what helps below it, and a count; or as "json" or "yaml" a DoctorReport.
[[nodiscard]] std::string print_findings(const std::vector<app::Finding>& findings,
                                         const std::string& format);

}  // namespace edgetide::cli
