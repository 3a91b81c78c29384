#pragma once

#include <span>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/scaling_plan.h"

namespace edgetide::planning {

/// What has stood so far, and how often is decided.
struct Standing {
  Replicas total;
  Seconds review{15};  ///< From one decision to the next, which are when anything rises.
  /// What was written of late, up to `now`: it uses up the periods that it is in.
  std::span<const model::PlanMemory::ScaleEvent> changes;
  Instant now{};
};

/// How large a fleet can be that is ordered from now on by a pool's rules for rising, its
/// `behavior.scaleUp` and the steps of its pacing, decision by decision.
class PacedFleet {
 public:
  /// \pre `pool` and the changes outlive it
  PacedFleet(const model::EdgePool& pool, const Standing& standing)
      : rules_(pool.behavior.scale_up), pacing_(pool.pacing), standing_(standing) {
    runs_.reserve(kRunsMostly);
    runs_.push_back({.end = 0, .ordered = standing.total, .risen = Replicas{0}});
  }

  /// The most that may be ordered `since_now`, by decisions that each order all they may; times
  /// never fall from call to call.
  [[nodiscard]] Replicas most_at(Seconds since_now);

  /// Whether so many can have been ordered by then: `most_at` or what stands is no less.
  [[nodiscard]] bool reaches(Replicas total, Seconds since_now);

  /// Notes that `size` is what is ordered by the decision then, and no more by those before.
  void order(Replicas size, Seconds since_now);

 private:
  /// Decisions from now on that order as many, one after another.
  struct Run {
    std::size_t end;   ///< The first decision after them.
    Replicas ordered;  ///< In total.
    Replicas risen;    ///< Since now, falls not counted.
  };

  static constexpr std::size_t kRunsMostly = 32;

  [[nodiscard]] std::size_t look_at(Seconds since_now) const {
    return static_cast<std::size_t>(since_now / standing_.review);
  }
  /// How many decisions are known.
  [[nodiscard]] std::size_t looks() const { return runs_.back().end; }
  /// What the decision before that one orders. It is one of the last, mostly. \pre look <= looks()
  [[nodiscard]] const Run& before(std::size_t look) const {
    auto run = runs_.end() - 1;
    while (run != runs_.begin() && (run - 1)->end >= look) --run;
    return *run;
  }
  [[nodiscard]] Replicas most_of_next() const;
  [[nodiscard]] Replicas most_by(const model::ScalingPolicy& policy) const;
  [[nodiscard]] Replicas at_period_start(Seconds period) const;
  void add(Replicas ordered);
  void forget_from(std::size_t look);

  const model::ScalingRules& rules_;
  const model::Pacing& pacing_;
  Standing standing_;
  std::vector<Run> runs_;    ///< The first is what stands now, before any decision.
  std::size_t settled_ = 0;  ///< Looks whose orders are known.
};

}  // namespace edgetide::planning
