#include "edgetide/core/thrown.h"

#include <gtest/gtest.h>

#include <chrono>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

namespace edgetide {
namespace {

std::string told;

struct ThrownTest : testing::Test {
  ThrownTest() {
    told.clear();
    set_on_thrown([](Work work, std::string_view words) {
      told += std::string(to_string(work)) + ": " + std::string(words) + "\n";
    });
  }
  ~ThrownTest() override { set_on_thrown(nullptr); }
};

TEST_F(ThrownTest, AnExceptionBecomesTheOutcomeAndIsCountedAndTold) {
  const auto before = times_thrown(Work::kPast);
  const auto outcome = contain(Work::kPast, []() -> Result<int> { throw std::bad_alloc(); });
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(outcome.error().message, "std::bad_alloc");
  EXPECT_EQ(times_thrown(Work::kPast), before + 1);
  EXPECT_EQ(told, "past: std::bad_alloc\n");
}

TEST_F(ThrownTest, WhatThrowsNothingIsItsOwnOutcome) {
  EXPECT_EQ(*contain(Work::kPast, []() -> Result<int> { return 7; }), 7);
  EXPECT_TRUE(contain(Work::kPast, [] {}).ok());
  EXPECT_EQ(told, "");
}

TEST_F(ThrownTest, WhatIsNoExceptionOfTheLibraryIsContainedToo) {
  EXPECT_EQ(contain(Work::kSend, [] { throw 7; }).error().message, "an exception");
}

TEST_F(ThrownTest, WhoIsToldMayThrow) {
  set_on_thrown([](Work, std::string_view) { throw std::runtime_error("no memory for a line"); });
  EXPECT_FALSE(contain(Work::kSend, [] { throw 7; }).ok());
}

TEST_F(ThrownTest, AThreadGoesOnAfterAMoment) {
  int done = 0;
  const auto began = std::chrono::steady_clock::now();
  std::stop_source source;
  std::jthread([&] {
    keep_doing(Work::kMemory, source.get_token(), [&] {
      if (++done == 1) throw std::bad_alloc();
      source.request_stop();
    });
  }).join();
  EXPECT_EQ(done, 2);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds{900});
}

TEST_F(ThrownTest, EveryWorkHasAWordOfItsOwn) {
  std::string words;
  for (int i = 0; i <= static_cast<int>(kLastWork); ++i) {
    const auto word = to_string(static_cast<Work>(i));
    ASSERT_FALSE(word.empty());
    EXPECT_EQ(words.find(" " + std::string(word) + " "), std::string::npos);
    words += " " + std::string(word) + " ";
  }
}

}  // namespace
}  // namespace edgetide
