#include "edgetide/backtest/score.h"

#include <algorithm>
#include <cmath>

#include "edgetide/backtest/lead_time_fleet.h"
#include "edgetide/core/assert.h"
#include "edgetide/sizing/capacity_model.h"

namespace edgetide::backtest {
namespace {

constexpr double kNoticeablyShort = 0.01;

Ratio ratio_of(double part, double whole) { return Ratio{whole > 0 ? part / whole : 0}; }

Moves moves_of(std::span<const FleetMinute> fleet) {
  Moves moves{.days = static_cast<double>(fleet.size()) / 1440};
  int last = 0;
  for (std::size_t i = 1; i < fleet.size(); ++i) {
    const int change = (fleet[i].total - fleet[i - 1].total).count();
    if (change == 0) continue;
    ++moves.moves;
    if ((last < 0 && change > 0) || (last > 0 && change < 0)) ++moves.reversals;
    last = change;
  }
  return moves;
}

}  // namespace

void Unserved::add(Instant at, Viewers wanted, Viewers carried, double span_minutes) {
  wanted_viewer_minutes += wanted.count() * span_minutes;
  const Viewers lacking = wanted - carried;
  if (lacking <= Viewers{0}) return;
  viewer_minutes += lacking.count() * span_minutes;
  minutes += span_minutes;
  if (lacking.count() > kNoticeablyShort * wanted.count()) short_minutes += span_minutes;
  if (lacking <= worst) return;
  worst = lacking;
  worst_at = at;
}

Ratio Unserved::share() const { return ratio_of(viewer_minutes, wanted_viewer_minutes); }

Ratio Cost::ratio() const { return ratio_of(replica_minutes, clairvoyant_minutes); }

Score& Score::operator+=(const Score& other) {
  unserved.viewer_minutes += other.unserved.viewer_minutes;
  unserved.wanted_viewer_minutes += other.unserved.wanted_viewer_minutes;
  unserved.minutes += other.unserved.minutes;
  unserved.short_minutes += other.unserved.short_minutes;
  if (other.unserved.worst > unserved.worst) {
    unserved.worst = other.unserved.worst;
    unserved.worst_at = other.unserved.worst_at;
  }
  cost.replica_minutes += other.cost.replica_minutes;
  cost.clairvoyant_minutes += other.cost.clairvoyant_minutes;
  moves.moves += other.moves.moves;
  moves.reversals += other.moves.reversals;
  moves.days += other.moves.days;
  scored_minutes += other.scored_minutes;
  most = std::max(most, other.most);
  return *this;
}

std::vector<FleetMinute> fleet_of(std::span<const Replicas> decisions, Seconds lead) {
  std::vector<FleetMinute> minutes;
  if (decisions.empty()) return minutes;
  minutes.reserve(decisions.size());
  const auto lead_minutes = std::chrono::ceil<std::chrono::minutes>(lead).count();
  LeadTimeFleet fleet(decisions.front(), static_cast<int>(lead_minutes));
  for (const Replicas asked : decisions) {
    if (!minutes.empty()) fleet.pass_minute();
    fleet.ask_for(asked);
    minutes.push_back({.ready = fleet.ready(), .total = fleet.total()});
  }
  return minutes;
}

Score score(Instant from, std::span<const double> demand, std::span<const FleetMinute> fleet,
            const model::EdgePool& pool) {
  EDGETIDE_ASSERT(demand.size() == fleet.size(), "one fleet for each minute of demand");
  Score score{.moves = moves_of(fleet)};
  for (std::size_t i = 0; i < demand.size(); ++i) {
    score.most = std::max(score.most, fleet[i].total);
    if (!std::isfinite(demand[i])) continue;
    const Viewers wanted{demand[i]};
    const Instant at = from + std::chrono::minutes{i};
    score.unserved.add(at, wanted, serving_capacity(pool, fleet[i].ready), 1);
    score.cost.replica_minutes += fleet[i].total.count();
    score.cost.clairvoyant_minutes += clairvoyant_replicas(pool, wanted).count();
    ++score.scored_minutes;
  }
  return score;
}

Viewers serving_capacity(const model::EdgePool& pool, Replicas ready) {
  EDGETIDE_ASSERT(pool.capacity.viewers, "a pool whose replicas carry no viewers");
  return Viewers{pool.capacity.viewers->count() * ready.count()};
}

Replicas clairvoyant_replicas(const model::EdgePool& pool, Viewers viewers) {
  EDGETIDE_ASSERT(pool.capacity.viewers, "a pool whose replicas carry no viewers");
  return sizing::replicas_for(viewers.count(), pool.capacity.viewers->count());
}

}  // namespace edgetide::backtest
