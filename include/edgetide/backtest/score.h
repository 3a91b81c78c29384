#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/edge_pool.h"

namespace edgetide::backtest {

/// Viewers that were not served, over a span.
struct Unserved {
  double viewer_minutes = 0;
  double wanted_viewer_minutes = 0;
  double minutes = 0;        ///< In which anybody was not served.
  double short_minutes = 0;  ///< In which more than 1 % of the viewers were not served.
  Viewers worst;             ///< At once.
  Instant worst_at{};

  /// Counts a span in which `wanted` viewers met capacity for `carried`.
  void add(Instant at, Viewers wanted, Viewers carried, double span_minutes);

  /// Of the viewing wanted in the span; zero when nothing was wanted.
  [[nodiscard]] Ratio share() const;
};

/// What was paid, beside what had to be.
struct Cost {
  double replica_minutes = 0;  ///< Ready and starting.
  /// Of the cheapest fleet that is never short: it knows everything, starts replicas in no time,
  /// uses them fully and loses none.
  double clairvoyant_minutes = 0;

  /// Paid for each replica-minute of the clairvoyant; zero when it needed none.
  [[nodiscard]] Ratio ratio() const;
};

/// How restless a fleet was.
struct Moves {
  int moves = 0;      ///< Minutes in which the total changed.
  int reversals = 0;  ///< Up after down or down after up.
  double days = 0;

  [[nodiscard]] double reversals_per_day() const { return days > 0 ? reversals / days : 0; }
};

/// What decisions gave and what they cost.
struct Score {
  Unserved unserved;
  Cost cost;
  Moves moves;
  std::int64_t scored_minutes = 0;  ///< With known demand; the others count nowhere.
  Replicas most;                    ///< The largest fleet.

  /// Several spans as one.
  Score& operator+=(const Score& other);
};

/// A fleet at a minute, after its decision.
struct FleetMinute {
  Replicas ready;
  Replicas total;  ///< With those starting: what is paid.
};

/// The fleet that follows decisions, one a minute, each a total: what is asked for at t serves from
/// t + lead, fewer leave at once, and the first is there from the beginning.
/// \param lead in whole minutes, rounded up; it is not negative
[[nodiscard]] std::vector<FleetMinute> fleet_of(std::span<const Replicas> decisions, Seconds lead);

/// Demand of each minute from `from` on, against the fleet. Minutes of unknown demand (NaN) count
/// nowhere but in the moves. A replica serves its whole capacity.
/// \pre demand and fleet are equally long
[[nodiscard]] Score score(Instant from, std::span<const double> demand,
                          std::span<const FleetMinute> fleet, const model::EdgePool& pool);

/// What Ready replicas carry when fully used. \pre the pool has a capacity in viewers, here and
/// below
[[nodiscard]] Viewers serving_capacity(const model::EdgePool& pool, Replicas ready);

/// The fewest replicas that carry so many viewers, fully used.
[[nodiscard]] Replicas clairvoyant_replicas(const model::EdgePool& pool, Viewers viewers);

}  // namespace edgetide::backtest
