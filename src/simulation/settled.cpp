#include "simulation/settled.h"

#include <algorithm>

namespace edgetide::simulation {
namespace {

constexpr Seconds kSettled{1200};
/// A fall is worth a tenth of what stands, or ten replicas; see guard::dead_band.
constexpr int kWorthOneIn = 10;
constexpr Replicas kWorth{10};
/// Of whatever a guard waits for beside the pool's own windows; see guard::mass_change.
constexpr Seconds kLongestWait{600};
/// A reserve that is there for less comes and goes.
constexpr Seconds kMet{60};
/// Until two looks in a row have both had the chance.
constexpr Seconds kSlack{300};

Instant quiet_since(const World& world) {
  const Scenario& scenario = world.scenario();
  Instant since = world.maintenance().rolled_until().value_or(scenario.from);
  for (const Fault& fault : scenario.faults) since = std::max(since, fault.until());
  if (scenario.zone_loss) since = std::max(since, scenario.zone_loss->back_at());
  for (const RetryStorm& storm : scenario.audience.programme().retry_storms)
    since = std::max(since, storm.back_at());
  return since;
}

/// For the demand that is planned for, and what comes within another lead time.
Replicas wanted_by(const model::PlanReport& report) {
  Replicas wanted = report.sizing.with_redundancy;
  for (const auto& verdict : report.verdicts) {
    if (verdict.guard == "farther-peak" || verdict.guard == "ramp")
      wanted = std::max(wanted, verdict.after);
  }
  return wanted;
}

Seconds patience(const model::EdgePool& pool) {
  const auto& down = pool.behavior.scale_down;
  Seconds longest = std::max({down.stabilization_window, pool.warm_up, kLongestWait});
  for (const auto& policy : down.policies) longest = std::max(longest, policy.period);
  return longest + pool.lead_time + kSlack;
}

/// Where policies let go of a few at a time, these may be of a domain that is whole, while what
/// finds no node is in another: then none go. See docs/limits.md.
bool paced_without_nodes(const model::PlanReport& report) {
  return std::ranges::count(report.verdicts, "rate-limit", &model::GuardVerdict::guard) > 0 &&
         std::ranges::any_of(report.observation.domains,
                             [](const auto& domain) { return domain.unschedulable.has_value(); });
}

}  // namespace

void Settling::note(const model::EdgePool& pool, const model::PlanReport& report, Instant now) {
  looked_ = true;
  note_excess(pool, report, now);
  note_reserve(report, now);
}

void Settling::note_excess(const model::EdgePool& pool, const model::PlanReport& report,
                           Instant now) {
  const Replicas stays = report.plan.total_to();
  const Replicas wanted = wanted_by(report);
  const Replicas worth = std::max(kWorth, Replicas{stays.count() / kWorthOneIn});
  const bool falls = stays < report.plan.total_from();
  const bool may_fall = pool.behavior.scale_down.select != model::ScalingRules::Select::kDisabled;
  const bool excused = report.shortfall || report.pause || report.contended || !may_fall ||
                       paced_without_nodes(report);
  if (stays - wanted <= worth || falls || excused) return excess_.reset();
  note(excess_,
       std::to_string(stays.count()) + " stay where " + std::to_string(wanted.count()) +
           " are wanted",
       now);
}

void Settling::note_reserve(const model::PlanReport& report, Instant now) {
  const auto& met = model::condition(report, "RedundancyMet");
  excused_ = report.shortfall || report.pause;
  if (met.status == model::ConditionStatus::kTrue) {
    if (!met_since_) met_since_ = now;
    if (now - *met_since_ >= kMet) missing_.reset();
    return;
  }
  met_since_.reset();
  note(missing_, met.reason + ": " + met.message, now);
}

void Settling::note(std::optional<Unrest>& unrest, std::string told, Instant now) {
  unrest = Unrest{unrest ? unrest->since : now, std::move(told)};
}

std::optional<std::string> Settling::unsettled(const World& world,
                                               const model::EdgePool& pool) const {
  const Instant settled = quiet_since(world) + kSettled;
  if (world.now() < settled) return std::nullopt;
  if (!looked_) return "no decision was made";
  const auto told = [](const Unrest& unrest) {
    return unrest.told + " since " + edgetide::to_string(unrest.since);
  };
  if (excess_ && world.now() - std::max(excess_->since, settled) >= patience(pool))
    return told(*excess_);
  const bool in_silence = missing_ && !met_since_ && !excused_;
  if (in_silence && world.now() - missing_->since >= std::min(pool.lead_time, kSettled))
    return told(*missing_);
  return std::nullopt;
}

}  // namespace edgetide::simulation
