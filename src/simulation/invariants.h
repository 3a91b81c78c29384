#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "simulation/floor_gap.h"
#include "simulation/loss.h"
#include "simulation/policies.h"
#include "simulation/settled.h"
#include "simulation/world.h"

namespace edgetide::simulation {

/// A promise that was broken, by what really was and not by what the operator believed.
struct Breach {
  Instant at;
  std::string rule;
  std::string detail;
};

/// Watches over a world for what an operator has promised:
///
/// - nothing is lowered while the source tells nothing that can be trusted, a target is not known,
///   something has yet to start, or a person has paused the pool; one domain at a time; never below
///   what was wanted within the stabilization window; below what its viewers need for no dip that
///   an operator can know; no faster than the policies;
/// - nothing is raised by more than a step within its interval, beyond what the viewers of this
///   moment need;
/// - nothing is written beyond the pool's bounds, nor into a fight with somebody else;
/// - what a decision leaves carries the viewers that it saw after the loss that must be survived,
///   as far as the bounds allow, and what is missing is reported;
/// - so does what is Ready, or it is told that the reserve is missing; what does not even carry
///   them with nothing lost is reported as a shortfall, at once; and what has been without a node
///   for longer than the lead time counts for nothing, and is reported;
/// - twenty minutes after the last fault the reserve is there again, or a shortfall is reported,
///   and no more stays than is wanted once all windows have passed.
class Invariants {
 public:
  /// \pre the world outlives them.
  explicit Invariants(const World& world)
      : world_(world),
        domains_(failure_domains(world.scenario(), world.scenario().pool).size()),
        floor_gap_(world) {}

  /// Somebody else has lowered a domain.
  void note_rival(std::size_t domain) { rivals_.push_back({world_.now(), domain}); }
  /// The operator that decides from now on remembers nothing, or not when it was.
  void note_restart() {
    raised_.clear();
    falls_.clear();
    rises_.clear();
    rivals_.clear();
    settling_ = {};
  }
  /// \pre called once a decision, with what stood when it looked, and of the targets before it
  /// wrote
  void judge(const Decision& decision, const Standing& seen,
             const std::vector<DomainCounts>& before);
  /// When the scenario is over.
  void judge_end();

  /// The first of them; `times_broken` counts all.
  [[nodiscard]] const std::vector<Breach>& breaches() const { return breaches_; }
  [[nodiscard]] std::size_t times_broken() const { return times_broken_; }

 private:
  /// A domain was raised to a size.
  struct Raise {
    Instant at;
    std::size_t domain;
    Replicas to;
  };
  /// By how much the total was changed.
  struct Change {
    Instant at;
    int replicas;
  };
  struct Rival {
    Instant at;
    std::size_t domain;
  };

  void judge_falls(const Decision& decision, const OrderedLoss& loss,
                   const std::vector<DomainCounts>& before);
  void judge_starting(const model::PlanReport& report, const std::vector<DomainCounts>& before);
  void judge_pace(const std::vector<DomainCounts>& before, Replicas after);
  void judge_steps(const Decision& decision, const OrderedLoss& loss,
                   const std::vector<DomainCounts>& before);
  void judge_bounds(const std::vector<DomainCounts>& before);
  void judge_fight(const Decision& decision);
  void judge_floor(const Decision& decision, const OrderedLoss& loss);
  void judge_standing(const Decision& decision, const OrderedLoss& loss, const Standing& seen);
  void note(const Decision& decision);
  void broken(std::string rule, std::string detail);

  const World& world_;
  const std::size_t domains_;
  std::deque<Raise> raised_;  ///< Within the stabilization window.
  std::deque<Change> falls_;  ///< Within the longest policy's period.
  std::deque<Change> rises_;  ///< Within the interval of the pool's steps.
  std::deque<Rival> rivals_;  ///< Within ten minutes.
  FloorGap floor_gap_;
  Settling settling_;
  std::vector<Breach> breaches_;
  std::size_t times_broken_ = 0;
};

}  // namespace edgetide::simulation
