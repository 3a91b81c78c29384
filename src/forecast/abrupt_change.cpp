#include "abrupt_change.h"

#include <algorithm>

namespace edgetide::forecast {

void forget_before(Recent& recent, double viewers) {
  for (Recent::Reading& previous : recent.previous) previous.viewers = viewers;
}

Change fastest_change(const Recent& recent, const Recent::Reading& reading, int sign,
                      double fastest, std::int64_t within) {
  using Reading = Recent::Reading;
  Change most;
  const double now = reading.viewers + recent.offset;
  const auto compare = [&](const Reading& from) {
    const std::int64_t passed = reading.at - from.at;
    if (from.at <= 0 || passed > within) return;
    const double ratio = now / (from.viewers + recent.offset);
    if (sign < 0 ? ratio > kHalf : ratio < 1 / kHalf) return;
    const double depth = sign * std::log(ratio);
    const double minutes = std::max(1.0, static_cast<double>(passed) / 60);
    if (depth > fastest * minutes && depth > most.depth) most = {from.viewers, depth};
  };
  compare(recent.last);
  for (const Reading& previous : recent.previous) compare(previous);
  return most;
}

}  // namespace edgetide::forecast
