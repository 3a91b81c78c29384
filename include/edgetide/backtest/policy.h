#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "edgetide/backtest/minutes.h"
#include "edgetide/forecast/forecast_state.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/event_calendar.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/model/spread.h"
#include "edgetide/model/utc_offsets.h"

namespace edgetide::backtest {

/// What is replayed, and for whom. Everything referred to outlives the replay.
struct World {
  const model::EdgePool& pool;  ///< With a capacity in viewers.
  /// What is scored: demand as it was, rising in time; what is before the window is history.
  std::span<const model::DemandSample> samples;
  /// What the policies are told of it: the same, or `with_nights_off_air`.
  std::span<const model::DemandSample> told;
  const model::EventCalendar& calendar;
  const model::UtcOffsets& offsets;
  Window window;      ///< The minutes that are decided and scored; `recorded` gives the longest.
  Seconds lead{300};  ///< From asking to serving.
  Seconds delay{30};  ///< From a sample's time until a decision knows it.
  /// What `learn_past` gave for this world, so that many policies need not learn it each; or null.
  const forecast::ForecastState* learned = nullptr;
  /// Over what the scheduler spreads the pool's one workload, evenly; nothing where each failure
  /// domain has one of its own, or nobody knows.
  std::optional<model::Spread> spread{};
};

/// What the samples known at the window's beginning teach, as the operator learns a pool's past.
[[nodiscard]] forecast::ForecastState learn_past(const World& world);

/// A minute at which everybody decides.
struct Moment {
  Instant now;
  /// What was known by now: the samples told up to now - delay. A window that begins after an hour
  /// of silence is begun warm: in its first minute, that minute's own sample is known.
  std::span<const model::DemandSample> known;
};

/// The newest viewers known; zero before the first sample.
[[nodiscard]] Viewers newest_viewers(const Moment& moment);

/// What a decision expected and what became of it, for a policy that can tell.
struct Reasons {
  Viewers median;    ///< The peak of the decision's window: as likely above as below,
  Viewers quantile;  ///< and not exceeded with the confidence asked for.
  model::SizingBasis basis = model::SizingBasis::kHold;
  std::string limited_by;  ///< The reason of the last guard that changed something; or empty.
  /// What was said on the way, by a decision that asks for another number than stands.
  std::vector<model::GuardVerdict> verdicts;
};

/// Somebody who decides.
class Policy {
 public:
  virtual ~Policy() = default;

  /// How many replicas are asked for. Called for every minute of a window, in order; what it knows
  /// of demand is the moment's alone.
  virtual Replicas decide(const Moment& moment) = 0;
  /// The last decision's; nothing for policies that have none to tell.
  [[nodiscard]] virtual std::optional<Reasons> reasons() const { return std::nullopt; }
};

}  // namespace edgetide::backtest
