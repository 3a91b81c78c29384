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

TEST(SuddenFall, IsOverWhenTheAudienceIsBack) {
  Evening evening;
  evening.fall_at(evening.start + 80min, 1.0 / 3);
  evening.see_until(evening.start + 105min);
  ASSERT_TRUE(evening.doubted());
  evening.share = 1;
  evening.see_until(evening.start + 106min);
  EXPECT_FALSE(evening.doubted());
}

/// A third of an audience that triples is no audience that is back.
TEST(SuddenFall, IsNotOverWhenAPartHasGrownToWhatTheWholeWas) {
  Evening evening;
  const Instant fell = evening.start - 3min;
  evening.fall_at(fell, 1.0 / 3);
  evening.see_until(evening.start + 20min);
  EXPECT_GT(evening.share * evening.truth(evening.seen), evening.truth(fell));
  EXPECT_TRUE(evening.doubted());
  // What such a match brings within its first minutes is expected, by what is known of it.
  EXPECT_GE(evening.promised(), 0.75 * evening.truth(evening.seen));
  evening.share = 1;
  evening.see_until(evening.start + 21min);
  EXPECT_FALSE(evening.doubted());
}

/// Nor where it begins an hour late, when by the calendar hardly anybody is to come any more.
TEST(SuddenFall, IsNotOverWhenAPartOfALateAudienceHasGrown) {
  Evening evening;
  evening.late = 1h;
  const Instant fell = evening.start + evening.late - 3min;
  evening.fall_at(fell, 1.0 / 3);
  evening.see_until(fell + 23min);
  EXPECT_GT(evening.share * evening.truth(evening.seen), evening.truth(fell));
  EXPECT_TRUE(evening.doubted());
  evening.share = 1;
  evening.see_until(fell + 24min);
  EXPECT_FALSE(evening.doubted());
}

/// Nor where it is more than three times as large as was announced.
TEST(SuddenFall, IsNotOverWhenAPartOfAFarLargerAudienceHasGrown) {
  Evening evening;
  const auto coming = [&](Instant at) { return kBase + 3.5 * (evening.truth(at) - kBase); };
  const Instant fell = evening.start - 10min;
  evening.see(coming, evening.seen, fell, 15s);
  evening.see([&](Instant at) { return coming(at) / 3; }, fell, fell + 40min, 15s);
  EXPECT_GT(coming(fell + 40min) / 3, 2 * coming(fell));
  EXPECT_TRUE(evening.doubted());
}

/// Whoever comes back minute by minute is back: were they a part, an event never brought as many.
TEST(SuddenFall, IsOverWhenTheAudienceComesBackSlowly) {
  for (const double left : {0.02, 0.05, 0.2, 0.3, 0.45}) {
    Evening evening;
    evening.fall_at(evening.start + 80min, left);
    const int minutes = 6;
    for (int minute = 1; minute <= minutes; ++minute) {
      EXPECT_TRUE(evening.doubted()) << left;
      evening.share = left * std::pow(1 / left, static_cast<double>(minute) / minutes);
      evening.see_until(evening.seen + 1min);
    }
    EXPECT_TRUE(evening.doubted()) << "more may come back";
    evening.see_until(evening.seen + 4min);
    EXPECT_FALSE(evening.doubted()) << left;
  }
}

/// Players of a lost zone connect anew within a minute and a half; whoever leaves meanwhile, in the
/// overrun, has left.
TEST(SuddenFall, IsAsAnyOtherWhereMostAreBackAtOnce) {
  Evening evening;
  const Instant fell = evening.start + 140min;
  const auto leaving = [&](Instant at) {
    const double minutes = minutes_of(at - (evening.start + 115min));
    return evening.truth(at) * std::exp(-0.07 * std::max(0.0, minutes));
  };
  evening.see(leaving, evening.seen, fell, 15s);
  evening.see([&](Instant at) { return 0.45 * leaving(at); }, fell, fell + 80s, 15s);
  EXPECT_TRUE(evening.doubted());
  evening.see(leaving, fell + 80s, fell + 5min, 15s);
  EXPECT_FALSE(evening.doubted());
  EXPECT_GE(evening.peak(fell + 5min).quantile.count(), leaving(fell)) << "as any abrupt fall";
  evening.see(leaving, fell + 5min, fell + 18min, 15s);
  EXPECT_LT(evening.peak(fell + 18min).quantile.count(), 0.6 * leaving(fell));
}

/// Nine of ten of those who fell, within two minutes, are no part of them: neither those who have
/// left meanwhile are waited for, nor those whom the event was to bring.
TEST(SuddenFall, IsAsAnyOtherWhereMostComeBackAsFastAsNobodyComes) {
  Evening evening;
  const Instant fell = evening.start + 5min;
  evening.see_until(fell);
  const double there = evening.truth(fell);
  evening.see(constant(0.3 * there), fell, fell + 12min, 15s);
  EXPECT_TRUE(evening.doubted());
  const auto come_back = [&](Instant at) {
    return there * std::min(0.9, 0.3 + 0.3 * minutes_of(at - (fell + 12min)));
  };
  evening.see(come_back, fell + 12min, fell + 15min, 15s);
  EXPECT_FALSE(evening.doubted());
}

/// A source that is whole again: of the third that it told as many have left meanwhile.
TEST(SuddenFall, IsAsAnyOtherWhereTheRestIsBackOfThoseWhoLeftMeanwhile) {
  for (const double whole : {1.0, 0.75}) {
    Evening evening;
    const Instant fell = evening.start + 140min;
    const auto leaving = [&](Instant at) {
      return evening.truth(at) * std::exp(-std::max(0.0, minutes_of(at - fell) / 40));
    };
    evening.see(leaving, evening.seen, fell, 15s);
    evening.see([&](Instant at) { return leaving(at) / 3; }, fell, fell + 15min, 15s);
    EXPECT_TRUE(evening.doubted());
    evening.see([&](Instant at) { return whole * leaving(at); }, fell + 15min, fell + 16min, 15s);
    EXPECT_EQ(evening.doubted().has_value(), whole < 1) << whole;
  }
}

/// As fills a window after Prometheus has begun anew. What an event that nobody knows is guessed to
/// bring, at whatever hour, is not waited for.
TEST(SuddenFall, IsAsAnyOtherWhereAllAreBackSlowlyBesideAGuess) {
  Evening evening;
  auto premiere = match(evening.start + 100min, "premiere");
  evening.calendar = model::EventCalendar({tonight(evening.start), premiere});
  const Instant fell = evening.start + 92min;
  evening.see_until(fell);
  evening.see([&](Instant at) { return evening.truth(at) * minutes_of(at - fell) / 8; }, fell,
              fell + 6min, 15s);
  EXPECT_TRUE(evening.doubted());
  evening.see_until(fell + 10min);
  EXPECT_FALSE(evening.doubted());
}

/// A window fills while an event begins, an hour late: most of those who fell are told, and a third
/// of those who have come is missing.
TEST(SuddenFall, IsNotOverWhileMoreAndMoreAreTold) {
  for (const int minutes : {6, 9}) {
    Evening evening;
    evening.late = 1h;
    const Instant fell = evening.start + evening.late - 3min;
    evening.see_until(fell);
    const auto told = [&](Instant at) {
      return evening.truth(at) * std::min(1.0, minutes_of(at - fell) / minutes);
    };
    const Instant most = fell + Seconds{minutes * 40};
    evening.see(told, fell, most, 15s);
    EXPECT_GT(told(most), 0.8 * evening.truth(fell));
    EXPECT_TRUE(evening.doubted()) << minutes;
    evening.see(told, most, fell + 20min, 15s);
    EXPECT_FALSE(evening.doubted()) << minutes;
  }
}

/// More of the source is lost while the first part is doubted, and comes back.
TEST(SuddenFall, IsNotOverWhenThePartThatWasLostLaterIsBack) {
  Evening evening;
  evening.fall_at(evening.start + 40min, 0.4);
  evening.fall_at(evening.start + 44min, 0.22);
  evening.see_until(evening.start + 64min);
  evening.fall_at(evening.start + 64min, 0.46);
  evening.see_until(evening.start + 80min);
  EXPECT_TRUE(evening.doubted());
  EXPECT_GE(evening.promised(), evening.truth(evening.seen));
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
