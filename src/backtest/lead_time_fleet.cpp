#include "edgetide/backtest/lead_time_fleet.h"

#include <algorithm>

#include "edgetide/core/assert.h"

namespace edgetide::backtest {

LeadTimeFleet::LeadTimeFleet(Replicas ready, int lead_minutes)
    : ready_(ready.count()), due_(static_cast<std::size_t>(lead_minutes) + 1) {
  EDGETIDE_ASSERT(lead_minutes >= 0, "a lead time is not negative");
}

int& LeadTimeFleet::due_in(std::size_t minutes) { return due_[(now_ + minutes) % due_.size()]; }

void LeadTimeFleet::pass_minute() {
  ++now_;
  int& due = due_in(0);
  ready_ += due;
  starting_ -= due;
  due = 0;
}

void LeadTimeFleet::ask_for(Replicas total) {
  const std::size_t lead = due_.size() - 1;
  const int change = std::max(0, total.count()) - ready_ - starting_;
  if (change > 0 && lead > 0) {
    due_in(lead) += change;
    starting_ += change;
    return;
  }
  if (change > 0) {
    ready_ += change;
    return;
  }
  int surplus = -change;
  for (std::size_t minutes = lead; minutes > 0 && surplus > 0 && starting_ > 0; --minutes) {
    int& due = due_in(minutes);
    const int gone = std::min(surplus, due);
    due -= gone;
    starting_ -= gone;
    surplus -= gone;
  }
  ready_ -= surplus;
}

}  // namespace edgetide::backtest
