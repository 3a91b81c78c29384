#pragma once

#include <string>
#include <vector>

#include "calendar/files.h"
#include "cli/command.h"
#include "cli/events_output.h"
#include "config/settings.h"

namespace edgetide::cli {

/// --apply and what belongs to it.
[[nodiscard]] std::vector<config::Option> import_options();

/// kInvalid where one of these options stands without what it needs. \param what the command's word
[[nodiscard]] Result<void> check_import_options(const config::Settings& settings,
                                                const std::string& what);

/// The events of the files within the span as StreamEvents: printed, or with --apply put into a
/// namespace of a cluster. \pre the command has look_options() and import_options()
[[nodiscard]] Exit import_calendar(const std::vector<std::string>& files, const Events& events,
                                   calendar::Span span, const config::Settings& settings,
                                   const Console& console);

}  // namespace edgetide::cli
