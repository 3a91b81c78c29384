#include "cli/demo_page.h"

#include <string>

#include "cli/recording_charts.h"
#include "edgetide/core/grouped.h"
#include "simulation/policies.h"
#include "simulation/series.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using simulation::Comparison;
using simulation::Recording;
using simulation::Scenario;

web::Page page_about(const Scenario& scenario, const Recording& recording) {
  web::Page page;
  page.title = "Edgetide: " + scenario.title;
  page.subtitle = simulation::evening_text(scenario, recording) + ". Simulated; pool " +
                  scenario.pool.key.text() + ".";
  page.decisions = decision_log(recording);
  page.decisions_note = "Each opens its full report.";
  return page;
}

void add_domain_charts(web::Page& page, const Scenario& scenario, const Recording& recording) {
  for (auto& chart : domain_charts(scenario, recording)) page.charts.push_back(std::move(chart));
}

std::string name_of(simulation::PolicyKind policy) {
  return std::string{simulation::to_string(policy)};
}

web::Figures compared_figures(const Comparison& comparison) {
  web::Figures figures{.columns = {""}, .rows = {}};
  for (const auto name : simulation::kComparedNames) figures.columns.emplace_back(name);
  for (const auto& row : simulation::summary_rows(comparison)) {
    figures.rows.push_back(
        {.label = row.label, .values = {row.figures.begin(), row.figures.end()}, .part = row.part});
  }
  return figures;
}

web::Figures live_figures(const Scenario& scenario, const Recording& recording) {
  const auto& frame = recording.frames.back();
  const auto& evening = recording.score.evening;
  const auto count = [](Replicas replicas) { return std::to_string(replicas.count()); };
  return {
      .columns = {"", to_string(frame.at)},
      .rows = {
          {.label = "viewers", .values = {grouped(frame.wanting.count())}},
          {.label = "carried by Ready replicas",
           .values = {grouped(
               backtest::serving_capacity(scenario.pool, simulation::total_ready(frame.domains))
                   .count())}},
          {.label = "Ready replicas", .values = {count(simulation::total_ready(frame.domains))}},
          {.label = "desired replicas", .values = {count(simulation::total_specified(frame))}},
          {.label = "viewer-minutes not served so far",
           .values = {grouped(evening.viewer_minutes)}}}};
}

}  // namespace

web::Page live_page(const Scenario& scenario, const Recording& recording,
                    const std::string& policy) {
  web::Page page = page_about(scenario, recording);
  page.live = true;
  page.figures = live_figures(scenario, recording);
  page.charts.push_back(capacity_chart(scenario, recording, policy));
  for (auto& chart : tier_charts(scenario, recording)) page.charts.push_back(std::move(chart));
  add_domain_charts(page, scenario, recording);
  return page;
}

web::Page demo_page(const Comparison& comparison) {
  const auto& [scenario, edgetide, unreserved, hpa] = comparison;
  web::Page page = page_about(scenario, edgetide);
  page.note = simulation::comparison_text();
  page.figures = compared_figures(comparison);
  const std::string own_name = name_of(simulation::PolicyKind::kEdgetide);
  const std::string hpa_name = name_of(simulation::PolicyKind::kHpa60);
  page.charts.push_back(capacity_chart(scenario, edgetide, own_name));
  page.charts.push_back(capacity_chart(scenario, hpa, hpa_name));
  web::Chart unserved{.title = "Viewers without a server",
                      .description = "At each moment, under each of them.",
                      .unit = "viewers",
                      .from = scenario.from,
                      .step = scenario.step,
                      .series = {},
                      .marks = page.charts.front().marks,
                      .spans = page.charts.front().spans};
  const std::array recordings = {&edgetide, &unreserved, &hpa};
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    const std::string name{simulation::kComparedNames[i]};
    unserved.series.push_back(unserved_series(scenario, *recordings[i], name));
    const auto& score = recordings[i]->score;
    page.curves.push_back({.policy = name,
                           .points = {{.setting = name,
                                       .shortfall = score.evening.share().count(),
                                       .cost = score.cost.ratio().count()}}});
  }
  page.charts.push_back(std::move(unserved));
  add_domain_charts(page, scenario, edgetide);
  return page;
}

}  // namespace edgetide::cli
