#pragma once

#include <optional>

#include "edgetide/backtest/score.h"
#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "simulation/scenario.h"

namespace edgetide::simulation {

using backtest::Unserved;

/// What was true for one step.
struct StepFacts {
  Instant at;
  Viewers wanting;
  Replicas ready;
  Replicas paid;                ///< Ready and starting.
  std::optional<LetIn> let_in;  ///< By gateways; nothing where none are told of.
};

/// What a policy gave and what it cost. A replica serves its whole capacity, not just the target
/// share of it; viewers above what Ready replicas carry are a shortfall, and so are those whom no
/// gateway has let in.
///
/// 2 Ready of 5,000 and 12,000 who want to watch, for 30 s: short by 2,000 * 0.5 = 1,000
/// viewer-minutes; the clairvoyant needed ceil(12,000 / 5,000) = 3, so 1.5 replica-minutes.
struct Score {
  Unserved evening;
  Unserved kick_off;                  ///< From 5 minutes before until 15 after.
  std::optional<Unserved> zone_loss;  ///< From the loss until the zone is back.
  backtest::Cost cost;
  /// The same under the pool's promises: within target utilization, spare replicas, and carrying on
  /// after the loss of any one domain.
  double clairvoyant_promise_minutes = 0;

  [[nodiscard]] Ratio promise_cost_ratio() const;  ///< Against `clairvoyant_promise_minutes`.
};

/// Adds up steps as they happen.
class ScoreKeeper {
 public:
  /// \pre `scenario` outlives the keeper, and its pool has a capacity in viewers.
  explicit ScoreKeeper(const Scenario& scenario);

  void add(const StepFacts& facts);
  [[nodiscard]] const Score& score() const { return score_; }

 private:
  const Scenario& scenario_;
  std::size_t domains_;  ///< Failure domains of the pool.
  Score score_;
};

/// The fewest that keep the pool's promises: n within target utilization and spare, and after the
/// loss of any of z equal domains still n, which takes n + ceil(n / (z - 1)).
[[nodiscard]] Replicas clairvoyant_promise_replicas(const model::EdgePool& pool,
                                                    std::size_t domains, Viewers viewers);

/// What a pool that is drawn from cost, against the fewest that carry what was fetched and those
/// that keep its promises too.
struct TierCost {
  backtest::Cost cost;
  double clairvoyant_promise_minutes = 0;

  /// \param domains over which the pool is spread
  void add(const model::EdgePool& pool, std::size_t domains, BitsPerSecond drawn, Replicas paid,
           double minutes);
  [[nodiscard]] Ratio promise_cost_ratio() const;
};

}  // namespace edgetide::simulation
