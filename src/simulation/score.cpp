#include "simulation/score.h"

#include <algorithm>
#include <cmath>

#include "edgetide/core/assert.h"

namespace edgetide::simulation {
namespace {

double minutes_of(Seconds duration) { return static_cast<double>(duration.count()) / 60.0; }

Ratio ratio_of(double part, double whole) { return Ratio{whole > 0 ? part / whole : 0}; }

Replicas ceiling(double replicas) { return Replicas{static_cast<int>(std::ceil(replicas - 1e-9))}; }

void add_to(Unserved& unserved, const StepFacts& facts, Viewers short_of, double minutes) {
  unserved.wanted_viewer_minutes += facts.wanting.count() * minutes;
  if (short_of <= Viewers{0}) return;
  unserved.viewer_minutes += short_of.count() * minutes;
  unserved.minutes += minutes;
  if (short_of <= unserved.worst) return;
  unserved.worst = short_of;
  unserved.worst_at = facts.at;
}

bool around_kick_off(const Scenario& scenario, Instant at) {
  const Instant kick_off = scenario.tonight.kick_off;
  return at >= kick_off - Seconds{300} && at < kick_off + Seconds{900};
}

bool while_zone_is_lost(const Scenario& scenario, Instant at) {
  const auto& loss = scenario.zone_loss;
  return loss && at >= loss->at && at < loss->back_at();
}

}  // namespace

Ratio Unserved::share() const { return ratio_of(viewer_minutes, wanted_viewer_minutes); }

Ratio Score::cost_ratio() const { return ratio_of(replica_minutes, clairvoyant_minutes); }

Ratio Score::promise_cost_ratio() const {
  return ratio_of(replica_minutes, clairvoyant_promise_minutes);
}

ScoreKeeper::ScoreKeeper(const Scenario& scenario) : scenario_(scenario) {
  EDGETIDE_ASSERT(scenario.pool.capacity.viewers, "a scenario whose replicas carry no viewers");
  if (scenario.zone_loss) score_.zone_loss.emplace();
}

void ScoreKeeper::add(const StepFacts& facts) {
  const model::EdgePool& pool = scenario_.pool;
  const double minutes = minutes_of(scenario_.step);
  const Viewers short_of =
      std::max(Viewers{0}, facts.wanting - serving_capacity(pool, facts.ready));
  add_to(score_.evening, facts, short_of, minutes);
  if (around_kick_off(scenario_, facts.at)) add_to(score_.kick_off, facts, short_of, minutes);
  if (while_zone_is_lost(scenario_, facts.at)) {
    add_to(*score_.zone_loss, facts, short_of, minutes);
  }
  score_.replica_minutes += facts.paid.count() * minutes;
  score_.clairvoyant_minutes += clairvoyant_replicas(pool, facts.wanting).count() * minutes;
  score_.clairvoyant_promise_minutes +=
      clairvoyant_promise_replicas(pool, facts.wanting).count() * minutes;
}

Viewers serving_capacity(const model::EdgePool& pool, Replicas ready) {
  return Viewers{pool.capacity.viewers->count() * ready.count()};
}

Replicas clairvoyant_replicas(const model::EdgePool& pool, Viewers viewers) {
  return ceiling(viewers.count() / pool.capacity.viewers->count());
}

Replicas clairvoyant_promise_replicas(const model::EdgePool& pool, Viewers viewers) {
  const double usable = pool.capacity.viewers->count() * pool.capacity.target_utilization.count();
  const Replicas serving = ceiling(viewers.count() / usable) + pool.redundancy.spare;
  const auto domains = static_cast<int>(pool.domains.size());
  const bool survives = pool.redundancy.survive == model::Survive::kFailureDomain && domains > 1;
  const Replicas reserve =
      survives ? ceiling(static_cast<double>(serving.count()) / (domains - 1)) : Replicas{0};
  return std::max(serving + reserve, pool.replicas.min);
}

}  // namespace edgetide::simulation
