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
  /// What is read at a look; `doubted` as of then.
  void note(const model::DemandReadings& demand, const std::optional<model::DoubtedFall>& doubted);

  /// Every load that is read fresh, one at least, is by the same share of what it was before the
  /// fall as the viewers are, give or take a quarter and 5 % of what was there.
  [[nodiscard]] bool confirms(const model::DemandReadings& demand,
                              const model::DoubtedFall& fall) const;

 private:
  static constexpr std::size_t kLoads = 3;
  using Loads = std::array<double, kLoads>;  ///< Zero where it is not known.
  struct Look {
    Instant at;
    double viewers;
    Loads loads;
  };

  [[nodiscard]] static Loads loads_of(const model::DemandReadings& demand);

  std::vector<Look> looks_;  ///< By time.
};

}  // namespace edgetide::forecast
