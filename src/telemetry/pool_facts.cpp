#include "telemetry/pool_facts.h"

#include <algorithm>

#include "edgetide/model/window_peak.h"

namespace edgetide::telemetry {
namespace {

std::vector<PoolFacts::Domain> domains_of(const model::PlanReport& report) {
  std::vector<PoolFacts::Domain> domains;
  domains.reserve(report.plan.domains.size());
  const model::Spread* spread = model::spread_of(report.observation);
  for (std::size_t i = 0; i < report.plan.domains.size(); ++i) {
    auto& domain = domains.emplace_back();
    domain.name = report.plan.domains[i].name;
    domain.desired = report.plan.domains[i].to;
    const auto& seen = report.observation.domains[i];
    domain.start_time = seen.start_time;
    if (seen.known) domain.specified = seen.specified;
    if (!seen.known || spread != nullptr) continue;
    domain.ready = seen.ready;
    domain.starting = seen.starting;
  }
  const std::size_t first = spread != nullptr ? domains.size() : 0;
  if (spread != nullptr) {
    for (const auto& [name, ready, cold, starting] : spread->domains)
      domains.push_back({.name = name, .ready = ready, .starting = starting});
  }
  for (std::size_t i = first; i < domains.size(); ++i) {
    if (i - first < report.spare_viewers.size()) domains[i].spare = report.spare_viewers[i - first];
    if (i - first < report.reserve_missing.size())
      domains[i].reserve_missing = report.reserve_missing[i - first];
  }
  return domains;
}

std::vector<PoolFacts::Ahead> ahead_in(const model::CapacityOutlook& outlook) {
  std::vector<PoolFacts::Ahead> by_cause;
  for (const auto& one : outlook.shortfalls) {
    auto known = std::ranges::find(by_cause, one.cause, &PoolFacts::Ahead::cause);
    if (known == by_cause.end()) {
      by_cause.push_back({.cause = one.cause, .start = one.start, .act_by = one.act_by});
      known = by_cause.end() - 1;
    }
    if (one.missing() > known->missing) {
      known->missing = one.missing();
      known->viewers = one.viewers;
      known->egress = one.egress;
      known->peak = one.peak;
    }
    known->start = std::min(known->start, one.start);
    known->end = std::max(known->end, one.end);
    known->act_by = std::min(known->act_by, one.act_by);
  }
  return by_cause;
}

void count(PoolFacts& facts, const model::PlanReport& report, const ports::ActOutcome& outcome) {
  if (report.dry_run) {
    if (!facts.dry_run) facts.dry_run.emplace();
    *facts.dry_run += *report.dry_run;
  }
  facts.judged = std::max(facts.judged, report.service.judged);
  facts.short_for = std::max(facts.short_for, report.service.short_for);
  ++facts.decisions[model::to_string(report.plan.action)];
  facts.violations += report.violations.size();
  for (const auto& write : outcome.writes)
    ++facts.writes[write.result.ok() ? "ok" : to_string(write.result.error().code)];
}

}  // namespace

PoolFacts facts_of(const model::EdgePool& pool, const model::PlanReport& report,
                   const ports::ActOutcome& outcome, const PoolFacts* before) {
  PoolFacts facts{.pool = pool.key};
  const auto& viewers = report.observation.demand.viewers;
  facts.demand_is_fresh = viewers.fresh();
  if (viewers.has_value()) facts.demand = {viewers.value, viewers.at};
  if (model::has_numbers(report.peak))
    facts.peak = {report.peak.quantile.count(), report.peak.median.count()};
  facts.outweighed_by = report.peak.outweighed_by;
  facts.bitrate = report.observation.demand.bitrate;
  facts.draws = report.draws;
  facts.drawn = report.drawn;
  facts.confidence = pool.confidence;
  facts.confidence_after_loss = pool.redundancy.confidence;
  facts.lead_time = report.lead_time;
  facts.enforced = report.mode == model::Mode::kEnforce;
  facts.contended = report.contended;
  facts.mass_change = report.mass_change;
  facts.demand_doubted = report.doubted_fall.has_value();
  if (report.pause) facts.pause_end = report.pause->until;
  if (report.shortfall) {
    facts.shortfall = report.shortfall->missing();
    facts.shortfall_cause = report.shortfall->cause;
  }
  if (report.outlook) facts.ahead = ahead_in(*report.outlook);
  facts.domains = domains_of(report);
  facts.accuracy = report.accuracy;
  facts.conditions.reserve(report.conditions.size());
  for (const auto& [type, status, reason, message] : report.conditions)
    facts.conditions.push_back({type, status});
  if (before != nullptr) {
    facts.judged = before->judged;
    if (report.mode == model::Mode::kDryRun) facts.dry_run = before->dry_run;
    facts.short_for = before->short_for;
    facts.decisions = before->decisions;
    facts.writes = before->writes;
    facts.violations = before->violations;
  }
  count(facts, report, outcome);
  return facts;
}

}  // namespace edgetide::telemetry
