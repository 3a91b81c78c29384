#include "cli/recording_charts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/text_report.h"
#include "simulation/floor.h"
#include "simulation/series.h"

namespace edgetide::cli {
namespace {

using simulation::Frame;
using simulation::Recording;
using simulation::Scenario;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
/// Decisions are seconds apart; a longer silence between what they expected is a gap.
constexpr Seconds kLongestBetween{120};

template <typename Value>
std::vector<double> values_of(const Recording& recording, Value value) {
  std::vector<double> values;
  values.reserve(recording.frames.size());
  for (const Frame& frame : recording.frames) values.push_back(value(frame));
  return values;
}

/// The band on the chart's steps, straight between decisions.
void add_forecast(web::Chart& chart, const Scenario& scenario, const Recording& recording) {
  const auto band = simulation::forecast_band(recording);
  if (band.empty()) return;
  const auto step_of = [&](Instant at) {
    return static_cast<std::size_t>((at - scenario.from) / scenario.step);
  };
  const std::size_t steps = step_of(std::min(band.back().at, scenario.to)) + 1;
  std::vector<double> median(steps, kUnknown);
  std::vector<double> quantile(steps, kUnknown);
  for (std::size_t i = 0; i < band.size(); ++i) {
    const auto& next = band[i];
    const bool joined = i > 0 && next.at - band[i - 1].at <= kLongestBetween;
    const auto& before = joined ? band[i - 1] : next;
    for (std::size_t at = step_of(before.at); at <= step_of(next.at) && at < steps; ++at) {
      const double whole = static_cast<double>(step_of(next.at) - step_of(before.at));
      const double part = whole > 0 ? static_cast<double>(at - step_of(before.at)) / whole : 1;
      const auto between = [&](Viewers from, Viewers to) {
        return std::round(from.count() + part * (to - from).count());
      };
      median[at] = between(before.median, next.median);
      quantile[at] = between(before.quantile, next.quantile);
    }
  }
  chart.series.push_back({.label = "expected a lead time before, as likely above as below",
                          .role = web::Role::kMedian,
                          .values = std::move(median)});
  chart.series.push_back({.label = "expected with the confidence asked for",
                          .role = web::Role::kQuantile,
                          .values = std::move(quantile)});
}

}  // namespace

std::vector<web::Mark> marks_of(const std::vector<Happening>& all, Instant from, Instant to) {
  std::vector<web::Mark> marks;
  for (const auto& [at, text, anywhere, fault] : all)
    marks.push_back({.at = std::clamp(at, from, to), .text = text, .fault = fault});
  return marks;
}

web::Chart empty_chart(const Scenario& scenario, const Recording& recording) {
  web::Chart chart{.title = {},
                   .description = {},
                   .unit = {},
                   .from = scenario.from,
                   .step = scenario.step,
                   .series = {},
                   .marks = {},
                   .spans = {}};
  if (recording.frames.empty()) return chart;
  const Instant reached = recording.frames.back().at;
  chart.marks = marks_of(happenings(scenario, recording), scenario.from, reached);
  if (scenario.zone_loss && reached >= scenario.zone_loss->at) {
    chart.spans.push_back({.from = scenario.zone_loss->at,
                           .to = scenario.zone_loss->back_at(),
                           .text = "a zone is lost"});
  }
  return chart;
}

web::Chart capacity_chart(const Scenario& scenario, const Recording& recording,
                          const std::string& policy) {
  web::Chart chart = empty_chart(scenario, recording);
  chart.title = policy + ": viewers and what replicas carry";
  chart.description =
      "Filled: viewers. Solid: carried by Ready replicas. Dashed: by all that are "
      "ordered. Orange area: viewers without a server.";
  chart.unit = "viewers";
  const double carried = backtest::serving_capacity(scenario.pool, Replicas{1}).count();
  chart.series.push_back(
      {.label = "viewers", .role = web::Role::kDemand, .values = values_of(recording, [](auto& f) {
                                                         return std::round(f.wanting.count());
                                                       })});
  add_forecast(chart, scenario, recording);
  chart.series.push_back({.label = "carried by all that are ordered",
                          .role = web::Role::kDesired,
                          .factor = carried,
                          .values = values_of(recording, [](auto& frame) {
                            return simulation::total_specified(frame).count();
                          })});
  chart.series.push_back({.label = "carried by Ready replicas",
                          .role = web::Role::kReady,
                          .factor = carried,
                          .values = values_of(recording, [](auto& frame) {
                            return simulation::total_ready(frame.domains).count();
                          })});
  return chart;
}

std::vector<web::Chart> domain_charts(const Scenario& scenario, const Recording& recording) {
  const auto domains = simulation::failure_domains(scenario, scenario.pool);
  std::vector<Replicas> limits;
  for (const auto& domain : domains) limits.push_back(domain.max_replicas);
  const auto floors = [&](Viewers viewers) {
    return simulation::surviving(scenario.pool, simulation::survivors_for(scenario.pool, viewers),
                                 limits);
  };
  std::vector<web::Chart> charts;
  for (std::size_t i = 0; i < domains.size(); ++i) {
    web::Chart chart = empty_chart(scenario, recording);
    chart.title = "Replicas in " + domains[i].name;
    chart.description =
        "Solid: Ready. Dotted: with those that start. Dashed: what is asked for. Dash-dotted: the "
        "floor, which the viewers of the moment need to survive what must be survived.";
    chart.unit = "replicas";
    const auto add = [&](const char* label, web::Role role, auto count) {
      chart.series.push_back({.label = label,
                              .role = role,
                              .values = values_of(recording, [&](const Frame& frame) {
                                return static_cast<double>(count(frame.domains[i]).count());
                              })});
    };
    using simulation::DomainCounts;
    add("desired", web::Role::kDesired, [](const DomainCounts& seen) { return seen.specified; });
    add("Ready and starting", web::Role::kStarting,
        [](const DomainCounts& seen) { return seen.ready + seen.starting; });
    add("Ready", web::Role::kReady, [](const DomainCounts& seen) { return seen.ready; });
    chart.series.push_back({.label = "redundancy floor",
                            .role = web::Role::kFloor,
                            .values = values_of(recording, [&](const Frame& frame) {
                              return static_cast<double>(floors(frame.wanting)[i].count());
                            })});
    charts.push_back(std::move(chart));
  }
  return charts;
}

std::vector<web::Chart> tier_charts(const Scenario& scenario, const Recording& recording) {
  std::vector<web::Chart> charts;
  for (std::size_t i = 0; i < scenario.farther.size(); ++i) {
    const auto& pool = scenario.farther[i];
    web::Chart chart = empty_chart(scenario, recording);
    chart.title = pool.key.name + ": what is fetched and what replicas carry";
    chart.description =
        "Filled: what the pool before it fetches. Solid: carried by Ready replicas. Dashed: by all "
        "that are ordered. Orange area: what nobody serves.";
    chart.unit = "Gbit/s";
    constexpr double kTenths = 1e-8;  // of a gigabit
    const auto add = [&](const char* label, web::Role role, auto bits) {
      chart.series.push_back(
          {.label = label, .role = role, .values = values_of(recording, [&](const Frame& frame) {
                                           return std::round(bits(frame.farther[i]) * kTenths) / 10;
                                         })});
    };
    using simulation::TierFrame;
    const double each = pool.capacity.egress->count();
    add("fetched", web::Role::kDemand, [](const TierFrame& now) { return now.drawn.count(); });
    add("carried by all that are ordered", web::Role::kDesired,
        [&](const TierFrame& now) { return now.specified.count() * each; });
    add("carried by Ready replicas", web::Role::kReady,
        [](const TierFrame& now) { return now.carried.count(); });
    charts.push_back(std::move(chart));
  }
  return charts;
}

web::Series unserved_series(const Scenario& scenario, const Recording& recording,
                            const std::string& policy) {
  return {.label = policy, .values = values_of(recording, [&](const Frame& frame) {
                             return std::round(simulation::shortfall(scenario.pool, frame).count());
                           })};
}

web::LoggedDecision logged(const simulation::Decision& decision) {
  const auto& report = decision.report;
  return {.at = report.at,
          .pool = {},
          .action = report.plan.action,
          .from = report.plan.total_from(),
          .to = report.plan.total_to(),
          .unread = model::unread_domains(report.observation),
          .summary = report.summary,
          .report = report::text_report(report)};
}

std::vector<web::LoggedDecision> decision_log(const Recording& recording) {
  std::vector<web::LoggedDecision> log;
  log.reserve(recording.decisions.size());
  for (const auto& decision : recording.decisions) log.push_back(logged(decision));
  return log;
}

}  // namespace edgetide::cli
