#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/prometheus_record.h"
#include "config/settings.h"
#include "edgetide/backtest/minutes.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"

namespace edgetide::cli {

/// What was recorded of an audience and announced to it.
struct Record {
  std::vector<model::DemandSample> samples;  ///< Rising in time; at least one.
  model::EventCalendar calendar;
};

/// Options that say where demand and events are read: the same for every command that looks back.
[[nodiscard]] std::vector<config::Option> record_options();

/// Reads and joins all of it, with progress on stderr; of two samples at one moment the later
/// file's stays.
/// \param span what is wanted of a server; the calendar is of interest until its end, when that is
///   beyond the last sample
[[nodiscard]] Result<Record> read_record(const config::Settings& settings, const PastSpan& span,
                                         const Console& console);
/// The span from --from to --to.
[[nodiscard]] Result<PastSpan> asked_span(const config::Settings& settings);

/// The moment of the option; nothing when it is not set.
[[nodiscard]] Result<std::optional<Instant>> moment_of(const config::Settings& settings,
                                                       const std::string& name);

/// The rate of --bitrate, at least a kilobit a second, so that no 4.2 passes for 4.2M; nothing when
/// it is not set.
[[nodiscard]] Result<std::optional<BitsPerSecond>> bitrate_of(const config::Settings& settings);

/// That of the events of --calendar none touches the window; empty where one does, and without a
/// calendar. A line without its end.
[[nodiscard]] std::string remark_on_calendar(const config::Settings& settings,
                                             const model::EventCalendar& calendar,
                                             const backtest::Window& window);

/// The recorded part of --from to --to, which may not be more than kMostMinutes.
/// \param usual_from where it begins without --from
[[nodiscard]] Result<backtest::Window> window_of(const config::Settings& settings,
                                                 const std::vector<model::DemandSample>& samples,
                                                 std::optional<Instant> usual_from = std::nullopt);

/// The options --time-zone, for commands without a pool that names it, and --delay.
[[nodiscard]] config::Option time_zone_option();
[[nodiscard]] config::Option delay_option();

/// Shares of one from "50,90,99" in percent: rising, from 50 to 99.999.
[[nodiscard]] Result<std::vector<double>> levels_of(const config::Settings& settings);
[[nodiscard]] config::Option levels_option();
/// A level in percent, as it was asked for: 99.9 for 0.999, and "99.9".
[[nodiscard]] double percent_of(double level);
[[nodiscard]] std::string percent_text(double level);

/// Its first three lines, and how many more there are.
[[nodiscard]] Error in_short(Error error);
/// The same of a calendar, with the command that names all of them.
[[nodiscard]] Error of_calendar(const Error& error);

/// kInvalid at that place.
[[nodiscard]] Error wrong(std::string context, std::string message);

}  // namespace edgetide::cli
