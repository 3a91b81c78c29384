#pragma once

#include <vector>

#include "cli/progress.h"
#include "config/settings.h"
#include "edgetide/core/result.h"
#include "edgetide/model/demand_history.h"

namespace edgetide::cli {

/// Which part of the past is wanted.
struct PastSpan {
  std::optional<Instant> from;  ///< What --history reaches back from; the end without.
  std::optional<Instant> to;    ///< Now without.
};

/// Options that name a Prometheus server and what is read there.
[[nodiscard]] std::vector<config::Option> prometheus_options();

/// Reads the query's one series from --history before the span until its end, week by week with a
/// pause between, so that the server's other users are not kept waiting. A server that warns, fails
/// or has nothing is an error: a part of the past is never taken for the whole.
[[nodiscard]] Result<std::vector<model::DemandSample>> read_prometheus(
    const config::Settings& settings, const PastSpan& span, Progress& progress);

}  // namespace edgetide::cli
