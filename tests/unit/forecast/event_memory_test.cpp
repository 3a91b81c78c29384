#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>

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

/// Of the past readings five minutes apart are asked for, and bins are of three.
TEST(EventMemory, LearnsTheSameCourseFromReadingsFartherApart) {
  const auto watched = [](Instant at) {
    const Instant start = std::chrono::floor<std::chrono::days>(at) + 20h;
    const double minute = minutes_of(at - start);
    const double come = std::clamp((minute + 45) / 60, 0.0, 1.0);
    return kBase + 40000 * come * std::exp(-std::max(0.0, minute - 115) / 15);
  };
  const auto learned = [&](Seconds step) {
    Watch watch;
    std::vector<model::StreamEvent> matches;
    for (int day = 0; day < 4; ++day) {
      matches.push_back(match(kMonday + day * 24h + 20h));
      matches.back().name += std::to_string(day);
    }
    watch.calendar = model::EventCalendar(matches);
    watch.see(watched, kMonday, kMonday + 4 * 24h, step);
    return watch.state.events;
  };
  const auto event = match(kMonday + 4 * 24h + 20h);
  const EventMemory by_minute = learned(60s);
  const EventMemory by_five = learned(300s);
  for (double minute = -30; minute < 180; minute += 1)
    EXPECT_NEAR(by_five.shape(minute, event), by_minute.shape(minute, event), 0.08) << minute;
}

TEST(EventKind, IsTheHourAndTheDayOfTheStart) {
  EXPECT_EQ(event_kind(2 * 24h + 15h), 0);
  EXPECT_EQ(event_kind(4 * 24h + 17h), 1);
  EXPECT_EQ(event_kind(5 * 24h + 16h + 59min), 2);
  EXPECT_EQ(event_kind(7 * 24h - 1s), 3);
}

constexpr Seconds kWorkingAfternoon{15h};
constexpr Seconds kWorkingEvening{20h};
constexpr Seconds kWeekendAfternoon{5 * 24h + 15h};

/// Of a match at that time of the week.
SizeBelief belief_at(const EventMemory& memory, Seconds time_of_week,
                     std::optional<model::EventPrior> prior = std::nullopt) {
  auto event = match(kMonday);
  event.start = kMonday + time_of_week;
  event.prior = std::move(prior);
  return memory.size_by_kind(event, kBase, {});
}

double size_at(const EventMemory& memory, Seconds time_of_week,
               std::optional<model::EventPrior> prior = std::nullopt) {
  return std::exp(belief_at(memory, time_of_week, std::move(prior)).log_mean);
}

/// Matches on working days bring many in the afternoon, those at weekends hardly anybody.
TEST(EventMemory, TellsTheKindsOfAClassApart) {
  EventMemory memory;
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(-1);
  for (int i = 0; i < 6; ++i) {
    memory.learn({class_id("football"), event_kind(kWorkingAfternoon), 100'000, kBase, uplift});
    memory.learn({class_id("football"), event_kind(kWeekendAfternoon), 2'000, kBase, uplift});
  }
  EXPECT_GT(size_at(memory, kWorkingAfternoon), 50'000);
  EXPECT_LT(size_at(memory, kWeekendAfternoon), 4'000);
  // For a kind that was never seen the class speaks, and knows how little that says.
  EXPECT_NEAR(size_at(memory, kWorkingEvening), std::sqrt(100'000.0 * 2'000), 2'000);
  EXPECT_GT(belief_at(memory, kWorkingEvening).spread,
            3 * belief_at(memory, kWeekendAfternoon).spread);
}

/// What the class was taught by other pools, of which this one has a tenth of the audience.
model::EventPrior taught_by_kind() {
  auto past = std::make_shared<std::vector<model::PastSize>>();
  for (int week = 6; week > 0; --week) {
    const Instant monday = kMonday - week * 7 * 24h;
    past->push_back({monday + kWeekendAfternoon, std::log(20'000)});
    past->push_back({monday + kWorkingAfternoon, std::log(1'000'000)});
  }
  std::ranges::reverse(*past);
  model::EventPrior prior{.log_size = (std::log(20'000) + std::log(1'000'000)) / 2,
                          .spread = 2,
                          .past = std::move(past)};
  return prior.scaled(0.1);
}

TEST(EventMemory, KindsAreLentByTheClassWhereThePoolHasSeenNone) {
  const EventMemory memory;
  EXPECT_GT(size_at(memory, kWorkingAfternoon, taught_by_kind()), 70'000);
  EXPECT_LT(size_at(memory, kWeekendAfternoon, taught_by_kind()), 3'000);
  EXPECT_NEAR(size_at(memory, kWorkingEvening, taught_by_kind()), std::sqrt(100'000.0 * 2'000), 1);
  EXPECT_LT(belief_at(memory, kWeekendAfternoon, taught_by_kind()).spread, 0.5)
      << "events of a kind are more alike than those of the class";
}

/// Its own events say how large they are, the class by how much a kind of them differs.
TEST(EventMemory, AKindThatThePoolHasNotSeenIsMovedAsTheClassTells) {
  EventMemory memory;
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(-1);
  for (int i = 0; i < 12; ++i)
    memory.learn({class_id("football"), event_kind(kWorkingEvening), 500, kBase, uplift});
  EXPECT_GT(size_at(memory, kWorkingAfternoon, taught_by_kind()), 2'000);
  EXPECT_LT(size_at(memory, kWeekendAfternoon, taught_by_kind()), 200);
  EXPECT_NEAR(size_at(memory, kWorkingEvening, taught_by_kind()), 500, 100);
}

/// What it has seen of one kind is neither taken for the whole class when others are asked of, nor
/// moved as if it were: six matches, or one, as small as the class says of weekends at its share.
TEST(EventMemory, APoolThatKnowsOneKindIsLentTheOthersAndKeepsItsOwn) {
  const double stranger = size_at(EventMemory{}, kWorkingAfternoon, taught_by_kind());
  const double stranger_in_the_evening = size_at(EventMemory{}, kWorkingEvening, taught_by_kind());
  std::array<float, EventMemory::kBins> uplift;
  uplift.fill(-1);
  EventMemory memory;
  for (int seen = 1; seen <= 6; ++seen) {
    memory.learn({class_id("football"), event_kind(kWeekendAfternoon), 2'000, kBase, uplift});
    EXPECT_GT(size_at(memory, kWorkingAfternoon, taught_by_kind()), 0.99 * stranger) << seen;
    EXPECT_LT(size_at(memory, kWorkingAfternoon, taught_by_kind()), 100'000) << seen;
    EXPECT_GE(size_at(memory, kWeekendAfternoon, taught_by_kind()), 2'000) << seen;
    EXPECT_LT(size_at(memory, kWeekendAfternoon, taught_by_kind()), 2'400) << seen;
    // A kind that the class does not know either is like the class on the whole.
    EXPECT_NEAR(size_at(memory, kWorkingEvening, taught_by_kind()), stranger_in_the_evening,
                0.01 * stranger_in_the_evening);
    EXPECT_GT(belief_at(memory, kWorkingEvening, taught_by_kind()).spread, 1);
  }
}

/// Noon in Greenwich and three hours later are one kind there, and two kinds farther east.
TEST(EventMemory, KindsGoByTheClockOfThePool) {
  const EventMemory memory;
  auto event = match(kMonday);
  event.start = kMonday + 12h;
  event.prior = taught_by_kind();
  const model::UtcOffsets east({{Instant{}, 4h}});
  EXPECT_GT(std::exp(memory.size_by_kind(event, kBase, {}).log_mean), 70'000);
  EXPECT_LT(std::exp(memory.size_by_kind(event, kBase, east).log_mean), 20'000);
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
