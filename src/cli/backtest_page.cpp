#include "cli/backtest_page.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/backtest_limits.h"
#include "cli/backtest_log.h"
#include "edgetide/core/grouped.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using simulation::fixed;
using std::chrono::minutes;

/// A week is drawn by the minute, more in steps of several.
constexpr std::int64_t kMostSteps = 12'000;
constexpr std::size_t kMostMarks = 300;

constexpr const char* kNote =
    "Shortfall: the share of viewer-minutes without a server. Short minutes: with more than 1 % of "
    "the viewers without one. Cost: replica-minutes, Ready and starting, against a clairvoyant "
    "fleet that starts replicas in no time and uses them fully. What is asked for serves a lead "
    "time later; what is not needed leaves at once.";

minutes step_of(const backtest::Window& window) {
  return minutes{(window.minutes() + kMostSteps - 1) / kMostSteps};
}

/// One value a step: of the minutes in it that are known, the one that `better` prefers.
template <typename Value, typename Better>
std::vector<double> by_step(const backtest::Window& window, Value value, Better better) {
  const std::int64_t length = step_of(window).count();
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(window.minutes() / length + 1));
  for (std::int64_t i = 0; i < window.minutes(); ++i) {
    const double now = value(static_cast<std::size_t>(i));
    if (i % length == 0) {
      values.push_back(now);
    } else if (!std::isfinite(values.back()) || better(now, values.back())) {
      values.back() = now;
    }
  }
  return values;
}

web::Chart empty_chart(const BacktestInputs& inputs) {
  web::Chart chart{.title = {},
                   .description = {},
                   .unit = "viewers",
                   .from = inputs.window.from,
                   .step = step_of(inputs.window),
                   .series = {},
                   .marks = {},
                   .spans = {}};
  for (const auto* event : inputs.calendar.touching(inputs.window.from, inputs.window.to)) {
    const bool within = event->start >= inputs.window.from && event->start < inputs.window.to;
    if (!within || chart.marks.size() == kMostMarks) continue;
    chart.marks.push_back({.at = event->start, .text = simulation::shortened(event->name, 24)});
  }
  return chart;
}

std::string description(const BacktestInputs& inputs, const backtest::Score& score) {
  std::string text =
      "Filled: viewers. Solid: carried by Ready replicas. Dashed: by all that are asked for. "
      "Orange area: viewers without a server";
  if (score.unserved.worst > Viewers{0}) {
    text += ", " + grouped(score.unserved.worst.count()) + " at worst, at " +
            to_string(score.unserved.worst_at);
  }
  if (const auto step = step_of(inputs.window); step > minutes{1}) {
    text += ". In steps of " + std::to_string(step.count()) +
            " minutes: of each the highest demand, the fewest Ready replicas and the largest "
            "shortfall";
  }
  return text + '.';
}

web::FigureRow figures_of(const BacktestRow& row) {
  const auto& score = row.score;
  return {.label = row.policy,
          .values = {fixed(100 * score.unserved.share().count(), 4) + " %",
                     grouped(score.unserved.short_minutes), grouped(score.cost.replica_minutes),
                     fixed(score.cost.ratio().count(), 3), grouped(score.moves.moves),
                     fixed(score.moves.reversals_per_day(), 1),
                     grouped(static_cast<double>(row.minutes_at_limit))}};
}

web::CurvePoint curve_point(const BacktestRow& row) {
  return {.setting = row.policy,
          .shortfall = row.score.unserved.share().count(),
          .cost = row.score.cost.ratio().count()};
}

}  // namespace

BacktestPage::BacktestPage(const BacktestInputs& inputs)
    : inputs_(inputs), unserved_(empty_chart(inputs)) {
  page_.title = "Backtest of " + inputs.pool_text;
  page_.subtitle = to_string(inputs.window.from) + " to " + to_string(inputs.window.to) +
                   ", lead " + to_string(inputs.pool.lead_time) + ", delay " +
                   to_string(inputs.delay) + ".";
  page_.note = kNote;
  page_.figures.columns = {"Policy", "Shortfall", "Short minutes",   "Replica-minutes",
                           "Cost",   "Moves",     "Reversals a day", "Minutes at the limit"};
  unserved_.title = "Viewers without a server";
  unserved_.description = "At each moment, under each policy.";
}

void BacktestPage::add(const std::string& policy, const backtest::Replay& replay) {
  const auto& window = inputs_.window;
  const double carried = backtest::serving_capacity(inputs_.pool, Replicas{1}).count();
  web::Chart chart = empty_chart(inputs_);
  chart.title = policy + ": viewers and what replicas carry";
  chart.description = description(inputs_, replay.score);
  const auto add_peak = [&](const char* label, web::Role role, auto which) {
    const auto peak = [&](std::size_t i) {
      return replay.reasons[i] ? std::round(((*replay.reasons[i]).*which).count())
                               : std::numeric_limits<double>::quiet_NaN();
    };
    chart.series.push_back(
        {.label = label, .role = role, .values = by_step(window, peak, std::greater<>{})});
  };
  chart.series.push_back(
      {.label = "viewers",
       .role = web::Role::kDemand,
       .values = by_step(
           window, [&](std::size_t i) { return std::round(replay.demand[i]); }, std::greater<>{})});
  if (!replay.reasons.empty() && replay.reasons.front()) {
    add_peak("peak expected, as likely above as below", web::Role::kMedian,
             &backtest::Reasons::median);
    add_peak("prepared for", web::Role::kQuantile, &backtest::Reasons::quantile);
  }
  chart.series.push_back({.label = "carried by all that are asked for",
                          .role = web::Role::kDesired,
                          .factor = carried,
                          .values = by_step(
                              window, [&](std::size_t i) { return replay.fleet[i].total.count(); },
                              std::greater<>{})});
  chart.series.push_back(
      {.label = "carried by Ready replicas",
       .role = web::Role::kReady,
       .factor = carried,
       .values = by_step(
           window, [&](std::size_t i) { return replay.fleet[i].ready.count(); }, std::less<>{})});
  page_.charts.push_back(std::move(chart));
  const auto unserved = [&](std::size_t i) {
    return std::round(std::max(0.0, replay.demand[i] - carried * replay.fleet[i].ready.count()));
  };
  unserved_.series.push_back(
      {.label = policy, .values = by_step(window, unserved, std::greater<>{})});
  if (page_.charts.size() == 1) add_decisions(page_, policy, inputs_, replay);
}

web::Page BacktestPage::finish(const BacktestResults& results) && {
  page_.charts.push_back(std::move(unserved_));
  if (const auto limits = limits_text(inputs_, results); !limits.empty())
    page_.note += " " + limits;
  if (const auto reserve = reserve_text(inputs_, results); !reserve.empty())
    page_.note += " " + reserve;
  for (const auto& row : results.rows) page_.figures.rows.push_back(figures_of(row));
  for (const auto& curve : results.curves) {
    page_.curves.push_back({.policy = curve.label, .points = {}});
    for (const auto& point : curve.points) {
      page_.curves.back().points.push_back(curve_point(point));
    }
  }
  if (results.curves.empty()) {
    for (const auto& row : results.rows) {
      page_.curves.push_back({.policy = row.policy, .points = {curve_point(row)}});
    }
  }
  return std::move(page_);
}

}  // namespace edgetide::cli
