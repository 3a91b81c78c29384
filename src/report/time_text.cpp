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
  const Seconds age = std::max(Seconds{0}, now - then);
  if (age >= 2 * std::chrono::years{1})
    return std::to_string(std::chrono::floor<std::chrono::years>(age).count()) + " years";
  if (age >= std::chrono::days{2})
    return std::to_string(std::chrono::floor<std::chrono::days>(age).count()) + " days";
  return rounded_text(age, std::chrono::minutes{2});
}

}  // namespace edgetide::report
