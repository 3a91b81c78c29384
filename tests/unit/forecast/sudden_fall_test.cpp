#include "edgetide/forecast/sudden_fall.h"

#include <gtest/gtest.h>

#include "evening.h"

namespace edgetide::forecast {
namespace {

TEST(SuddenFall, IsDoubtedUntilTheEventIsOver) {
  Evening evening;
  const Instant fell = evening.start + 80min;
  evening.fall_at(fell, 0.1);
  const auto doubted = evening.doubted();
  ASSERT_TRUE(doubted);
  EXPECT_EQ(doubted->at, fell);
  EXPECT_EQ(doubted->event, "video/match");
  EXPECT_EQ(doubted->until, evening.start + 175min) << "the announced end and the usual overrun";
  EXPECT_NEAR(doubted->before.count(), evening.truth(fell), 0.01 * evening.truth(fell));
  while (evening.seen + 5min < doubted->until) {
    evening.see_until(evening.seen + 5min);
    EXPECT_GE(evening.promised(), evening.truth(evening.seen));
  }
  evening.see_until(doubted->until + 1min);
  EXPECT_FALSE(evening.doubted());
  EXPECT_LT(evening.promised(), 0.5 * evening.truth(evening.seen));
}

/// Of an evening that runs for long: three hours, though the end is not in sight.
TEST(SuddenFall, IsDoubtedForThreeHoursAtMost) {
  Evening evening;
  auto long_match = tonight(evening.start);
  long_match.duration = 10h;
  evening.calendar = model::EventCalendar({long_match});
  const Instant fell = evening.start + 30min;
  evening.fall_at(fell, 0.1);
  ASSERT_TRUE(evening.doubted());
  EXPECT_EQ(evening.doubted()->until, fell + 3h);
  // Whatever falls after it.
  evening.fall_at(fell + 175min, 0.01);
  ASSERT_TRUE(evening.doubted());
  EXPECT_EQ(evening.doubted()->until, fell + 3h);
  evening.see_until(fell + 181min);
  EXPECT_FALSE(evening.doubted());
}

/// The end of the overrun is that of the one that runs for longer.
TEST(SuddenFall, IsDoubtedForAsLongAsTheLongerOfTwoEvents) {
  Evening evening;
  auto other = match(evening.start + 30min, "handball");
  other.name = "video/other";
  evening.calendar = model::EventCalendar({tonight(evening.start), other});
  evening.fall_at(evening.start + 80min, 0.3);
  ASSERT_TRUE(evening.doubted());
  EXPECT_EQ(evening.doubted()->event, "video/other");
  EXPECT_EQ(evening.doubted()->until, evening.start + 205min);
}

/// What some evenings brought after their announced end says nothing of this one.
TEST(SuddenFall, ExpectsNobodyMoreInAnOverrun) {
  Evening evening;
  std::vector<model::StreamEvent> matches;
  for (int day = 0; day < 4; ++day) {
    matches.push_back(tonight(kMonday + day * 24h + 20h));
    matches.back().name += std::to_string(day);
  }
  evening.calendar = model::EventCalendar(matches);
  evening.state = {};
  const auto with_ceremony = [&](Instant at) {
    const Instant played = std::chrono::floor<std::chrono::days>(at) + 20h;
    if (at >= played + 4h) return kBase;
    return (at >= played + 115min && at < played + 140min ? 0.5 : 1) * watching(played, at);
  };
  const Instant fell = matches.back().start + 136min;
  evening.see(with_ceremony, kMonday, fell);
  const double before = with_ceremony(fell);
  evening.see(constant(0.2 * before), fell, fell + 15min);
  ASSERT_TRUE(evening.doubted());
  EXPECT_NEAR(evening.doubted()->believed.count(), before, 0.02 * before);
}

/// Cancelled, and everybody gone: a quarter of an hour, as any abrupt fall.
TEST(SuddenFall, IsFollowedWhenTheEventIsAnnouncedNoMore) {
  Evening evening;
  evening.fall_at(evening.start + 40min, 0.1);
  evening.see_until(evening.start + 60min);
  ASSERT_TRUE(evening.doubted());
  evening.calendar = {};
  evening.see_until(evening.start + 62min);
  EXPECT_FALSE(evening.doubted());
  EXPECT_LT(evening.promised(), 0.3 * evening.truth(evening.seen));
}

/// Within that quarter of an hour it is one that any audience may make.
TEST(SuddenFall, IsAsAnyOtherOnceTheEventIsAnnouncedNoMore) {
  Evening evening;
  const Instant fell = evening.start + 40min;
  evening.fall_at(fell, 0.1);
  ASSERT_TRUE(evening.doubted());
  evening.calendar = {};
  evening.see_until(fell + 5min);
  EXPECT_FALSE(evening.doubted());
  EXPECT_GE(evening.promised(), 0.9 * evening.truth(fell)) << "as any abrupt fall";
}

TEST(SuddenFall, IsFollowedWhenItIsBelieved) {
  Evening evening;
  evening.fall_at(evening.start + 40min, 0.1);
  believe_fall(evening.state);
  EXPECT_FALSE(evening.doubted());
  evening.see_until(evening.start + 50min);
  EXPECT_GE(evening.promised(), evening.truth(evening.start + 40min)) << "as any abrupt fall";
  evening.see_until(evening.start + 58min);
  EXPECT_FALSE(evening.doubted());
  EXPECT_LT(evening.promised(), 0.3 * evening.truth(evening.seen));
}

/// Whoever begins anew reads the past, and doubts what was doubted.
TEST(SuddenFall, IsDoubtedAfterARestartToo) {
  Evening evening;
  const Instant fell = evening.start + 40min;
  evening.see_until(fell);
  Watch anew{.calendar = evening.calendar, .offsets = {}, .state = {}};
  anew.see(constant(kBase), kMonday, evening.start - 1h);
  anew.see([&](Instant at) { return (at < fell ? 1 : 0.1) * evening.truth(at); },
           evening.start - 1h, fell + 40min);
  const auto doubted = doubted_fall(anew.state, anew.calendar);
  ASSERT_TRUE(doubted);
  EXPECT_EQ(doubted->at, fell);
}

/// Without an event, at its announced end, and by an audience that leaves at its own pace.
TEST(SuddenFall, IsDoubtedInAnEventAlone) {
  Evening without;
  without.calendar = {};
  without.fall_at(without.start + 40min, 0.1);
  EXPECT_FALSE(without.doubted());
  for (const auto minutes : {111min, 119min}) {
    Evening at_its_end;
    at_its_end.fall_at(at_its_end.start + minutes, 0.1);
    EXPECT_FALSE(at_its_end.doubted()) << minutes.count();
  }
  Evening in_overrun;
  in_overrun.fall_at(in_overrun.start + 135min, 0.1);
  EXPECT_TRUE(in_overrun.doubted());
}

/// Most of the audience is there for something else.
TEST(SuddenFall, IsNotDoubtedInASmallEvent) {
  Evening evening;
  auto small = match(evening.start);
  small.expected_peak = Viewers{1.2 * kBase};
  evening.calendar = model::EventCalendar({small});
  evening.see(constant(kBase), evening.seen, evening.start + 20min, 15s);
  evening.see(constant(0.1 * kBase), evening.start + 20min, evening.start + 21min, 15s);
  EXPECT_FALSE(evening.doubted());
}

TEST(SuddenFall, IsNoAudienceThatLeaves) {
  Evening evening;
  const Instant whistle = evening.start + 100min;
  evening.see_until(whistle);
  // Half in two minutes, which no final whistle does.
  evening.see(
      [&](Instant at) {
        const double minutes = minutes_of(at - whistle);
        return evening.truth(at) * std::exp2(-minutes / 2);
      },
      whistle, whistle + 12min, 15s);
  EXPECT_FALSE(evening.doubted());
}

/// What was told wrongly teaches nothing.
TEST(SuddenFall, IsNotLearned) {
  Evening evening;
  evening.fall_at(evening.start + 60min, 0.1);
  evening.see_until(evening.start + 90min);
  const EventMemory before = evening.state.events;
  evening.share = 1;
  evening.see_until(evening.start + 5h);
  EXPECT_NE(evening.state.events, before);
  EXPECT_GT(evening.state.events.shape(75, match(evening.start)), 0.8);
}

}  // namespace
}  // namespace edgetide::forecast
