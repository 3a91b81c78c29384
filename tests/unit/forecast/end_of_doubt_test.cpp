// Who is back, and who only seems to be.

#include <gtest/gtest.h>

#include "edgetide/forecast/sudden_fall.h"
#include "evening.h"

namespace edgetide::forecast {
namespace {

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

}  // namespace
}  // namespace edgetide::forecast
