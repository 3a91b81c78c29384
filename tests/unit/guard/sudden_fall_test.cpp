#include <gtest/gtest.h>

#include "edgetide/guard/verify.h"
#include "edgetide/model/reasons.h"
#include "scene.h"

namespace edgetide::guard {
namespace {

GuardInputs while_doubted(const Scene& scene) {
  GuardInputs inputs = scene.inputs();
  inputs.doubted_fall = {.at = kEvening - Seconds{600},
                         .before = Viewers{412'345},
                         .until = kEvening + Seconds{3600},
                         .event = "video/final"};
  return inputs;
}

TEST(SuddenFallGuard, LowersNothing) {
  const Scene scene;
  const auto guarded = sudden_fall(while_doubted(scene), fleet({4, 12, 10}));
  EXPECT_EQ(guarded.fleet, fleet({10, 12, 10}));
  ASSERT_TRUE(guarded.verdict);
  EXPECT_EQ(guarded.verdict->reason, model::reason::kSuddenFall);
  EXPECT_EQ(guarded.verdict->before, Replicas{26});
  EXPECT_EQ(guarded.verdict->after, Replicas{32});
  const std::vector<std::string> parts{"412,345", clock_text(kEvening - Seconds{600}),
                                       to_string(kEvening + Seconds{3600}), "video/final"};
  for (const std::string& part : parts)
    EXPECT_NE(guarded.verdict->detail.find(part), std::string::npos) << part;
}

TEST(SuddenFallGuard, SaysSoWhateverIsWanted) {
  const Scene scene;
  const auto guarded = sudden_fall(while_doubted(scene), fleet({11, 12, 10}));
  EXPECT_EQ(guarded.fleet, fleet({11, 12, 10}));
  EXPECT_EQ(reason_of(guarded), model::reason::kSuddenFall);
}

TEST(SuddenFallGuard, HasNothingToSayWhereNoneIsDoubted) {
  const Scene scene;
  const auto guarded = sudden_fall(scene.inputs(), fleet({4, 12, 10}));
  EXPECT_EQ(guarded.fleet, fleet({4, 12, 10}));
  EXPECT_FALSE(guarded.verdict);
}

TEST(SuddenFallGuard, IsVerified) {
  const Scene scene;
  const auto violations = verify(while_doubted(scene), fleet({9, 10, 10}));
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations.front().rule, "BelievedFallToLower");
  EXPECT_TRUE(verify(scene.inputs(), fleet({9, 10, 10})).empty());
}

}  // namespace
}  // namespace edgetide::guard
