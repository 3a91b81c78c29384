#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

constexpr double kBase = 40000;
constexpr double kBrought = 450000;
/// Longer than a fall is doubted.
constexpr auto kDoubt = 18min;

double minutes_from(Instant from, Instant to) {
  return static_cast<double>((to - from).count()) / 60;
}

/// Who is left `minutes` after a final whistle: four in ten leave within three minutes, nine in ten
/// within twenty.
double left(double minutes) {
  if (minutes <= 0) return 1;
  return minutes < 3 ? 1 - 0.4 * minutes / 3 : std::max(0.05, 0.6 * std::exp(-(minutes - 3) / 9));
}

/// An audience that comes from 45 minutes before `start` on and leaves after the whistle.
double watching(Instant start, Instant whistle, Instant at) {
  const double minutes = minutes_from(start, at);
  if (minutes < -45) return kBase;
  const double ramp = 0.36 * std::pow(std::min(minutes + 45, 45.0) / 45, 3);
  const double came = minutes < 0 ? ramp : std::min(1.0, 0.36 + 0.046 * minutes);
  return kBase + kBrought * came * left(minutes_from(whistle, at));
}

model::StreamEvent final_at(Instant start) {
  auto event = match(start);
  event.duration = 110min;
  return event;
}

/// Sees what is watched until `now`.
struct Evening : Watch {
  Instant start = kMonday + 44h;
  Instant whistle = start + 105min;

  void see_until(Instant now) { see(curve(), seen, now + 1s), seen = now + 1s; }
  [[nodiscard]] Curve curve() const {
    return [this](Instant at) { return watching(start, whistle, at); };
  }
  Instant seen = start - 4h;
};

/// The evening of another final, after so many that were seen.
Evening after_finals(int seen) {
  Evening evening;
  std::vector<model::StreamEvent> events;
  for (int day = seen; day >= 0; --day) events.push_back(final_at(kMonday + day * 24h + 20h));
  evening.calendar = model::EventCalendar(events);
  evening.seen = kMonday;
  for (int day = 0; day <= seen; ++day) {
    evening.start = kMonday + day * 24h + 20h;
    evening.whistle = evening.start + 109min;
    if (day < seen) evening.see_until(evening.start + 4h);
  }
  return evening;
}

/// With an afternoon of history nobody knows what is usual: that few are left says nothing of an
/// event that has been.
TEST(FinalWhistle, IsNoLateStart) {
  Evening evening;
  evening.calendar = model::EventCalendar({final_at(evening.start)});
  evening.see_until(evening.whistle + kDoubt);
  const Instant over = evening.start + 110min + 75min;
  for (Instant now = evening.seen + 59s; now < over; now += 1min) {
    evening.see_until(now);
    const double watch = evening.state.recent.last.viewers;
    EXPECT_LT(evening.peak(now).quantile.count(), 1.5 * watch)
        << minutes_from(evening.whistle, now);
  }
}

/// What is held for those who may come back is not taken for a beginning.
TEST(FinalWhistle, RaisesNothing) {
  for (const auto extra_time : {0min, 51min}) {
    Evening evening = after_finals(5);
    evening.whistle += extra_time;
    evening.see_until(evening.whistle);
    const auto before = evening.peak(evening.whistle);
    for (Instant now = evening.whistle + 1min; now < evening.start + 4h; now += 1min) {
      evening.see_until(now);
      const auto peak = evening.peak(now);
      EXPECT_LE(peak.median.count(), 1.05 * before.median.count())
          << extra_time.count() << " and " << minutes_from(evening.whistle, now);
      EXPECT_LE(peak.quantile.count(), 1.15 * before.quantile.count())
          << extra_time.count() << " and " << minutes_from(evening.whistle, now);
    }
  }
}

/// Whoever leaves for longer than a fall is doubted has left, and those who follow have too.
TEST(FinalWhistle, IsDoubtedOnce) {
  Watch watch;
  const Instant whistle = kMonday + 24h;
  const auto leaving = [&](Instant at) {
    return at < whistle ? 10000 : 7000 * std::exp(-0.06 * minutes_from(whistle, at));
  };
  watch.see(leaving, kMonday, whistle + 1min);
  const std::int64_t held_until = watch.state.recent.held_until;
  EXPECT_GT(held_until, whistle.time_since_epoch().count());
  watch.see(leaving, whistle + 1min, whistle + 30min);
  EXPECT_EQ(watch.state.recent.held_until, held_until);
}

/// How an evening ends is learned, though it was doubted as it ended,
TEST(FinalWhistle, IsLearned) {
  Evening evening;
  evening.calendar = model::EventCalendar({final_at(evening.start)});
  evening.see_until(evening.start + 5h);
  const auto shape = [&](double minute) {
    return evening.state.events.shape(minute, final_at(evening.start));
  };
  // Seen once, and the prior counts as two: nearly a third is gone.
  EXPECT_LT(shape(121), 0.8 * shape(103));
}

/// and an outage is not: whoever came back was there.
TEST(FinalWhistle, IsNotLearnedOfAnOutage) {
  Evening with, without;
  with.calendar = without.calendar = model::EventCalendar({final_at(with.start)});
  without.see_until(without.start + 5h);
  const Instant outage = with.start + 60min;
  with.see_until(outage);
  with.see(constant(100), with.seen, outage + 9min);
  with.seen = outage + 9min;
  with.see_until(with.start + 5h);
  for (const double minute : {61.0, 64.0, 67.0, 70.0})
    EXPECT_NEAR(with.state.events.shape(minute, final_at(with.start)),
                without.state.events.shape(minute, final_at(with.start)), 0.1)
        << minute;
}

/// An outage shortly before a kick-off: those who come back are as many as were there, and more are
/// to come.
TEST(FinalWhistle, IsNotSeenInAnOutageBeforeKickOff) {
  Evening evening;
  evening.calendar = model::EventCalendar({final_at(evening.start)});
  const Instant outage = evening.start - 10min;
  evening.see_until(outage);
  const double before = evening.peak(outage).quantile.count();
  for (Instant now = outage + 1min; now < outage + 10min; now += 1min) {
    evening.see(constant(100), now, now + 1s);
    EXPECT_GE(evening.peak(now).quantile.count(), before) << minutes_from(evening.start, now);
  }
}

/// One reading of many, such as of a counter that jumps, is no audience that has come and gone.
TEST(FinalWhistle, IsNotSeenInASpikeBeforeALateKickOff) {
  const auto expected = [](double spike) {
    Evening evening = after_finals(3);
    const Instant announced = evening.start;
    evening.see(constant(kBase), evening.seen, announced - 5min);
    evening.see(constant(spike), announced - 5min, announced - 4min);
    evening.see(constant(kBase), announced - 4min, announced + 25min);
    return evening.peak(announced + 25min).median.count();
  };
  EXPECT_GT(expected(kBase), 1.5 * kBase) << "a late kick-off is waited for";
  EXPECT_GT(expected(kBase + kBrought), 0.9 * expected(kBase));
}

}  // namespace
}  // namespace edgetide::forecast
