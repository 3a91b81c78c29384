#include "simulation/score.h"

#include <algorithm>
#include <cmath>

#include "edgetide/core/assert.h"
#include "edgetide/sizing/new_connections.h"

namespace edgetide::simulation {
namespace {

Replicas ceiling(double replicas) { return Replicas{static_cast<int>(std::ceil(replicas - 1e-9))}; }

bool around_kick_off(const Scenario& scenario, Instant at) {
  const Instant kick_off = scenario.tonight.kick_off;
  return at >= kick_off - Seconds{300} && at < kick_off + Seconds{900};
}

bool while_zone_is_lost(const Scenario& scenario, Instant at) {
  const auto& loss = scenario.zone_loss;
  return loss && at >= loss->at && at < loss->back_at();
}

/// What so many that serve take with the pool's spare and reserve.
Replicas promised(const model::EdgePool& pool, std::size_t domains, Replicas serving) {
  serving += pool.redundancy.spare;
  const bool survives = pool.redundancy.survive == model::Survive::kFailureDomain && domains > 1;
  const Replicas reserve =
      survives ? ceiling(static_cast<double>(serving.count()) / static_cast<double>(domains - 1))
               : Replicas{0};
  return std::max(serving + reserve, pool.replicas.min);
}

/// After the loss that must be survived, as the pool declares it.
HandshakesPerSecond coming_back(const model::EdgePool& pool, std::size_t domains, Viewers viewers) {
  if (pool.redundancy.survive == model::Survive::kNone || domains < 2) return {};
  return sizing::reconnects_of(Ratio{1 / static_cast<double>(domains)}, viewers, pool);
}

/// The fewest that bear those connections at that utilization, and more handshakes beside them.
Replicas gateways_for(const LetIn& load, HandshakesPerSecond more,
                      const model::CapacityPerReplica& capacity, double utilization) {
  double replicas = 0;
  if (capacity.connections) replicas = load.wanted.count() / capacity.connections->count();
  if (capacity.handshakes)
    replicas = std::max(replicas, (load.asked + more).count() / capacity.handshakes->count());
  return ceiling(replicas / utilization);
}

Ratio times_of(double minutes, double promise) {
  return Ratio{promise > 0 ? minutes / promise : 0};
}

}  // namespace

Ratio Score::promise_cost_ratio() const {
  return times_of(cost.replica_minutes, clairvoyant_promise_minutes);
}

Ratio TierCost::promise_cost_ratio() const {
  return times_of(cost.replica_minutes, clairvoyant_promise_minutes);
}

void TierCost::add(const model::EdgePool& pool, std::size_t domains, BitsPerSecond drawn,
                   Replicas paid, double minutes) {
  const double carries = pool.capacity.egress->count();
  const double usable = carries * pool.capacity.target_utilization.count();
  cost.replica_minutes += paid.count() * minutes;
  cost.clairvoyant_minutes += ceiling(drawn.count() / carries).count() * minutes;
  clairvoyant_promise_minutes +=
      promised(pool, domains, ceiling(drawn.count() / usable)).count() * minutes;
}

ScoreKeeper::ScoreKeeper(const Scenario& scenario)
    : scenario_(scenario), domains_(failure_domains(scenario, scenario.pool).size()) {
  EDGETIDE_ASSERT(scenario.pool.capacity.viewers, "a scenario whose replicas carry no viewers");
  if (scenario.zone_loss) score_.zone_loss.emplace();
}

void ScoreKeeper::add(const StepFacts& facts) {
  const model::EdgePool& pool = scenario_.pool;
  const double minutes = minutes_of(scenario_.step);
  Viewers carried = backtest::serving_capacity(pool, facts.ready);
  Replicas fewest = backtest::clairvoyant_replicas(pool, facts.wanting);
  Replicas keeping = clairvoyant_promise_replicas(pool, domains_, facts.wanting);
  if (facts.let_in) {
    carried = std::min(carried, facts.let_in->viewers);
    fewest = std::max(fewest, gateways_for(*facts.let_in, {}, pool.capacity, 1));
    const auto back = coming_back(pool, domains_, facts.wanting);
    const Replicas left =
        gateways_for(*facts.let_in, back, pool.capacity, pool.capacity.target_utilization.count());
    keeping = std::max(keeping, promised(pool, domains_, left));
  }
  score_.evening.add(facts.at, facts.wanting, carried, minutes);
  if (around_kick_off(scenario_, facts.at)) {
    score_.kick_off.add(facts.at, facts.wanting, carried, minutes);
  }
  if (while_zone_is_lost(scenario_, facts.at)) {
    score_.zone_loss->add(facts.at, facts.wanting, carried, minutes);
  }
  score_.cost.replica_minutes += facts.paid.count() * minutes;
  score_.cost.clairvoyant_minutes += fewest.count() * minutes;
  score_.clairvoyant_promise_minutes += keeping.count() * minutes;
}

Replicas clairvoyant_promise_replicas(const model::EdgePool& pool, std::size_t domains,
                                      Viewers viewers) {
  const double usable = pool.capacity.viewers->count() * pool.capacity.target_utilization.count();
  return promised(pool, domains, ceiling(viewers.count() / usable));
}

}  // namespace edgetide::simulation
