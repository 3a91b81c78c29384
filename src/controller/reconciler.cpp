#include "edgetide/controller/reconciler.h"

#include <utility>

#include "edgetide/planning/plan.h"
#include "timed.h"

namespace edgetide::controller {
Seconds Reconciler::reconcile(const ObjectKey& key) {
  const Instant now = ports_.clock.now();
  auto pool = ports_.pools.find(key);
  if (!pool.ok()) {
    if (pool.error().code == ErrorCode::kNotFound) forget(key);
    return options_.review;
  }
  PoolState& state = state_of(*pool, now);
  const auto calendar = ports_.events.calendar(*pool);
  const auto offsets = ports_.events.offsets(*pool);
  const forecast::Context context{calendar, offsets, pool->confidence};

  auto observation = timed(ports_.timer, "observe", [&] { return observe(*pool, now); });
  pool->lead_time = state.lead_time.emplace(planning::lead_time_in_force(*pool, observation));
  timed(ports_.timer, "learn", [&] { learn(state, *pool, observation, context, now); });
  if (ports_.leadership != nullptr && !ports_.leadership->leads()) {
    state.memory = {};  // of what was ordered, which is not ours to know
    state.shadow = {};
    watch_of(state, *pool).forget(key);
    return options_.review;
  }
  if (const Seconds wait = patience(state, now); wait > Seconds{0}) return wait;
  drawn_.expect(ports_.pools);
  doubt_what_is_drawn(drawn_.unknown_of(key), observation.demand);
  const auto upstream = upstream_of(*pool);
  auto planned = timed(ports_.timer, "plan", [&] {
    const auto outages = planning::outages_of(state.memory, *pool, observation, now);
    const planning::OutlookInputs ahead{*pool, observation, calendar, options_.review, outages};
    return decide(state,
                  {.pool = *pool,
                   .observation = observation,
                   .forecast_state = state.planned_by(),
                   .calendar = calendar,
                   .offsets = offsets,
                   .memory = std::exchange(state.memory, {}),
                   .review = options_.review,
                   .mass_change = watch_of(state, *pool).told_to(key, now, options_.review),
                   .safeguards = options_.safeguards,
                   .outlook = look_ahead(state, ahead, offsets, now),
                   .upstream_lead_time = upstream ? upstream->lead_time : Seconds{0},
                   .drawn = drawn_.of(key)},
                  now);
  });
  note_plan(state, *pool, upstream, planned, now);
  const auto outcome =
      timed(ports_.timer, "act", [&] { return act(state, *pool, planned.report, now); });
  if (may_tell(state, outcome, now))
    timed(ports_.timer, "report", [&] { ports_.reports.publish(*pool, planned.report, outcome); });
  return next_look(planned.report.plan, state.failed_looks, now, options_.review);
}

}  // namespace edgetide::controller
