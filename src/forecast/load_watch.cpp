#include "edgetide/forecast/load_watch.h"

#include <algorithm>

namespace edgetide::forecast {
namespace {

constexpr std::size_t kMostLooks = 10;
constexpr Seconds kBetweenLooks{60};
/// A rate over some minutes goes down before the viewers' reading does, where that one is late.
constexpr Seconds kBeforeFall{60};
constexpr double kMoreThanItsShare = 1.25;
constexpr double kStays = 0.05;  ///< Of what was there, whoever watches.

}  // namespace

LoadWatch::Loads LoadWatch::loads_of(const model::DemandReadings& demand) {
  Loads loads{};
  std::size_t next = 0;
  for (const auto* reading : {&demand.egress, &demand.requests, &demand.connections}) {
    double& load = loads[next++];
    // Where viewers are counted by it, it says nothing of its own.
    if (*reading && (*reading)->fresh() && (*reading)->value != demand.viewers.value)
      load = (*reading)->value;
  }
  return loads;
}

void LoadWatch::note(const model::DemandReadings& demand,
                     const std::optional<model::DoubtedFall>& doubted) {
  if (doubted || !demand.viewers.fresh()) return;
  const Instant at = demand.viewers.at;
  if (!looks_.empty() && at - looks_.back().at < kBetweenLooks) return;
  const Loads loads = loads_of(demand);
  if (std::ranges::none_of(loads, [](double load) { return load > 0; })) return;
  if (looks_.size() == kMostLooks) looks_.erase(looks_.begin());
  looks_.push_back({.at = at, .viewers = demand.viewers.value, .loads = loads});
}

bool LoadWatch::confirms(const model::DemandReadings& demand,
                         const model::DoubtedFall& fall) const {
  if (!demand.viewers.fresh()) return false;
  const auto reference = std::ranges::find_if(
      looks_.rbegin(), looks_.rend(),
      [&](const Look& look) { return look.at <= fall.at - kBeforeFall && look.viewers > 0; });
  if (reference == looks_.rend()) return false;
  const double most = kMoreThanItsShare * demand.viewers.value / reference->viewers + kStays;
  const Loads loads = loads_of(demand);
  bool any = false;
  for (std::size_t i = 0; i < kLoads; ++i) {
    if (loads[i] <= 0 || reference->loads[i] <= 0) continue;
    if (loads[i] > most * reference->loads[i]) return false;
    any = true;
  }
  return any;
}

}  // namespace edgetide::forecast
