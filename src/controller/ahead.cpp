#include <algorithm>
#include <functional>

#include "edgetide/controller/reconciler.h"
#include "edgetide/planning/capacity_outlook.h"

namespace edgetide::controller {
namespace {

/// An outlook is made anew this often, and at once when the pool, its near events or the room for
/// it change, or what it tells has passed.
constexpr Seconds kOutlookEvery{300};
/// So often while the fleet moves, unless nothing is missing and it only rises: more than stood
/// takes nothing away from that.
constexpr Seconds kWhileMoving{60};
/// How long before a rise its orders are rehearsed.
constexpr Seconds kRehearsed{3600};

/// Tells calendars apart by what they announce for the time of an outlook.
std::size_t near_events(const model::EventCalendar& calendar, Instant now) {
  std::size_t digest = 0;
  const auto add = [&]<typename Value>(const Value& value) {
    digest = digest * 31 + std::hash<Value>{}(value);
  };
  for (const auto* event : calendar.touching(now, now + planning::kOutlookLength)) {
    add(event->name);
    add(event->event_class);
    add(event->start.time_since_epoch().count());
    add(event->duration.count());
    add(event->ramp().count());
    add(event->overrun_end().time_since_epoch().count());
    add(event->expected_peak.value_or(Viewers{0}).count());
    add(event->minimum_replicas.value_or(Replicas{0}).count());
  }
  return digest;
}

/// Tells rooms apart by their numbers, and by whether they are known.
std::size_t room_digest(const model::Room& room) {
  std::size_t digest = room.unknown.empty() ? 0 : 1;  // its words tell the time as well
  const auto add = [&](const std::optional<Replicas>& most) {
    digest = digest * 31 + static_cast<std::size_t>(most ? most->count() + 1 : 0);
  };
  for (const auto& most : room.on_nodes) add(most);
  for (const auto* limit : {&room.nodes, &room.quota})
    add(*limit ? std::optional((*limit)->replicas) : std::nullopt);
  return digest;
}

/// Tells apart which domains are rebuilt, beside what serves there.
std::size_t rebuilt_digest(const std::vector<model::DomainOutage>& outages) {
  std::size_t digest = 0;
  for (const auto& outage : outages)
    if (outage.rebuilt)
      digest =
          (digest * 31 + outage.domain + 1) * 31 + static_cast<std::size_t>(outage.serving.count());
  return digest;
}

/// Whether something told as ahead has begun since, or the time to act on it has ended. What lasts
/// is told anew by its rest.
bool has_passed(const Ahead& ahead, Instant now) {
  return ahead.outlook && std::ranges::any_of(ahead.outlook->shortfalls, [&](const auto& told) {
           return told.start < now || (told.act_by > ahead.made && told.act_by <= now);
         });
}

}  // namespace

std::optional<model::CapacityOutlook> Reconciler::look_ahead(PoolState& state,
                                                             const planning::OutlookInputs& inputs,
                                                             const model::UtcOffsets& offsets,
                                                             Instant now) {
  auto& ahead = state.ahead;
  const auto& pool = inputs.pool;
  const auto events = near_events(inputs.calendar, now);
  const Replicas standing = model::total_specified(inputs.observation);
  const auto room = room_digest(inputs.observation.room);
  const auto rebuilt = rebuilt_digest(inputs.outages);
  const bool same = ahead.generation == pool.generation && ahead.events == events &&
                    ahead.room == room && ahead.rebuilt == rebuilt &&
                    model::in_force(ahead.pause, now) == model::in_force(pool.pause, now);
  const bool holds = ahead.standing == standing || (standing > ahead.standing && ahead.outlook &&
                                                    ahead.outlook->shortfalls.empty());
  const Seconds lasts = holds ? kOutlookEvery : kWhileMoving;
  const bool recent = now >= ahead.made && now < ahead.made + lasts && !has_passed(ahead, now);
  if (same && ahead.outlook && recent) return ahead.outlook;
  auto hour = inputs;
  hour.length = kRehearsed + pool.lead_time;
  hour.outages.clear();  // orders are rehearsed where they would be given, when all is well
  const auto soon = planning::capacity_outlook(hour, state.planned_by(), offsets, now);
  ahead = {.outlook = planning::capacity_outlook(inputs, state.planned_by(), offsets, now),
           .soon = soon ? soon->most : model::CapacityOutlook::Most{},
           .made = now,
           .generation = pool.generation,
           .events = events,
           .pause = pool.pause,
           .standing = standing,
           .rebuilt = rebuilt,
           .room = room};
  return ahead.outlook;
}

}  // namespace edgetide::controller
