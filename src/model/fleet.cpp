#include "edgetide/model/fleet.h"

#include <algorithm>
#include <numeric>

namespace edgetide::model {
namespace {

/// A level at which one domain begins to take part in filling, or ends.
struct Turn {
  int level;
  int domains;  ///< How many more fill from here on.
};
using Turns = SmallVector<Turn, 12>;

Turns turns_of(std::span<const Replicas> standing, std::span<const Replicas> limits) {
  Turns turns;
  for (std::size_t i = 0; i < standing.size(); ++i) {
    if (limits[i] <= standing[i]) continue;
    turns.push_back({standing[i].count(), +1});
    turns.push_back({limits[i].count(), -1});
  }
  std::ranges::sort(turns, {}, &Turn::level);
  return turns;
}

/// The lowest level to which all domains are filled when `lack` replicas have been added, or the
/// one at which all of them are full.
int level_for(long lack, std::span<const Turn> turns) {
  int level = 0;
  long filling = 0;
  for (const Turn& turn : turns) {
    const long room = filling * (turn.level - level);
    if (room >= lack) break;
    lack -= room;
    level = turn.level;
    filling += turn.domains;
  }
  if (lack <= 0 || filling == 0) return level;
  return level + static_cast<int>((lack + filling - 1) / filling);
}

}  // namespace

Replicas total(std::span<const Replicas> fleet) {
  return std::accumulate(fleet.begin(), fleet.end(), Replicas{});
}

Fleet at_least(Fleet fleet, std::span<const Replicas> other) {
  for (std::size_t i = 0; i < fleet.size(); ++i) fleet[i] = std::max(fleet[i], other[i]);
  return fleet;
}

Fleet raised_to(Fleet standing, Replicas replicas, std::span<const Replicas> limits) {
  const Replicas before = total(standing);
  if (replicas <= before) return standing;
  const Replicas level{level_for((replicas - before).count(), turns_of(standing, limits))};
  const auto filled = [&](std::size_t i) {
    return std::max(standing[i], std::min(limits[i], level));
  };
  Replicas surplus{-replicas.count()};
  for (std::size_t i = 0; i < standing.size(); ++i) surplus += filled(i);
  // The last level may bring more than was asked for; later domains give it back.
  for (std::size_t i = standing.size(); i-- > 0;) {
    const bool gives = surplus > Replicas{0} && standing[i] < level && limits[i] >= level;
    standing[i] = filled(i) - Replicas{gives ? 1 : 0};
    surplus -= Replicas{gives ? 1 : 0};
  }
  return standing;
}

}  // namespace edgetide::model
