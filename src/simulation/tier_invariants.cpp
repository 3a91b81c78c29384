#include "simulation/tier_invariants.h"

#include <algorithm>
#include <cmath>

#include "simulation/loss.h"
#include "simulation/settled.h"

namespace edgetide::simulation {
namespace {

constexpr std::size_t kMostBreaches = 100;

Replicas carrying(const model::EdgePool& pool, double drawn) {
  const double usable = pool.capacity.egress->count() * pool.capacity.target_utilization.count();
  return Replicas{static_cast<int>(std::ceil(drawn / usable - 1e-9))};
}

std::string sizes(Replicas from, Replicas to) {
  return std::to_string(from.count()) + " to " + std::to_string(to.count());
}

std::string lack_text(Replicas left, Replicas needed) {
  return std::to_string(left.count()) + " left of " + std::to_string(needed.count()) + " needed";
}

}  // namespace

void TierInvariants::judge(const Decision& decision, const Standing& before) {
  judge_falls(decision);
  judge_bounds(before.targets);
  judge_floor(decision, before);
  judge_standing(decision, before);
  settling_.note(world_.farther()[tier_].pool(), decision.report, world_.now());
}

void TierInvariants::judge_end() {
  if (const auto why = settling_.unsettled(world_, world_.farther()[tier_].pool()))
    broken("NotSettled", *why);
}

void TierInvariants::note_drawing() {
  const bool nearest = tier_ == 0;
  const bool egress_is_told = !nearest || world_.fault(FaultKind::kEgressMissing) == nullptr;
  if (world_.samples_can_be_trusted() && egress_is_told) told_ = true;
}

void TierInvariants::judge_falls(const Decision& decision) {
  for (const auto& [name, from, to, result] : decision.outcome.writes) {
    if (to >= from || !result.ok()) continue;
    const std::string change = name + " from " + sizes(from, to);
    if (!world_.samples_can_be_trusted()) broken("LoweredInDoubt", change);
    if (!told_) broken("LoweredUndrawn", change);
  }
}

void TierInvariants::judge_bounds(const std::vector<DomainCounts>& before) {
  const FartherTier& tier = world_.farther()[tier_];
  const auto& [least, most] = tier.pool().replicas;
  const Replicas was = total_specified(before);
  const Replicas is = total_specified(tier.fleet().standing().targets);
  if (is > was && is > most) broken("AboveMaximum", sizes(was, is));
  if (is < was && is < least) broken("BelowMinimum", sizes(was, is));
}

void TierInvariants::judge_floor(const Decision& decision, const Standing& before) {
  const auto& report = decision.report;
  const FartherTier& tier = world_.farther()[tier_];
  const model::EdgePool& pool = tier.pool();
  const auto& seen = report.observation.demand.egress;
  if (!told_ || world_.fault(FaultKind::kApiServerGone) != nullptr) return;
  if (!world_.samples_can_be_trusted() || !seen || !seen->fresh() || report.contended) return;
  const OrderedLoss loss(pool, tier.fleet(), before);
  model::Fleet ordered;
  for (const auto& domain : report.plan.domains) ordered.push_back(domain.to);
  const Replicas left = loss.left_of(ordered);
  const Replicas needed = carrying(pool, seen->value) + pool.redundancy.spare;
  if (left >= needed) return;
  const std::string lack = lack_text(left, needed);
  if (!report.shortfall) broken("ShortInSilence", lack);
  const bool could = loss.can_leave(needed, model::domain_limits(pool));
  const bool zone_is_lost = world_.lost_zone() && world_.now() < world_.lost_zone()->loss.back_at();
  if (could && !zone_is_lost && report.plan.total_to() < pool.replicas.max)
    broken("BelowFloor", lack);
}

void TierInvariants::judge_standing(const Decision& decision, const Standing& before) {
  const auto& seen = decision.report.observation.demand.egress;
  if (world_.fault(FaultKind::kApiServerGone) != nullptr || !seen || !seen->fresh()) return;
  const Replicas warm = total_serving(before.targets);
  const Replicas needed = carrying(world_.farther()[tier_].pool(), seen->value);
  if (warm < needed && !decision.report.shortfall)
    broken("UnservedInSilence", lack_text(warm, needed));
}

void TierInvariants::broken(const std::string& rule, const std::string& detail) {
  ++times_broken_;
  if (breaches_.size() == kMostBreaches) return;
  breaches_.push_back(
      {world_.now(), rule, world_.farther()[tier_].pool().key.name + ": " + detail});
}

}  // namespace edgetide::simulation
