#include <algorithm>
#include <ostream>

#include "calendar/zones.h"
#include "cli/accuracy_output.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/progress.h"
#include "cli/record_inputs.h"

namespace edgetide::cli {
namespace {

using backtest::RollingScore;

constexpr std::size_t kMostHorizons = 20;

/// "5m,15m,1h": whole minutes, up to a day.
Result<std::vector<Seconds>> horizons_of(const config::Settings& settings) {
  const std::string text = settings.text("horizons");
  std::vector<Seconds> horizons;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const auto length = config::parse_duration(text.substr(at, comma - at));
    const bool legal = length && *length >= Seconds{60} && *length <= Seconds{86'400} &&
                       length->count() % 60 == 0 && horizons.size() < kMostHorizons;
    if (!legal) {
      return wrong("--horizons", "'" + text + "' is not up to " + std::to_string(kMostHorizons) +
                                     " whole minutes from 1m to 24h, such as 5m,15m,1h");
    }
    horizons.push_back(*length);
    at = comma + 1;
  }
  return horizons;
}

/// A week is learned before anything is judged; half of what there is, where that is less than two.
Instant usual_from(const Record& record) {
  const Instant first = record.samples.front().at;
  const Seconds half = (record.samples.back().at - first) / 2;
  return first + std::min<Seconds>(half, std::chrono::days{7});
}

/// What is judged, and everything that it refers to.
struct Inputs {
  Record record;
  model::UtcOffsets offsets;
  backtest::Window window;
  Seconds every;
  Seconds delay;
  std::vector<Seconds> horizons;
  std::vector<double> levels;
};

Result<Inputs> read_inputs(const config::Settings& settings, const Console& console) {
  Inputs inputs{.every = *settings.duration("every"), .delay = *settings.duration("delay")};
  auto levels = levels_of(settings);
  if (!levels.ok()) return levels.error();
  inputs.levels = *std::move(levels);
  auto horizons = horizons_of(settings);
  if (!horizons.ok()) return horizons.error();
  inputs.horizons = *std::move(horizons);
  if (inputs.every.count() % 60 != 0) {
    return wrong("--every", to_string(inputs.every) + " is not in whole minutes");
  }
  const auto offsets = calendar::offsets_for(settings.text("time-zone"));
  if (!offsets.ok()) return wrong("--time-zone", offsets.error().message);
  inputs.offsets = *offsets;
  const auto span = asked_span(settings);
  if (!span.ok()) return span.error();
  auto record = read_record(settings, *span, console);
  if (!record.ok()) return record.error();
  inputs.record = *std::move(record);
  const auto window = window_of(settings, inputs.record.samples, usual_from(inputs.record));
  if (!window.ok()) return window.error();
  inputs.window = *window;
  if (const auto remark = remark_on_calendar(settings, inputs.record.calendar,
                                             {inputs.record.samples.front().at, inputs.window.to});
      !remark.empty())
    console.err << "edgetide: " << remark << '\n';
  return inputs;
}

/// "5m, 15m": the horizons of which no window could be judged.
std::string unjudged_text(const std::vector<RollingScore>& scores) {
  std::string text;
  for (const RollingScore& score : scores) {
    if (score.windows == 0 && !score.in_events && score.forecaster == model::Forecaster::kEdgetide)
      text += (text.empty() ? "" : ", ") + to_string(score.horizon);
  }
  return text;
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto inputs = read_inputs(settings, console);
  if (!inputs.ok()) return fail(console, inputs.error());
  std::vector<RollingScore> scores;
  {
    Progress progress(console.err, stderr_is_terminal(console.environment("TERM").value_or("")));
    scores = backtest::rolling_accuracy({.samples = inputs->record.samples,
                                         .calendar = inputs->record.calendar,
                                         .offsets = inputs->offsets,
                                         .window = inputs->window,
                                         .every = inputs->every,
                                         .delay = inputs->delay,
                                         .horizons = inputs->horizons,
                                         .levels = inputs->levels},
                                        [&](double done) { progress.show("accuracy", done); });
  }
  if (const std::string unjudged = unjudged_text(scores); !unjudged.empty())
    console.err << "edgetide: no window of " << unjudged
                << " could be judged: none is known whole, now and a day or a week before\n";
  std::erase_if(scores, [](const RollingScore& score) { return score.windows == 0; });
  console.out << print_accuracy({.window = inputs->window,
                                 .every = inputs->every,
                                 .delay = inputs->delay,
                                 .levels = inputs->levels,
                                 .scores = std::move(scores)},
                                settings.text("output"));
  return Exit::kOk;
}

std::vector<config::Option> options() {
  using Kind = config::Option::Kind;
  auto all = record_options();
  const std::vector<config::Option> own{
      {.name = "from",
       .help = "The first moment that is forecast from; what is before it is history. A week after "
               "the series begins without, or half of it where that is less.",
       .value_name = "TIME"},
      {.name = "to",
       .help = "The minute before which windows end; after the series' last without.",
       .value_name = "TIME"},
      {.name = "every",
       .help = "From one forecast to the next.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "15m",
       .min = 60,
       .max = 86'400},
      {.name = "horizons",
       .help = "How far ahead, from 1m to 24h.",
       .value_name = "DURATIONS",
       .default_value = "5m,15m,30m,1h"},
      levels_option(),
      delay_option(),
      time_zone_option(),
      output_option({"text", "json", "yaml", "csv"})};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command accuracy_command() {
  return {
      .name = "accuracy",
      .summary = "how well recorded viewers would have been forecast, by horizon",
      .usage = "accuracy --series FILE [--calendar FILE] [options]",
      .about =
          "Goes along a recording, forecasts the highest demand of the next minutes again and "
          "again "
          "with what\nwas known by then, and holds it against what came; beside it demand as it "
          "was a week ago\n(seasonal) and the newest demand known (last). Touches no cluster.",
      .options = options(),
      .examples = {"edgetide accuracy --series viewers.csv --calendar matches.csv",
                   "edgetide accuracy --series may.csv --series june.csv "
                   "--from 1998-06-08T00:00:00Z \\",
                   "    --horizons 6m,30m,2h --levels 50,95,99 -o csv"},
      .run = run};
}

}  // namespace edgetide::cli
