#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "calendar/zones.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/record_inputs.h"
#include "edgetide/backtest/minutes.h"
#include "edgetide/core/grouped.h"
#include "edgetide/forecast/fan.h"
#include "report/structured_report.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using simulation::fixed;
using simulation::right_aligned;

/// After so much silence nothing is said of what comes.
constexpr std::chrono::days kLongestSilence{7};

/// A forecast and what it stands on.
struct Ahead {
  Instant at;
  Instant last_sample;
  model::WindowPeak peak;  ///< Of the whole horizon, at the highest level.
  std::vector<double> levels;
  std::vector<forecast::FanPoint> points;
};

/// The moment that is asked for; the first at which all is known, without.
Instant moment_at(std::optional<Instant> asked, const Record& record, Seconds delay) {
  return asked.value_or(record.samples.back().at + delay);
}

Result<std::span<const model::DemandSample>> known_at(Instant at, const Record& record,
                                                      Seconds delay) {
  const auto known = backtest::known_by(record.samples, at, delay);
  if (known.empty()) {
    return wrong("--at", "nothing is known at " + to_string(at) + ": the series begins at " +
                             to_string(record.samples.front().at));
  }
  const Seconds silence = at - known.back().at;
  if (silence > kLongestSilence) {
    return wrong("--at", "nothing is known of the week before " + to_string(at) +
                             ": the last sample until then is of " + to_string(known.back().at));
  }
  return known;
}

/// No highest demand is below a moment's: the median of the peak becomes the highest median of the
/// lines, and its quantile at least the highest of theirs.
/// \param now the viewers that are known last
void raise_to_lines(model::WindowPeak& peak, const std::vector<forecast::FanPoint>& points,
                    Viewers now) {
  peak.median = now;
  for (const auto& point : points) {
    peak.median = std::max(peak.median, point.median);
    peak.quantile = std::max(peak.quantile, point.quantiles.back());
  }
  peak.quantile = std::max(peak.quantile, peak.median);
}

Result<Ahead> look_ahead(const config::Settings& settings, const Console& console) {
  auto levels = levels_of(settings);
  if (!levels.ok()) return levels.error();
  const auto asked = moment_of(settings, "at");
  if (!asked.ok()) return asked.error();
  const auto offsets = calendar::offsets_for(settings.text("time-zone"));
  if (!offsets.ok()) return wrong("--time-zone", offsets.error().message);
  const auto record = read_record(settings, {.to = *asked}, console);
  if (!record.ok()) return record.error();
  const Seconds delay = *settings.duration("delay");
  const Instant at = moment_at(*asked, *record, delay);
  const auto known = known_at(at, *record, delay);
  if (!known.ok()) return known.error();

  const Seconds horizon = *settings.duration("horizon");
  const Seconds usual = std::min<Seconds>(backtest::usual_step(*known), horizon);
  const Seconds step = settings.duration("step").value_or(usual);
  if (step > horizon) {
    return wrong("--horizon", to_string(horizon) + " is shorter than a step of " + to_string(step));
  }
  const forecast::Context context{record->calendar, *offsets, levels->back()};
  if (const auto remark =
          remark_on_calendar(settings, record->calendar, {known->front().at, at + horizon});
      !remark.empty())
    console.err << "edgetide: " << remark << '\n';
  const auto state = forecast::learn(*known, context);
  const Instant before_first = *asked ? at : known->back().at + delay / step * step;
  auto points = forecast::fan(
      state, {.now = before_first, .length = at + horizon - before_first, .step = step}, *levels,
      context);
  auto peak = forecast::window_peak(
      state, {.now = at, .length = horizon, .confidence = levels->back()}, context);
  raise_to_lines(peak, points, known->back().viewers);
  return Ahead{.at = at,
               .last_sample = known->back().at,
               .peak = peak,
               .levels = *std::move(levels),
               .points = std::move(points)};
}

void print_csv(const Ahead& ahead, std::ostream& out) {
  out << "timestamp,mean";
  for (const double level : ahead.levels) out << ",q" << percent_text(level);
  out << '\n';
  for (const auto& point : ahead.points) {
    out << to_string(point.at) << ',' << fixed(point.mean.count(), 3);
    for (const Viewers quantile : point.quantiles) out << ',' << fixed(quantile.count(), 3);
    out << '\n';
  }
}

Json json_of(const Ahead& ahead) {
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "Forecast"},
            {"at", to_string(ahead.at)},
            {"lastSample", to_string(ahead.last_sample)},
            {"stage", model::to_string(ahead.peak.stage)},
            {"peak",
             {{"median", ahead.peak.median.count()},
              {"percent", percent_of(ahead.levels.back())},
              {"quantile", ahead.peak.quantile.count()},
              {"event", ahead.peak.event}}},
            {"points", Json::array()}};
  for (const auto& point : ahead.points) {
    Json quantiles = Json::object();
    for (std::size_t i = 0; i < point.quantiles.size(); ++i) {
      quantiles[percent_text(ahead.levels[i])] = point.quantiles[i].count();
    }
    json["points"].push_back({{"timestamp", to_string(point.at)},
                              {"mean", point.mean.count()},
                              {"quantiles", quantiles}});
  }
  return json;
}

/// Wide enough for a terabit a second in groups, and a blank before it.
constexpr std::size_t kColumn = 18;

void print_text(const Ahead& ahead, std::ostream& out) {
  const auto& peak = ahead.peak;
  out << "At " << to_string(ahead.at) << ", by samples until " << to_string(ahead.last_sample)
      << " (stage " << model::to_string(peak.stage) << ")\n"
      << "Highest until " << to_string(peak.window_end) << ": " << grouped(peak.median.count())
      << ", with " << percent_text(ahead.levels.back()) << " % no more than "
      << grouped(peak.quantile.count());
  if (!peak.event.empty()) out << ", for " << peak.event;
  out << "\n\n" << simulation::left_aligned("timestamp", 20) << right_aligned("mean", kColumn);
  for (const double level : ahead.levels) out << right_aligned("q" + percent_text(level), kColumn);
  out << '\n';
  for (const auto& point : ahead.points) {
    out << to_string(point.at) << right_aligned(grouped(point.mean.count()), kColumn);
    for (const Viewers quantile : point.quantiles) {
      out << right_aligned(grouped(quantile.count()), kColumn);
    }
    out << '\n';
  }
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto ahead = look_ahead(settings, console);
  if (!ahead.ok()) return fail(console, ahead.error());
  if (ahead->peak.stage == model::ForecastStage::kNone) {
    console.err << "edgetide: less than half an hour is known: these are first numbers\n";
  }
  const std::string format = settings.text("output");
  if (format == "json" || format == "yaml") {
    console.out << report::document(json_of(*ahead), format);
  } else if (format == "csv") {
    print_csv(*ahead, console.out);
  } else {
    print_text(*ahead, console.out);
  }
  return Exit::kOk;
}

std::vector<config::Option> options() {
  using Kind = config::Option::Kind;
  auto all = record_options();
  const std::vector<config::Option> own{
      {.name = "at",
       .help = "The moment that is forecast from; what came later is not looked at. When the last "
               "sample is known, without.",
       .value_name = "TIME"},
      {.name = "horizon",
       .help = "How far ahead.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "2h",
       .min = 60,
       .max = 7 * 86'400},
      {.name = "step",
       .help = "From one line to the next; as far apart as samples usually are without.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .min = 60,
       .max = 86'400},
      levels_option(),
      delay_option(),
      time_zone_option(),
      output_option({"csv", "text", "json", "yaml"})};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command forecast_command() {
  return {.name = "forecast",
          .summary = "what recorded viewers and a calendar make expect of the next hours",
          .usage = "forecast --series FILE [--calendar FILE] [--at TIME] [options]",
          .about =
              "Learns a recording as the operator learns a pool's past, up to a moment, and prints "
              "the demand ahead\nas mean and quantiles. Knows nothing that was not known at that "
              "moment, but the calendar. Touches no\ncluster.",
          .options = options(),
          .examples =
              {"edgetide forecast --series viewers.csv --calendar matches.csv \\",
               "    --at 2026-12-05T19:30:00Z --horizon 2h --levels 50,90,99",
               "edgetide forecast --prometheus http://localhost:9090 --query 'sum(edge_sessions)' "
               "-o text",
               "edgetide forecast --series may.csv --series june.csv --horizon 24h --step 15m -o "
               "text"},
          .run = run};
}

}  // namespace edgetide::cli
