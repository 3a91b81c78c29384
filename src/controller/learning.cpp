#include <algorithm>
#include <array>
#include <utility>

#include "edgetide/controller/reconciler.h"
#include "kept_state.h"

namespace edgetide::controller {
namespace {

/// Between two attempts to read a past that could not be read.
constexpr Seconds kHistoryRetry{60};
/// For how long the first decision waits for the past: then what is wanted now must do.
constexpr Seconds kPatience{10};
/// Older states decide until the past has been read again.
constexpr Seconds kAsGoodAsRead{1800};
constexpr Seconds kKeepEvery{300};

}  // namespace

void Reconciler::learn(PoolState& state, const model::EdgePool& pool,
                       model::Observation& observation, const forecast::Context& context,
                       Instant now) {
  const model::Reading& viewers = observation.demand.viewers;
  // A source that could not be asked for this moment would only keep us waiting for the past.
  const bool answers = viewers.freshness != model::Freshness::kFailed;
  if (!state.history_read && answers && now >= state.history_due)
    read_history(state, pool, context, now);
  observation.history_problem = state.history_problem;
  if (!viewers.fresh()) return;
  ports_.events.note_demand(pool.key, Viewers{viewers.value});
  if (!state.history_read) return;
  const std::array sample{model::DemandSample{viewers.at, Viewers{viewers.value}}};
  forecast::advance(state.learned, sample, context);
  state.events.advance(sample, context.calendar);
  tell_outcomes(state, pool);
  keep(state, pool, viewers.at, now);
}

void Reconciler::restore(PoolState& state, const model::EdgePool& pool, Instant now) const {
  state.uid = pool.uid;
  if (ports_.states == nullptr) return;
  const auto kept = ports_.states->load(pool);
  const auto learned = kept ? decode_state(kept->bytes) : std::nullopt;
  if (!learned) return;
  state.learned = *learned;
  state.restored = true;
  state.history_read = kept->at <= now && now - kept->at <= kAsGoodAsRead;
  // Not all of a fleet at once.
  state.keep_due = now + Seconds{static_cast<int>(std::hash<ObjectKey>{}(pool.key) % 300)};
}

void Reconciler::keep(PoolState& state, const model::EdgePool& pool, Instant learned_at,
                      Instant now) const {
  if (ports_.states == nullptr || now < state.keep_due) return;
  state.keep_due = now + kKeepEvery;
  ports_.states->keep(pool, {.bytes = encode_state(state.learned), .at = learned_at});
}

void Reconciler::tell_outcomes(PoolState& state, const model::EdgePool& pool) {
  if (ports_.leadership != nullptr && !ports_.leadership->leads()) return;
  for (const auto& outcome : state.events.take_finished())
    ports_.events.note_outcome(pool.key, outcome);
}

/// The past is learned before the present, since samples are only learned in order; until it has
/// been read the pool has learned nothing, and the planner holds or raises.
void Reconciler::read_history(PoolState& state, const model::EdgePool& pool,
                              const forecast::Context& context, Instant now) {
  auto past = past_of(state, pool, context, now);
  if (!past) {
    state.history_problem = "it is still being read";
    return;
  }
  state.past_wanted.reset();
  if (!past->ok()) {
    state.history_due = now + kHistoryRetry;
    state.history_problem = past->error().text();
    return;
  }
  state.learned = (*past)->learned;
  state.events = std::move((*past)->events);
  state.history_read = true;
  state.history_problem.clear();
}

std::optional<Result<Past>> Reconciler::past_of(PoolState& state, const model::EdgePool& pool,
                                                const forecast::Context& context, Instant now) {
  if (ports_.pasts == nullptr) return read_past(ports_.demand, pool, context, options_.past, now);
  if (auto read = ports_.pasts->take(pool)) return read;
  if (!state.past_wanted) {
    state.past_wanted = now;
    ports_.pasts->want({pool, context.calendar, context.offsets});
  }
  return std::nullopt;
}

Seconds Reconciler::patience(const PoolState& state, Instant now) {
  if (!state.past_wanted || state.memory.since || state.restored) return Seconds{0};
  return std::max(Seconds{0}, *state.past_wanted + kPatience - now);
}

}  // namespace edgetide::controller
