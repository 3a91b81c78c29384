#include <nlohmann/json.hpp>
#include <ostream>

#include "calendar/zones.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/progress.h"
#include "cli/record_inputs.h"
#include "edgetide/backtest/rolling.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using backtest::RollingScore;
using simulation::fixed;
using simulation::grouped;
using simulation::left_aligned;
using simulation::right_aligned;

constexpr std::size_t kMostHorizons = 20;
/// In 80 columns.
constexpr std::size_t kLevelsSideBySide = 2;

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

std::string name_of(const RollingScore& score) {
  switch (score.forecaster) {
    case model::Forecaster::kEdgetide: return "edgetide";
    case model::Forecaster::kSeasonal: return "seasonal";
    case model::Forecaster::kReaction: return "last";
  }
  return "";
}

const char* scope_of(const RollingScore& score) { return score.in_events ? "events" : "all"; }

std::string ratio_text(std::optional<double> ratio, const char* none) {
  return ratio ? fixed(*ratio, 4) : none;
}

void print_csv(const Inputs& inputs, const std::vector<RollingScore>& scores, std::ostream& out) {
  out << "horizon_seconds,scope,forecaster,windows,mean_absolute_error,mase_seasonal,mase_last";
  for (const double level : inputs.levels) {
    out << ",coverage_" << percent_text(level) << ",pinball_" << percent_text(level);
  }
  out << '\n';
  for (const RollingScore& score : scores) {
    out << score.horizon.count() << ',' << scope_of(score) << ',' << name_of(score) << ','
        << score.windows << ',' << fixed(score.mean_error, 3) << ','
        << ratio_text(score.against_seasonal, "") << ',' << ratio_text(score.against_last, "");
    for (std::size_t i = 0; i < inputs.levels.size(); ++i) {
      out << ',' << fixed(score.coverage[i], 5) << ',' << fixed(score.pinball[i], 3);
    }
    out << '\n';
  }
}

Json ratio_json(std::optional<double> ratio) { return ratio ? Json(*ratio) : Json(nullptr); }

void print_json(const Inputs& inputs, const std::vector<RollingScore>& scores, std::ostream& out) {
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "AccuracyReport"},
            {"from", to_string(inputs.window.from)},
            {"to", to_string(inputs.window.to)},
            {"everySeconds", inputs.every.count()},
            {"delaySeconds", inputs.delay.count()},
            {"scores", Json::array()}};
  for (const RollingScore& score : scores) {
    Json levels = Json::array();
    for (std::size_t i = 0; i < inputs.levels.size(); ++i) {
      levels.push_back({{"percent", percent_of(inputs.levels[i])},
                        {"coverageRatio", score.coverage[i]},
                        {"pinballViewers", score.pinball[i]}});
    }
    json["scores"].push_back({{"horizonSeconds", score.horizon.count()},
                              {"scope", scope_of(score)},
                              {"forecaster", name_of(score)},
                              {"windows", score.windows},
                              {"meanAbsoluteError", score.mean_error},
                              {"maseSeasonal", ratio_json(score.against_seasonal)},
                              {"maseLast", ratio_json(score.against_last)},
                              {"levels", levels}});
  }
  out << json.dump(2) << '\n';
}

std::string heading_of(const RollingScore& score) {
  return left_aligned(to_string(score.horizon), 9) + left_aligned(scope_of(score), 9) +
         left_aligned(name_of(score), 10);
}

/// A few of the levels, from `first` on: what stayed within each, and its pinball loss.
void print_levels(const Inputs& inputs, const std::vector<RollingScore>& scores, std::size_t first,
                  std::ostream& out) {
  const std::size_t end = std::min(first + kLevelsSideBySide, inputs.levels.size());
  out << '\n' << std::string(28, ' ');
  for (std::size_t i = first; i < end; ++i)
    out << right_aligned("within " + percent_text(inputs.levels[i]) + " %", 15)
        << right_aligned("pinball", 11);
  out << '\n';
  for (const RollingScore& score : scores) {
    out << heading_of(score);
    for (std::size_t i = first; i < end; ++i)
      out << right_aligned(fixed(100 * score.coverage[i], 2) + " %", 15)
          << right_aligned(grouped(score.pinball[i]), 11);
    out << '\n';
  }
}

void print_text(const Inputs& inputs, const std::vector<RollingScore>& scores, std::ostream& out) {
  out << "The highest demand of windows from " << to_string(inputs.window.from) << " to "
      << to_string(inputs.window.to) << ",\nforecast every " << to_string(inputs.every) << "\n\n";
  if (scores.empty()) {
    out << "Nothing could be judged: no window is known whole, now and a day or a week before.\n";
    return;
  }
  out << left_aligned("horizon", 9) << left_aligned("windows", 9) << left_aligned("forecaster", 10)
      << right_aligned("number", 9) << right_aligned("mean error", 13)
      << right_aligned("/seasonal", 11) << right_aligned("/last", 9) << '\n';
  for (const RollingScore& score : scores) {
    out << heading_of(score) << right_aligned(grouped(static_cast<double>(score.windows)), 9)
        << right_aligned(fixed(score.mean_error, 1), 13)
        << right_aligned(ratio_text(score.against_seasonal, "-"), 11)
        << right_aligned(ratio_text(score.against_last, "-"), 9) << '\n';
  }
  for (std::size_t first = 0; first < inputs.levels.size(); first += kLevelsSideBySide)
    print_levels(inputs, scores, first, out);
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
  for (const RollingScore& score : scores) {
    if (score.windows > 0 || score.in_events || score.forecaster != model::Forecaster::kEdgetide)
      continue;
    console.err << "edgetide: no window of " << to_string(score.horizon)
                << " could be judged: none is known whole, now and a day or a week before\n";
  }
  std::erase_if(scores, [](const RollingScore& score) { return score.windows == 0; });
  const std::string format = settings.text("output");
  if (format == "json") {
    print_json(*inputs, scores, console.out);
  } else if (format == "csv") {
    print_csv(*inputs, scores, console.out);
  } else {
    print_text(*inputs, scores, console.out);
  }
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
      output_option({"text", "json", "csv"})};
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
