#pragma once

#include <map>
#include <unordered_map>

#include "edgetide/controller/past.h"
#include "edgetide/controller/pool_state.h"
#include "edgetide/controller/tiers.h"
#include "edgetide/guard/safeguards.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/planning/capacity_outlook.h"
#include "edgetide/ports/clock.h"
#include "edgetide/ports/demand_source.h"
#include "edgetide/ports/event_source.h"
#include "edgetide/ports/leadership.h"
#include "edgetide/ports/pool_repository.h"
#include "edgetide/ports/report_sink.h"
#include "edgetide/ports/state_store.h"
#include "edgetide/ports/verb_timer.h"

namespace edgetide::controller {

/// The world as the reconciler sees it. Everything outlives the reconciler.
struct Ports {
  ports::PoolRepository& pools;
  ports::DemandSource& demand;
  ports::EventSource& events;
  ports::ReportSink& reports;
  ports::VerbTimer& timer;
  const ports::Clock& clock;
  /// Which replica acts; nullptr where there is only this one.
  const ports::Leadership* leadership = nullptr;
  PastReader* pasts = nullptr;          ///< Without one a pool's first look waits for its past.
  ports::StateStore* states = nullptr;  ///< Keeps what was learned over a restart.
};

struct ReconcilerOptions {
  bool acts = true;    ///< False for a look that changes nothing, whatever a pool's mode.
  Seconds review{15};  ///< Between two looks at one pool.
  PastRanges past;
  guard::Safeguards safeguards;
};

/// Looks at one pool at a time: observe -> learn -> plan -> act -> report. A replica that does not
/// lead only observes and learns, so that its first decision is as good as the last leader's.
///
/// Level-based: what it does depends on what stands, never on what woke it. Not for use from
/// several threads at once.
class Reconciler {
 public:
  Reconciler(Ports ports, ReconcilerOptions options) : ports_(ports), options_(options) {}

  /// One look at the pool; returns how long to wait before the next.
  Seconds reconcile(const ObjectKey& key);

  /// Has the pool's past read before the first look at it.
  void expect(const ObjectKey& key);

  /// The pool is gone. Its targets stay as they are.
  void forget(const ObjectKey& key);

 private:
  [[nodiscard]] model::Observation observe(const model::EdgePool& pool, Instant now);
  [[nodiscard]] PoolState& state_of(const model::EdgePool& pool, Instant now);
  /// Forgets what was learned of viewers that were counted in another way.
  void follow_query(PoolState& state, const model::EdgePool& pool, Instant now);
  void restore(PoolState& state, const model::EdgePool& pool, Instant now) const;
  void keep(PoolState&, const model::EdgePool&, const model::DemandSample& newest, Instant) const;
  /// The watch on the pool's source, which is told when the pool has moved to it.
  [[nodiscard]] guard::MassChangeWatch& watch_of(PoolState& state, const model::EdgePool& pool);
  /// Also notes in the observation why the past is not known.
  void learn(PoolState& state, const model::EdgePool& pool, model::Observation& observation,
             const forecast::Context& context, Instant now);
  /// Tells what finished events brought, if this replica is the one that acts.
  void tell_outcomes(PoolState& state, const model::EdgePool& pool);
  void read_history(PoolState& state, const model::EdgePool& pool, const forecast::Context& context,
                    Instant now);
  [[nodiscard]] std::optional<Result<Past>> past_of(PoolState& state, const model::EdgePool& pool,
                                                    const forecast::Context& context, Instant now);
  void want_past(PoolState& state, const ObjectKey& pool, Instant now);
  [[nodiscard]] static Seconds patience(const PoolState& state, Instant now);  ///< For the past.
  /// False where the first report waits for the past.
  [[nodiscard]] bool may_tell(PoolState& state, const ports::ActOutcome& outcome, Instant now);
  /// Of the next days; made anew every few minutes, and when what it rests on has changed.
  [[nodiscard]] static std::optional<model::CapacityOutlook> look_ahead(
      PoolState& state, const planning::OutlookInputs& inputs, const model::UtcOffsets& offsets,
      Instant now);
  /// With the lead time that was in force at the last look at it, if there was one.
  [[nodiscard]] std::optional<UpstreamLook> upstream_of(const model::EdgePool& pool) const;
  /// Takes up what the plan remembers, wants and will fetch, and notes whether it can be fetched.
  void note_plan(PoolState& state, const model::EdgePool& pool,
                 const std::optional<UpstreamLook>& upstream, planning::PlanResult& planned,
                 Instant now);
  [[nodiscard]] static planning::PlanResult decide(PoolState& state, planning::PlanInputs inputs,
                                                   Instant now);
  /// Notes in the report what was refused.
  [[nodiscard]] ports::ActOutcome act(PoolState& state, const model::EdgePool& pool,
                                      model::PlanReport& report, Instant now);
  /// Has a large rise judged an hour before; notes in the report what would be refused.
  void rehearse(PoolState& state, const model::EdgePool& pool, model::PlanReport& report,
                Instant now);
  /// Who of the pool's domains would be refused so many in total, and why; empty for none.
  [[nodiscard]] std::string refusal_of(const model::EdgePool& pool, const model::PlanReport& report,
                                       Replicas wanted);

  Ports ports_;
  ReconcilerOptions options_;
  std::unordered_map<ObjectKey, PoolState> states_;
  DrawnLoads drawn_;  ///< By the last plans of those that draw.
  std::map<std::string, guard::MassChangeWatch> watches_;  ///< By name of the MetricSource.
};

}  // namespace edgetide::controller
