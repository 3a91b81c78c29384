#include "cli/backtest_page.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "simulation/html_style.h"
#include "simulation/series.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using simulation::BandPoint;
using simulation::ChartPoint;
using simulation::escaped_html;
using simulation::fixed;
using simulation::grouped;
using simulation::SvgChart;
using std::chrono::minutes;

constexpr std::int64_t kMostSteps = 1000;

/// The extremes of a few minutes.
struct Step {
  Instant at;
  std::optional<double> demand;  ///< Highest; nothing where none is known.
  double ready = 0;              ///< Lowest capacity that is Ready.
  double asked = 0;              ///< Highest capacity that was asked for.
  double short_of = 0;           ///< Most viewers without a server at once.
};

std::vector<Step> steps_of(const BacktestInputs& inputs, const backtest::Replay& replay,
                           const backtest::Window& shown) {
  const double capacity = inputs.pool.capacity.viewers->count();
  const std::int64_t length = (shown.minutes() + kMostSteps - 1) / kMostSteps;
  std::vector<Step> steps;
  for (std::int64_t i = 0; i < shown.minutes(); ++i) {
    const Instant at = shown.from + minutes{i};
    const auto minute = static_cast<std::size_t>((at - inputs.window.from) / minutes{1});
    const double ready = capacity * replay.fleet[minute].ready.count();
    const double asked = capacity * replay.fleet[minute].total.count();
    if (i % length == 0) steps.push_back({.at = at, .demand = {}, .ready = ready, .asked = asked});
    Step& step = steps.back();
    step.ready = std::min(step.ready, ready);
    step.asked = std::max(step.asked, asked);
    const double demand = replay.demand[minute];
    if (!std::isfinite(demand)) continue;
    step.demand = std::max(step.demand.value_or(0), demand);
    step.short_of = std::max(step.short_of, demand - ready);
  }
  return steps;
}

/// Each time without a break in which viewers were without a server, above what was carried.
void draw_shortfall(SvgChart& chart, const std::vector<Step>& steps, Seconds length) {
  std::vector<BandPoint> area;
  for (const Step& step : steps) {
    if (step.short_of > 0 && step.demand) {
      const double low = std::max(0.0, *step.demand - step.short_of);
      area.push_back({step.at, low, *step.demand});
      area.push_back({step.at + length, low, *step.demand});
    } else if (!area.empty()) {
      chart.band(area, "short-area");
      area.clear();
    }
  }
  chart.band(area, "short-area");
}

void draw_demand(SvgChart& chart, const std::vector<Step>& steps) {
  std::vector<BandPoint> area;
  std::vector<ChartPoint> line;
  const auto draw = [&] {
    chart.band(area, "demand-area");
    chart.line(line, "demand");
    area.clear();
    line.clear();
  };
  for (const Step& step : steps) {
    if (!step.demand) {
      draw();
      continue;
    }
    area.push_back({step.at, 0, *step.demand});
    line.push_back({step.at, *step.demand});
  }
  draw();
}

std::string chart_of(const BacktestInputs& inputs, const backtest::Replay& replay,
                     const backtest::Window& shown, const std::string& title, bool events) {
  const auto steps = steps_of(inputs, replay, shown);
  double top = 1;
  for (const Step& step : steps) {
    top = std::max({top, step.demand.value_or(0), step.ready, step.asked});
  }
  SvgChart chart({.title = title,
                  .description = "Viewers, and how many of them the replicas could carry, from " +
                                 to_string(shown.from) + " to " + to_string(shown.to) + ".",
                  .unit = "viewers",
                  .from = shown.from,
                  .to = shown.to,
                  .top = simulation::nice_top(top)});
  draw_demand(chart, steps);
  std::vector<ChartPoint> ready;
  std::vector<ChartPoint> asked;
  for (const Step& step : steps) {
    ready.push_back({step.at, step.ready});
    asked.push_back({step.at, step.asked});
  }
  chart.steps(asked, "desired");
  chart.steps(ready, "ready");
  const minutes length{(shown.minutes() + kMostSteps - 1) / kMostSteps};
  draw_shortfall(chart, steps, length);
  if (events) {
    for (const auto* event : inputs.calendar.touching(shown.from, shown.to)) {
      const bool starts_here = event->start >= shown.from && event->start < shown.to;
      if (starts_here) chart.mark(event->start, simulation::shortened(event->name, 24), "event");
    }
  }
  return chart.svg();
}

/// A day around the moment, within the window.
backtest::Window day_around(const backtest::Window& window, Instant at) {
  constexpr minutes kHalf{720};
  const Instant from = std::max(window.from, std::min(at - kHalf, window.to - 2 * kHalf));
  return {from, std::min(window.to, from + 2 * kHalf)};
}

std::string rows_html(const std::vector<BacktestRow>& rows) {
  std::string html =
      "<div class=\"scroll\"><table>\n<thead><tr><th>Policy</th><th class=\"number\">Shortfall</th>"
      "<th class=\"number\">Short minutes</th><th class=\"number\">Replica-minutes</th>"
      "<th class=\"number\">Cost</th><th class=\"number\">Moves</th>"
      "<th class=\"number\">Reversals a day</th></tr></thead>\n<tbody>\n";
  for (const auto& [policy, score] : rows) {
    const auto cell = [](const std::string& text) {
      return "<td class=\"number\">" + escaped_html(text) + "</td>";
    };
    html += "<tr><th scope=\"row\">" + escaped_html(policy) + "</th>" +
            cell(fixed(100 * score.unserved.share().count(), 4) + " %") +
            cell(grouped(score.unserved.short_minutes)) +
            cell(grouped(score.cost.replica_minutes)) + cell(fixed(score.cost.ratio().count(), 3)) +
            cell(grouped(score.moves.moves)) + cell(fixed(score.moves.reversals_per_day(), 1)) +
            "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

constexpr const char* kLegend =
    "<p class=\"soft\">Filled: viewers. Line: what Ready replicas carry. Dashed: what was asked "
    "for. Solid area: viewers without a server. A long window is drawn in steps: of each the "
    "highest demand, the lowest Ready capacity and the largest shortfall. Times in UTC.</p>\n";

constexpr const char* kReading =
    "<p class=\"soft\">Shortfall: the share of viewer-minutes without a server. Short minutes: "
    "with more than 1 % of the viewers without one. Cost: replica-minutes, Ready and starting, "
    "against a clairvoyant fleet that starts replicas in no time and uses them fully. What is "
    "asked for serves a lead time later; what is not needed leaves at once.</p>\n";

}  // namespace

BacktestCharts backtest_charts(const BacktestInputs& inputs, const std::string& policy,
                               const backtest::Replay& replay) {
  BacktestCharts charts{.policy = policy, .whole = {}, .worst_day = {}};
  charts.whole = chart_of(inputs, replay, inputs.window, policy, /*events=*/false);
  const auto& unserved = replay.score.unserved;
  if (unserved.worst > Viewers{0}) {
    charts.worst_day = chart_of(inputs, replay, day_around(inputs.window, unserved.worst_at),
                                policy + ": the worst day", /*events=*/true);
  }
  return charts;
}

std::string backtest_page(const BacktestInputs& inputs, const BacktestResults& results,
                          const std::vector<BacktestCharts>& charts) {
  const std::string title = "Backtest of " + inputs.pool.key.text();
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>" +
      escaped_html(title) + "</title>\n<style>" + simulation::kReportStyle +
      "</style>\n</head>\n<body>\n<h1>" + escaped_html(title) + "</h1>\n<p class=\"soft\">" +
      to_string(inputs.window.from) + " to " + to_string(inputs.window.to) + ", lead " +
      to_string(inputs.pool.lead_time) + ", delay " + to_string(inputs.delay) + ".</p>\n" +
      rows_html(results.rows) + kReading;
  for (const BacktestCharts& chart : charts) {
    html += "<h2>" + escaped_html(chart.policy) + "</h2>\n" + chart.whole + chart.worst_day;
  }
  html += kLegend;
  for (const BacktestCurve& curve : results.curves) {
    html += "<h2>" + escaped_html(curve.policy) + ": cost against shortfall</h2>\n" +
            rows_html(curve.points);
  }
  return html + "</body>\n</html>\n";
}

}  // namespace edgetide::cli
