#include "edgetide/forecast/load_watch.h"

#include <gtest/gtest.h>

#include "support/pools.h"

namespace edgetide::forecast {
namespace {

using namespace testing_support;

constexpr double kViewers = 400'000;
constexpr double kEgress = 2e12;
constexpr double kRequests = 100'000;

model::DemandReadings read(double viewers, std::optional<double> egress,
                           std::optional<double> requests, Instant at) {
  model::DemandReadings demand{.viewers = fresh(viewers, at)};
  if (egress) demand.egress = fresh(*egress, at);
  if (requests) demand.requests = fresh(*requests, at);
  return demand;
}

model::DoubtedFall fall() {
  return {.at = kEvening,
          .before = Viewers{kViewers},
          .until = kEvening + Seconds{3600},
          .event = "video/final"};
}

/// Half an hour of looks until the fall.
LoadWatch watched(std::optional<double> egress, std::optional<double> requests) {
  LoadWatch watch;
  for (Instant at = kEvening - Seconds{1800}; at < kEvening; at += Seconds{15})
    watch.note(read(kViewers, egress, requests, at), std::nullopt);
  return watch;
}

constexpr Instant kLater = kEvening + Seconds{180};

/// What it tells of that demand by the end of a minute of looks.
bool confirms(LoadWatch watch, model::DemandReadings demand) {
  for (int look = 0; look <= 4; ++look) {
    EXPECT_FALSE(watch.confirms()) << look;
    watch.note(demand, fall());
    for (auto* reading : {&demand.egress, &demand.requests, &demand.connections})
      if (*reading) (*reading)->at += Seconds{15};
    demand.viewers.at += Seconds{15};
  }
  return watch.confirms();
}

TEST(LoadWatch, ConfirmsWhatEveryOtherLoadShows) {
  const LoadWatch watch = watched(kEgress, kRequests);
  const auto shows = [&](std::optional<double> egress, std::optional<double> requests) {
    return confirms(watch, read(kViewers / 10, egress, requests, kLater));
  };
  EXPECT_TRUE(shows(kEgress / 10, kRequests / 10));
  EXPECT_TRUE(shows(kEgress / 7, kRequests / 10)) << "some load stays";
  EXPECT_TRUE(shows(kEgress / 10, std::nullopt));
  EXPECT_TRUE(shows(std::nullopt, kRequests / 10));
  EXPECT_FALSE(shows(kEgress, kRequests)) << "the source alone says so";
  EXPECT_FALSE(shows(kEgress / 10, kRequests)) << "one of them does not";
  EXPECT_FALSE(shows(kEgress / 3, kRequests / 10)) << "fewer are gone";
  EXPECT_FALSE(shows(std::nullopt, std::nullopt));
}

/// Only what shows it at each look for a minute; one scrape that is read again and again is one.
TEST(LoadWatch, ConfirmsWhatIsShownWithoutABreak) {
  const auto gone = [](Instant at) { return read(kViewers / 10, kEgress / 10, std::nullopt, at); };
  LoadWatch watch = watched(kEgress, std::nullopt);
  for (int look = 0; look < 10; ++look) {
    watch.note(gone(kLater), fall());
    ASSERT_FALSE(watch.confirms());
  }
  watch.note(gone(kLater + Seconds{60}), fall());
  ASSERT_TRUE(watch.confirms());
  const Instant then = kLater + Seconds{75};
  auto in_doubt = gone(then);
  in_doubt.viewers.freshness = model::Freshness::kPartial;
  for (const auto& breaks : {read(kViewers / 10, kEgress, std::nullopt, then), in_doubt}) {
    LoadWatch broken = watch;
    broken.note(breaks, fall());
    EXPECT_FALSE(broken.confirms());
    EXPECT_TRUE(confirms(broken, gone(then + Seconds{15})));
  }
  watch.note(gone(then), std::nullopt);
  EXPECT_FALSE(watch.confirms()) << "another fall is another matter";
}

TEST(LoadWatch, ConfirmsNothingInDoubt) {
  const LoadWatch watch = watched(kEgress, std::nullopt);
  auto demand = read(kViewers / 10, kEgress / 10, std::nullopt, kLater);
  demand.egress->freshness = model::Freshness::kPartial;
  EXPECT_FALSE(confirms(watch, demand));
}

/// After a restart nobody knows what was there before.
TEST(LoadWatch, ConfirmsNoFallFromBeforeItsFirstLook) {
  LoadWatch watch;
  const auto after = read(kViewers / 10, kEgress / 10, std::nullopt, kLater);
  for (int i = 0; i < 20; ++i) watch.note(after, fall());
  EXPECT_FALSE(confirms(watch, after));
}

/// What is read while a fall is doubted does not become what was there before.
TEST(LoadWatch, RemembersWhatWasThereForAsLongAsTheFallIsDoubted) {
  LoadWatch watch = watched(kEgress, std::nullopt);
  for (Instant at = kEvening; at < kEvening + Seconds{7200}; at += Seconds{15}) {
    const auto alone = read(kViewers / 10, kEgress, std::nullopt, at);
    watch.note(alone, fall());
    ASSERT_FALSE(watch.confirms());
  }
  EXPECT_TRUE(
      confirms(watch, read(kViewers / 20, kEgress / 20, std::nullopt, kEvening + Seconds{7200})));
}

/// Viewers that are counted by their connections fall as these do, whatever is wrong with them.
TEST(LoadWatch, AsksNoLoadThatViewersAreCountedBy) {
  LoadWatch watch;
  const auto counted = [](double viewers, Instant at) {
    model::DemandReadings demand{.viewers = fresh(viewers, at)};
    demand.connections = fresh(viewers, at);
    return demand;
  };
  for (Instant at = kEvening - Seconds{1800}; at < kEvening; at += Seconds{15})
    watch.note(counted(kViewers, at), std::nullopt);
  EXPECT_FALSE(confirms(watch, counted(kViewers / 10, kLater)));
}

}  // namespace
}  // namespace edgetide::forecast
