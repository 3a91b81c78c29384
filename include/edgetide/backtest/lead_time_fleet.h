#pragma once

#include <cstddef>
#include <vector>

#include "edgetide/core/quantity.h"

namespace edgetide::backtest {

/// Replicas that serve a lead time after they were asked for, on a clock of minutes. Fewer leave at
/// once: the newest of those that start go first, then ready ones.
///
/// 10 ready, lead 3: asked for 14 at minute 1, 4 start and would be ready at 4. Asked for 12 at 3:
/// two of them go. Asked for 8 at minute 3: the other two go, and two ready ones.
class LeadTimeFleet {
 public:
  /// \param lead_minutes from asking to serving; at 0 what is asked for serves at once.
  LeadTimeFleet(Replicas ready, int lead_minutes);

  /// The next minute begins: what was asked for a lead time ago serves.
  void pass_minute();
  /// So many are to be there in total, from this minute on.
  void ask_for(Replicas total);

  [[nodiscard]] Replicas ready() const { return Replicas{ready_}; }
  [[nodiscard]] Replicas starting() const { return Replicas{starting_}; }
  [[nodiscard]] Replicas total() const { return Replicas{ready_ + starting_}; }

 private:
  [[nodiscard]] int& due_in(std::size_t minutes);

  int ready_;
  int starting_ = 0;
  std::size_t now_ = 0;
  std::vector<int> due_;  ///< A ring: how many become ready in each of the coming minutes.
};

}  // namespace edgetide::backtest
