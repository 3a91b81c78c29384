#include "edgetide/forecast/load_watch.h"

#include <algorithm>

namespace edgetide::forecast {
namespace {

constexpr std::size_t kMostLooks = 10;
constexpr Seconds kBetweenLooks{60};
/// A rate over some minutes goes down before the viewers' reading does, where that one is late.
constexpr Seconds kBeforeFall{60};
/// One wrong look is no audience that has gone.
constexpr Seconds kShownFor{60};
constexpr double kMoreThanItsShare = 1.25;
constexpr double kStays = 0.05;  ///< Of what was there, whoever watches.

}  // namespace

LoadWatch::Loads LoadWatch::loads_of(const model::DemandReadings& demand) {
  Loads loads{};
  std::size_t next = 0;
  for (const auto* reading : {&demand.egress, &demand.requests, &demand.connections}) {
    Load& load = loads[next++];
    // Where viewers are counted by it, it says nothing of its own.
    if (*reading && (*reading)->fresh() && (*reading)->value != demand.viewers.value)
      load = {(*reading)->value, (*reading)->at};
  }
  return loads;
}

void LoadWatch::note(const model::DemandReadings& demand,
                     const std::optional<model::DoubtedFall>& doubted) {
  auto by_now = doubted ? shown(demand, *doubted) : std::nullopt;
  if (by_now && shown_) by_now->first = shown_->first;
  shown_ = by_now;
  if (doubted || !demand.viewers.fresh()) return;
  const Instant at = demand.viewers.at;
  if (!looks_.empty() && at - looks_.back().at < kBetweenLooks) return;
  const Loads loads = loads_of(demand);
  if (std::ranges::none_of(loads, [](const Load& load) { return load.value > 0; })) return;
  if (looks_.size() == kMostLooks) looks_.erase(looks_.begin());
  looks_.push_back({.at = at, .viewers = demand.viewers.value, .loads = loads});
}

bool LoadWatch::confirms() const { return shown_ && shown_->last - shown_->first >= kShownFor; }

std::optional<LoadWatch::Shown> LoadWatch::shown(const model::DemandReadings& demand,
                                                 const model::DoubtedFall& fall) const {
  if (!demand.viewers.fresh()) return std::nullopt;
  const auto reference = std::ranges::find_if(
      looks_.rbegin(), looks_.rend(),
      [&](const Look& look) { return look.at <= fall.at - kBeforeFall && look.viewers > 0; });
  if (reference == looks_.rend()) return std::nullopt;
  const double most = kMoreThanItsShare * demand.viewers.value / reference->viewers + kStays;
  const Loads loads = loads_of(demand);
  std::optional<Shown> by_look;
  for (std::size_t i = 0; i < kLoads; ++i) {
    const double before = reference->loads[i].value;
    if (loads[i].value <= 0 || before <= 0) continue;
    if (loads[i].value > most * before) return std::nullopt;
    const Instant at = loads[i].at;
    if (!by_look) by_look = {.first = at, .last = at};
    by_look = {.first = std::max(by_look->first, at), .last = std::min(by_look->last, at)};
  }
  return by_look;
}

}  // namespace edgetide::forecast
