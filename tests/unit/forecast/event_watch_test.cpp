#include "edgetide/forecast/event_watch.h"

#include <gtest/gtest.h>

#include "series.h"

namespace edgetide::forecast {
namespace {

using namespace std::chrono_literals;

const Instant kStart = kMonday + 20h;

/// 2,000 viewers, and 30,000 more from ten minutes before the start until two hours after it.
double with_a_match(Instant at) {
  return at >= kStart - 10min && at < kStart + 2h ? 32'000 : 2'000;
}

std::vector<model::EventOutcome> watched(const std::vector<model::StreamEvent>& events,
                                         const Curve& curve, Instant from, Instant to,
                                         Seconds step = 60s) {
  EventWatch watch;
  watch.advance(sampled(curve, from, to, step), model::EventCalendar(events));
  return watch.take_finished();
}

TEST(EventWatch, TellsWhatAnEventBroughtOnceItIsOver) {
  const auto event = match(kStart);
  EventWatch watch;
  const model::EventCalendar calendar({event});
  watch.advance(sampled(with_a_match, kMonday, event.overrun_end()), calendar);
  EXPECT_TRUE(watch.take_finished().empty()) << "it may still run";
  watch.advance(sampled(with_a_match, event.overrun_end(), kMonday + 24h), calendar);
  const auto finished = watch.take_finished();
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].name, event.name);
  EXPECT_EQ(finished[0].event_class, "football");
  EXPECT_EQ(finished[0].start, kStart);
  ASSERT_EQ(finished[0].uplift.size(), 100U);
  EXPECT_EQ(finished[0].uplift[2], -1) << "before its ramp of 45 minutes";
  EXPECT_EQ(finished[0].uplift[10], 0);
  EXPECT_EQ(finished[0].uplift[17], 30'000) << "nine minutes before";
  EXPECT_EQ(finished[0].uplift[59], 30'000);
  EXPECT_EQ(finished[0].uplift[62], 0);
  EXPECT_TRUE(watch.take_finished().empty()) << "told once";
}

/// Samples every quarter of a minute to every five minutes, in one piece or in many.
TEST(EventWatch, SeesTheSameByAnyStep) {
  for (const auto step : {15s, 60s, 300s}) {
    const auto outcomes = watched({match(kStart)}, with_a_match, kMonday, kMonday + 24h, step);
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(std::ranges::max(outcomes[0].uplift), 30'000);
  }
}

TEST(EventWatch, WhatWasNotSeenFromBeforeItsStartTeachesNothing) {
  EXPECT_TRUE(watched({match(kStart)}, with_a_match, kStart + 1min, kMonday + 24h).empty());
  EXPECT_EQ(watched({match(kStart)}, with_a_match, kStart - 20min, kMonday + 24h).size(), 1U);
}

TEST(EventWatch, NeitherDoesOneThatNobodyCameTo) {
  EXPECT_TRUE(watched({match(kStart)}, constant(2000), kMonday, kMonday + 24h).empty());
}

TEST(EventWatch, NorOneWithoutAClass) {
  EXPECT_TRUE(watched({match(kStart, "")}, with_a_match, kMonday, kMonday + 24h).empty());
}

TEST(EventWatch, OneThatIsMovedOrCancelledIsWatchedNoMore) {
  EventWatch watch;
  watch.advance(sampled(with_a_match, kMonday, kStart + 30min),
                model::EventCalendar({match(kStart)}));
  watch.advance(sampled(with_a_match, kStart + 30min, kMonday + 24h),
                model::EventCalendar({match(kStart + 48h)}));
  EXPECT_TRUE(watch.take_finished().empty());
}

TEST(EventWatch, OfThoseThatStartTogetherOneCountsForAll) {
  auto other = match(kStart, "tennis");
  other.name = "video/tennis";
  EXPECT_EQ(watched({match(kStart), other}, with_a_match, kMonday, kMonday + 24h).size(), 1U);
}

TEST(EventWatch, AHugeCalendarOfTheFutureCostsNothing) {
  std::vector<model::StreamEvent> events;
  for (int i = 0; i < 100'000; ++i) {
    events.push_back(match(kStart + i * 1h));
    events.back().name += std::to_string(i);
  }
  const auto took = [](const auto& work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::steady_clock::now() - begun;
  };
  const auto alone = took([&] { EXPECT_FALSE(model::EventCalendar(events).events().empty()); });
  const auto all = took(
      [&] { EXPECT_GE(watched(events, with_a_match, kMonday, kMonday + 28 * 24h).size(), 1U); });
  EXPECT_LT(all, 10 * alone) << "a look at each event with every sample takes far more";
}

}  // namespace
}  // namespace edgetide::forecast
