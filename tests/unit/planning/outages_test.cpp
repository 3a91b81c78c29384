#include "planning/outages.h"

#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "outage_evening.h"

namespace edgetide::planning {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace reason = model::reason;

TEST(Outages, TheReserveCarriesAShortOne) {
  Evening evening;
  evening.lose(1);
  const auto result = evening.look_after(Seconds{599});
  EXPECT_THAT(desired(result), ElementsAre(7, 7, 7));
  EXPECT_EQ(reason_of(result, "DomainsServing"), reason::kDomainSilent);
}

TEST(Outages, ALongOneIsRebuiltWithTheGuarantee) {
  Evening evening;
  evening.lose(1);
  const auto result = evening.look_after(Seconds{600});
  EXPECT_THAT(desired(result), ElementsAre(14, 7, 14));  // either of the two may be lost now
  EXPECT_EQ(reason_of(result, "DomainsServing"), reason::kDomainRebuilt);
  EXPECT_FALSE(result.report.shortfall);
  EXPECT_TRUE(result.report.violations.empty());
}

TEST(Outages, AreOfTheDomainsThatTheMemoryKnows) {
  Evening evening;
  evening.lose(1);
  static_cast<void>(evening.look_after(Seconds{600}));
  const auto outages = [&] {
    return outages_of(evening.memory, evening.pool, evening.observation, evening.now);
  };
  ASSERT_EQ(outages().size(), 1u);
  EXPECT_TRUE(outages().front().rebuilt);
  evening.pool.domains[1].name = "another";
  EXPECT_TRUE(outages().empty()) << "it only starts";
}

TEST(Outages, OfWhichTheOthersHaveNoRoomAreTheCause) {
  Evening evening;
  for (auto& domain : evening.pool.domains) domain.max_replicas = Replicas{10};
  evening.outlook =
      model::CapacityOutlook{.most = {.required = Replicas{21}, .available = Replicas{21}},
                             .shortfalls = {},
                             .unknown = {}};
  evening.lose(1);
  const auto before = evening.look_after(Seconds{599});
  EXPECT_FALSE(before.report.shortfall);
  EXPECT_EQ(before.report.outlook->most.required, Replicas{21});
  evening.now += Seconds{1};
  const auto report = evening.look().report;
  ASSERT_TRUE(report.shortfall);
  EXPECT_EQ(report.shortfall->cause, reason::kDomainLost);
  EXPECT_EQ(report.shortfall->required - report.shortfall->granted, Replicas{8});
  EXPECT_THAT(report.shortfall->detail,
              testing::StartsWith("nothing of domain b has served since " + to_string(kEvening)));
  EXPECT_EQ(report.outlook->most.required, report.plan.total_to()) << "Enough is what can be had";
  EXPECT_LT(report.outlook->most.required, report.shortfall->required);
  for (auto& domain : evening.pool.domains) domain.max_replicas = Replicas{6};
  EXPECT_EQ(evening.look().report.shortfall->cause, reason::kDomainLimits) << "with b as well";
}

// The pods of nodes that died stand there and are not Ready.
TEST(Outages, WhatDoesNotStartIsMissedUntilTheOthersCarryIt) {
  Evening evening;
  evening.lose(1);
  evening.observation.domains[1].unready_since.assign(7, evening.now);
  const auto before = evening.look_after(Seconds{599});
  ASSERT_TRUE(before.report.shortfall);
  EXPECT_EQ(before.report.shortfall->cause, reason::kReplicasNotReady);
  EXPECT_EQ(before.report.shortfall->granted, Replicas{14});
  evening.now += Seconds{1};
  const auto rebuilt = evening.look();
  EXPECT_THAT(desired(rebuilt), ElementsAre(14, 7, 14));
  EXPECT_FALSE(rebuilt.report.shortfall);
}

TEST(Outages, AreWaitedForAsLongAsThePoolSays) {
  Evening evening;
  evening.pool.redundancy.rebuild_after = Seconds{60};
  evening.pool.lead_time = Seconds{30};
  evening.lose(1);
  EXPECT_THAT(desired(evening.look_after(Seconds{60})), ElementsAre(14, 7, 14));
}

TEST(Outages, ADomainThatStartsAnewHasItsLeadTime) {
  Evening evening;
  evening.pool.lead_time = Seconds{1800};
  evening.lose(1);
  EXPECT_THAT(desired(evening.look_after(Seconds{1799})), ElementsAre(7, 7, 7));
  evening.now += Seconds{1};
  EXPECT_THAT(desired(evening.look()), ElementsAre(14, 7, 14));
}

TEST(Outages, AnUnknownDomainIsOne) {
  Evening evening;
  evening.observation.domains[2].known = false;
  const auto result = evening.look_after(Seconds{600});
  EXPECT_EQ(desired(result)[0], 14);
  EXPECT_EQ(desired(result)[1], 14);
}

TEST(Outages, WithoutADomainThatServesNothingIsRebuilt) {
  Evening evening;
  for (const std::size_t domain : {0, 1, 2}) evening.lose(domain);
  const auto result = evening.look_after(Seconds{3600});
  EXPECT_THAT(desired(result), ElementsAre(7, 7, 7));
  EXPECT_EQ(reason_of(result, "DomainsServing"), reason::kDomainSilent);
}

TEST(Outages, OfTwoDomainsTheLastServesAndTheGuaranteeIsShort) {
  Evening evening;
  evening.pool.domains.pop_back();
  evening.observation = observed(evening.pool, {14, 14}, fresh(10'000));
  evening.lose(0);
  const auto result = evening.look_after(Seconds{600});
  EXPECT_THAT(desired(result), ElementsAre(14, 14));
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->cause, reason::kDomainLost);
}

TEST(Outages, WhatStandsInTheLostDomainTakesFromTheMaximum) {
  Evening evening;
  evening.pool.replicas.max = Replicas{30};
  evening.lose(1);
  const auto result = evening.look_after(Seconds{600});
  EXPECT_THAT(desired(result), ElementsAre(12, 7, 11));
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->required, Replicas{35});
  EXPECT_EQ(result.report.shortfall->granted, Replicas{30});
  EXPECT_EQ(result.report.shortfall->cause, reason::kDomainLost);
  EXPECT_THAT(result.report.shortfall->detail, HasSubstr("raise it to 35"));
}

/// As after a restart: it may hold its part of the maximum, or as many as the fullest that is seen.
TEST(Outages, WhatWasNeverReadTakesItsPartFromTheMaximum) {
  Evening evening;
  evening.pool.replicas.max = Replicas{30};
  evening.observation.domains[2] = {.name = "c", .known = false};
  EXPECT_EQ(may_stand(evening.pool, {}, evening.observation), fleet({7, 7, 10}));
  const auto result = evening.look_after(Seconds{600});
  EXPECT_THAT(desired(result), ElementsAre(10, 10, 0));
  ASSERT_TRUE(result.report.shortfall);
  EXPECT_EQ(result.report.shortfall->cause, reason::kDomainLost);

  evening.set(0, 12, 12);
  EXPECT_EQ(may_stand(evening.pool, {}, evening.observation), fleet({12, 7, 12}));
  evening.pool.domains[2].max_replicas = Replicas{9};
  EXPECT_EQ(may_stand(evening.pool, {}, evening.observation), fleet({12, 7, 9}));
  const model::PlanMemory memory{.ordered = {Replicas{7}, Replicas{7}, Replicas{5}}};
  EXPECT_EQ(may_stand(evening.pool, memory, evening.observation), fleet({12, 7, 5}));
}

TEST(Outages, AReturnIsRebalancedOnceItServes) {
  Evening evening;
  evening.lose(1);
  static_cast<void>(evening.look_after(Seconds{600}));
  evening.set(0, 14, 14);
  evening.set(2, 14, 14);

  evening.set(1, 7, 3);  // comes back replica by replica
  EXPECT_THAT(desired(evening.look_after(Seconds{300})), ElementsAre(14, 7, 14));
  evening.set(1, 7, 7);
  const auto result = evening.look();
  EXPECT_EQ(reason_of(result, "DomainsServing"), reason::kServing);
  EXPECT_LT(desired(result)[0] + desired(result)[2], 28);
}

TEST(Outages, AnEmptyDomainIsNone) {
  Evening evening;
  evening.set(1, 0, 0);
  const auto result = evening.look_after(Seconds{600});
  EXPECT_EQ(reason_of(result, "DomainsServing"), reason::kServing);
}

TEST(Outages, AClockThatIsSetBackBeginsTheWaitAnew) {
  Evening evening;
  evening.lose(1);
  static_cast<void>(evening.look());
  evening.now -= Seconds{3600};
  static_cast<void>(evening.look());
  evening.now += Seconds{599};
  EXPECT_THAT(desired(evening.look()), ElementsAre(7, 7, 7));
  evening.now += Seconds{1};
  EXPECT_THAT(desired(evening.look()), ElementsAre(14, 7, 14));
}

}  // namespace
}  // namespace edgetide::planning
