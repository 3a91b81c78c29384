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
  evening.seen += 15min;
  evening.fall_at(evening.seen, 0.2);
  EXPECT_FALSE(evening.doubted());
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
