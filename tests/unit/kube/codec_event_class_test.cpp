#include <gtest/gtest.h>

#include "unit/kube/codec_cases.h"

namespace edgetide::kube {
namespace {

TEST(CodecEventClass, SaysWhatWasWritten) {
  const auto decoded = decode_event_class(read_kind("eventclasses").full);
  ASSERT_TRUE(decoded.ok()) << text_of(decoded.problems);
  EXPECT_EQ(decoded.value, (model::EventClass{.name = "football-knockout",
                                              .family = "football",
                                              .prior_peak = Viewers{250'000},
                                              .prior_spread = 1.5,
                                              .ramp_up = Seconds{30 * 60},
                                              .overrun = Seconds{90 * 60},
                                              .learned = {}}));
}

json::Value taught() {
  json::Value object = read_kind("eventclasses").full;
  object["status"] = read_contract("eventclass_status.json")["status"];
  return object;
}

// The API server is held to the same file.
TEST(CodecEventClass, WhatWasLearnedComesBackAsItWasWritten) {
  const auto learned = decode_event_class(taught()).value.learned;
  EXPECT_EQ(learned.events, 15);
  ASSERT_EQ(learned.last_events.size(), 3U);
  EXPECT_EQ(
      learned.last_events[0],
      (model::PastEvent{"video/final", *parse_instant("2026-12-05T20:00:00Z"), Viewers{40'000}}));
  ASSERT_EQ(learned.earlier_events.size(), 2U);
  EXPECT_EQ(learned.earlier_events[0],
            (model::PastEvent{"video/quarter-d", *parse_instant("2026-11-28T16:00:00Z"),
                              Viewers{5'000}}));
  EXPECT_EQ(learned.profile, (std::vector<double>{0, 0.25, 1}));
  EXPECT_EQ(encode_event_class_status("taught", learned), read_contract("eventclass_status.json"));
}

/// One that was written before there were earlier events says all that it said, and is written as
/// it was: older definitions know no more.
TEST(CodecEventClass, AStatusWithoutEarlierEventsStaysOne) {
  json::Value object = taught();
  object["status"].erase("earlierEvents");
  const auto learned = decode_event_class(object).value.learned;
  EXPECT_EQ(learned.events, 15);
  EXPECT_EQ(learned.last_events.size(), 3U);
  EXPECT_TRUE(learned.earlier_events.empty());
  EXPECT_EQ(encode_event_class_status("taught", learned)["status"], object["status"]);
}

/// A status is written by programs: what of it makes no sense is left out, and the spec still
/// holds.
TEST(CodecEventClass, WhatMakesNoSenseInAStatusIsLeftOut) {
  json::Value object = taught();
  auto& status = object["status"];
  status["events"] = -3;
  status["lastEvents"][0]["viewers"] = 0;
  status["lastEvents"][1]["start"] = "yesterday";
  status["lastEvents"].push_back("an event");
  status["earlierEvents"][0].erase("name");
  status["earlierEvents"][1]["start"] = 5;
  status["profile"] = {-5, "x", 4000};
  const auto decoded = decode_event_class(object);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value.learned.events, 1);
  ASSERT_EQ(decoded.value.learned.last_events.size(), 1U);
  EXPECT_EQ(decoded.value.learned.last_events[0].name, "video/semi-a");
  EXPECT_TRUE(decoded.value.learned.earlier_events.empty());
  EXPECT_EQ(decoded.value.learned.profile, (std::vector<double>{0, 0, 1}));
  for (const json::Value& nonsense :
       {json::Value("learned"), json::Value(3), json::Value::array(), json::Value(nullptr)}) {
    object["status"] = nonsense;
    EXPECT_EQ(decode_event_class(object).value.learned, model::LearnedClass{});
  }
}

TEST(CodecEventClass, AStatusIsNoLongerThanTheSchemaTakes) {
  model::LearnedClass learned;
  for (int day = 0; day < 60; ++day) {
    model::EventOutcome outcome{.name = std::string(300, 'x'), .start = Instant{Seconds{day}}};
    outcome.uplift.assign(model::EventBins::kCount, 1e18);
    model::learn(learned, outcome);
  }
  const auto status = encode_event_class_status("x", learned)["status"];
  EXPECT_EQ(status["lastEvents"].size(), 12U);
  EXPECT_EQ(status["earlierEvents"].size(), 36U);
  EXPECT_EQ(status["profile"].size(), 100U);
  EXPECT_EQ(status["lastEvents"][0]["viewers"], 1'000'000'000'000'000);
  EXPECT_EQ(status["events"], 60);
}

TEST(CodecEventClass, OfAStatusThatIsTooLongNoMoreIsReadThanTheSchemaTakes) {
  json::Value object = taught();
  for (const char* events : {"lastEvents", "earlierEvents"}) {
    for (int i = 0; i < 100; ++i)
      object["status"][events].push_back(json::Value(object["status"][events][0]));
  }
  const auto learned = decode_event_class(object).value.learned;
  EXPECT_EQ(learned.last_events.size(), 12U);
  EXPECT_EQ(learned.earlier_events.size(), 36U);
}

}  // namespace
}  // namespace edgetide::kube
