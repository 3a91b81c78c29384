#include "cli/night_page.h"

#include "cli/farther_charts.h"
#include "cli/night_figures.h"
#include "cli/night_programme.h"
#include "cli/recording_charts.h"
#include "edgetide/core/grouped.h"
#include "simulation/series.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using simulation::fixed;

constexpr const char* kAgainstClairvoyant = "cost against a clairvoyant fleet";
constexpr const char* kAgainstPromising = "against one with the same promises";

/// A line each.
template <typename Told>
std::string list_text(const std::vector<Told>& told, std::string (*one)(const Told&)) {
  std::string text;
  for (const Told& each : told) text += (text.empty() ? "" : "\n") + one(each);
  return text;
}

/// What of a pool that is drawn from was short, and what it cost.
void add_tier(web::Figures& figures, std::size_t tier, const std::vector<NightRun>& runs) {
  const std::string name = runs.front().scenario.farther[tier].key.name;
  web::FigureRow missed{.label = name + ": of what is fetched not served, %", .values = {}};
  web::FigureRow cost{.label = kAgainstClairvoyant, .values = {}, .part = true};
  web::FigureRow promise{.label = kAgainstPromising, .values = {}, .part = true};
  web::FigureRow told{.label = "shortfalls", .values = {}, .part = true};
  for (const auto& [scenario, runner, recording] : runs) {
    const auto& record = recording.farther[tier];
    missed.values.push_back(fixed(100 * fetched_from(tier, recording).missed, 3));
    cost.values.push_back(fixed(record.cost.cost.ratio().count(), 2));
    promise.values.push_back(fixed(record.cost.promise_cost_ratio().count(), 2));
    told.values.push_back(
        record.shortfalls.empty()
            ? "none reported"
            : list_text(simulation::stretches_of(record.shortfalls), &shortfall_text));
  }
  for (auto* row : {&missed, &cost, &promise, &told}) figures.rows.push_back(std::move(*row));
}

web::Figures figures_of(const std::vector<NightRun>& runs) {
  web::Figures figures{.columns = {""}, .rows = {}};
  web::FigureRow unserved{.label = "viewer-minutes not served", .values = {}};
  web::FigureRow share{.label = "of all, %", .values = {}, .part = true};
  web::FigureRow worst{.label = "most viewers at once", .values = {}, .part = true};
  web::FigureRow cost{.label = kAgainstClairvoyant, .values = {}};
  web::FigureRow promise{.label = kAgainstPromising, .values = {}, .part = true};
  web::FigureRow told{.label = "shortfalls", .values = {}};
  web::FigureRow reserve{.label = "reserve missing", .values = {}};
  web::FigureRow unknown{.label = "reserve unknown", .values = {}, .part = true};
  web::FigureRow broken{.label = "promises broken", .values = {}};
  for (const auto& [scenario, runner, recording] : runs) {
    const auto& score = recording.score;
    figures.columns.push_back(simulation::to_string(runner));
    unserved.values.push_back(grouped(score.evening.viewer_minutes));
    share.values.push_back(fixed(100 * score.evening.share().count(), 3));
    worst.values.push_back(grouped(score.evening.worst.count()));
    cost.values.push_back(fixed(score.cost.ratio().count(), 2));
    promise.values.push_back(fixed(score.promise_cost_ratio().count(), 2));
    const bool promises = runner.kind == simulation::PolicyKind::kEdgetide;
    const std::string instead = instead_text(recording);
    std::string shortfalls =
        list_text(simulation::stretches_of(recording.shortfalls), &shortfall_text);
    if (!instead.empty()) shortfalls += (shortfalls.empty() ? "" : "\n") + instead;
    told.values.push_back(promises ? shortfalls : "none told");
    const std::string missing = list_text(recording.missing_reserves, &reserve_text);
    reserve.values.push_back(!promises ? "none told" : missing.empty() ? "never" : missing);
    const std::string nobody_knew = list_text(recording.unknown_reserves, &unknown_reserve_text);
    unknown.values.push_back(!promises ? "none told" : nobody_knew.empty() ? "never" : nobody_knew);
    broken.values.push_back(promises ? std::to_string(recording.times_broken) : "none made");
  }
  figures.rows = {unserved, share, worst, cost, promise, told, reserve, unknown, broken};
  for (std::size_t tier = 0; tier < runs.front().scenario.farther.size(); ++tier)
    add_tier(figures, tier, runs);
  return figures;
}

std::string decisions_note(const std::vector<NightRun>& runs) {
  const auto& runner = runs.front().runner;
  const std::string name = simulation::to_string(runner);
  if (runner.kind != simulation::PolicyKind::kEdgetide)
    return name + " tells no reasons: none of its decisions stand here.";
  return (runs.size() > 1 ? "Of " + name + ". " : "") + "Each opens its full report.";
}

}  // namespace

web::Page night_page(const std::vector<NightRun>& runs, const FartherLog& log) {
  const NightRun& first = runs.front();
  web::Page page;
  page.title = "Edgetide: " + first.scenario.title;
  page.subtitle = to_string(first.scenario.from) + " to " + to_string(first.scenario.to) +
                  ", seed " + std::to_string(first.scenario.seed) + ". Simulated; pool " +
                  first.scenario.pool.key.text() + ".";
  page.figures = figures_of(runs);
  page.decisions = decision_log(first.recording);
  page.decisions_note = decisions_note(runs);
  for (const auto& [scenario, runner, recording] : runs)
    page.charts.push_back(capacity_chart(scenario, recording, simulation::to_string(runner)));
  web::Chart unserved{.title = "Viewers without a server",
                      .description = "At each moment, under each of them.",
                      .unit = "viewers",
                      .from = first.scenario.from,
                      .step = first.scenario.step,
                      .series = {},
                      .marks = marks_of(shared_happenings(runs), first.scenario.from,
                                        first.recording.frames.back().at),
                      .spans = page.charts.front().spans};
  for (const auto& [scenario, runner, recording] : runs) {
    const std::string name = simulation::to_string(runner);
    unserved.series.push_back(unserved_series(scenario, recording, name));
    page.curves.push_back({.policy = name,
                           .points = {{.setting = name,
                                       .shortfall = recording.score.evening.share().count(),
                                       .cost = recording.score.cost.ratio().count()}}});
  }
  page.charts.push_back(std::move(unserved));
  for (auto& chart : tier_charts(first.scenario, first.recording))
    page.charts.push_back(std::move(chart));
  for (auto& chart : domain_charts(first.scenario, first.recording))
    page.charts.push_back(std::move(chart));
  add_farther(page, first.scenario, first.recording, log);
  return page;
}

}  // namespace edgetide::cli
