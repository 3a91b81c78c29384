// What the measured bitrate of a viewer promises, over random nights by fixed seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "edgetide/forecast/bitrate_meter.h"
#include "support/chance.h"
#include "support/pools.h"

namespace edgetide::forecast {
namespace {

using testing_support::Chance;
using testing_support::kEvening;

constexpr int kNights = 300;
constexpr int kLooks = 2'000;

EgressSample sample(Instant at, double rate, double utilization, double viewers = 10'000) {
  const double egress = rate * viewers;
  return {.at = at,
          .viewers = Viewers{viewers},
          .egress = BitsPerSecond{egress},
          .sustained = BitsPerSecond{std::nextafter(egress / utilization, 0)}};
}

/// A rate around `usual`, by a factor of up to `spread` either way.
double rate_around(double usual, double spread, Chance& chance) {
  return usual * std::pow(spread, chance.whole(-1000, 1000) / 1000.0);
}

/// However little a full network lets through, and for however long: it teaches nothing.
TEST(Bitrate, IsNotMovedByCongestion) {
  for (int seed = 0; seed < kNights; ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed));
    BitrateMeter meter;
    Instant now = kEvening;
    for (int look = 0; look < 100; ++look, now += Seconds{15})
      meter.observe(sample(now, rate_around(4e6, 1.5, chance), chance.whole(1, 59) / 100.0));
    const BitrateMeter before = meter;
    for (int look = 0; look < kLooks; ++look, now += Seconds{chance.whole(1, 900)}) {
      meter.observe(sample(now, rate_around(1e6, 3, chance), chance.whole(60, 120) / 100.0));
      ASSERT_EQ(meter, before) << seed;
    }
    ASSERT_TRUE(meter.bitrate().has_value());
  }
}

/// Within a bin of the 75th percentile, counted by sorting.
TEST(Bitrate, IsThe75thPercentileOfUncongestedMoments) {
  for (int seed = 0; seed < kNights; ++seed) {
    Chance chance(static_cast<std::uint64_t>(seed));
    BitrateMeter meter;
    std::vector<double> rates;
    Instant now = kEvening;
    for (int look = 0; look < 480; ++look, now += Seconds{15}) {
      rates.push_back(rate_around(3e6, 2, chance));
      meter.observe(sample(now, rates.back(), chance.whole(1, 59) / 100.0));
    }
    std::ranges::sort(rates);
    // Older moments count for a tenth less: the percentile may be that of a few samples beside it.
    ASSERT_GE(meter.bitrate()->count(), rates[330] / 1.06) << seed;
    ASSERT_LE(meter.bitrate()->count(), rates[390] * 1.06) << seed;
  }
}

TEST(Bitrate, FollowsANewLadderWithinADay) {
  BitrateMeter meter;
  Instant now = kEvening;
  const auto watch = [&](double rate, int hours) {
    for (int look = 0; look < hours * 240; ++look, now += Seconds{15})
      meter.observe(sample(now, rate, 0.4));
    return meter.bitrate()->count();
  };
  EXPECT_NEAR(watch(5e6, 48), 5e6, 0.05 * 5e6);
  EXPECT_NEAR(watch(3e6, 12), 5e6, 0.05 * 5e6);  // three quarters have to agree
  EXPECT_NEAR(watch(3e6, 13), 3e6, 0.05 * 3e6);
  EXPECT_NEAR(watch(6e6, 6), 6e6, 0.05 * 6e6);  // and a quarter is enough for more
}

/// Few watch at night, and something else: what they take is not what the evening will.
TEST(Bitrate, CountsByViewersAndNotByHours) {
  BitrateMeter meter;
  Instant now = kEvening;
  const auto watch = [&](double rate, double utilization, double viewers, int hours) {
    for (int look = 0; look < hours * 240; ++look, now += Seconds{15})
      meter.observe(sample(now, rate, utilization, viewers));
  };
  for (int day = 0; day < 4; ++day) {
    watch(3e6, 0.8, 20'000, 4);
    watch(8e6, 0.1, 20, 8);
    watch(3e6, 0.4, 20'000, 12);
    EXPECT_NEAR(meter.bitrate()->count(), 3e6, 0.05 * 3e6) << day;
  }
}

TEST(Bitrate, SaysNothingBeforeItHasSeenTenMinutes) {
  BitrateMeter meter;
  Instant now = kEvening;
  for (int look = 0; look < 39; ++look, now += Seconds{15}) {
    meter.observe(sample(now, 4e6, 0.3));
    ASSERT_FALSE(meter.bitrate()) << look;
  }
  meter.observe(sample(now, 4e6, 0.3));
  EXPECT_TRUE(meter.bitrate());
}

TEST(Bitrate, IsTakenUpAfterARestartAndStaysWhatItWas) {
  BitrateMeter meter;
  meter.resume(BitsPerSecond{4.2e6});
  double told = meter.bitrate()->count();
  EXPECT_NEAR(told, 4.2e6, 0.05 * 4.2e6);
  for (int restart = 0; restart < 100; ++restart) {
    BitrateMeter next;
    next.resume(BitsPerSecond{std::ceil(told)});
    EXPECT_NEAR(next.bitrate()->count(), told, 1e-3 * told);
    told = next.bitrate()->count();
  }
  Instant now = kEvening;
  for (int look = 0; look < 240; ++look, now += Seconds{15}) meter.observe(sample(now, 2e6, 0.3));
  EXPECT_NEAR(meter.bitrate()->count(), 4.2e6, 0.06 * 4.2e6);  // an hour is no argument against it
}

/// Nobody watching, nothing sent, no time passed, no number: no moment to learn from.
TEST(Bitrate, LearnsNothingFromMomentsThatSayNothing) {
  BitrateMeter meter;
  meter.observe(sample(kEvening, 4e6, 0.3));
  const BitrateMeter before = meter;
  const auto without = [&](auto change) {
    EgressSample nothing = sample(kEvening + Seconds{15}, 4e6, 0.3);
    change(nothing);
    meter.observe(nothing);
    EXPECT_EQ(meter, before);
  };
  without([](auto& s) { s.viewers = Viewers{0}; });
  without([](auto& s) { s.viewers = Viewers{std::nan("")}; });
  without([](auto& s) { s.egress = BitsPerSecond{0}; });
  without([](auto& s) { s.egress = BitsPerSecond{std::nan("")}; });
  without([](auto& s) { s.sustained = BitsPerSecond{0}; });
  without([](auto& s) { s.at = kEvening; });
  without([](auto& s) { s.at = kEvening - Seconds{60}; });
}

}  // namespace
}  // namespace edgetide::forecast
