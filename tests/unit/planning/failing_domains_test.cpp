#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "outage_evening.h"
#include "planning/outages.h"

namespace edgetide::planning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace reason = model::reason;

TEST(FailingDomains, OfADomainOfWhichLittleServesTheRestIsRebuiltWithTheGuarantee) {
  Evening evening;
  evening.set(0, 7, 3);
  auto result = evening.look_after(Seconds{599});
  EXPECT_TRUE(result.report.outages.empty());
  EXPECT_THAT(desired(result), ElementsAre(7, 7, 7));
  EXPECT_EQ(reason_of(result, "RedundancyMet"), reason::kReserveMissing);
  evening.now += Seconds{1};
  result = evening.look();
  EXPECT_THAT(desired(result), ElementsAre(7, 11, 11));  // 3 and 11 are left without either
  EXPECT_EQ(model::condition(result.report, "DomainsServing").message,
            "less than half of the 7 replicas of domain a have served since " +
                to_string(kEvening) + "; the others carry the rest of its part as well");
  EXPECT_EQ(reason_of(result, "DomainsServing"), reason::kDomainRebuilt);
  EXPECT_THAT(result.report.reserve_missing, ElementsAre(Replicas{0}, Replicas{4}, Replicas{4}));
  EXPECT_FALSE(result.report.shortfall);
  EXPECT_TRUE(result.report.violations.empty());
}

TEST(FailingDomains, ADomainOfWhichHalfServesIsNone) {
  Evening evening;
  evening.set(0, 8, 4);
  EXPECT_THAT(desired(evening.look_after(Seconds{3600})), ElementsAre(8, 7, 7));
}

TEST(FailingDomains, ADomainOfWhichLittleServesHasItsLeadTime) {
  Evening evening;
  evening.pool.lead_time = Seconds{1800};
  evening.set(0, 7, 1);
  EXPECT_THAT(desired(evening.look_after(Seconds{1799})), ElementsAre(7, 7, 7));
  evening.now += Seconds{1};
  EXPECT_THAT(desired(evening.look()), ElementsAre(7, 13, 13));
}

/// What is asked for grows by more than twice in every lead time: less than half of it serves all
/// along.
TEST(FailingDomains, ALongRiseIsNone) {
  Evening evening;
  evening.pool.domains[0].max_replicas = Replicas{5'000};
  for (const std::size_t domain : {1, 2}) evening.set(domain, 2'000, 2'000);
  std::vector<int> asked{10};
  for (int look = 0; look < 120; ++look, evening.now += Seconds{60}) {
    const int serves = asked[asked.size() < 6 ? 0 : asked.size() - 6];
    evening.set(0, asked.back(), serves);
    EXPECT_TRUE(evening.look().report.outages.empty()) << "after " << look << " looks";
    asked.push_back(asked.back() + (asked.back() + 3) / 4);
    if (asked.back() > 2'000) break;
  }
  EXPECT_GT(asked.back(), 1'000);
}

/// Eight have served of the sixteen that were asked for all along, until lately.
TEST(FailingDomains, TheMostThatServedCounts) {
  Evening evening;
  evening.set(0, 20, 8);
  static_cast<void>(evening.look());
  evening.set(0, 20, 3);
  static_cast<void>(evening.look_after(Seconds{240}));
  evening.set(0, 16, 3);
  EXPECT_TRUE(evening.look_after(Seconds{360}).report.outages.empty());
  evening.now += Seconds{240};
  EXPECT_EQ(evening.look().report.outages.size(), 1u);
}

/// Where they have just begun to fail they may be as slow, and take nothing in.
TEST(FailingDomains, ADomainOfWhichLittleServesIsNoneUntilMostOfAnotherDoes) {
  Evening evening;
  evening.set(0, 7, 3);
  static_cast<void>(evening.look_after(Seconds{300}));
  evening.set(1, 7, 3);
  evening.set(2, 7, 3);
  EXPECT_TRUE(evening.look_after(Seconds{300}).report.outages.empty());
  evening.set(2, 7, 5);
  EXPECT_TRUE(evening.look().report.outages.empty());
  evening.set(2, 7, 6);
  EXPECT_EQ(evening.look().report.outages.size(), 1u);
}

/// Nodes that none of them gets leave a replica more or less of each without one.
TEST(FailingDomains, DomainsOfWhichHalfServesAreAsBadAsOneOfWhichLessDoes) {
  Evening evening;
  evening.set(0, 7, 3);
  for (const std::size_t domain : {1, 2}) evening.set(domain, 6, 3);
  EXPECT_TRUE(evening.look_after(Seconds{3600}).report.outages.empty());
}

TEST(FailingDomains, DomainsOfWhichLittleServesEverywhereAreNone) {
  Evening evening;
  for (const std::size_t domain : {0, 1, 2}) evening.set(domain, 7, 3);
  const auto result = evening.look_after(Seconds{3600});
  EXPECT_TRUE(result.report.outages.empty());
  EXPECT_THAT(desired(result), ElementsAre(7, 7, 7));
}

/// The others find no nodes for what is ordered there: none of it turns the orders back.
TEST(FailingDomains, OrdersForOneOfWhichLittleServesStayWhereTheyDoNotStart) {
  Evening evening;
  evening.set(0, 7, 1);
  static_cast<void>(evening.look_after(Seconds{600}));
  evening.set(1, 15, 7);
  evening.set(2, 15, 7);
  for (int look = 0; look < 60; ++look) {
    evening.now += Seconds{60};
    const auto result = evening.look();
    EXPECT_GE(result.report.plan.domains[1].to, Replicas{15}) << "after " << look << " looks";
    EXPECT_GE(result.report.plan.domains[2].to, Replicas{15}) << "after " << look << " looks";
    EXPECT_LE(result.report.plan.total_to(), evening.pool.replicas.max);
    for (const auto& domain : result.report.plan.domains) EXPECT_GE(domain.to, domain.from);
    EXPECT_TRUE(result.report.violations.empty());
  }
}

TEST(FailingDomains, ADomainThatHasBegunToServeHasItsTimeAnew) {
  Evening evening;
  for (int look = 0; look < 60; ++look, evening.now += Seconds{60}) {
    evening.set(0, 7, look % 10 == 0 ? 4 : 3);
    EXPECT_THAT(desired(evening.look()), ElementsAre(7, 7, 7)) << "after " << look << " looks";
  }
}

TEST(FailingDomains, WhatDoesNotServeTakesFromTheMaximum) {
  Evening evening;
  evening.pool.replicas.max = Replicas{25};
  evening.set(0, 7, 1);
  const auto result = evening.look_after(Seconds{600});
  EXPECT_THAT(desired(result), ElementsAre(7, 9, 9));
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->required, Replicas{33});
  EXPECT_EQ(result.report.shortfall->cause, reason::kDomainLost);
  EXPECT_THAT(
      result.report.shortfall->detail,
      testing::StartsWith("less than half of the 7 replicas of domain a have served since"));
}

/// The others have no room for all of its part: it rises with the demand, as without that.
TEST(FailingDomains, ADomainOfWhichLittleServesRisesWhereTheOthersAreFull) {
  Evening evening;
  evening.pool.replicas.max = Replicas{21};
  evening.set(0, 5, 1);
  EXPECT_THAT(desired(evening.look_after(Seconds{600})), ElementsAre(7, 7, 7));
}

/// What the viewers of this moment need a pause lets rise as well.
TEST(FailingDomains, ADomainOfWhichLittleServesRisesInAPauseWhereTheOthersAreFull) {
  Evening evening;
  evening.pool.replicas.max = Replicas{21};
  evening.pool.pause = {.until = kEvening + Seconds{3600}, .replicas = std::nullopt};
  evening.set(0, 5, 1);
  static_cast<void>(evening.look_after(Seconds{600}));
  EXPECT_THAT(desired(evening.look()), ElementsAre(7, 7, 7));
}

TEST(FailingDomains, TheReturnOfWhatDidNotServeIsRebalancedOnceAllServes) {
  Evening evening;
  evening.set(0, 7, 1);
  static_cast<void>(evening.look_after(Seconds{600}));
  evening.set(1, 13, 13);
  evening.set(2, 13, 13);
  evening.set(0, 7, 5);
  const auto before = evening.look_after(Seconds{300});
  EXPECT_EQ(reason_of(before, "DomainsServing"), reason::kServing);
  EXPECT_THAT(desired(before), ElementsAre(7, 13, 13));
  evening.set(0, 7, 7);
  const auto result = evening.look();
  EXPECT_LT(desired(result)[1] + desired(result)[2], 26);
  EXPECT_EQ(desired(result)[0], 7);
}

/// Of replicas that have found no node for a lead time those go that nobody would ask for, and the
/// target goes no lower than what it is to hold once it serves.
TEST(FailingDomains, AFallTakesFromADomainOfWhichLittleServesWhatItWouldWithoutThat) {
  Evening evening;
  evening.pool.domains[0].target.kind = "Deployment";
  evening.set(0, 30, 3);
  evening.observation.domains[0].starting = Replicas{27};
  evening.observation.domains[0].unschedulable = {.replicas = Replicas{27},
                                                  .since = kEvening - Seconds{3600},
                                                  .all_since = kEvening - Seconds{3600}};
  EXPECT_THAT(desired(evening.look_after(Seconds{600})), ElementsAre(30, 11, 11));
  evening.set(1, 11, 11);
  evening.set(2, 11, 11);
  const auto result = evening.look_after(Seconds{60});
  EXPECT_EQ(reason_of(result, "DomainsServing"), reason::kDomainRebuilt);
  EXPECT_THAT(desired(result), ElementsAre(7, 11, 11));
}

TEST(FailingDomains, AClockThatIsSetBackBeginsTheWaitForWhatDoesNotServeAnew) {
  Evening evening;
  evening.set(0, 7, 3);
  static_cast<void>(evening.look());
  evening.now -= Seconds{3600};
  EXPECT_THAT(desired(evening.look_after(Seconds{599})), ElementsAre(7, 7, 7));
  evening.now += Seconds{1};
  EXPECT_THAT(desired(evening.look()), ElementsAre(7, 11, 11));
  evening.now -= Seconds{3600};
  EXPECT_EQ(reason_of(evening.look(), "DomainsServing"), reason::kDomainRebuilt);
}

/// Of what a domain may not hold nothing is missing.
TEST(FailingDomains, ADomainOfWhichHalfOfItsMaximumServesIsNone) {
  Evening evening;
  evening.pool.domains[0].max_replicas = Replicas{10};
  evening.set(0, 20, 5);
  EXPECT_TRUE(evening.look_after(Seconds{3600}).report.outages.empty());
  evening.pool.domains[0].max_replicas = Replicas{20};
  EXPECT_EQ(evening.look_after(Seconds{600}).report.outages.size(), 1u);
  evening.pool.domains[0].max_replicas = Replicas{10};
  EXPECT_TRUE(evening.look().report.outages.empty());
}

/// As many as are missing can be had nowhere else.
TEST(FailingDomains, TheLastOfWhichAnythingServesCarriesTheOthersHoweverLittleThatIs) {
  Evening evening;
  evening.set(0, 7, 3);
  static_cast<void>(evening.look_after(Seconds{600}));
  evening.lose(1);
  evening.lose(2);
  const auto result = evening.look_after(Seconds{600});
  EXPECT_THAT(desired(result), ElementsAre(14, 7, 7));
  EXPECT_EQ(result.report.outages.size(), 2u) << "of the first more is wanted";
}

/// Whether it still fails nobody knows.
TEST(FailingDomains, WhatDoesNotServeOfADomainStaysRebuiltWhileItIsNotRead) {
  Evening evening;
  evening.set(0, 7, 3);
  static_cast<void>(evening.look_after(Seconds{600}));
  evening.set(1, 11, 11);
  evening.set(2, 11, 11);
  evening.observation.domains[0].known = false;
  evening.now += Seconds{60};
  auto result = evening.look();
  ASSERT_EQ(result.report.outages.size(), 1u);
  EXPECT_TRUE(result.report.outages.front().rebuilt);
  EXPECT_GE(desired(result)[1], 11);
  EXPECT_GE(desired(result)[2], 11);
  evening.observation.domains[0].known = true;
  evening.set(0, 7, 0);
  evening.now += Seconds{60};
  result = evening.look();
  ASSERT_EQ(result.report.outages.size(), 1u);
  EXPECT_TRUE(result.report.outages.front().rebuilt) << "it serves less than before";
}

}  // namespace
}  // namespace edgetide::planning
