#include "simulation/gateway_load.h"

#include <algorithm>
#include <limits>

namespace edgetide::simulation {
namespace {

/// Over which gateways' rates are averaged.
constexpr Seconds kRateWindow{120};

template <typename Quantity>
double carried(const std::optional<Quantity>& by_one, Replicas replicas) {
  return by_one ? by_one->count() * replicas.count() : std::numeric_limits<double>::infinity();
}

}  // namespace

void GatewayLoad::advance(Instant at, Seconds step, const Door& door) {
  const auto seconds = static_cast<double>(step.count());
  const auto& [open, per_arrival, stay] = habits_;
  const double wanting = door.wanting.count();
  const double arriving = door.coming.count() + wanting / static_cast<double>(stay.count());
  const double asked = arriving * per_arrival;
  const double at_door = waiting_ + asked * seconds;
  const double taken =
      std::min(at_door, carried(pool_.capacity.handshakes, door.serving) * seconds);
  waiting_ = std::min(at_door - taken, wanting * per_arrival);  // who has left waits no more
  const double let_in = per_arrival > 0 ? wanting - waiting_ / per_arrival : wanting;
  const double held =
      std::min(std::max(0.0, let_in), carried(pool_.capacity.connections, door.serving) / open);
  last_ = {.viewers = Viewers{held},
           .handshakes = HandshakesPerSecond{taken / seconds},
           .wanted = Connections{wanting * open},
           .asked = HandshakesPerSecond{asked}};
  counted_.push_back({.at = at, .open = held * open, .handshakes = taken / seconds});
}

double GatewayLoad::open(Instant at) const {
  const auto after = std::ranges::upper_bound(counted_, at, {}, &Counted::at);
  return after == counted_.begin() ? after->open : std::prev(after)->open;
}

HandshakesPerSecond GatewayLoad::handshakes(Instant at) const {
  const auto end = std::ranges::upper_bound(counted_, at, {}, &Counted::at);
  if (end == counted_.begin()) return HandshakesPerSecond{end->handshakes};
  const auto begin = std::ranges::upper_bound(counted_, at - kRateWindow, {}, &Counted::at);
  double sum = 0;
  for (auto counted = begin; counted != end; ++counted) sum += counted->handshakes;
  return HandshakesPerSecond{sum / static_cast<double>(end - begin)};
}

}  // namespace edgetide::simulation
