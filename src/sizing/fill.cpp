#include "edgetide/sizing/fill.h"

namespace edgetide::sizing {
namespace {

BitsPerSecond times(Replicas replicas, BitsPerSecond each) {
  return BitsPerSecond{replicas.count() * each.count()};
}

}  // namespace

std::optional<model::DrawnLoad> fill_of(const model::Upstream& upstream,
                                        const DrawingFleet& fleet) {
  if (upstream.fill > Ratio{0} && !fleet.egress) return std::nullopt;
  const double egress = fleet.egress.value_or(BitsPerSecond{0}).count();
  return model::DrawnLoad{.for_viewers = BitsPerSecond{upstream.fill.count() * egress},
                          .for_live = times(fleet.replicas, upstream.live_fill),
                          .for_cold_caches = times(fleet.cold, upstream.cold_fill)};
}

}  // namespace edgetide::sizing
