#pragma once

#include <optional>
#include <span>
#include <vector>

#include "edgetide/core/time.h"
#include "edgetide/model/demand_history.h"

namespace edgetide::backtest {

/// The most minutes that are replayed at once: five years and a bit.
inline constexpr std::int64_t kMostMinutes = 1830 * 1440;

/// The minute that holds the moment.
[[nodiscard]] constexpr Instant minute_of(Instant at) {
  return std::chrono::floor<std::chrono::minutes>(at);
}

/// Whole minutes, `to` not among them.
struct Window {
  Instant from;
  Instant to;

  [[nodiscard]] std::int64_t minutes() const { return (to - from) / std::chrono::minutes{1}; }
  bool operator==(const Window&) const = default;
};

/// The part of [from, to) in which anything was recorded: from the first sample's minute to the
/// last one's; the whole record without bounds. Nothing when no minute is left.
[[nodiscard]] std::optional<Window> recorded(std::span<const model::DemandSample> samples,
                                             std::optional<Instant> from = std::nullopt,
                                             std::optional<Instant> to = std::nullopt);

/// The samples that are known at a moment, each `delay` after its time. \pre samples rise in time
[[nodiscard]] std::span<const model::DemandSample> known_by(
    std::span<const model::DemandSample> samples, Instant at, Seconds delay);

/// How far apart samples usually are, in whole minutes: the median over minutes that have one; a
/// minute for fewer than three samples.
[[nodiscard]] std::chrono::minutes usual_step(std::span<const model::DemandSample> samples);

/// How long a sample says what demand is: its usual step, and five minutes at least.
[[nodiscard]] std::chrono::minutes stands_for(std::span<const model::DemandSample> samples);

/// Demand in viewers, one value for each minute of the window: that of the minute's last sample,
/// which stands until the next for `stands_for` at most; NaN in what is a longer gap.
/// \pre at most kMostMinutes; samples rise in time
[[nodiscard]] std::vector<double> by_minute(std::span<const model::DemandSample> samples,
                                            const Window& window);

/// The record with zeros, one a minute, in gaps longer than `after` and no longer than a day, from
/// `after` past the last sample on: a channel that is off air for the night. Without this a gap is
/// what it is: nothing is known.
[[nodiscard]] std::vector<model::DemandSample> with_nights_off_air(
    std::span<const model::DemandSample> samples, Seconds after);

}  // namespace edgetide::backtest
