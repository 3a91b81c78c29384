#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulation/fault.h"
#include "simulation/pool_fleet.h"

namespace edgetide::simulation {

/// What administrators do to a fleet on a night, by its faults: nodes that they drain, and new
/// versions that they roll out.
///
/// A drain takes the failure domain that has most Ready when it begins, and evicts a share of these
/// evenly over its time, as one node after another is drained. An eviction is refused while as many
/// of the target are not Ready as its PodDisruptionBudget lets be unavailable (rounded up), and is
/// asked for again until the drain's time is over; then it is given up. What is evicted drains, and
/// is made anew at once.
///
/// A rollout begins at one target after another, evenly over its time, and goes on until nothing of
/// the old version is left.
class Maintenance {
 public:
  /// Something worth a line.
  struct Note {
    bool ends = false;  ///< What is told is over.
    std::string text;
    const Fault* fault = nullptr;  ///< That has struck a failure domain now; nullptr for none.
    std::string domain = {};       ///< Which one.
  };

  /// \param domains names of the failure domains
  /// \param begins the night \pre the faults outlive it
  Maintenance(std::span<const Fault> faults, std::vector<std::string> domains, Instant begins);

  /// Does what is due. \pre the fleet has reached `now`
  void act(PoolFleet& fleet, Instant now);

  /// What has happened at `now`.
  [[nodiscard]] const std::vector<Note>& notes() const { return notes_; }
  /// What is under way and not done.
  [[nodiscard]] std::vector<Note> unfinished() const;
  /// The last moment at which something of an old version stood; nothing before the first rollout.
  [[nodiscard]] std::optional<Instant> rolled_until() const { return rolled_until_; }

 private:
  struct Drain {
    const Fault* fault;
    std::optional<std::size_t> domain;  ///< Once it has begun.
    int planned = 0;
    int evicted = 0;
    bool held = false;  ///< The budget has kept something from being evicted when it was due.
    bool over = false;
  };
  struct Rollout {
    const Fault* fault;
    int begun = 0;  ///< Targets.
  };

  void drain(Drain& drain, PoolFleet& fleet, Instant now);
  void begin(Drain& drain, const std::vector<DomainCounts>& domains, Instant now);
  [[nodiscard]] std::string progress(const Drain& drain) const;
  void roll_out(Rollout& rollout, PoolFleet& fleet, Instant now);

  std::vector<Drain> drains_;
  std::vector<Rollout> rollouts_;
  std::vector<std::string> domains_;
  Instant begins_;
  std::vector<Note> notes_;
  std::optional<Instant> rolled_until_;
  bool rolls_out_ = false;
};

}  // namespace edgetide::simulation
