#include "cli/farther_charts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/recording_charts.h"
#include "simulation/floor.h"

namespace edgetide::cli {
namespace {

using simulation::Recording;
using simulation::Scenario;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
/// Looks are seconds apart; after a longer silence nothing is known.
constexpr Seconds kLongestBetween{120};

/// What each step's last look told; unknown where it is long ago.
template <typename Value>
std::vector<double> looked_at(const Scenario& scenario, const Recording& recording,
                              const FartherLog::Tier& tier, Value value) {
  std::vector<double> values(recording.frames.size(), kUnknown);
  for (const auto& look : tier.looks) {
    const auto first = std::max<std::int64_t>(0, (look.at - scenario.from) / scenario.step);
    const auto last = (look.at + kLongestBetween - scenario.from) / scenario.step;
    for (auto step = first; step <= last && step < std::ssize(values); ++step)
      values[static_cast<std::size_t>(step)] = value(look);
  }
  return values;
}

/// By failure domain, what the egress of that moment needs to survive what must be survived.
model::Fleet floor_for(const model::EdgePool& pool, BitsPerSecond drawn) {
  const double usable = pool.capacity.egress->count() * pool.capacity.target_utilization.count();
  const Replicas survivors{static_cast<int>(std::ceil(drawn.count() / usable - 1e-9))};
  return simulation::surviving(pool, survivors + pool.redundancy.spare, model::domain_limits(pool));
}

web::Chart domain_chart(const Scenario& scenario, const Recording& recording,
                        const FartherLog::Tier& tier, std::size_t index, std::size_t domain) {
  const auto& pool = scenario.farther[index];
  web::Chart chart = empty_chart(scenario, recording);
  chart.title = "Replicas of " + pool.key.name + " in " + pool.domains[domain].name;
  chart.description =
      "As the operator's last look saw them. Solid: Ready. Dotted: with those that start. Dashed: "
      "what is asked for. Dash-dotted: the floor, which what is fetched at the moment needs to "
      "survive what must be survived.";
  chart.unit = "replicas";
  const auto add = [&](const char* label, web::Role role, auto count) {
    const auto value = [&](const FartherLog::Look& look) {
      const auto& seen = look.domains[domain];
      return seen.known ? static_cast<double>(count(seen).count()) : kUnknown;
    };
    chart.series.push_back(
        {.label = label, .role = role, .values = looked_at(scenario, recording, tier, value)});
  };
  using Seen = FartherLog::Domain;
  add("desired", web::Role::kDesired, [](const Seen& seen) { return seen.desired; });
  add("Ready and starting", web::Role::kStarting,
      [](const Seen& seen) { return seen.ready + seen.starting; });
  add("Ready", web::Role::kReady, [](const Seen& seen) { return seen.ready; });
  web::Series floor{.label = "redundancy floor", .role = web::Role::kFloor, .values = {}};
  for (const auto& frame : recording.frames)
    floor.values.push_back(floor_for(pool, frame.farther[index].drawn)[domain].count());
  chart.series.push_back(std::move(floor));
  return chart;
}

}  // namespace

void add_farther(web::Page& page, const Scenario& scenario, const Recording& recording,
                 const FartherLog& log) {
  const auto& tiers = log.tiers();
  for (auto& decision : page.decisions)
    if (!tiers.empty()) decision.pool = scenario.pool.key.name;
  for (std::size_t index = 0; index < tiers.size(); ++index) {
    const auto& tier = tiers[index];
    for (std::size_t domain = 0; domain < scenario.farther[index].domains.size(); ++domain)
      page.charts.push_back(domain_chart(scenario, recording, tier, index, domain));
    // Decided before the pool that draws.
    std::vector<web::LoggedDecision> decided;
    for (const auto& decision : tier.decisions) {
      decided.push_back(logged(decision));
      decided.back().pool = tier.key.name;
    }
    page.decisions.insert(page.decisions.begin(), decided.begin(), decided.end());
  }
  std::ranges::stable_sort(page.decisions, {}, &web::LoggedDecision::at);
}

}  // namespace edgetide::cli
