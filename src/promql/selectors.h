#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/time.h"

namespace edgetide::promql {

/// The series selectors that an expression reads, each once, in order of appearance, without range,
/// offset or `@`:
///
///   sum by (zone) (rate(bytes{job="edge"}[2m])) / sum(up)   ->   bytes{job="edge"}, up
///
/// The time of an aggregate's answer is when it was computed, not when its samples were taken; with
/// the selectors those can be asked for their own time. A text that is not PromQL yields something
/// harmless or nothing: the server is the judge of its own language.
[[nodiscard]] std::vector<std::string> selectors(std::string_view expression);

/// The expression without comments and without those blanks that mean nothing: two texts that give
/// the same are the same query. What stands in quotes stays.
[[nodiscard]] std::string without_blanks(std::string_view expression);

/// The longest range that the expression looks back over, subqueries included: 2m of
/// `rate(x[2m]) / avg_over_time(y[1m])`. Zero without one, or with one that is no duration.
[[nodiscard]] Seconds longest_window(std::string_view expression);

}  // namespace edgetide::promql
