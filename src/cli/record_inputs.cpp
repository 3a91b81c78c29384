#include "cli/record_inputs.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <sstream>

#include "calendar/files.h"
#include "calendar/zones.h"
#include "json/json.h"
#include "kube/quantity.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

/// An event is announced at most a month before it starts, and lasts no longer.
constexpr std::chrono::days kAround{31};
constexpr std::size_t kMostLevels = 20;
constexpr double kLeastBitrate = 1000;  // bits per second

Result<std::vector<model::DemandSample>> read_samples(const std::vector<std::string>& paths,
                                                      Progress& progress) {
  std::vector<model::DemandSample> all;
  double done = 0;
  for (const std::string& path : paths) {
    progress.show("reading " + path, done++ / static_cast<double>(paths.size()));
    const auto record = calendar::demand_from_file(path);
    if (!record.ok()) return in_short(record.error());
    all.insert(all.end(), record->samples().begin(), record->samples().end());
  }
  const model::DemandHistory joined(std::move(all));
  return std::vector(joined.samples().begin(), joined.samples().end());
}

}  // namespace

Error wrong(std::string context, std::string message) {
  return {ErrorCode::kInvalid, std::move(message), std::move(context)};
}

Error in_short(Error error) {
  constexpr std::size_t kMostLines = 3;
  std::istringstream message(error.message);
  std::vector<std::string> lines;
  for (std::string line; std::getline(message, line);) lines.push_back(line);
  if (lines.size() <= kMostLines) return error;
  std::size_t more = lines.size() - kMostLines;
  std::size_t counted = 0;  // by who made the error
  if (std::sscanf(lines.back().c_str(), "and %zu more", &counted) == 1) more += counted - 1;
  error.message.clear();
  for (std::size_t i = 0; i < kMostLines; ++i) error.message += lines[i] + '\n';
  error.message += "and " + std::to_string(more) + " more";
  return error;
}

Error of_calendar(const Error& error) {
  Error brief = in_short(error);
  if (brief.message != error.message)
    brief.message += "; 'edgetide events validate FILE' names more of it";
  return brief;
}

std::vector<config::Option> record_options() {
  std::vector<config::Option> all{
      {.name = "series",
       .help =
           "Viewers over time, CSV with the header timestamp,value; several are joined in time.",
       .kind = Kind::kList,
       .value_name = "FILE"},
      {.name = "calendar",
       .help = "Events that were announced, CSV (start,end,class,name[,expected_peak_viewers]), "
               "YAML or iCalendar (.ics); several are joined.",
       .kind = Kind::kList,
       .value_name = "FILE"},
  };
  const auto server = prometheus_options();
  all.insert(all.begin() + 1, server.begin(), server.end());
  return all;
}

Result<Record> read_record(const config::Settings& settings, const PastSpan& span,
                           const Console& console) {
  const bool files = !settings.list("series").empty();
  const bool server = !settings.text("prometheus").empty();
  if (!files && !server) return wrong("--series", "required, or --prometheus");
  if (files && server) return wrong("--prometheus", "has no place beside --series");
  Progress progress(console.err, stderr_is_terminal(console.environment("TERM").value_or("")));
  auto samples = server ? read_prometheus(settings, span, progress)
                        : read_samples(settings.list("series"), progress);
  if (!samples.ok()) return samples.error();
  if (samples->empty()) return wrong("--series", "holds no value");
  const Instant last = std::max(samples->back().at, span.to.value_or(samples->back().at));
  auto calendar = calendar::events_from_files(settings.list("calendar"),
                                              {samples->front().at - kAround, last + kAround});
  if (!calendar.ok()) return of_calendar(calendar.error());
  return Record{.samples = *std::move(samples), .calendar = *std::move(calendar)};
}

Result<PastSpan> asked_span(const config::Settings& settings) {
  const auto from = moment_of(settings, "from");
  if (!from.ok()) return from.error();
  const auto to = moment_of(settings, "to");
  if (!to.ok()) return to.error();
  if (*from && *to && **from >= **to) {
    return wrong("--to", to_string(**to) + " is not after --from " + to_string(**from));
  }
  return PastSpan{.from = *from, .to = *to};
}

Result<std::optional<Instant>> moment_of(const config::Settings& settings,
                                         const std::string& name) {
  const std::string text = settings.text(name);
  if (text.empty()) return std::optional<Instant>{};
  const auto at = calendar::to_instant(text, "Etc/UTC");
  if (at.ok()) return std::optional{*at};
  return wrong("--" + name, "'" + text + "' is not a time such as 2026-12-05T20:00:00Z");
}

Result<std::optional<BitsPerSecond>> bitrate_of(const config::Settings& settings) {
  const std::string text = settings.text("bitrate");
  if (text.empty()) return std::optional<BitsPerSecond>{};
  const auto rate = kube::parse_quantity(text);
  if (!rate.ok()) return wrong("--bitrate", rate.error().message);
  if (rate->number() < kLeastBitrate)
    return wrong("--bitrate",
                 text + " is " + json::number_text(rate->number()) +
                     " bit/s; a viewer takes 1k at least, such as 4.2M for 4.2 Mbit/s");
  return std::optional(BitsPerSecond{rate->number()});
}

std::string remark_on_calendar(const config::Settings& settings,
                               const model::EventCalendar& calendar,
                               const backtest::Window& window) {
  if (settings.list("calendar").empty() || !calendar.touching(window.from, window.to).empty())
    return "";
  return "0 of " + std::to_string(calendar.events().size()) +
         " events of the calendar touch what is looked at, " + to_string(window.from) + " to " +
         to_string(window.to);
}

Result<backtest::Window> window_of(const config::Settings& settings,
                                   const std::vector<model::DemandSample>& samples,
                                   std::optional<Instant> usual_from) {
  const auto span = asked_span(settings);
  if (!span.ok()) return span.error();
  const auto window = backtest::recorded(samples, span->from ? span->from : usual_from, span->to);
  if (!window) {
    return wrong("--from, --to", "nothing is recorded then; the series goes from " +
                                     to_string(samples.front().at) + " to " +
                                     to_string(samples.back().at));
  }
  if (window->minutes() > backtest::kMostMinutes) {
    return wrong("--from, --to", to_string(window->from) + " to " + to_string(window->to) +
                                     " is more than the " +
                                     std::to_string(backtest::kMostMinutes / 1440) +
                                     " days that are gone through at once; name a part of it");
  }
  return *window;
}

config::Option time_zone_option() {
  return {.name = "time-zone",
          .help = "Whose wall clock the audience's days and weeks go by, such as Europe/Berlin.",
          .value_name = "ZONE",
          .default_value = "UTC"};
}

config::Option delay_option() {
  return {.name = "delay",
          .help = "From the time of a sample until it is known.",
          .kind = Kind::kDuration,
          .value_name = "DURATION",
          .default_value = "30s",
          .min = 0,
          .max = 3600};
}

config::Option levels_option() {
  return {.name = "levels",
          .help = "Which quantiles, in percent, rising from 50 to 99.999.",
          .value_name = "PERCENTS",
          .default_value = "50,90,99"};
}

Result<std::vector<double>> levels_of(const config::Settings& settings) {
  const std::string text = settings.text("levels");
  const auto refused = [&] {
    return wrong("--levels", "'" + text + "' is not up to " + std::to_string(kMostLevels) +
                                 " rising percents from 50 to 99.999, such as 50,90,99");
  };
  std::vector<double> levels;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    double percent = 0;
    const auto [stopped, error] = std::from_chars(at, end, percent);
    if (error != std::errc{} || !(percent >= 50 && percent <= 99.999)) return refused();
    if (!levels.empty() && percent / 100 <= levels.back()) return refused();
    levels.push_back(percent / 100);
    if (stopped == end) return levels;
    if (*stopped != ',' || levels.size() == kMostLevels) return refused();
    at = stopped + 1;
  }
}

double percent_of(double level) { return std::round(1e5 * level) / 1e3; }

std::string percent_text(double level) { return json::number_text(percent_of(level)); }

}  // namespace edgetide::cli
