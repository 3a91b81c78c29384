#include "edgetide/core/small_vector.h"

#include <gtest/gtest.h>

#include <numeric>
#include <utility>

namespace edgetide {
namespace {

using Numbers = SmallVector<int, 3>;

constexpr int kCounts[] = {0, 1, 2, 3, 4, 5, 20};

/// 0, 1, 2 and so on.
std::vector<int> expected(int count) {
  std::vector<int> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

Numbers one_by_one(int count) {
  Numbers numbers;
  for (const int number : expected(count)) numbers.push_back(number);
  return numbers;
}

std::vector<int> all_of(const Numbers& numbers) { return {numbers.begin(), numbers.end()}; }

TEST(SmallVector, HoldsFewAndManyAlike) {
  for (const int count : kCounts) {
    const auto all = expected(count);
    const Numbers numbers = one_by_one(count);
    EXPECT_EQ(all_of(numbers), all);
    EXPECT_EQ(numbers.size(), all.size());
    EXPECT_EQ(numbers.empty(), all.empty());
    EXPECT_EQ(numbers, Numbers(all.begin(), all.end()));
    EXPECT_EQ(all_of(Numbers(all.size(), 7)), std::vector(all.size(), 7));
    if (count == 0) continue;
    EXPECT_EQ(numbers.front(), 0);
    EXPECT_EQ(numbers.back(), count - 1);
    EXPECT_EQ(numbers[numbers.size() / 2], count / 2);
  }
}

TEST(SmallVector, IsEqualToWhatHoldsTheSame) {
  EXPECT_EQ((Numbers{0, 1, 2, 3}), one_by_one(4));
  EXPECT_NE((Numbers{0, 1, 2}), one_by_one(4));
  EXPECT_NE((Numbers{0, 1}), (Numbers{0, 2}));
  EXPECT_NE((Numbers{0}), (Numbers{0, 0}));
}

TEST(SmallVector, IsCopiedWhole) {
  for (const int count : kCounts) {
    Numbers numbers = one_by_one(count);
    Numbers copy = one_by_one(1);
    copy = numbers;
    numbers.push_back(-1);
    EXPECT_EQ(all_of(copy), expected(count));
    numbers.clear();
    EXPECT_TRUE(numbers.empty());
    EXPECT_EQ(all_of(copy), expected(count));
  }
}

TEST(SmallVector, IsWholeAfterAMoveAndMayBeUsedAnew) {
  for (const int count : kCounts) {
    Numbers from = one_by_one(count);
    const Numbers to = std::move(from);
    EXPECT_EQ(all_of(to), expected(count));
    EXPECT_EQ(from.size(), count > 3 ? 0 : to.size());
    from.clear();
    from.push_back(5);
    EXPECT_EQ(all_of(from), std::vector{5});
  }
}

TEST(SmallVector, TakesOneOfItsOwn) {
  Numbers numbers{4, 5, 6};
  for (int i = 0; i < 10; ++i) numbers.push_back(numbers.front());
  EXPECT_EQ(numbers.size(), 13U);
  EXPECT_EQ(numbers.back(), 4);
}

TEST(SmallVector, EndsTheProcessBeyondItsEnd) {
  const Numbers numbers = one_by_one(2);
  EXPECT_DEATH(static_cast<void>(numbers[2]), "");
  EXPECT_DEATH(static_cast<void>(Numbers().back()), "");
}

}  // namespace
}  // namespace edgetide
