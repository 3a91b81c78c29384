#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "edgetide/planning/capacity_outlook.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;
using std::chrono::hours;
using testing::HasSubstr;
namespace reason = model::reason;

/// Ten replicas in each of three domains, of which the second is rebuilt in the others.
struct Loss {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {10, 10, 10}, fresh(10'000));
  model::EventCalendar calendar;
  bool rebuilt = true;

  Loss() { observation.domains[1].ready = Replicas{0}; }

  [[nodiscard]] model::CapacityOutlook outlook(double viewers) const {
    const forecast::DayAhead step{.at = kEvening + hours{20},
                                  .median = Viewers{viewers},
                                  .high = Viewers{viewers},
                                  .high_after_loss = Viewers{viewers}};
    return *capacity_outlook({.pool = pool,
                              .observation = observation,
                              .calendar = calendar,
                              .outages = {{.domain = 1,
                                           .since = kEvening - hours{1},
                                           .standing = Replicas{10},
                                           .rebuilt = rebuilt}}},
                             {&step, 1}, kEvening);
  }
};

TEST(OutlookOfALoss, TellsWhatTheOthersHaveNoRoomFor) {
  Loss loss;
  loss.pool.replicas.max = Replicas{130};
  // 80 serving: 120 over three domains; 160 over two, beside the ten that are asked for in b.
  const auto outlook = loss.outlook(60'000);
  ASSERT_EQ(outlook.shortfalls.size(), 1u);
  const auto& ahead = outlook.shortfalls.front();
  EXPECT_EQ(ahead.cause, reason::kDomainLost);
  EXPECT_EQ(ahead.required, Replicas{170});
  EXPECT_EQ(ahead.available, Replicas{130});
  EXPECT_EQ(ahead.viewers, Viewers{15'000}) << "60 of 120 are left where one is lost as well";
  EXPECT_THAT(ahead.detail,
              HasSubstr("nothing of domain b has served since " + to_string(kEvening - hours{1}) +
                        "; there is enough once it serves again, and meanwhile "
                        "spec.replicas.max is 130: raise it to 170"));
}

TEST(OutlookOfALoss, IsNotItsCauseWhereThereIsTooLittleWithItAsWell) {
  Loss loss;
  loss.pool.replicas.max = Replicas{100};
  EXPECT_EQ(loss.outlook(60'000).shortfalls.front().cause, reason::kMaximumReached);
}

TEST(OutlookOfALoss, IsThatOfTheWholePoolUntilItIsRebuilt) {
  Loss loss;
  loss.pool.replicas.max = Replicas{130};
  loss.rebuilt = false;
  const auto outlook = loss.outlook(60'000);
  EXPECT_TRUE(outlook.shortfalls.empty());
  EXPECT_EQ(outlook.most.required, Replicas{120});
}

TEST(OutlookOfALoss, RisesFromWhatStandsInTheOthers) {
  Loss loss;
  loss.pool.behavior.scale_up.policies = {
      {.type = model::ScalingPolicy::Type::kPods, .value = 1, .period = Seconds{1800}}};
  const auto speed = [&] { return loss.outlook(60'000).shortfalls.front(); };
  const auto lost = speed();
  loss.rebuilt = false;
  loss.observation.domains[1].ready = Replicas{10};
  const auto whole = speed();
  EXPECT_EQ(lost.cause, reason::kPaceOfSteps);
  EXPECT_EQ(whole.cause, reason::kPaceOfSteps);
  EXPECT_EQ(lost.available, whole.available) << "with the ten in b, which carry nobody";
  EXPECT_GT(lost.required, whole.required);
}

}  // namespace
}  // namespace edgetide::planning
