#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

constexpr double kBase = 2000;

TEST(EventMemory, WeighsAnOpinionAgainstTheRecord) {
  auto event = match(kMonday);
  EventMemory memory;
  EXPECT_NEAR(std::exp(memory.size_of(event, kBase).log_mean), kBase, 1);  // doubled, if unknown
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(10000);
  for (int i = 0; i < 4; ++i) memory.learn({class_id("football"), 0, 10000, kBase, uplift});
  const SizeBelief record = memory.size_of(event, kBase);
  EXPECT_NEAR(std::exp(record.log_mean), 10000, 1);
  event.expected_peak = Viewers{kBase + 40000};
  const SizeBelief both = memory.size_of(event, kBase);
  EXPECT_GT(std::exp(both.log_mean), 11000);
  EXPECT_LT(std::exp(both.log_mean), 40000);
  EXPECT_LT(both.spread, record.spread);
}

TEST(EventMemory, CallsAGuessWhatNobodyHasSeenOrSaid) {
  EventMemory memory;
  auto event = match(kMonday);
  EXPECT_TRUE(memory.size_of(event, kBase).guessed);
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(10000);
  memory.learn({class_id("tennis"), 0, 10000, kBase, uplift});
  EXPECT_TRUE(memory.size_of(event, kBase).guessed) << "tennis is no football";

  auto announced = event;
  announced.expected_peak = Viewers{kBase + 40000};
  EXPECT_FALSE(memory.size_of(announced, kBase).guessed);
  announced.expected_peak = Viewers{1e300};
  EXPECT_TRUE(memory.size_of(announced, kBase).guessed) << "no opinion";
  auto known_elsewhere = event;
  known_elsewhere.prior = model::EventPrior{};
  EXPECT_FALSE(memory.size_of(known_elsewhere, kBase).guessed);

  memory.learn({class_id("football"), 0, 10000, kBase, uplift});
  EXPECT_FALSE(memory.size_of(event, kBase).guessed);
}

TEST(EventKind, IsTheHourAndTheDayOfTheStart) {
  EXPECT_EQ(event_kind(2 * 24h + 15h), 0);
  EXPECT_EQ(event_kind(4 * 24h + 17h), 1);
  EXPECT_EQ(event_kind(5 * 24h + 16h + 59min), 2);
  EXPECT_EQ(event_kind(7 * 24h - 1s), 3);
}

/// Matches on working days bring many in the afternoon, those at weekends hardly anybody.
TEST(EventMemory, TellsTheKindsOfAClassApart) {
  EventMemory memory;
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(-1);
  const auto event = match(kMonday);
  const int working_afternoon = event_kind(15h);
  const int weekend = event_kind(5 * 24h + 15h);
  const int evening = event_kind(20h);
  ASSERT_NE(working_afternoon, weekend);
  for (int i = 0; i < 6; ++i) {
    memory.learn({class_id("football"), working_afternoon, 100'000, kBase, uplift});
    memory.learn({class_id("football"), weekend, 2'000, kBase, uplift});
  }
  const auto size = [&](int kind) { return std::exp(memory.size_of(event, kBase, kind).log_mean); };
  EXPECT_GT(size(working_afternoon), 50'000);
  EXPECT_LT(size(weekend), 4'000);
  // For a kind that was never seen the class speaks, and knows how little that says.
  EXPECT_NEAR(size(evening), std::sqrt(100'000.0 * 2'000), 2'000);
  EXPECT_GT(memory.size_of(event, kBase, evening).spread,
            3 * memory.size_of(event, kBase, weekend).spread);
}

TEST(EventMemory, IsSurerOfWhatItHasSeenOften) {
  EventMemory memory;
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(-1);
  double spread = memory.size_of(match(kMonday), kBase).spread;
  for (int i = 0; i < 10; ++i) {
    memory.learn({class_id("football"), 0, 10000.0 + 100 * (i % 3), kBase, uplift});
    const double next = memory.size_of(match(kMonday), kBase).spread;
    EXPECT_LT(next, spread) << i;
    spread = next;
  }
}

TEST(EventMemory, KnowsTheMostSeenOfManyClasses) {
  EventMemory memory;
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(-1);
  for (int i = 0; i < 5; ++i) memory.learn({class_id("football"), 0, 50000, kBase, uplift});
  for (int i = 0; i < 40; ++i)
    memory.learn({class_id("one-off " + std::to_string(i)), 0, 3000, kBase, uplift});
  EXPECT_GT(std::exp(memory.size_of(match(kMonday), kBase).log_mean), 25000);
}

TEST(EventMemory, ShapeRisesFromTheRampToAPeakAndIsOverAfterTheOverrun) {
  const EventMemory memory;
  const auto event = match(kMonday);
  EXPECT_EQ(memory.shape(-120, event), 0);
  double last = 0;
  for (double minute = -60; minute <= 170; minute += 5) {
    const double share = memory.shape(minute, event);
    EXPECT_GE(share, last) << minute;
    EXPECT_LE(share, 1) << minute;
    last = share;
  }
  EXPECT_EQ(memory.shape(180, event), 0);
  EXPECT_GT(memory.shape(0, event) - memory.shape(-15, event),
            memory.shape(-15, event) - memory.shape(-45, event));
}

}  // namespace
}  // namespace edgetide::forecast
