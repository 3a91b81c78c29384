#pragma once

#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/event_calendar.h"

namespace edgetide::cli {

using Events = std::vector<model::StreamEvent>;

/// As "text", a table; "json" or "yaml", an EventList; or "csv", which `--calendar` reads again.
[[nodiscard]] std::string print_events(const Events& events, const std::string& format);

/// StreamEvents to apply to a cluster, as "json" or "yaml". `labels` choose their pools, each
/// "LABEL=VALUE". kInvalid, by event, for what a StreamEvent cannot say.
[[nodiscard]] Result<std::string> print_manifests(const Events& events,
                                                  const std::string& name_space,
                                                  const std::vector<std::string>& labels,
                                                  const std::string& format);

}  // namespace edgetide::cli
