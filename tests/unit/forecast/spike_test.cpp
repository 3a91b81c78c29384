// Numbers that were too high, and what they leave behind.

#include <gtest/gtest.h>

#include "evening.h"

namespace edgetide::forecast {
namespace {

/// A number ten times too high that is right again.
TEST(SuddenFallAfterASpike, IsNoneAtItsEnd) {
  Evening evening;
  evening.fall_at(evening.start + 40min, 10);
  evening.see_until(evening.start + 60min);
  evening.share = 1;
  evening.see_until(evening.start + 62min);
  EXPECT_FALSE(evening.doubted());
  evening.see_until(evening.start + 80min);
  EXPECT_LT(evening.promised(), 2 * evening.truth(evening.seen));
}

/// One spike has one end: what falls by as much later falls from what is true.
TEST(SuddenFallAfterASpike, IsDoubted) {
  Evening evening;
  evening.spike_at(evening.start + 10min, 10);
  evening.see_until(evening.start + 19min);
  EXPECT_FALSE(evening.doubted());
  const Instant fell = evening.start + 73min;
  evening.fall_at(fell, 0.1);
  ASSERT_TRUE(evening.doubted());
  EXPECT_EQ(evening.doubted()->at, fell);
  evening.see_until(fell + 20min);
  EXPECT_GE(evening.promised(), evening.truth(evening.seen));
}

/// A number that is ten times too high now and again.
TEST(SuddenFallAfterASpike, IsNoneAtTheEndOfAnother) {
  for (const auto later : {8min, 40min}) {
    Evening evening;
    evening.spike_at(evening.start + 10min, 10);
    const Instant again = evening.seen + later;
    evening.fall_at(again, 4);
    evening.fall_at(again + 1min, 10);
    evening.fall_at(again + 4min, 1);
    evening.see_until(again + 10min);
    EXPECT_FALSE(evening.doubted()) << later.count();
  }
}

/// A dip was doubted before it, and who came back after that dip were never as many.
TEST(SuddenFallAfterASpike, IsNoneWhereADipWentBefore) {
  Evening evening;
  evening.fall_at(evening.start + 20min, 0.1);
  evening.fall_at(evening.start + 25min, 1);
  evening.see_until(evening.start + 60min);
  EXPECT_FALSE(evening.doubted());
  evening.spike_at(evening.start + 60min, 10);
  EXPECT_FALSE(evening.doubted());
  evening.see_until(evening.start + 80min);
  EXPECT_LT(evening.promised(), 2 * evening.truth(evening.seen));
}

/// Nor does one end the doubt of the dip that it comes in.
TEST(SuddenFallAfterASpike, IsDoubtedWhereASpikeCameInADip) {
  Evening evening;
  evening.fall_at(evening.start + 40min, 0.2);
  evening.fall_at(evening.start + 50min, 2.5);
  evening.fall_at(evening.start + 53min, 0.2);
  while (evening.seen < evening.start + 100min) {
    evening.see_until(evening.seen + 5min);
    EXPECT_TRUE(evening.doubted());
    EXPECT_GE(evening.promised(), evening.truth(evening.seen));
  }
}

/// A number that is too high now and again, as of two sources that take turns.
TEST(SuddenFallAfterASpike, IsNoneWhereANumberFlaps) {
  for (const Seconds every : {15s, 60s, 120s}) {
    for (const double high : {3.1, 10.0}) {
      Evening evening;
      Instant turn = evening.start + 30min;
      for (int turns = 0; turns < 10; ++turns) {
        for (const double share : {high, 1.0}) {
          evening.see_until(turn);
          evening.share = share;
          evening.see_until(turn += every);
          EXPECT_FALSE(evening.doubted()) << every.count() << ' ' << high << ' ' << turns;
        }
      }
      evening.see_until(turn + 20min);
      EXPECT_FALSE(evening.doubted());
      EXPECT_LT(evening.promised(), 2 * evening.truth(evening.seen));
      evening.fall_at(turn + 22min, 0.1);
      EXPECT_TRUE(evening.doubted()) << every.count() << ' ' << high;
    }
  }
}

/// Not even soon after a spike is what comes back after a fall one.
TEST(SuddenFallAfterASpike, IsDoubtedAfterADipThatFollowed) {
  Evening evening;
  evening.spike_at(evening.start + 10min, 10);
  evening.fall_at(evening.start + 30min, 0.1);
  evening.fall_at(evening.start + 40min, 1);
  EXPECT_FALSE(evening.doubted());
  evening.fall_at(evening.start + 60min, 0.1);
  EXPECT_TRUE(evening.doubted());
}

/// Those who are told again hours after a part of the source was lost are as many as habit or the
/// event expects: the next loss of that part is none that ends a spike.
TEST(SuddenFallAfterALoss, IsDoubted) {
  for (const auto back : {-90min, -30min, 20min}) {
    Evening evening;
    evening.begin_anew();
    evening.see(constant(kBase), kMonday, evening.seen);
    evening.fall_at(evening.seen, 0.2);
    evening.fall_at(evening.start + back, 1);
    EXPECT_FALSE(evening.doubted()) << back.count();
    const Instant again = evening.start + 50min;
    evening.fall_at(again, 0.2);
    ASSERT_TRUE(evening.doubted()) << back.count();
    EXPECT_EQ(evening.doubted()->at, again);
    evening.see_until(again + 30min);
    EXPECT_GE(evening.promised(), evening.truth(evening.seen)) << back.count();
  }
}

/// Where nothing is known of habits a rise may be those who were not told before.
TEST(SuddenFallAfterALoss, IsDoubtedWhereNothingElseWasSeenBefore) {
  Evening evening;
  evening.begin_anew();
  evening.share = 0.2;
  evening.fall_at(evening.start - 90min, 1);
  evening.fall_at(evening.start + 50min, 0.2);
  EXPECT_TRUE(evening.doubted());
}

/// Who was there before the event is not what was told when its ramp began.
TEST(SuddenFallAfterASpike, IsDoubtedWhereTheRampBeganInIt) {
  for (const auto lasts : {7min, 25min}) {
    Evening evening;
    evening.spike_at(evening.start - 50min, 10, lasts);
    const Instant fell = evening.start + 50min;
    evening.fall_at(fell, 0.1);
    ASSERT_TRUE(evening.doubted()) << lasts.count();
    EXPECT_EQ(evening.doubted()->at, fell);
    evening.see_until(fell + 25min);
    EXPECT_GE(evening.promised(), evening.truth(evening.seen)) << lasts.count();
  }
}

/// Nobody saw how fast it went down.
TEST(SuddenFallAfterASpike, IsDoubtedWhereTheRampBeganInItAndASilenceHidItsEnd) {
  Evening evening;
  evening.fall_at(evening.start - 50min, 10);
  evening.see_until(evening.start - 43min);
  evening.seen += 8min;
  evening.share = 1;
  evening.fall_at(evening.start + 50min, 0.1);
  EXPECT_TRUE(evening.doubted());
}

/// As large as the spike was, and minutes after its end.
TEST(SuddenFallAfterASpike, IsDoubtedSoonAfterItsEnd) {
  Evening evening;
  evening.spike_at(evening.start + 40min, 4, 10min);
  evening.fall_at(evening.start + 54min, 0.3);
  EXPECT_TRUE(evening.doubted());
}

/// From those who were there, and no more from what was told before the spike's end.
TEST(SuddenFallAfterASpike, IsOneFromThoseWhoWereThere) {
  Evening evening;
  evening.spike_at(evening.start + 40min, 10);
  const Instant fell = evening.start + 52min;
  evening.fall_at(fell, 0.1);
  ASSERT_TRUE(evening.doubted());
  EXPECT_NEAR(evening.doubted()->before.count(), evening.truth(fell), 0.01 * evening.truth(fell));
  evening.see_until(fell + 30min);
  EXPECT_GE(evening.promised(), evening.truth(evening.seen));
  EXPECT_LT(evening.promised(), 3 * evening.truth(evening.seen));
  evening.share = 1;
  evening.see_until(fell + 31min);
  EXPECT_FALSE(evening.doubted());
}

}  // namespace
}  // namespace edgetide::forecast
