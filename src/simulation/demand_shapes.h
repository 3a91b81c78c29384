#pragma once

#include <span>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::simulation {

/// A corner of a curve that is straight between corners.
struct Corner {
  double minute;
  double share;
};

/// Flat before the first corner and after the last. \pre minutes rise
[[nodiscard]] double along(std::span<const Corner> corners, double minute);

/// A work that everybody may see from one moment on.
struct Premiere {
  Instant start;
  Viewers uplift;  ///< What it brings at its highest, eight minutes in.
  Seconds duration{3600};

  [[nodiscard]] Instant end() const { return start + duration; }
};

/// The share of a premiere's uplift that watches `since_start` after it: a countdown from 20
/// minutes before, a knee within two minutes, a slow fall, a cliff at the end, and those who begin
/// later, over four hours. Steeper than a match: nobody is late for a clock.
[[nodiscard]] double premiere_share(Seconds since_start, Seconds duration);

/// What an evening's programmes bring on top of an ordinary day, every day at the same hours.
struct PrimeTime {
  Seconds start{20 * 3600};  ///< After midnight, UTC.
  Seconds duration{3 * 3600};
  Seconds programme{3600};  ///< Of each programme; between two of them people look around.
  Viewers uplift{0};        ///< On an average evening, while a programme runs.
};

/// The share of a prime time's uplift at a moment: it rises over half an hour, dips by a fifth for
/// some minutes between programmes, falls over an hour; more at weekends.
[[nodiscard]] double prime_time_share(const PrimeTime& prime_time, Instant at);

/// An outage that is none of the fleet's: players lose their sessions, and all of them come back.
struct RetryStorm {
  Instant start;
  Seconds duration{300};
  Ratio share{.5};     ///< Of the viewers that it cuts off.
  double times = 1.5;  ///< As many sessions as viewers who return: players ask more than once.

  [[nodiscard]] Instant back_at() const { return start + duration; }
};

/// What a retry storm makes of the viewers of a moment, as a factor: they are lost within half a
/// minute and return within one, and the sessions that they hold twice end over ten minutes.
[[nodiscard]] double retry_factor(const RetryStorm& storm, Instant at);

}  // namespace edgetide::simulation
