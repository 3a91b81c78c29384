#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

constexpr double kBase = 2000;

/// An audience that comes in the last ten minutes before `start`, stays, and leaves at `end`.
Curve evening(Instant start, double uplift, Instant end) {
  return [=](Instant at) {
    const double minutes = static_cast<double>((at - start).count()) / 60;
    if (minutes < -10 || at > end) return kBase;
    return kBase + uplift * std::min(1.0, (minutes + 10) / 30);
  };
}

/// A calendar of one match at 20:00 on each of `days`.
model::EventCalendar matches(int days) {
  std::vector<model::StreamEvent> events;
  for (int day = 0; day < days; ++day) {
    events.push_back(match(kMonday + day * 24h + 20h));
    events.back().name += std::to_string(day);
  }
  return model::EventCalendar(std::move(events));
}

TEST(Event, RaisesThePeakBeforeAnythingMoves) {
  Watch with, without;
  const Instant start = kMonday + 44h;
  with.calendar = model::EventCalendar({match(start)});
  with.see(constant(kBase), kMonday, start - 3min);
  without.see(constant(kBase), kMonday, start - 3min);
  const auto expecting = with.peak(start - 3min);
  const auto quiet = without.peak(start - 3min);
  // Unknown, so the audience should double; from 4 minutes before the start, the last reading, to
  // 2.25 after it the shape goes from 0.4 (41/45)^3 = 0.303 to 0.4 + 0.025 x 2.25 = 0.456.
  EXPECT_NEAR(expecting.median.count(), kBase * (1 + 0.456 - 0.303), 0.01 * kBase);
  EXPECT_GT(expecting.quantile.count(), 1.5 * expecting.median.count());
  EXPECT_LT(quiet.quantile, Viewers{1.1 * kBase});
  EXPECT_EQ(expecting.event, "video/match");
  EXPECT_GT(expecting.event_uplift, Viewers{0.1 * kBase});
  EXPECT_EQ(quiet.event, "");
  EXPECT_EQ(quiet.event_uplift, Viewers{0});
}

TEST(Event, OfAChannelOffAirBeginsAtItsHour) {
  Watch watch;
  const Instant start = kMonday + 44h;
  auto event = match(start);
  event.expected_peak = Viewers{50000};
  watch.calendar = model::EventCalendar({event});
  watch.see(constant(0), kMonday, start - 3h);
  EXPECT_LT(watch.peak(start - 3h).quantile, Viewers{100});
  watch.see(constant(0), start - 3h, start - 2min);
  EXPECT_GT(watch.peak(start - 2min).median, Viewers{10000});
}

TEST(Event, ExpectedLateUntilItsOverrunEnds) {
  Watch watch;
  const Instant start = kMonday + 44h;
  watch.calendar = model::EventCalendar({match(start)});
  watch.see(constant(kBase), kMonday, start + 30min);
  EXPECT_GT(watch.peak(start + 30min).median, Viewers{1.1 * kBase});
  const Instant over = start + 115min + 62min;
  watch.see(constant(kBase), start + 30min, over);
  EXPECT_LT(watch.peak(over).quantile, Viewers{1.1 * kBase});
}

/// Nobody stays for an evening that was over hours ago, whatever is still to come of it now.
TEST(Event, IsOverInTheHoursAheadOnceItsOverrunIs) {
  Watch watch;
  const Instant start = kMonday + 44h;
  auto longer = match(start + 5min, "music");
  longer.duration = 8h;
  watch.calendar = model::EventCalendar({match(start), longer});
  watch.see(constant(kBase), kMonday, start - 5min);
  const Instant now = start - 5min;
  const auto viewers_at = [&](const Watch& seen, Instant at) {
    return path(seen.state, {now, 12h, 0.9}, 5min, seen.context())
        .at(static_cast<std::size_t>((at - now) / 5min))
        .median;
  };
  Watch alone = watch;
  alone.calendar = model::EventCalendar({longer});
  EXPECT_GT(viewers_at(watch, start + 2h).count(), 1.1 * viewers_at(alone, start + 2h).count());
  const Instant over = start + 115min + 65min;
  EXPECT_NEAR(viewers_at(watch, over).count(), viewers_at(alone, over).count(), 0.01 * kBase);
  const Instant all_over = start + 10h;
  EXPECT_LT(viewers_at(alone, all_over), Viewers{1.1 * kBase});
}

/// A calendar in the wrong zone: whoever comes hours before the announced start, or after it, is
/// followed as by a pool without a calendar, and what is announced is waited for all the same.
TEST(Event, InWrongHoursIsFollowedAsItComes) {
  const Instant announced = kMonday + 44h;
  for (const auto off : {-3h, 3h}) {
    Watch watch, without;
    watch.calendar = model::EventCalendar({match(announced)});
    const Instant start = announced + off;
    const Curve comes = evening(start, 20000, start + 115min);
    for (Watch* each : {&watch, &without}) each->see(comes, kMonday, start - 11min);
    for (Instant now = start - 11min; now < start + 120min; now += 1min) {
      for (Watch* each : {&watch, &without}) each->see(comes, now, now + 1min);
      const double minute = static_cast<double>((now - start).count()) / 60;
      const auto peak = watch.peak(now + 15s);
      EXPECT_GE(peak.median.count(), comes(now)) << off.count() << " and " << minute;
      EXPECT_GE(peak.quantile.count(), 0.9 * without.peak(now + 15s).quantile.count())
          << off.count() << " and " << minute;
    }
  }
}

TEST(Event, IsWaitedForThoughAnotherHourWasMeant) {
  Watch watch;
  const Instant announced = kMonday + 44h;
  watch.calendar = model::EventCalendar({match(announced)});
  const Instant earlier = announced - 3h;
  watch.see(evening(earlier, 20000, earlier + 115min), kMonday, announced - 3min);
  EXPECT_GT(watch.peak(announced - 3min).median, Viewers{1.1 * kBase});
}

TEST(Event, TeachesItsClassHowLargeItIs) {
  Watch watch;
  watch.calendar = matches(7);
  for (int day = 0; day < 6; ++day) {
    const Instant start = kMonday + day * 24h + 20h;
    watch.see(evening(start, 30000, start + 2h), kMonday + day * 24h, kMonday + (day + 1) * 24h);
  }
  const auto& next = watch.calendar.events().back();
  const SizeBelief belief = watch.state.events.size_of(next, kBase);
  EXPECT_NEAR(std::exp(belief.log_mean), 30000, 1500);
  const Instant ramp = next.start - 10min;
  watch.see(constant(kBase), kMonday + 6 * 24h, ramp);
  EXPECT_GT(watch.peak(ramp, 15min).median, Viewers{0.25 * 30000});
}

TEST(Event, CancelledWhileItRunsTeachesItsClassNothing) {
  Watch watch;
  const Instant start = kMonday + 20h;
  watch.calendar = model::EventCalendar({match(start), match(start + 24h)});
  watch.see(evening(start, 30000, start + 2h), kMonday, kMonday + 24h);
  const auto& next = watch.calendar.events().back();
  const double believed = watch.state.events.size_of(next, kBase).log_mean;
  watch.see(constant(kBase), kMonday + 24h, start + 25h + 30min);
  EXPECT_GT(watch.peak(start + 25h + 30min).median, Viewers{1.1 * kBase});
  watch.calendar = model::EventCalendar({match(start), match(start + 48h)});
  watch.see(constant(kBase), start + 25h + 30min, start + 26h);
  EXPECT_LT(watch.peak(start + 26h).quantile, Viewers{1.1 * kBase});
  const auto& later = watch.calendar.events().back();
  EXPECT_EQ(watch.state.events.size_of(later, kBase).log_mean, believed);
}

TEST(Event, LeavesHabitsAlone) {
  Watch with, without;
  with.calendar = matches(8);
  for (int day = 0; day < 8; ++day) {
    const Instant start = kMonday + day * 24h + 20h;
    with.see(evening(start, 10 * kBase, start + 2h), kMonday + day * 24h,
             kMonday + (day + 1) * 24h);
  }
  without.see(constant(kBase), kMonday, kMonday + 8 * 24h);
  for (const auto hour : {12h, 19h, 21h, 23h})
    EXPECT_NEAR(with.state.habits.expected(hour), without.state.habits.expected(hour), 0.15)
        << hour.count();
}

TEST(Event, PastItsEndKeepsTheAudienceThatIsThere) {
  Watch watch;
  const Instant start = kMonday + 44h;
  watch.calendar = model::EventCalendar({match(start)});
  const Instant extra_time = start + 115min + 40min;
  watch.see(evening(start, 20000, extra_time + 1h), kMonday, extra_time);
  for (const auto length : {5min, 60min, 240min})
    EXPECT_GE(watch.peak(extra_time, length).median, Viewers{kBase + 20000});
}

TEST(Event, IsAGuessUntilItsEveningTells) {
  Watch watch;
  const Instant start = kMonday + 44h;
  auto announced = match(start + 24h);
  announced.expected_peak = Viewers{20000};
  watch.calendar = model::EventCalendar({match(start), announced});
  const auto& unknown = watch.calendar.events().front();
  const Curve comes = evening(start, 8000, start + 2h);
  watch.see(comes, kMonday, start - 12min);
  EXPECT_TRUE(is_guessed(watch.state, unknown));
  EXPECT_TRUE(watch.peak(start - 12min).event_guessed);
  EXPECT_FALSE(is_guessed(watch.state, watch.calendar.events().back()));
  watch.see(comes, start - 12min, start + 60min);
  EXPECT_FALSE(is_guessed(watch.state, unknown));
  EXPECT_FALSE(watch.peak(start + 60min).event_guessed);
}

TEST(Event, RunningLargerIsBelievedAtOnce) {
  Watch usual, larger;
  usual.calendar = larger.calendar = model::EventCalendar({match(kMonday + 44h)});
  const Instant start = kMonday + 44h;
  usual.see(evening(start, 2000, start + 2h), kMonday, start + 5min);
  larger.see(evening(start, 8000, start + 2h), kMonday, start + 5min);
  // What is still to come within the half hour has grown with what has come.
  const auto to_come = [&](const Watch& watch) {
    return watch.peak(start + 5min, 30min).median.count() - watch.state.recent.last.viewers;
  };
  EXPECT_GT(to_come(larger), 1.5 * to_come(usual));
}

/// A tenth fewer than before for a minute is no smaller evening; for an hour it is.
TEST(Event, RunningSmallerIsBelievedSlowly) {
  Watch watch;
  const Instant start = kMonday + 44h;
  auto event = match(start);
  event.expected_peak = Viewers{kBase + 2000};
  watch.calendar = model::EventCalendar({event});
  const Instant turn = start + 40min;
  const auto follows = [&](Instant at) {
    const double minute = static_cast<double>((at - start).count()) / 60;
    const double uplift = 2000 * EventMemory{}.shape(minute, event);
    return kBase + (at < turn ? 1 : 0.7) * uplift;
  };
  const auto scale = [&] { return watch.state.running[0].log_scale; };
  watch.see(follows, kMonday, turn);
  EXPECT_NEAR(scale(), 0, 0.05);
  watch.see(follows, turn, turn + 1min);
  EXPECT_GT(scale(), -0.05);
  watch.see(follows, turn + 1min, turn + 10min);
  EXPECT_GT(scale(), -0.2);
  watch.see(follows, turn + 10min, turn + 60min);
  EXPECT_LT(scale(), -0.25);
  const float smaller = scale();
  const auto larger = [&](Instant at) { return kBase + 1.3 * (follows(at) - kBase) / 0.7; };
  watch.see(larger, turn + 60min, turn + 61min);
  EXPECT_GT(scale(), smaller + 0.4);
}

/// Of a premiere few may come before the last minutes.
TEST(Event, OfUnknownCourseIsNotTakenForSmallerBeforeItBegins) {
  Watch watch;
  const Instant start = kMonday + 44h;
  auto premiere = match(start);
  premiere.expected_peak = Viewers{20 * kBase};
  watch.calendar = model::EventCalendar({premiere});
  watch.see(constant(kBase), kMonday, start - 30min);
  watch.see(constant(1.4 * kBase), start - 30min, start - 1min);
  EXPECT_GE(watch.state.running[0].log_scale, 0);
  EXPECT_EQ(watch.state.running[0].certainty, 0);
}

TEST(Event, IsNotTakenForSmallerWhileTheCounterIsOut) {
  Watch watch;
  const Instant start = kMonday + 44h;
  watch.calendar = model::EventCalendar({match(start)});
  watch.see(evening(start, 6000, start + 2h), kMonday, start + 30min);
  const float scale = watch.state.running[0].log_scale;
  watch.see(constant(50), start + 30min, start + 40min);
  EXPECT_EQ(watch.state.running[0].log_scale, scale);
}

/// An audience kept up by one event says nothing of the next one being late.
TEST(Event, IsTakenForSmallerWhileAnotherHoldsTheAudience) {
  Watch watch;
  auto second = match(kMonday + 44h, "talk show");
  second.name = "video/second";
  watch.calendar = model::EventCalendar({match(kMonday + 41h), second});
  watch.see(evening(kMonday + 41h, 20000, kMonday + 50h), kMonday, kMonday + 45h);
  const auto running =
      std::ranges::find(watch.state.running, class_id("talk show"), &RunningEvent::event_class);
  ASSERT_NE(running, watch.state.running.end());
  EXPECT_LT(running->log_scale, -0.5);
}

TEST(Event, SharesItsAudienceWithAnotherOfTheSameHour) {
  Watch one, two;
  auto other = match(kMonday + 44h, "cricket");
  other.name = "video/other";
  one.calendar = model::EventCalendar({match(kMonday + 44h)});
  two.calendar = model::EventCalendar({match(kMonday + 44h), other});
  const Instant now = kMonday + 44h - 3min;
  one.see(constant(kBase), kMonday, now);
  two.see(constant(kBase), kMonday, now);
  const double alone = one.peak(now).median.count() - kBase;
  EXPECT_NEAR(two.peak(now).median.count() - kBase, 1.3 * alone, 0.05 * alone);
}

}  // namespace
}  // namespace edgetide::forecast
