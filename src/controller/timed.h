#pragma once

#include <algorithm>
#include <chrono>
#include <string_view>

#include "edgetide/model/scaling_plan.h"
#include "edgetide/ports/verb_timer.h"

namespace edgetide::controller {

/// Tells the timer of its own lifetime.
class VerbStopwatch {
 public:
  VerbStopwatch(ports::VerbTimer& timer, std::string_view verb) : timer_(timer), verb_(verb) {}
  VerbStopwatch(const VerbStopwatch&) = delete;
  VerbStopwatch& operator=(const VerbStopwatch&) = delete;
  ~VerbStopwatch() { timer_.took(verb_, std::chrono::steady_clock::now() - started_); }

 private:
  ports::VerbTimer& timer_;
  std::string_view verb_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

/// Does one verb of a reconcile and tells how long it took.
template <typename Verb>
decltype(auto) timed(ports::VerbTimer& timer, std::string_view name, Verb&& verb) {
  const VerbStopwatch stopwatch(timer, name);
  return verb();
}

/// When to look again: as the plan says, or soon after a write that did not go through, and twice
/// as long after each further one.
[[nodiscard]] inline Seconds next_look(const model::ScalingPlan& plan, int failed_looks,
                                       Instant now, Seconds review) {
  if (failed_looks > 0) return std::min(review, Seconds{1 << std::min(failed_looks - 1, 20)});
  if (plan.next_look <= now) return review;
  return std::min(review, plan.next_look - now);
}

}  // namespace edgetide::controller
