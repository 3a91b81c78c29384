#pragma once

#include <optional>
#include <string>

#include "edgetide/model/plan_report.h"
#include "simulation/world.h"

namespace edgetide::simulation {

/// Watches for a pool that is not as it should be for longer than it needs.
class Settling {
 public:
  /// After each look at the pool.
  void note(const model::EdgePool& pool, const model::PlanReport& report, Instant now);
  /// What does not settle, twenty minutes after the last fault: the reserve has not been
  /// there for as long as a minute in a lead time, or in twenty minutes, and neither a shortfall
  /// nor a pause says why; or a fleet stays larger than its own plans want, by more than a fall is
  /// worth, though its policies let some of it go, for longer than all windows of the pool's and a
  /// lead time; or nobody ever looked. Nothing when none is so, and for twenty minutes after a
  /// fault.
  [[nodiscard]] std::optional<std::string> unsettled(const World& world,
                                                     const model::EdgePool& pool) const;

 private:
  void note_excess(const model::EdgePool& pool, const model::PlanReport& report, Instant now);
  void note_reserve(const model::PlanReport& report, Instant now);

  /// Since when, and how it stands by the last look.
  struct Unrest {
    Instant since;
    std::string told;
  };
  static void note(std::optional<Unrest>& unrest, std::string told, Instant now);

  bool looked_ = false;
  std::optional<Unrest> excess_;
  std::optional<Unrest> missing_;
  std::optional<Instant> met_since_;
  bool excused_ = false;  ///< By the last look, a shortfall or a pause says why it is.
};

}  // namespace edgetide::simulation
