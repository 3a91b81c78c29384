#include "simulation/one_workload.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace edgetide::simulation {
namespace {

/// By which a ReplicaSet takes the young before the old, without telling close ages apart.
int power_of_age(Seconds age) {
  const std::chrono::nanoseconds exact = std::max(Seconds{0}, age);
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(exact.count())));
}

}  // namespace

OneWorkload::OneWorkload(const Zones& zones, Replicas zone_limit, std::uint64_t seed)
    : zones_(zones), zone_limit_(zone_limit), random_(seed), in_zone_(zones.count) {}

void OneWorkload::begin_with(std::size_t zone, Replicas count) {
  specified_ += count.count();
  in_zone_[zone].ready_since.assign(static_cast<std::size_t>(count.count()), Instant{});
}

void OneWorkload::settle(Fleet& fleet, Instant now) {
  bool zones_changed = false;
  for (std::size_t i = 0; i < in_zone_.size(); ++i) {
    InZone& zone = in_zone_[i];
    if (!fleet.lost(i)) {
      zones_changed |= std::exchange(zone.gone, false);
      zone.dead_since.reset();
    } else if (zone.dead_since && now - *zone.dead_since >= zones_.evicted_after) {
      unplaced_ += fleet.counts(i).specified.count();
      fleet.specify(i, Replicas{0}, now);
      zone.dead_since.reset();
      zone.gone = zones_changed = true;
    }
  }
  note_ready(fleet, now);
  if (zones_changed) recall(fleet, now);
  place(fleet, now);
  note_waiting(fleet, now);
}

void OneWorkload::specify(Fleet& fleet, Replicas total, Instant now) {
  const int change = total.count() - std::exchange(specified_, total.count());
  if (change > 0) {
    unplaced_ += change;
    place(fleet, now);
  }
  if (change < 0) take_away(fleet, -change, now);
  note_waiting(fleet, now);
}

void OneWorkload::note_lost(Fleet& fleet, std::size_t index, Replicas without_node, Instant now) {
  InZone& zone = in_zone_[index];
  zone.ready_since.clear();
  zone.dead_since = now;
  unplaced_ += without_node.count();
  fleet.specify(index, fleet.counts(index).specified - without_node, now);
  place(fleet, now);
  note_waiting(fleet, now);
}

std::optional<Instant> OneWorkload::dead_since(std::size_t zone) const {
  return in_zone_[zone].dead_since;
}

void OneWorkload::note_ready(Fleet& fleet, Instant now) {
  for (std::size_t i = 0; i < in_zone_.size(); ++i)
    in_zone_[i].ready_since.resize(static_cast<std::size_t>(fleet.counts(i).ready.count()), now);
}

void OneWorkload::place(Fleet& fleet, Instant now) {
  if (unplaced_ == 0) return;
  std::vector<PlacementZone> seen;
  for (std::size_t i = 0; i < in_zone_.size(); ++i) {
    seen.push_back({.stands = fleet.counts(i).specified,
                    .limit = zone_limit_,
                    .takes = !fleet.lost(i),
                    .counts = !in_zone_[i].gone});
  }
  auto allowed = zones_for_one_more(seen, zones_.max_skew);
  for (; unplaced_ > 0 && !allowed.empty(); --unplaced_) {
    const auto drawn = static_cast<std::size_t>(random_.below(static_cast<int>(allowed.size())));
    seen[allowed[drawn]].stands += Replicas{1};
    allowed = zones_for_one_more(seen, zones_.max_skew);
  }
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (seen[i].stands != fleet.counts(i).specified) fleet.specify(i, seen[i].stands, now);
}

void OneWorkload::recall(Fleet& fleet, Instant now) {
  for (std::size_t i = 0; i < in_zone_.size(); ++i) {
    const auto counts = fleet.counts(i);
    if (fleet.lost(i) || counts.pending == Replicas{0}) continue;
    unplaced_ += counts.pending.count();
    fleet.specify(i, counts.specified - counts.pending, now);
  }
}

std::vector<OneWorkload::Candidate> OneWorkload::candidates(const Fleet& fleet, Instant now) {
  enum Rank { kNoNode, kStarting, kDead, kReady };
  std::vector<Candidate> all;
  const auto add = [&](int rank, std::size_t zone, std::optional<Instant> ready_since) {
    all.push_back({rank, random_.uniform(), zone, ready_since});
  };
  for (std::size_t i = 0; i < in_zone_.size(); ++i) {
    const auto counts = fleet.counts(i);
    const int pending = fleet.lost(i) ? kDead : kNoNode;
    for (int n = 0; n < counts.pending.count(); ++n) add(pending, i, std::nullopt);
    for (int n = 0; n < counts.starting.count(); ++n) add(kStarting, i, std::nullopt);
    for (const Instant since : in_zone_[i].ready_since)
      add(kReady + power_of_age(now - since), i, since);
  }
  return all;
}

void OneWorkload::take_away(Fleet& fleet, int count, Instant now) {
  const int unplaced = std::min(count, unplaced_);
  unplaced_ -= unplaced;
  auto all = candidates(fleet, now);
  std::ranges::sort(all, {}, [](const auto& one) { return std::tie(one.rank, one.chance); });
  all.resize(std::min(all.size(), static_cast<std::size_t>(count - unplaced)));
  std::vector<Replicas> taken(in_zone_.size());
  for (const Candidate& one : all) {
    taken[one.zone] += Replicas{1};
    auto& ready = in_zone_[one.zone].ready_since;
    if (one.ready_since) ready.erase(std::ranges::find(ready, *one.ready_since));
  }
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (taken[i] > Replicas{0}) fleet.specify(i, fleet.counts(i).specified - taken[i], now);
}

void OneWorkload::note_waiting(const Fleet& fleet, Instant now) {
  bool waits = unplaced_ > 0;
  for (std::size_t i = 0; i < in_zone_.size(); ++i)
    waits |= !fleet.lost(i) && fleet.counts(i).pending > Replicas{0};
  if (!waits) return waits_since_.reset();
  if (!waits_since_) waits_since_ = now;
}

}  // namespace edgetide::simulation
