#include "kube/kept_answers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <string>

namespace edgetide::kube {
namespace {

using std::chrono::milliseconds;
using Answers = KeptAnswers<std::string, int>;

bool soon(const std::function<bool()>& holds) {
  for (int i = 0; i < 6000 && !holds(); ++i) std::this_thread::sleep_for(milliseconds{10});
  return holds();
}

TEST(KeptAnswers, TheFirstIsWaitedForAndServesUntilItIsOld) {
  std::atomic<int> asked = 0;
  Answers answers([&](const std::string&) -> Result<int> { return ++asked; });
  EXPECT_EQ(*answers.get("a"), 1);
  EXPECT_EQ(*answers.get("a"), 1);
  EXPECT_EQ(*answers.get("b"), 2);
  EXPECT_EQ(asked, 2);
}

TEST(KeptAnswers, ARefusalIsAnAnswer) {
  Answers answers([](const std::string& key) -> Result<int> {
    return Error{.code = ErrorCode::kNotFound, .message = key + " does not exist"};
  });
  EXPECT_EQ(answers.get("a").error().message, "a does not exist");
}

TEST(KeptAnswers, AnExceptionIsAnAnswerAndEndsNothing) {
  Answers answers([](const std::string& key) -> Result<int> {
    if (key == "a") throw std::bad_alloc();
    return 7;
  });
  EXPECT_EQ(answers.get("a").error().message, "std::bad_alloc");
  EXPECT_EQ(*answers.get("b"), 7);
}

TEST(KeptAnswers, AServerThatDoesNotAnswerHoldsUpNobodyForLong) {
  std::binary_semaphore answered{0};
  Answers answers(
      [&](const std::string&) -> Result<int> {
        answered.acquire();
        return 7;
      },
      {.patience = milliseconds{20}});
  EXPECT_EQ(answers.get("a").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(answers.get("a").error().message, "is still being read");
  answered.release();
  EXPECT_TRUE(soon([&] { return answers.get("a").ok(); }));
}

TEST(KeptAnswers, PatienceIsLostOnceAndNotForEveryKey) {
  std::counting_semaphore<> answered{0};
  Answers answers(
      [&](const std::string&) -> Result<int> {
        answered.acquire();
        return 7;
      },
      {.patience = milliseconds{400}});
  const auto began = std::chrono::steady_clock::now();
  for (int key = 0; key < 50; ++key) EXPECT_FALSE(answers.get(std::to_string(key)).ok());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{10});
  answered.release();
  EXPECT_TRUE(soon([&] { return answers.get("0").ok(); }));
  answered.release(50);  // for the others, before the thread is joined
}

TEST(KeptAnswers, AnOldOneServesWhileTheNextIsAskedFor) {
  std::atomic<int> asked = 0;
  std::counting_semaphore<> answered{1};
  Answers answers(
      [&](const std::string&) -> Result<int> {
        const int answer = ++asked;
        answered.acquire();
        return answer;
      },
      {.renew_after = milliseconds{20}});
  EXPECT_EQ(*answers.get("a"), 1);
  ASSERT_TRUE(soon([&] { return asked == 2; }));
  EXPECT_EQ(*answers.get("a"), 1) << "at once, beside the asking";
  answered.release();
  EXPECT_TRUE(soon([&] { return *answers.get("a") == 2; }));
  answered.release(2);
}

TEST(KeptAnswers, WhatNobodyWantsIsNotAskedForAnyMore) {
  std::atomic<int> asked = 0;
  Answers answers([&](const std::string&) -> Result<int> { return ++asked; },
                  {.renew_after = milliseconds{20}, .forget_after = milliseconds{60}});
  EXPECT_EQ(*answers.get("a"), 1);
  std::this_thread::sleep_for(milliseconds{200});
  const int asked_by_now = asked;
  EXPECT_LE(asked_by_now, 5);
  std::this_thread::sleep_for(milliseconds{100});
  EXPECT_EQ(asked, asked_by_now);
  EXPECT_GT(*answers.get("a"), asked_by_now);
}

}  // namespace
}  // namespace edgetide::kube
