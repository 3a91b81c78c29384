// What is told after a while in which nothing could be read.

#include <gtest/gtest.h>

#include "evening.h"

namespace edgetide::forecast {
namespace {

/// After a week of such matches, each of which was over by then.
struct EveningOfASeason : Evening {
  explicit EveningOfASeason(Seconds over = 115min) {
    std::vector<model::StreamEvent> matches;
    for (int day = 0; day < 7; ++day) {
      matches.push_back(tonight(kMonday + day * 24h + 20h));
      matches.back().name += std::to_string(day);
    }
    start = matches.back().start;
    calendar = model::EventCalendar(matches);
    state = {};
    seen = start - 1h;
    const auto past = [&](Instant at) {
      const Instant played = std::chrono::floor<std::chrono::days>(at) + 20h;
      return at < played + over ? watching(played, at) : kBase;
    };
    see(past, kMonday, seen);
  }

  /// Nothing is read for so long; then the source is wrong, or many are gone.
  void silent_until(Instant at, Seconds silence, double to) {
    see_until(at - silence);
    seen = at;
    fall_at(at, to);
  }
};

TEST(SuddenFallInASilence, IsDoubtedWhileItsLikeHoldTheirAudience) {
  for (const auto silence : {3min, 5min, 8min, 20min, 30min}) {
    for (const double share : {0.1, 0.2, 0.4}) {
      EveningOfASeason evening;
      const Instant fell = evening.start + 60min;
      evening.silent_until(fell, silence, share);
      ASSERT_TRUE(evening.doubted()) << silence.count() << " " << share;
      EXPECT_EQ(evening.doubted()->at, fell);
      for (int i = 0; i < 5; ++i) {
        evening.see_until(evening.seen + 5min);
        EXPECT_GE(evening.promised(), evening.truth(evening.seen)) << silence.count();
      }
      evening.share = 1;
      evening.see_until(evening.seen + 1min);
      EXPECT_FALSE(evening.doubted()) << silence.count() << " " << share;
    }
  }
}

/// Those are expected who have come meanwhile.
TEST(SuddenFallInASilence, IsDoubtedOverTheKickOff) {
  EveningOfASeason evening;
  const Instant fell = evening.start + 5min;
  evening.silent_until(fell, 10min, 0.1);
  ASSERT_TRUE(evening.doubted());
  EXPECT_GE(evening.promised(), evening.truth(evening.seen));
  evening.see_until(fell + 20min);
  EXPECT_GE(evening.promised(), 0.95 * evening.truth(evening.seen));
}

/// Nobody saw them come, and fewer are told than were there before they came.
TEST(SuddenFallInASilence, IsDoubtedWhereItHidTheRamp) {
  for (const auto silence : {12min, 25min, 40min}) {
    EveningOfASeason evening;
    const Instant back = evening.start + 5min;
    evening.silent_until(back, silence, 0.1);
    ASSERT_TRUE(evening.doubted()) << silence.count();
    EXPECT_EQ(evening.doubted()->at, back);
    for (int i = 0; i < 11; ++i) {
      EXPECT_GE(evening.promised(), 0.95 * evening.truth(evening.seen)) << silence.count();
      evening.see_until(evening.seen + 5min);
    }
    evening.share = 1;
    evening.see_until(evening.seen + 1min);
    EXPECT_FALSE(evening.doubted()) << silence.count();
  }
}

/// Of an event whose like was not seen, what it is announced to bring.
TEST(SuddenFallInASilence, IsDoubtedWhereItHidTheRampOfWhatWasAnnounced) {
  Evening evening;
  evening.see_until(evening.start - 20min);
  evening.seen = evening.start + 5min;
  evening.fall_at(evening.seen, 0.1);
  ASSERT_TRUE(evening.doubted());
  EXPECT_GE(evening.promised(), evening.truth(evening.seen));
}

/// A part of them is told, or it is late, or brings few: nobody can tell these apart.
TEST(SuddenFallInASilence, IsDoubtedAsAnyOtherWhereAnEventMayNotHaveCome) {
  for (const double told : {kBase, 1.5 * kBase}) {
    EveningOfASeason evening;
    const Instant back = evening.start + 5min;
    const double planned = evening.truth(back);
    evening.see_until(evening.start - 20min);
    evening.see(constant(told), back, back + 14min, 15s);
    EXPECT_GE(evening.peak(back + 14min).quantile.count(), 0.7 * planned) << told;
    EXPECT_FALSE(evening.doubted()) << told;
    evening.see(constant(told), back + 14min, back + 17min, 15s);
    EXPECT_LT(evening.peak(back + 17min).quantile.count(), 0.7 * planned) << told;
  }
}

/// Nobody who was not there before has left.
TEST(SuddenFallInASilence, IsNoneOfAPoolThatIsSeenFirst) {
  Evening evening;
  evening.state = {};
  evening.seen = evening.start + 20min;
  evening.see(constant(kBase), evening.seen, evening.seen + 1min, 15s);
  EXPECT_EQ(evening.state.recent.held_until, 0);
}

/// Seen to be late before the silence.
TEST(SuddenFallInASilence, IsNoneWhereAnEventWasSeenNotToCome) {
  EveningOfASeason evening;
  evening.see(constant(kBase), evening.seen, evening.start - 3min, 15s);
  const Instant back = evening.start + 25min;
  evening.see(constant(0.7 * kBase), back, back + 1min, 15s);
  EXPECT_FALSE(evening.doubted());
  EXPECT_LT(evening.state.recent.held_until, back.time_since_epoch().count());
}

/// At the announced end, and after it, everybody may have gone.
TEST(SuddenFallInASilence, IsNoneOverTheEnd) {
  for (const auto back : {112min, 118min, 130min, 150min}) {
    EveningOfASeason evening;
    evening.silent_until(evening.start + back, 15min, 0.2);
    EXPECT_FALSE(evening.doubted()) << back.count();
  }
}

TEST(SuddenFallInASilence, IsNoneWhereItsLikeWereOver) {
  EveningOfASeason evening(Seconds{80min});
  evening.silent_until(evening.start + 90min, 15min, 0.2);
  EXPECT_FALSE(evening.doubted());
}

/// Half of those who are there for it have gone; or all who are there for something else.
TEST(SuddenFallInASilence, IsNoneWhereTheEventMayHoldWhoIsLeft) {
  EveningOfASeason evening;
  evening.silent_until(evening.start + 60min, 15min, 0.5);
  EXPECT_FALSE(evening.doubted());
  EveningOfASeason beside_another;
  const double others = 900'000;
  const auto crowd = [&](Instant at) { return others + beside_another.truth(at); };
  const Instant gone = beside_another.start + 60min;
  beside_another.see(crowd, beside_another.seen, gone - 15min, 15s);
  beside_another.seen = gone;
  beside_another.see_until(gone + 1min);
  EXPECT_FALSE(beside_another.doubted());
}

/// Announced, and played hours later: what is there is not there for it.
TEST(SuddenFallInASilence, IsNoneInAnEventThatHasNotCome) {
  EveningOfASeason evening;
  evening.see(constant(kBase), evening.seen, evening.start + 45min, 15s);
  evening.see(constant(0.2 * kBase), evening.start + 60min, evening.start + 61min, 15s);
  EXPECT_FALSE(evening.doubted());
}

/// Nobody knows when such a thing ends.
TEST(SuddenFallInASilence, IsNoneWhereNoLikeWasSeen) {
  Evening evening;
  evening.see_until(evening.start + 45min);
  const Instant back = evening.seen += 15min;
  evening.fall_at(back, 0.2);
  EXPECT_FALSE(evening.doubted());
  EXPECT_LT(evening.state.recent.held_until, back.time_since_epoch().count());
}

/// Most are there for something else, or may have been there for it and gone.
TEST(SuddenFallInASilence, IsNoneWhereItHidASmallEventOrAllOfOne) {
  Evening evening;
  auto small = match(evening.start);
  small.expected_peak = Viewers{1.2 * kBase};
  evening.calendar = model::EventCalendar({small});
  const Instant back = evening.start + 30min;
  evening.see(constant(kBase), evening.seen, evening.start - 20min, 15s);
  evening.see(constant(0.5 * kBase), back, back + 1min, 15s);
  EXPECT_LT(evening.state.recent.held_until, back.time_since_epoch().count());
  EveningOfASeason over;
  const Instant end = over.start + 105min;
  over.silent_until(end, 125min, 0.1);
  EXPECT_LT(over.state.recent.held_until, end.time_since_epoch().count());
}

/// Nobody has said how many it brings.
TEST(SuddenFallInASilence, IsNoneWhereWhatTheEventBringsIsAGuess) {
  Evening evening;
  evening.calendar = model::EventCalendar({match(evening.start)});
  evening.see_until(evening.start - 20min);
  const Instant back = evening.seen = evening.start + 25min;
  evening.fall_at(back, 0.05);
  EXPECT_FALSE(evening.doubted());
  EXPECT_LT(evening.state.recent.held_until, back.time_since_epoch().count());
}

/// A number far too high that is right again.
TEST(SuddenFallInASilence, IsNoneAtTheEndOfASpike) {
  EveningOfASeason evening;
  evening.fall_at(evening.start + 40min, 10);
  evening.silent_until(evening.start + 60min, 10min, 1);
  EXPECT_FALSE(evening.doubted());
}

/// Nobody saw them fall, in a silence; what they come back to is no spike.
TEST(SuddenFallInASilence, IsNoBeginningOfASpikeWhereTheyComeBack) {
  Evening evening;
  evening.see_until(evening.start + 50min);
  evening.seen += 17min;
  evening.share = 0.3;
  evening.fall_at(evening.seen + 8min, 1);
  EXPECT_FALSE(evening.doubted());
  evening.fall_at(evening.seen + 25min, 0.3);
  EXPECT_TRUE(evening.doubted());
}

}  // namespace
}  // namespace edgetide::forecast
