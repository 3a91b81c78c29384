#include "edgetide/sizing/capacity_model.h"

#include <algorithm>
#include <cmath>

#include "edgetide/core/assert.h"

namespace edgetide::sizing {
namespace {

/// Of one replica: far above the rounding of a division, far below a viewer.
constexpr double kRounding = 1e-9;

/// Nothing without a present look at the load. One that leaves a part out is less than there is,
/// and may raise all the same.
std::optional<double> load_of_now(const std::optional<model::Reading>& reading) {
  if (!reading || !(reading->fresh() || reading->freshness == model::Freshness::kPartial))
    return std::nullopt;
  return reading->value;
}

/// How many times as many viewers as today's are planned for, where that is known.
std::optional<double> times_of_now(Viewers planned, const model::Reading& viewers) {
  if (!viewers.fresh() || viewers.value <= 0) return std::nullopt;
  return planned.count() / viewers.value;
}

/// The load that `planned` viewers will bring, from what today's bring, or the load of now where
/// that is not known.
std::optional<double> load_at(Viewers planned, const std::optional<model::Reading>& reading,
                              const model::Reading& viewers) {
  const auto load = load_of_now(reading);
  return load ? std::optional(*load * times_of_now(planned, viewers).value_or(1)) : load;
}

/// The egress of `planned` viewers: no less than by the bitrate that a congested network does not
/// show.
std::optional<double> egress_at(Viewers planned, const model::DemandReadings& demand) {
  const auto load = load_at(planned, demand.egress, demand.viewers);
  if (!demand.bitrate) return load;
  return std::max(load.value_or(0), demand.bitrate->count() * planned.count());
}

/// Those who come back do so while others come as ever.
std::optional<double> handshakes_at(Viewers planned, const model::DemandReadings& demand,
                                    const NewConnections& coming) {
  const auto load = load_of_now(demand.handshakes);
  if (!load) return load;
  const auto times = times_of_now(planned, demand.viewers);
  const double staying =
      times ? *times * std::max(0.0, *load - demand.handshakes_of_arrivals.count()) : *load;
  return std::max(*load, staying + coming.of_arrivals.count()) + coming.of_reconnects.count();
}

}  // namespace

Replicas replicas_for(double load, double usable_capacity) {
  EDGETIDE_ASSERT(usable_capacity > 0, "a replica must have capacity");
  const double replicas = std::ceil(load / usable_capacity * (1 - kRounding));
  if (!(replicas <= kMostReplicas.count())) return kMostReplicas;
  return Replicas{std::max(0, static_cast<int>(replicas))};
}

namespace {

/// Visits what each resource needs that has a capacity and a load.
template <typename Visit>
void each_need(Viewers planned, const model::CapacityPerReplica& capacity,
               const model::DemandReadings& demand, const NewConnections& coming,
               const Visit& visit) {
  const auto add = [&](model::Resource resource, double of_one, std::optional<double> load) {
    if (!load) return;
    const double usable = of_one * capacity.target_utilization.count();
    visit(model::ResourceNeed{.resource = resource,
                              .load = *load,
                              .usable_capacity = usable,
                              .replicas = replicas_for(*load, usable)});
  };
  const auto& viewers = demand.viewers;
  if (capacity.viewers) add(model::Resource::kViewers, capacity.viewers->count(), planned.count());
  if (capacity.egress) {
    add(model::Resource::kEgress, capacity.egress->count(), egress_at(planned, demand));
  }
  if (capacity.requests) {
    add(model::Resource::kRequests, capacity.requests->count(),
        load_at(planned, demand.requests, viewers));
  }
  if (capacity.connections) {
    add(model::Resource::kConnections, capacity.connections->count(),
        load_at(planned, demand.connections, viewers));
  }
  if (capacity.handshakes) {
    add(model::Resource::kHandshakes, capacity.handshakes->count(),
        handshakes_at(planned, demand, coming));
  }
}

}  // namespace

model::ResourceNeeds needs_for(Viewers planned, const model::CapacityPerReplica& capacity,
                               const model::DemandReadings& demand, const NewConnections& coming) {
  model::ResourceNeeds needs;
  each_need(planned, capacity, demand, coming,
            [&](const model::ResourceNeed& need) { needs.push_back(need); });
  return needs;
}

std::optional<Replicas> replicas_needed(Viewers planned, const model::CapacityPerReplica& capacity,
                                        const model::DemandReadings& demand,
                                        const NewConnections& coming) {
  std::optional<Replicas> most;
  each_need(planned, capacity, demand, coming, [&](const model::ResourceNeed& need) {
    most = std::max(most.value_or(need.replicas), need.replicas);
  });
  return most;
}

}  // namespace edgetide::sizing
