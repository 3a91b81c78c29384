#include "simulation/one_workload.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace edgetide::simulation {
namespace {

constexpr std::array kBoth{Version::kOld, Version::kCurrent};

constexpr std::size_t index_of(Version version) { return static_cast<std::size_t>(version); }

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
  in_zone_[zone].ready_since[index_of(Version::kCurrent)].assign(
      static_cast<std::size_t>(count.count()), Instant{});
}

void OneWorkload::settle(Fleet& fleet, Instant now) {
  bool zones_changed = false;
  for (std::size_t i = 0; i < in_zone_.size(); ++i) {
    InZone& zone = in_zone_[i];
    if (!fleet.lost(i)) {
      zones_changed |= std::exchange(zone.gone, false);
      zone.dead_since.reset();
    } else if (zone.dead_since && now - *zone.dead_since >= zones_.evicted_after) {
      for (const Version version : kBoth) {
        const int dead = fleet.counts(i, version).all();
        unplaced_ += dead;
        fleet.change(i, version, -dead, now);
      }
      zone.dead_since.reset();
      zone.gone = zones_changed = true;
    }
  }
  note_ready(fleet, now);
  for (std::size_t i = 0; zones_changed && i < in_zone_.size(); ++i)
    if (!fleet.lost(i)) recall(fleet, i, now);
  place(fleet, now);
  roll_out(fleet, now);
  note_waiting(fleet, now);
}

void OneWorkload::specify(Fleet& fleet, Replicas total, Instant now) {
  specified_ = total.count();
  roll_out(fleet, now);
  note_waiting(fleet, now);
}

void OneWorkload::lose(Fleet& fleet, std::size_t index, Instant now, Instant back_at) {
  recall(fleet, index, now);
  fleet.lose(index, now, back_at);
  in_zone_[index].ready_since = {};
  in_zone_[index].dead_since = now;
  place(fleet, now);
  note_waiting(fleet, now);
}

void OneWorkload::evict(Fleet& fleet, std::size_t index, Replicas count, Instant now) {
  fleet.evict(index, count, now);
  for (const Version version : kBoth) {
    auto& ready = in_zone_[index].ready_since[index_of(version)];
    while (ready.size() > static_cast<std::size_t>(fleet.counts(index, version).ready))
      ready.erase(ready.begin() + random_.below(static_cast<int>(ready.size())));
  }
  unplaced_ += count.count();
  place(fleet, now);
  note_waiting(fleet, now);
}

void OneWorkload::begin_rollout(Fleet& fleet, Instant now) {
  for (std::size_t i = 0; i < in_zone_.size(); ++i) {
    fleet.outdate(i);
    auto& [old, current] = in_zone_[i].ready_since;
    old.insert(old.end(), current.begin(), current.end());
    std::ranges::sort(old);
    current.clear();
  }
  roll_out(fleet, now);
  note_waiting(fleet, now);
}

std::optional<Instant> OneWorkload::dead_since(std::size_t zone) const {
  return in_zone_[zone].dead_since;
}

void OneWorkload::note_ready(const Fleet& fleet, Instant now) {
  for (std::size_t i = 0; i < in_zone_.size(); ++i)
    for (const Version version : kBoth)
      in_zone_[i].ready_since[index_of(version)].resize(
          static_cast<std::size_t>(fleet.counts(i, version).ready), now);
}

void OneWorkload::roll_out(Fleet& fleet, Instant now) {
  const auto next = [&] {
    VersionCounts current{.pending = unplaced_};
    VersionCounts old;
    for (std::size_t i = 0; i < in_zone_.size(); ++i) {
      current += fleet.counts(i, Version::kCurrent);
      old += fleet.counts(i, Version::kOld);
    }
    return next_step(specified_, current, old);
  };
  for (auto step = next(); !step.changes_nothing(); step = next()) {
    unplaced_ += std::max(0, step.current);
    place(fleet, now);
    take_away(fleet, Version::kCurrent, std::max(0, -step.current), now);
    take_away(fleet, Version::kOld, -step.old, now);
  }
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
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Replicas more = seen[i].stands - fleet.counts(i).specified;
    if (more > Replicas{0}) fleet.change(i, Version::kCurrent, more.count(), now);
  }
}

void OneWorkload::recall(Fleet& fleet, std::size_t zone, Instant now) {
  for (const Version version : kBoth) {
    const int pending = fleet.counts(zone, version).pending;
    unplaced_ += pending;
    fleet.change(zone, version, -pending, now);
  }
}

std::vector<OneWorkload::Candidate> OneWorkload::candidates(const Fleet& fleet, Version version,
                                                            Instant now) {
  enum Rank { kNoNode, kStarting, kDead, kReady };
  std::vector<Candidate> all;
  const auto add = [&](int rank, std::size_t zone, std::optional<Instant> ready_since) {
    all.push_back({rank, random_.uniform(), zone, ready_since});
  };
  for (std::size_t i = 0; i < in_zone_.size(); ++i) {
    const auto counts = fleet.counts(i, version);
    const int pending = fleet.lost(i) ? kDead : kNoNode;
    for (int n = 0; n < counts.pending; ++n) add(pending, i, std::nullopt);
    for (int n = 0; n < counts.starting; ++n) add(kStarting, i, std::nullopt);
    for (const Instant since : in_zone_[i].ready_since[index_of(version)])
      add(kReady + power_of_age(now - since), i, since);
  }
  return all;
}

void OneWorkload::take_away(Fleet& fleet, Version version, int count, Instant now) {
  if (count == 0) return;
  const int unplaced = version == Version::kCurrent ? std::min(count, unplaced_) : 0;
  unplaced_ -= unplaced;
  auto all = candidates(fleet, version, now);
  std::ranges::sort(all, {}, [](const auto& one) { return std::tie(one.rank, one.chance); });
  all.resize(std::min(all.size(), static_cast<std::size_t>(count - unplaced)));
  std::vector<int> taken(in_zone_.size());
  for (const Candidate& one : all) {
    ++taken[one.zone];
    auto& ready = in_zone_[one.zone].ready_since[index_of(version)];
    if (one.ready_since) ready.erase(std::ranges::find(ready, *one.ready_since));
  }
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (taken[i] > 0) fleet.change(i, version, -taken[i], now);
}

void OneWorkload::note_waiting(const Fleet& fleet, Instant now) {
  bool waits = unplaced_ > 0;
  for (std::size_t i = 0; i < in_zone_.size(); ++i)
    waits |= !fleet.lost(i) && fleet.counts(i).pending > Replicas{0};
  if (!waits) return waits_since_.reset();
  if (!waits_since_) waits_since_ = now;
}

}  // namespace edgetide::simulation
