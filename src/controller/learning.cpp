#include <algorithm>
#include <array>
#include <utility>

#include "edgetide/controller/reconciler.h"
#include "edgetide/forecast/sudden_fall.h"
#include "kept_state.h"

namespace edgetide::controller {
namespace {

/// Between two attempts to read a past that could not be read.
constexpr Seconds kHistoryRetry{60};
/// For how long the first decision waits for the past: then what is wanted now must do.
constexpr Seconds kPatience{10};
/// Where so many wait for theirs, as when a fleet is first seen, a pool's first report waits for
/// the past as well, but for so long at most: or else each would be told of twice within a minute.
constexpr std::size_t kManyPasts = 200;
constexpr Seconds kUntold{60};
/// Older states decide until the past has been read again.
constexpr Seconds kAsGoodAsRead{1800};
constexpr Seconds kKeepEvery{300};
/// Below this the past is asked for again: a query that is mended has one.
constexpr double kEnoughMinutes = 60;

/// Once in each such span, at another time of it than other pools.
Instant next_keep(const ObjectKey& pool, Instant now) {
  const auto own = static_cast<std::int64_t>(std::hash<ObjectKey>{}(pool) % 300);
  return now + kKeepEvery - (now.time_since_epoch() + Seconds{own}) % kKeepEvery;
}

/// What a viewer takes while the network is not congested.
void measure_bitrate(forecast::BitrateMeter& meter, const model::EdgePool& pool,
                     const model::Observation& observation) {
  const auto& demand = observation.demand;
  const bool whole = demand.viewers.fresh() && demand.egress && demand.egress->fresh() &&
                     model::all_domains_known(observation);
  if (!whole || !pool.capacity.egress) return;
  double warm = 0;
  for (const auto& domain : observation.domains) warm += (domain.ready - domain.cold).count();
  meter.observe({.at = demand.egress->at,
                 .viewers = Viewers{demand.viewers.value},
                 .egress = BitsPerSecond{demand.egress->value},
                 .sustained = BitsPerSecond{warm * pool.capacity.egress->count()}});
}

/// Believes a fall that is faster than any audience leaves once other loads show it too; whether it
/// is doubted still.
bool still_doubts_fall(PoolState& state, const model::DemandReadings& demand,
                       const model::EventCalendar& calendar) {
  if (!state.learned) return false;
  const auto fall = forecast::doubted_fall(*state.learned, calendar);
  state.loads.note(demand, fall);
  if (!fall) return false;
  if (!state.loads.confirms()) return true;
  forecast::believe_fall(*state.learned);
  return false;
}

}  // namespace

void Reconciler::learn(PoolState& state, const model::EdgePool& pool,
                       model::Observation& observation, const forecast::Context& context,
                       Instant now) {
  const model::Reading& viewers = observation.demand.viewers;
  // A source that could not be asked for this moment would only keep us waiting for the past: then
  // what was kept is read, where nothing is known yet.
  state.source_answers = viewers.freshness != model::Freshness::kFailed;
  const bool may_be_kept = ports_.states != nullptr && state.grounds == Grounds::kNone;
  const bool knows_enough =
      state.grounds == Grounds::kPast && state.learned->recent.seen_minutes >= kEnoughMinutes;
  if (!knows_enough && (state.source_answers || may_be_kept) && now >= state.history_due)
    read_history(state, pool, context, now);
  observation.history_problem = state.history_problem;
  const std::array sample{model::DemandSample{viewers.at, Viewers{viewers.value}}};
  if (viewers.fresh()) {
    ports_.events.note_demand(pool.key, Viewers{viewers.value});
    if (state.learned) forecast::advance(*state.learned, sample, context);
  }
  const bool doubted = still_doubts_fall(state, observation.demand, context.calendar);
  // Of too few viewers each seems to take too much.
  if (!doubted) measure_bitrate(state.bitrate, pool, observation);
  observation.demand.bitrate = state.bitrate.bitrate();
  if (!viewers.fresh()) return;
  if (state.learned && !doubted)
    observation.demand.handshakes_of_arrivals =
        model::handshakes_of(forecast::arriving_of_late(*state.learned), pool);
  if (state.grounds == Grounds::kPast && !doubted) {
    state.events.advance(sample, context.calendar);
    tell_outcomes(state, pool);
  }
  keep(state, pool, sample.front(), now);
}

ports::StateStore::Owner PoolState::owner(const ObjectKey& pool) const {
  return {.pool = pool, .id = uid + "/" + std::to_string(query.value_or(0))};
}

const forecast::ForecastState& PoolState::planned_by() const {
  static const forecast::ForecastState nothing;
  return learned ? *learned : nothing;
}

void Reconciler::follow_query(PoolState& state, const model::EdgePool& pool, Instant now) {
  const auto query = ports_.demand.viewers_query(pool);
  if (!query) return;
  const auto digest = checksum(*query);
  if (state.query == digest) return;
  if (state.query) {
    state.learned.reset();
    state.grounds = Grounds::kNone;
    state.events = {};
    state.bitrate = {};
    state.loads = {};
    state.ahead = {};
    state.unkept = {};
  }
  state.query = digest;
  // What is being read is of another query, or of none.
  state.history_problem.clear();
  state.history_due = now;
  state.past_wanted.reset();
  if (ports_.pasts != nullptr) ports_.pasts->forget(pool.key);
  restore(state, pool, now);
}

void Reconciler::restore(PoolState& state, const model::EdgePool& pool, Instant now) const {
  if (ports_.states == nullptr) return;
  const auto kept = ports_.states->load(state.owner(pool.key));
  const auto learned = kept ? decode_state(kept->bytes) : std::nullopt;
  if (!learned) return;
  state.learned = std::make_unique<forecast::ForecastState>(*learned);
  const bool as_good_as_read = kept->at <= now && now - kept->at <= kAsGoodAsRead;
  state.grounds = as_good_as_read ? Grounds::kPast : Grounds::kKept;
  state.keep_due = next_keep(pool.key, now);
}

void Reconciler::keep(PoolState& state, const model::EdgePool& pool,
                      const model::DemandSample& newest, Instant now) const {
  if (ports_.states == nullptr) return;
  state.unkept.append(newest);
  if (now < state.keep_due) return;
  state.keep_due = next_keep(pool.key, now);
  const auto owner = state.owner(pool.key);
  ports_.states->keep_demand(owner, std::exchange(state.unkept, {}));
  if (state.grounds == Grounds::kPast)
    ports_.states->keep(owner, {.bytes = encode_state(*state.learned), .at = newest.at});
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
    if (state.grounds != Grounds::kPast) state.history_problem = "it is still being read";
    return;
  }
  state.past_wanted.reset();
  state.history_due = now + kHistoryRetry;
  if (!past->ok()) {
    if (state.grounds != Grounds::kPast) state.history_problem = past->error().text();
    return;
  }
  auto& [learned, events, source_problem] = past->value();
  const auto seen = [](const forecast::ForecastState& of) { return of.recent.seen_minutes; };
  if (state.grounds == Grounds::kPast && seen(*learned) <= seen(*state.learned)) return;
  state.learned = std::move(learned);
  state.events = std::move(events);
  state.history_problem = std::move(source_problem);
  state.grounds = state.history_problem.empty() ? Grounds::kPast : Grounds::kKept;
  if (state.grounds == Grounds::kPast) state.keep_due = now;
}

std::optional<Result<Past>> Reconciler::past_of(PoolState& state, const model::EdgePool& pool,
                                                const forecast::Context& context, Instant now) {
  if (ports_.pasts == nullptr) {
    return read_past({ports_.demand, ports_.states}, pool, state.owner(pool.key), context,
                     options_.past, state.source_answers, now);
  }
  if (auto read = ports_.pasts->take(state.owner(pool.key))) return read;
  if (!state.past_wanted) want_past(state, pool.key, now);
  return std::nullopt;
}

void Reconciler::expect(const ObjectKey& key) {
  const auto pool = ports_.pools.find(key);
  if (!pool.ok() || ports_.pasts == nullptr) return;
  const Instant now = ports_.clock.now();
  PoolState& state = state_of(*pool, now);
  if (state.grounds == Grounds::kPast || state.past_wanted) return;
  state.source_answers =
      ports_.demand.read(*pool, now).viewers.freshness != model::Freshness::kFailed;
  if (state.source_answers || ports_.states != nullptr) want_past(state, key, now);
}

void Reconciler::want_past(PoolState& state, const ObjectKey& pool, Instant now) {
  state.past_wanted = now;
  ports_.pasts->want({.owner = state.owner(pool), .source_answers = state.source_answers});
}

Seconds Reconciler::patience(const PoolState& state, Instant now) {
  if (!state.past_wanted || state.memory.since || state.grounds != Grounds::kNone)
    return Seconds{0};
  return std::max(Seconds{0}, *state.past_wanted + kPatience - now);
}

bool Reconciler::may_tell(PoolState& state, const ports::ActOutcome& outcome, Instant now) {
  const bool waits = !state.told && outcome.writes.empty() && state.past_wanted &&
                     state.grounds == Grounds::kNone && now >= *state.past_wanted &&
                     now < *state.past_wanted + kUntold && ports_.pasts->waiting() >= kManyPasts;
  state.told = !waits;
  return !waits;
}

}  // namespace edgetide::controller
