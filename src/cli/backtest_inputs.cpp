#include "cli/backtest_inputs.h"

#include <algorithm>
#include <set>

#include "calendar/files.h"
#include "calendar/zones.h"
#include "kube/pool_file.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;

Error wrong(std::string context, std::string message) {
  return {ErrorCode::kInvalid, std::move(message), std::move(context)};
}

/// Several records as one; of two samples at one moment the later file's stays.
Result<std::vector<model::DemandSample>> read_samples(const std::vector<std::string>& paths) {
  std::vector<model::DemandSample> all;
  for (const std::string& path : paths) {
    const auto record = calendar::demand_from_file(path);
    if (!record.ok()) return record.error();
    all.insert(all.end(), record->samples().begin(), record->samples().end());
  }
  const model::DemandHistory joined(std::move(all));
  return std::vector(joined.samples().begin(), joined.samples().end());
}

/// Several calendars as one; an event that stands in two of them is one.
Result<model::EventCalendar> read_calendar(const std::vector<std::string>& paths,
                                           calendar::Span span) {
  std::vector<model::StreamEvent> all;
  std::set<std::pair<std::string, Instant>> seen;
  for (const std::string& path : paths) {
    const auto read = calendar::events_from_file(path, span);
    if (!read.ok()) return read.error();
    for (const model::StreamEvent& event : read->events()) {
      if (seen.emplace(event.name, event.start).second) all.push_back(event);
    }
  }
  return model::EventCalendar(std::move(all));
}

Result<model::EdgePool> read_pool(const config::Settings& settings,
                                  std::vector<std::string>& remarks) {
  static const kube::LocalTime local_time{
      .offsets = [](const std::string& zone) { return calendar::offsets_for(zone); },
      .moment = calendar::to_instant};
  const std::string path = settings.text("pool");
  auto pool = kube::read_lone_pool_file(path, settings.list("set"), &local_time);
  if (!pool.ok()) return pool.error();
  auto& capacity = pool->capacity;
  if (!capacity.viewers) {
    return wrong(path, "spec.capacity.viewers: required, since the series counts viewers");
  }
  if (capacity.egress || capacity.requests || capacity.connections) {
    remarks.push_back("the pool is sized by viewers alone: the series tells of nothing else");
    capacity.egress.reset();
    capacity.requests.reset();
    capacity.connections.reset();
  }
  if (const auto lead = settings.duration("lead")) pool->lead_time = *lead;
  return pool;
}

/// The moment of the option; nothing when it is not set.
Result<std::optional<Instant>> moment(const config::Settings& settings, const std::string& name) {
  const std::string text = settings.text(name);
  if (text.empty()) return std::optional<Instant>{};
  const auto at = calendar::to_instant(text, "Etc/UTC");
  if (at.ok()) return std::optional{*at};
  return wrong("--" + name, "'" + text + "' is not a time such as 2026-12-05T20:00:00Z");
}

Result<backtest::Window> window_of(const config::Settings& settings,
                                   const std::vector<model::DemandSample>& samples) {
  if (samples.empty()) return wrong("--series", "holds no value");
  const auto from = moment(settings, "from");
  if (!from.ok()) return from.error();
  const auto to = moment(settings, "to");
  if (!to.ok()) return to.error();
  if (*from && *to && **from >= **to) {
    return wrong("--to", to_string(**to) + " is not after --from " + to_string(**from));
  }
  const auto window = backtest::recorded(samples, *from, *to);
  if (!window) {
    return wrong("--from, --to", "nothing is recorded then; the series goes from " +
                                     to_string(samples.front().at) + " to " +
                                     to_string(samples.back().at));
  }
  if (window->minutes() > backtest::kMostMinutes) {
    return wrong("--from, --to", to_string(window->from) + " to " + to_string(window->to) +
                                     " is more than the " +
                                     std::to_string(backtest::kMostMinutes / 1440) +
                                     " days that are replayed at once; name a part of it");
  }
  return *window;
}

}  // namespace

backtest::World BacktestInputs::world() const {
  return {.pool = pool,
          .samples = samples,
          .told = told,
          .calendar = calendar,
          .offsets = offsets,
          .window = window,
          .lead = pool.lead_time,
          .delay = delay};
}

std::vector<config::Option> backtest_input_options() {
  return {
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
      {.name = "pool",
       .help = "The pool, YAML: an EdgePool, of which failureDomains, capacity and replicas are "
               "enough.",
       .value_name = "FILE"},
      {.name = "set",
       .help = "A field of the pool, stronger than the file: spec.forecast.confidencePercent=99.9.",
       .kind = Kind::kList,
       .value_name = "FIELD=VALUE"},
      {.name = "from",
       .help = "The first minute that is decided and scored; what is before it is history. The "
               "series' first without.",
       .value_name = "TIME"},
      {.name = "to",
       .help = "The minute before which it ends; after the series' last without.",
       .value_name = "TIME"},
      {.name = "lead",
       .help = "From asking for a replica until it serves; the pool's leadTime without.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .min = 1,
       .max = 7200},
      {.name = "delay",
       .help = "From the time of a sample until a decision knows it.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "30s",
       .min = 0,
       .max = 3600},
      {.name = "off-air",
       .help = "Silence beyond this, up to a day, is told as zero viewers; without it a gap is "
               "unknown, and lowers nothing.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .min = 60,
       .max = 86'400},
      {.name = "policy",
       .help = "Who decides, NAME[:KNOB=VALUE] with commas between; --policy list shows all.",
       .value_name = "POLICIES",
       .default_value = "edgetide"},
  };
}

Result<BacktestInputs> read_backtest_inputs(const config::Settings& settings) {
  for (const char* needed : {"series", "pool"}) {
    if (settings.list(needed).empty()) return wrong("--" + std::string(needed), "required");
  }
  BacktestInputs inputs;
  auto policies = backtest::parse_policies(settings.text("policy"));
  if (!policies.ok()) return wrong("--policy", policies.error().message);
  inputs.policies = *std::move(policies);
  auto pool = read_pool(settings, inputs.remarks);
  if (!pool.ok()) return pool.error();
  inputs.pool = *std::move(pool);
  auto samples = read_samples(settings.list("series"));
  if (!samples.ok()) return samples.error();
  inputs.samples = *std::move(samples);
  const auto window = window_of(settings, inputs.samples);
  if (!window.ok()) return window.error();
  inputs.window = *window;
  // An event is announced at most a month before it starts, and lasts no longer.
  constexpr std::chrono::days kAround{31};
  auto calendar = read_calendar(settings.list("calendar"), {inputs.samples.front().at - kAround,
                                                            inputs.samples.back().at + kAround});
  if (!calendar.ok()) return calendar.error();
  inputs.calendar = *std::move(calendar);
  const auto offsets = calendar::offsets_for(inputs.pool.time_zone);
  if (!offsets.ok()) return offsets.error();
  inputs.offsets = *offsets;
  inputs.delay = *settings.duration("delay");
  const auto off_air = settings.duration("off-air");
  inputs.told = off_air ? backtest::with_nights_off_air(inputs.samples, *off_air) : inputs.samples;
  return inputs;
}

}  // namespace edgetide::cli
