#pragma once

#include <string>

#include "edgetide/core/time.h"

/// Times as people say them.
namespace edgetide::report {

/// How long until then, to the minute from a minute on: "45m"; "now" for what is here or past.
[[nodiscard]] std::string time_until(Instant then, Instant now);

/// How long ago that was, in whole units of which there are two at least: "12s", "3m", "26h5m",
/// "3 days", "28 years"; "0s" for what is to come.
[[nodiscard]] std::string age_text(Instant then, Instant now);

}  // namespace edgetide::report
