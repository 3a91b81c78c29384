#include "report/time_text.h"

#include <algorithm>
#include <chrono>

namespace edgetide::report {
namespace {

/// The duration to the minute where it is that long.
std::string rounded_text(Seconds duration, Seconds from) {
  if (duration < from) return to_string(duration);
  return to_string(Seconds{std::chrono::floor<std::chrono::minutes>(duration)});
}

}  // namespace

std::string time_until(Instant then, Instant now) {
  return then <= now ? "now" : rounded_text(then - now, std::chrono::minutes{1});
}

std::string age_text(Instant then, Instant now) {
  return rounded_text(std::max(Seconds{0}, now - then), std::chrono::minutes{2});
}

}  // namespace edgetide::report
