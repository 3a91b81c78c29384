#include "kube/event_correlator.h"

#include <gtest/gtest.h>

#include "edgetide/core/time.h"

namespace edgetide::kube {
namespace {

const Instant kStart = *parse_instant("2026-12-05T20:00:00Z");
const ObjectKey kLive{.name_space = "video", .name = "live"};

/// What is written, a line each: "20:00 event" and "20:00 series 2".
class EventCorrelatorTest : public ::testing::Test {
 protected:
  void see(int second, std::string_view reason, const std::string& note = "",
           const std::string& cause = "") {
    const Instant now = kStart + Seconds{second};
    const auto telling =
        correlator_.see(kLive, {.reason = reason, .note = note, .cause = cause}, now);
    if (telling.series) tell(now, *telling.series);
    if (telling.event) {
      written_.push_back(clock_text(now) + " event");
      event_ = *telling.event;
    }
    for (const auto& series : correlator_.end_of(kLive, now)) tell(now, series);
  }
  void tell(Instant now, const EventSeries& series) {
    written_.push_back(clock_text(now) + " series of " + std::to_string(series.count) + " until " +
                       clock_text(series.last_seen));
  }
  void look(int second) {
    const Instant now = kStart + Seconds{second};
    for (const auto& series : correlator_.end_of(kLive, now)) tell(now, series);
  }

  EventCorrelator correlator_;
  std::vector<std::string> written_;
  std::string event_;
};

TEST_F(EventCorrelatorTest, TellsWhatLastsWhenItBeginsEachHalfHourAndWhenItHasEnded) {
  for (int second = 0; second <= 3000; second += 15) see(second, "Contended");
  look(3060);
  look(3135);
  look(3150);
  EXPECT_EQ(written_, (std::vector<std::string>{"20:00:00 event",                         //
                                                "20:00:15 series of 2 until 20:00:15",    //
                                                "20:30:15 series of 122 until 20:30:15",  //
                                                "20:52:15 series of 201 until 20:50:00"}));
}

TEST_F(EventCorrelatorTest, WhatHadEndedBeginsAnew) {
  see(0, "Contended");
  see(120, "Contended");
  see(241, "Contended");
  EXPECT_EQ(written_,
            (std::vector<std::string>{"20:00:00 event", "20:02:00 series of 2 until 20:02:00",
                                      "20:04:01 event"}));
}

TEST_F(EventCorrelatorTest, OtherNumbersAreAnEventAtTheHalfHour) {
  see(0, "CapacityShortfall", "2 are missing");
  for (int second = 60; second < 1900; second += 60)
    see(second, "CapacityShortfall", "9 are missing");
  EXPECT_EQ(written_,
            (std::vector<std::string>{"20:00:00 event", "20:01:00 series of 2 until 20:01:00",
                                      "20:31:00 series of 31 until 20:30:00", "20:31:00 event"}));
}

TEST_F(EventCorrelatorTest, AnotherCauseIsAnEventThatDoesNotWaitForTheHalfHour) {
  see(0, "CapacityShortfall", "12 are on the way", "ReplicasStarting");
  see(60, "CapacityShortfall", "spec.replicas.max is 40", "MaximumReached");
  EXPECT_EQ(written_, (std::vector<std::string>{"20:00:00 event", "20:01:00 event"}));
}

TEST_F(EventCorrelatorTest, CausesThatTakeTurnsAreAnEventAMinute) {
  for (int second = 0; second <= 60; second += 15)
    see(second, "CapacityShortfall", "", second % 30 == 0 ? "ReplicasStarting" : "MaximumReached");
  see(75, "CapacityShortfall", "", "MaximumReached");
  EXPECT_EQ(written_,
            (std::vector<std::string>{"20:00:00 event", "20:00:15 series of 2 until 20:00:15",
                                      "20:01:15 series of 5 until 20:01:00", "20:01:15 event"}));
}

TEST_F(EventCorrelatorTest, ChangesOfSizeAreAnEventAMinuteAndCountedBetween) {
  for (int second = 0; second < 100; second += 20) see(second, "ScaledUp");
  EXPECT_EQ(written_,
            (std::vector<std::string>{"20:00:00 event", "20:00:20 series of 2 until 20:00:20",
                                      "20:01:00 series of 3 until 20:00:40", "20:01:00 event",
                                      "20:01:20 series of 2 until 20:01:20"}));
}

TEST_F(EventCorrelatorTest, ReasonsAreCountedApart) {
  see(0, "Contended");
  see(0, "ScaledUp");
  EXPECT_EQ(written_, (std::vector<std::string>{"20:00:00 event", "20:00:00 event"}));
}

TEST_F(EventCorrelatorTest, OneObjectIsGivenTwentyFiveEventsAndThenOneInFiveMinutes) {
  int made = 0;
  for (int minute = 0; minute < 65; ++minute)
    made += correlator_.see(kLive, {.reason = "ScaledUp"}, kStart + Seconds{60 * minute})
                .event.has_value();
  EXPECT_EQ(made, 25 + 64 / 5);
  EXPECT_EQ(correlator_.held_back(), static_cast<std::uint64_t>(65 - made));
  EXPECT_TRUE(correlator_.see({"video", "other"}, {.reason = "ScaledUp"}, kStart).event);
}

TEST_F(EventCorrelatorTest, AnEventThatIsGoneIsMadeAgain) {
  see(0, "Contended");
  correlator_.forget_event(kLive, event_);
  see(15, "Contended");
  EXPECT_EQ(written_, (std::vector<std::string>{"20:00:00 event", "20:00:15 event"}));
}

}  // namespace
}  // namespace edgetide::kube
