#include <array>
#include <vector>

#include "edgetide/controller/reconciler.h"

namespace edgetide::controller {
namespace {

/// Between two attempts to read a past that could not be read.
constexpr Seconds kHistoryRetry{60};

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
  const Instant recent = now - options_.recent_span;
  const std::array ranges{
      ports::HistoryRange{now - options_.history_span, recent, options_.history_step},
      ports::HistoryRange{recent, now, options_.recent_step}};
  std::vector<model::DemandSample> past;
  for (const auto& range : ranges) {
    const auto history = ports_.demand.history(pool, range);
    if (!history.ok()) {
      state.history_due = now + kHistoryRetry;
      state.history_problem = history.error().text();
      return;
    }
    past.insert(past.end(), history->samples().begin(), history->samples().end());
  }
  const model::DemandHistory history(std::move(past));
  state.learned = forecast::learn(history.samples(), context);
  state.events.advance(history.samples(), context.calendar);
  state.history_read = true;
  state.history_problem.clear();
}

}  // namespace edgetide::controller
