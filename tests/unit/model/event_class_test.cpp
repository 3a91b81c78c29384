#include "edgetide/model/event_class.h"

#include <gmock/gmock.h>

#include <cmath>

namespace edgetide::model {
namespace {

using testing::ElementsAre;
using testing::Field;

constexpr Instant kFirst{Seconds{1'796'500'800}};
constexpr Seconds kDay{86'400};

/// An evening that climbs to its peak in the middle.
EventOutcome evening(int day, double peak, std::string event_class = "cup") {
  EventOutcome outcome{.name = "video/" + event_class + std::to_string(day),
                       .event_class = std::move(event_class),
                       .start = kFirst + day * kDay};
  for (int bin = 0; bin < EventBins::kCount; ++bin)
    outcome.uplift.push_back(peak * (1 - std::abs(bin - 50) / 50.0));
  return outcome;
}

EventClass named(std::string name, std::string family = "") {
  return {.name = std::move(name), .family = std::move(family)};
}

EventClass taught(EventClass of, std::initializer_list<double> peaks) {
  int day = 0;
  for (const double peak : peaks) learn(of.learned, evening(day++, peak, of.name));
  return of;
}

double size(const std::optional<EventPrior>& prior) { return std::exp(prior->log_size); }

TEST(LearnedClass, RemembersEventsOnceAndNewestFirst) {
  LearnedClass learned;
  EXPECT_TRUE(learn(learned, evening(2, 300)));
  EXPECT_TRUE(learn(learned, evening(1, 100)));
  EXPECT_FALSE(learn(learned, evening(2, 300))) << "known";
  EXPECT_FALSE(learn(learned, evening(1, 100)));
  EXPECT_EQ(learned.events, 2);
  EXPECT_THAT(learned.last_events, ElementsAre(Field(&PastEvent::uplift, Viewers{300}),
                                               Field(&PastEvent::uplift, Viewers{100})));
  EXPECT_NEAR(log_size(learned).mean, (std::log(300) + std::log(100)) / 2, 1e-12);
  EXPECT_NEAR(log_size(learned).deviation, std::log(3) / std::sqrt(2), 1e-12);
}

TEST(LearnedClass, WhatWasKnownInPartIsCorrectedUpwards) {
  LearnedClass learned;
  learn(learned, evening(1, 100));
  EXPECT_FALSE(learn(learned, evening(1, 90))) << "a coarser look at the same evening";
  EXPECT_FALSE(learn(learned, evening(1, 104)));
  EXPECT_TRUE(learn(learned, evening(1, 200))) << "another pool of it";
  EXPECT_EQ(learned.last_events.front().uplift, Viewers{200});
  EXPECT_EQ(learned.events, 1);
}

TEST(LearnedClass, ForgetsAllButTheLastFortyEightAndIsNotTaughtByThemAgain) {
  LearnedClass learned;
  for (int day = 0; day < 60; ++day) learn(learned, evening(day, 100 + day));
  EXPECT_EQ(learned.events, 60);
  EXPECT_EQ(learned.last_events.size(), LearnedClass::kMostEvents);
  EXPECT_EQ(learned.last_events.back().uplift, Viewers{148});
  EXPECT_EQ(learned.earlier_events.size(), LearnedClass::kMostEarlierEvents);
  EXPECT_EQ(learned.earlier_events.front().uplift, Viewers{147});
  EXPECT_EQ(learned.earlier_events.back().uplift, Viewers{112});
  const auto before = learned;
  for (int day = 0; day < 60; ++day) EXPECT_FALSE(learn(learned, evening(day, 100 + day))) << day;
  EXPECT_EQ(learned, before) << "a restart reads its past again";
}

TEST(LearnedClass, TheSameEventsInAnyOrderTeachTheSameSizes) {
  LearnedClass forwards;
  LearnedClass backwards;
  for (int day = 0; day < 30; ++day) learn(forwards, evening(day, 100 + day));
  for (int day = 29; day >= 0; --day) learn(backwards, evening(day, 100 + day));
  EXPECT_EQ(backwards.events, 30);
  EXPECT_EQ(backwards.last_events, forwards.last_events);
  EXPECT_EQ(backwards.earlier_events, forwards.earlier_events);
}

/// As a class had it that remembered twelve events: its past, read again, brings sizes back and
/// counts for no second time.
TEST(LearnedClass, WhatWasForgottenIsRememberedAgainAndNotCountedTwice) {
  LearnedClass learned;
  for (int day = 0; day < 20; ++day) learn(learned, evening(day, 100 + day));
  const LearnedClass whole = learned;
  learned.earlier_events.clear();
  for (int day = 0; day < 20; ++day) learn(learned, evening(day, 100 + day));
  EXPECT_EQ(learned, whole);
}

TEST(LearnedClass, AnEventThatBroughtNobodyTeachesNothing) {
  LearnedClass learned;
  EXPECT_FALSE(learn(learned, evening(1, 0)));
  EventOutcome unseen{.name = "video/x", .event_class = "cup", .start = kFirst};
  EXPECT_FALSE(learn(learned, unseen));
  unseen.uplift.assign(EventBins::kCount, -1.0);
  EXPECT_FALSE(learn(learned, unseen));
  EXPECT_EQ(learned, LearnedClass{});
}

TEST(LearnedClass, TheProfileIsTheMeanCourseOfItsEvents) {
  LearnedClass learned;
  learn(learned, evening(1, 100));
  ASSERT_EQ(learned.profile.size(), 100U);
  EXPECT_DOUBLE_EQ(learned.profile[50], 1);
  EXPECT_DOUBLE_EQ(learned.profile[25], 0.5);
  auto flat = evening(2, 400);
  for (double& uplift : flat.uplift) uplift = 400;
  for (const int unseen : {30, 31, 32}) flat.uplift[unseen] = -1;
  for (int bin = 80; bin < 100; ++bin) flat.uplift[bin] = -1;
  learn(learned, flat);
  EXPECT_DOUBLE_EQ(learned.profile[25], 0.75);
  EXPECT_DOUBLE_EQ(learned.profile[31], (0.62 + 1) / 2) << "a gap is bridged";
  EXPECT_DOUBLE_EQ(learned.profile[90], 0.2) << "what was not reached is not zero";
}

TEST(ExpectedOf, NothingIsKnownOfNothing) {
  EXPECT_EQ(expected_of("cup", {}), std::nullopt);
  EXPECT_EQ(expected_of("cup", {named("cup")}), std::nullopt);
}

TEST(ExpectedOf, TheOpinionCountsWhileNothingWasLearned) {
  auto cup = named("cup");
  cup.prior_peak = Viewers{100'000};
  cup.prior_spread = 3;
  const auto prior = expected_of("cup", {cup});
  EXPECT_NEAR(size(prior), 100'000, 1);
  EXPECT_NEAR(prior->spread, std::log(3), 1e-12);
  EXPECT_EQ(prior->degrees, 3);
  EXPECT_EQ(prior->profile, nullptr);
}

TEST(ExpectedOf, AFirstEventIsExpectedAsItsFamilyElseAsAllOthers) {
  const auto league = taught(named("league", "football"), {20'000, 20'000, 20'000});
  const auto show = taught(named("show", "tv"), {500, 500, 500});
  const auto first = expected_of("cup", {named("cup", "football"), league, show});
  EXPECT_NEAR(size(first), 20'000, 1);
  EXPECT_NEAR(first->spread, 0.5, 1e-9);
  ASSERT_NE(first->profile, nullptr);
  EXPECT_EQ(first->profile_events, 1) << "of another class: one event's worth";
  const auto stranger = expected_of("cup", {named("cup", "opera"), league, show});
  EXPECT_NEAR(std::log(size(stranger)), (std::log(20'000) + std::log(500)) / 2, 1e-9);
  EXPECT_GT(stranger->spread, 0.9);
  EXPECT_EQ(stranger->profile, nullptr);
}

TEST(ExpectedOf, FewEventsAreDrawnToTheFamilyAndBelievedLittle) {
  auto cup = taught(named("cup", "football"), {20'000, 20'000, 20'000});
  const auto league = taught(named("league", "football"), {40'000, 40'000});
  // w = 0.35^2 / 0.5^2 = 0.49
  const auto prior = expected_of("cup", {cup, league});
  EXPECT_NEAR(size(prior), 20'000 * std::pow(2, 0.49 / 3.49), 1);
  EXPECT_EQ(prior->degrees, 6);
  // (0 + 2 * 0.35^2) / 4 * (1 + 1/3)
  EXPECT_NEAR(prior->spread, std::sqrt(2 * 0.35 * 0.35 / 4 * 4 / 3), 1e-9);
  cup = taught(cup, {20'000, 20'000, 20'000, 20'000, 20'000, 20'000, 20'000, 20'000});
  const auto many = expected_of("cup", {cup, league});
  EXPECT_LT(many->log_size, prior->log_size);
  EXPECT_LT(many->spread, prior->spread);
  EXPECT_GT(many->degrees, prior->degrees);
}

TEST(ExpectedOf, APoolExpectsItsShare) {
  auto cup = named("cup");
  cup.prior_peak = Viewers{100'000};
  const auto part = expected_of("cup", {cup})->scaled(0.25);
  EXPECT_NEAR(std::exp(part.log_size), 25'000, 1);
  EXPECT_NEAR(std::exp(part.log_share), 0.25, 1e-9);
}

TEST(ExpectedOf, TellsTheSizesOfAllThatIsRememberedOfTheClassItself) {
  auto cup = named("cup", "football");
  for (int day = 0; day < 30; ++day) learn(cup.learned, evening(day, 100 + day));
  const auto prior = expected_of("cup", {cup});
  ASSERT_NE(prior->past, nullptr);
  ASSERT_EQ(prior->past->size(), 30U);
  EXPECT_EQ(prior->past->front().start, kFirst + 29 * kDay);
  EXPECT_NEAR(std::exp(prior->past->back().log_size), 100, 1e-9);
  EXPECT_EQ(expected_of("league", {cup, named("league", "football")})->past, nullptr);
}

}  // namespace
}  // namespace edgetide::model
