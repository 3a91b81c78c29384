#pragma once

#include <vector>

#include "simulation/invariants.h"

namespace edgetide::simulation {

/// Watches over a pool that is drawn from:
///
/// - it is not lowered while the source tells nothing that can be trusted, nor before the pool that
///   draws has told since the operator began what it will fetch;
/// - nothing is written beyond its bounds;
/// - what a decision leaves carries what was seen to be fetched after the loss that must be
///   survived, as far as the bounds allow, and what is missing is reported, as it is while what is
///   Ready does not carry it with nothing lost;
/// - twenty minutes after the last fault the reserve is there again, or a shortfall is reported,
///   and no more stays than is wanted once all windows have passed.
class TierInvariants {
 public:
  /// \param tier index into the world's farther ones. \pre the world outlives them
  TierInvariants(const World& world, std::size_t tier) : world_(world), tier_(tier) {}

  /// The operator that decides from now on knows nothing of what is drawn.
  void note_restart() {
    told_ = false;
    settling_ = {};
  }
  /// \pre called once a decision, with what stood before it was carried out
  void judge(const Decision& decision, const Standing& before);
  /// The pool that draws has been decided upon. \pre after `judge` of the same look
  void note_drawing();
  /// When the scenario is over.
  void judge_end();

  /// The first of them; `times_broken` counts all.
  [[nodiscard]] const std::vector<Breach>& breaches() const { return breaches_; }
  [[nodiscard]] std::size_t times_broken() const { return times_broken_; }

 private:
  void judge_falls(const Decision& decision);
  void judge_bounds(const std::vector<DomainCounts>& before);
  void judge_floor(const Decision& decision, const Standing& before);
  void judge_standing(const Decision& decision, const Standing& before);
  void broken(const std::string& rule, const std::string& detail);

  const World& world_;
  std::size_t tier_;
  bool told_ = false;  ///< What will be drawn.
  Settling settling_;
  std::vector<Breach> breaches_;
  std::size_t times_broken_ = 0;
};

}  // namespace edgetide::simulation
