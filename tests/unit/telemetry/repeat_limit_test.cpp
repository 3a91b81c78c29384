#include "telemetry/repeat_limit.h"

#include <gtest/gtest.h>

namespace edgetide::telemetry {
namespace {

using namespace std::chrono_literals;

class RepeatLimitTest : public testing::Test {
 protected:
  int admitted(int lines) {
    int said = 0;
    for (int line = 0; line < lines; ++line)
      said += limit_.admit("port " + std::to_string(line), now_) ? 1 : 0;
    return said;
  }

  RepeatLimit limit_;
  RepeatLimit::SteadyTime now_{};
};

TEST_F(RepeatLimitTest, FiveAMinuteAndThenTheirNumber) {
  EXPECT_EQ(admitted(12), 5);
  now_ += 59s;
  EXPECT_EQ(admitted(1), 0);
  now_ += 1s;
  EXPECT_EQ(limit_.admit("port 80", now_), 8) << "what was left out is told once";
  EXPECT_EQ(limit_.admit("port 80", now_), 0);
}

TEST_F(RepeatLimitTest, LinesOfOtherWordsAreNotHeldBack) {
  EXPECT_EQ(admitted(12), 5);
  EXPECT_EQ(limit_.admit("quay 1", now_), 0);
}

TEST_F(RepeatLimitTest, ItsMemoryEnds) {
  EXPECT_EQ(admitted(12), 5);
  for (int name = 0; name < 1'000; ++name)
    ASSERT_TRUE(limit_.admit(std::string(static_cast<std::size_t>(name), 'x'), now_));
  EXPECT_EQ(admitted(12), 5) << "rather said again than kept for ever";
}

}  // namespace
}  // namespace edgetide::telemetry
