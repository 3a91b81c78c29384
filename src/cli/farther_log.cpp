#include "cli/farther_log.h"

#include <algorithm>

namespace edgetide::cli {
namespace {

FartherLog::Look look_of(const model::PlanReport& report, const ports::ActOutcome& outcome) {
  FartherLog::Look look{.at = report.at, .domains = {}};
  for (const auto& seen : report.observation.domains) {
    FartherLog::Domain domain{.known = seen.known,
                              .ready = seen.ready,
                              .starting = seen.starting,
                              .desired = seen.specified};
    const auto write = std::ranges::find(outcome.writes, seen.name, &ports::DomainOutcome::name);
    if (write != outcome.writes.end() && write->result.ok()) domain.desired = write->to;
    look.domains.push_back(domain);
  }
  return look;
}

}  // namespace

FartherLog::FartherLog(const simulation::Scenario& scenario) {
  for (const auto& pool : scenario.farther)
    tiers_.push_back({.key = pool.key, .looks = {}, .decisions = {}});
}

void FartherLog::publish(const model::EdgePool& pool, const model::PlanReport& report,
                         const ports::ActOutcome& outcome) {
  const auto tier = std::ranges::find(tiers_, pool.key, &Tier::key);
  if (tier == tiers_.end()) return;
  tier->looks.push_back(look_of(report, outcome));
  if (!outcome.writes.empty()) tier->decisions.push_back({report, outcome});
}

}  // namespace edgetide::cli
