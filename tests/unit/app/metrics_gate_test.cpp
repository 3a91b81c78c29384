#include "app/metrics_gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace edgetide::app {
namespace {

using namespace std::chrono_literals;
using http::Admission;

class MetricsGateTest : public testing::Test {
 protected:
  Admission told(const std::string& token, const std::string& path = "/metrics") {
    std::promise<Admission> verdict;
    gate_.judge({.path = path, .token = token},
                [&](Admission admission) { verdict.set_value(admission); });
    return verdict.get_future().get();
  }

  std::atomic<MetricsGate::SteadyTime> now_{MetricsGate::SteadyTime{}};
  std::atomic<int> reviews_ = 0;
  std::atomic<bool> down_ = false;
  MetricsGate gate_{[this](const std::string& token) -> Result<Admission> {
                      ++reviews_;
                      if (down_) return Error{.code = ErrorCode::kUnavailable};
                      if (token == "throws") throw std::bad_alloc();
                      if (token == "prometheus") return Admission::kAdmitted;
                      return token == "somebody" ? Admission::kForbidden
                                                 : Admission::kUnauthenticated;
                    },
                    [this] { return now_.load(); }};
};

TEST_F(MetricsGateTest, TheReviewDecidesAboutMetricsAndTheProbesAreForEverybody) {
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted);
  EXPECT_EQ(told("somebody"), Admission::kForbidden);
  EXPECT_EQ(told("nobody"), Admission::kUnauthenticated);
  EXPECT_EQ(reviews_, 3);
  EXPECT_EQ(told(""), Admission::kUnauthenticated);
  EXPECT_EQ(told("", "/livez"), Admission::kAdmitted);
  EXPECT_EQ(reviews_, 3) << "neither needs one";
}

TEST_F(MetricsGateTest, AnExceptionIsNoVerdictAndEndsNothing) {
  EXPECT_EQ(told("throws"), Admission::kUnknown);
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted);
}

TEST_F(MetricsGateTest, AVerdictIsKeptForAWhile) {
  static_cast<void>(told("prometheus"));
  static_cast<void>(told("somebody"));
  now_ = now_.load() + 29s;
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted);
  EXPECT_EQ(told("somebody"), Admission::kForbidden);
  EXPECT_EQ(reviews_, 2);
  now_ = now_.load() + 1s;
  EXPECT_EQ(told("somebody"), Admission::kForbidden);
  EXPECT_EQ(reviews_, 3);
  now_ = now_.load() + 90s;
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted);
  EXPECT_EQ(reviews_, 4);
}

TEST_F(MetricsGateTest, WhatCannotBeFoundOutIsNotAllowedAndAskedAgain) {
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted);
  down_ = true;
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted) << "known from before";
  now_ = now_.load() + 120s;
  EXPECT_EQ(told("prometheus"), Admission::kUnknown);
  down_ = false;
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted) << "an error is no verdict";
}

TEST_F(MetricsGateTest, WrongTokensTakeNoMoreThanSomeMemory) {
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted);
  for (int guess = 0; guess < 1'000; ++guess)
    ASSERT_EQ(told("guess " + std::to_string(guess)), Admission::kUnauthenticated);
  EXPECT_EQ(told("prometheus"), Admission::kAdmitted);
}

TEST(MetricsGateQueue, TooManyWhoWaitAndThoseWhoComeAfterTheEndAreTurnedAway) {
  std::promise<void> answered;
  const auto answer = answered.get_future().share();
  MetricsGate gate([&](const std::string&) -> Result<Admission> {
    answer.wait();
    return Admission::kAdmitted;
  });
  std::atomic<int> admitted = 0;
  std::atomic<int> unknown = 0;
  const auto count = [&](Admission admission) {
    ++(admission == Admission::kAdmitted ? admitted : unknown);
  };
  for (int visitor = 0; visitor < 100; ++visitor)
    gate.judge({.path = "/metrics", .token = std::to_string(visitor)}, count);
  EXPECT_GE(unknown, 35);
  answered.set_value();
  gate.stop();
  EXPECT_EQ(admitted + unknown, 100) << "each is told";
  gate.judge({.path = "/metrics", .token = "late"}, count);
  EXPECT_EQ(admitted + unknown, 101);
}

}  // namespace
}  // namespace edgetide::app
