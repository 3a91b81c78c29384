#pragma once

#include <array>
#include <optional>
#include <vector>

#include "edgetide/core/time.h"
#include "edgetide/model/doubted_fall.h"
#include "edgetide/model/observation.h"

namespace edgetide::forecast {

/// What a pool's viewers bring it, look by look: an audience that leaves takes egress, requests and
/// connections with it, and a source that miscounts viewers leaves them where they were.
///
/// Remembers a look a minute, for ten minutes before a doubted fall; of a fall that was doubted
/// before the first look it knows nothing, and confirms none.
class LoadWatch {
 public:
  /// What is read at each look, in doubt or not; `doubted` as of then.
  void note(const model::DemandReadings& demand, const std::optional<model::DoubtedFall>& doubted);

  /// At every look for a minute of the loads' own time, the last one among them, each load that was
  /// read fresh, one at least, was by the same share of what it was before the doubted fall as the
  /// viewers were, give or take a quarter and 5 % of what was there.
  [[nodiscard]] bool confirms() const;

 private:
  /// Zero where it is not known.
  struct Load {
    double value = 0;
    Instant at{};
  };
  static constexpr std::size_t kLoads = 3;
  using Loads = std::array<Load, kLoads>;
  struct Look {
    Instant at;
    double viewers;
    Loads loads;
  };

  /// One look after the other that shows the fall: the newest load of the first, and the oldest of
  /// the last.
  struct Shown {
    Instant first;
    Instant last;
  };

  [[nodiscard]] static Loads loads_of(const model::DemandReadings& demand);
  /// By this look alone; nothing where a load does not show the fall, or none is known.
  [[nodiscard]] std::optional<Shown> shown(const model::DemandReadings& demand,
                                           const model::DoubtedFall& fall) const;

  std::vector<Look> looks_;  ///< By time.
  std::optional<Shown> shown_;
};

}  // namespace edgetide::forecast
