#include "edgetide/planning/capacity_outlook.h"

#include <gmock/gmock.h>

#include "edgetide/model/reasons.h"
#include "support/pools.h"

namespace edgetide::planning {
namespace {

using namespace testing_support;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
namespace reason = model::reason;

/// Two days of 10,000 viewers, which take 14 replicas and 21 with a domain lost, in a pool that has
/// 30; and what tests add to it.
struct Scene {
  model::EdgePool pool = three_domains();
  model::Observation observation = observed(pool, {10, 10, 10}, fresh(10'000));
  model::EventCalendar calendar;
  std::vector<forecast::DayAhead> demand = quiet();

  static std::vector<forecast::DayAhead> quiet() {
    std::vector<forecast::DayAhead> steps;
    for (Seconds ahead{0}; ahead < kOutlookLength; ahead += kOutlookStep)
      steps.push_back({.at = kEvening + ahead,
                       .median = Viewers{9'000},
                       .high = Viewers{10'000},
                       .high_after_loss = Viewers{10'000}});
    return steps;
  }
  /// So many viewers, median and high, from an hour on for a time.
  void come(double viewers, Seconds from, Seconds length) {
    for (auto& step : demand) {
      if (step.at < kEvening + from || step.at >= kEvening + from + length) continue;
      step.median = step.high = step.high_after_loss = Viewers{viewers};
    }
  }
  [[nodiscard]] model::CapacityOutlook outlook() const {
    return capacity_outlook({pool, observation, calendar}, demand, kEvening).value();
  }
};

TEST(CapacityOutlook, MissesNothingOnAnOrdinaryDay) {
  const auto outlook = Scene{}.outlook();
  EXPECT_TRUE(outlook.shortfalls.empty());
  EXPECT_EQ(outlook.until, kEvening + hours{48});
  EXPECT_EQ(outlook.most.required, Replicas{21});
  EXPECT_EQ(outlook.most.viewers, Viewers{10'000});
}

TEST(CapacityOutlook, SaysWhichLoadIsNotKnown) {
  Scene scene;
  scene.pool.capacity.egress = BitsPerSecond{8e9};
  scene.observation.demand.egress =
      model::Reading{.freshness = model::Freshness::kMissing, .detail = "no series answered"};
  scene.observation.room.unknown = "room on the nodes is not known";
  EXPECT_EQ(scene.outlook().unknown,
            "room on the nodes is not known; egress is not known, which may take more (no series "
            "answered)");
  scene.observation.demand.bitrate = BitsPerSecond{4e6};
  EXPECT_EQ(scene.outlook().unknown, "room on the nodes is not known");
}

TEST(CapacityOutlook, TellsSizeTimesCauseAndHelpOfAMaximum) {
  Scene scene;
  scene.pool.replicas.max = Replicas{60};
  // 80 serving, 120 with a domain lost; 60 leave 40, which carry 30,000.
  scene.come(60'000, hours{20}, hours{2});
  const auto outlook = scene.outlook();
  ASSERT_EQ(outlook.shortfalls.size(), 1u);
  const auto& ahead = outlook.shortfalls.front();
  EXPECT_EQ(ahead.start, kEvening + hours{20});
  EXPECT_EQ(ahead.peak, kEvening + hours{20});
  EXPECT_EQ(ahead.end, kEvening + hours{22});
  EXPECT_EQ(ahead.required, Replicas{120});
  EXPECT_EQ(ahead.available, Replicas{60});
  EXPECT_EQ(ahead.viewers, Viewers{30'000});
  EXPECT_EQ(ahead.cause, reason::kMaximumReached);
  EXPECT_EQ(ahead.act_by, ahead.start - scene.pool.lead_time - Seconds{15});
  EXPECT_EQ(ahead.egress, std::nullopt);
  EXPECT_THAT(ahead.detail, HasSubstr("60 of 120 replicas for up to 60,000 viewers"));
  EXPECT_THAT(ahead.detail, HasSubstr("raise it to 120, by " + to_string(ahead.act_by)));
  EXPECT_EQ(outlook.most.required, Replicas{120});
  EXPECT_EQ(model::most_urgent(outlook), &ahead);
}

TEST(CapacityOutlook, EveryCauseHasItsName) {
  struct Case {
    const char* cause;
    int missing;
    double viewers;
    void (*set)(Scene& scene);
  };
  const std::vector<Case> cases{
      // 220 serving, 330 with a domain lost; 300 leave 200, which carry 150,000.
      {reason::kDomainLimits, 30, 15'000,
       [](Scene& scene) {
         scene.pool.replicas.max = Replicas{1000};
         scene.come(165'000, hours{20}, hours{1});
       }},
      // The event's minimum alone is beyond the maximum.
      {reason::kMaximumReached, 50, 0,
       [](Scene& scene) {
         scene.calendar = model::EventCalendar({{.name = "video/final",
                                                 .start = kEvening + hours{20},
                                                 .duration = hours{1},
                                                 .minimum_replicas = Replicas{250}}});
       }},
      // 21 needed where a person holds 12, of which 8 survive and carry 6,000.
      {reason::kPaused, 9, 4'000,
       [](Scene& scene) {
         scene.pool.pause = {.until = kEvening + hours{3}, .replicas = Replicas{12}};
       }},
      // From 21 nine steps of 5 are made in the two hours before; 66 of 120 leave 44, for 33,000.
      {reason::kPaceOfSteps, 54, 27'000,
       [](Scene& scene) {
         scene.pool.behavior.scale_up.policies = {
             {.type = model::ScalingPolicy::Type::kPods, .value = 5, .period = Seconds{900}}};
         scene.come(60'000, hours{20}, hours{1});
       }},
      // 30 stand until what is ordered now serves; 20 are left and carry 15,000.
      {reason::kTooLate, 90, 45'000,
       [](Scene& scene) {
         scene.pool.lead_time = hours{2};
         scene.come(60'000, hours{1}, hours{1});
       }},
  };
  for (const auto& [cause, missing, viewers, set] : cases) {
    Scene scene;
    set(scene);
    const auto outlook = scene.outlook();
    ASSERT_EQ(outlook.shortfalls.size(), 1u) << cause;
    const auto& ahead = outlook.shortfalls.front();
    EXPECT_EQ(ahead.cause, cause) << ahead.detail;
    EXPECT_EQ(ahead.missing(), Replicas{missing}) << ahead.detail;
    EXPECT_EQ(ahead.viewers, Viewers{viewers}) << ahead.detail;
  }
}

TEST(CapacityOutlook, WhatIsMissingAnywayIsNotMadeUpByARaisedMaximum) {
  Scene scene;
  scene.pool.replicas.max = Replicas{60};
  scene.come(165'000, hours{20}, hours{1});
  const auto detail = scene.outlook().shortfalls.front().detail;
  EXPECT_THAT(detail, HasSubstr("raise it to 330, and the domains' maxReplicas let 300 stand"));
}

TEST(CapacityOutlook, WhatTheClusterHasNoRoomForIsMissing) {
  struct Case {
    const char* cause;
    int available;
    model::Room room;
    const char* words;
  };
  const std::vector<Case> cases{
      {reason::kQuotaReached,
       90,
       {.quota = {{Replicas{90}, "ResourceQuota edge leaves 8 of 64 requests.cpu"}}},
       "ResourceQuota edge leaves 8 of 64 requests.cpu, so that 90 can stand: raise it by what 30 "
       "replicas take"},
      {reason::kNodesFull,
       80,
       {.on_nodes = {Replicas{40}, Replicas{10}, Replicas{30}}},
       "the nodes hold 80 (a 40, b 10, c 30): add nodes"},
      // Domains that share their nodes.
      {reason::kNodesFull,
       50,
       {.on_nodes = {Replicas{50}, Replicas{50}, Replicas{50}},
        .nodes = {{Replicas{50}, "2 of 6 nodes take nothing in"}}},
       "the nodes hold 50 (a 50, b 50, c 50), 2 of 6 nodes take nothing in: add nodes"},
      // The least of all limits is the cause, and every one in the way is named.
      {reason::kMaximumReached,
       60,
       {.quota = {{Replicas{90}, "ResourceQuota edge leaves 8 of 64 requests.cpu"}}},
       "raise it by what 30 replicas take, and spec.replicas.max is 60: raise it to 120"},
      {reason::kNodesFull,
       45,
       {.on_nodes = {Replicas{15}, Replicas{15}, Replicas{15}}, .quota = {{Replicas{46}, "Q"}}},
       "Q, so that 46 can stand: raise it by what 74 replicas take, and the nodes hold 45"},
      // Where two domains are full the third cannot make up for them: its own loss would be worse.
      {reason::kNodesFull,
       80,
       {.on_nodes = {std::nullopt, Replicas{6}, Replicas{6}}},
       "the nodes hold b 6, c 6: add nodes"},
  };
  for (const auto& [cause, available, room, words] : cases) {
    Scene scene;
    scene.observation.room = room;
    if (cause == std::string_view{reason::kMaximumReached}) scene.pool.replicas.max = Replicas{60};
    scene.come(60'000, hours{20}, hours{2});  // 120 with a domain lost
    const auto outlook = scene.outlook();
    ASSERT_EQ(outlook.shortfalls.size(), 1u) << words;
    const auto& ahead = outlook.shortfalls.front();
    EXPECT_EQ(ahead.cause, cause) << ahead.detail;
    EXPECT_EQ(ahead.available, Replicas{available}) << ahead.detail;
    EXPECT_THAT(ahead.detail, HasSubstr(words));
  }
}

TEST(CapacityOutlook, RoomThatIsNotKnownOrThatIsEnoughLimitsNothing) {
  for (const model::Room& room :
       {model::Room{.unknown = "room on the nodes is not known"},
        model::Room{.on_nodes = {std::nullopt, std::nullopt, std::nullopt}, .unknown = "nodes"},
        model::Room{.on_nodes = {Replicas{40}, Replicas{40}, Replicas{40}},
        .nodes = {{Replicas{120}, ""}},
        .quota = {{Replicas{120}, "Q"}}}}) {
    Scene scene;
    scene.observation.room = room;
    scene.come(60'000, hours{20}, hours{2});
    const auto outlook = scene.outlook();
    EXPECT_TRUE(outlook.shortfalls.empty()) << outlook.shortfalls.front().detail;
    EXPECT_EQ(outlook.unknown, room.unknown);
  }
}

TEST(CapacityOutlook, ABareReactionFollowsTheViewersWhateverThePace) {
  Scene scene;
  scene.pool.behavior.scale_up.select = model::ScalingRules::Select::kDisabled;
  scene.come(60'000, hours{20}, hours{10});
  const auto outlook = scene.outlook();
  ASSERT_EQ(outlook.shortfalls.size(), 1u);
  EXPECT_EQ(outlook.shortfalls.front().end, kEvening + hours{20} + minutes{15});
}

TEST(CapacityOutlook, SpeedIsNobodysWhereDecisionsAreNotCarriedOutOrTheFleetIsNotKnown) {
  Scene scene;
  scene.pool.lead_time = hours{2};
  scene.come(60'000, hours{1}, hours{1});
  scene.pool.mode = model::Mode::kDryRun;
  EXPECT_TRUE(scene.outlook().shortfalls.empty());
  scene.pool.mode = model::Mode::kEnforce;
  EXPECT_FALSE(scene.outlook().shortfalls.empty());
  scene.observation.domains[1].known = false;
  EXPECT_TRUE(scene.outlook().shortfalls.empty());
}

TEST(CapacityOutlook, TimesAnHourApartAreOne) {
  Scene scene;
  scene.pool.replicas.max = Replicas{60};
  scene.come(50'000, hours{20}, hours{1});
  scene.come(60'000, hours{22}, hours{1});
  auto outlook = scene.outlook();
  ASSERT_EQ(outlook.shortfalls.size(), 1u);
  EXPECT_EQ(outlook.shortfalls.front().start, kEvening + hours{20});
  EXPECT_EQ(outlook.shortfalls.front().peak, kEvening + hours{22});
  EXPECT_EQ(outlook.shortfalls.front().end, kEvening + hours{23});
  scene.come(60'000, hours{40}, hours{1});
  EXPECT_EQ(scene.outlook().shortfalls.size(), 2u);
  for (int hour = 0; hour < 48; hour += 3) scene.come(60'000, hours{hour}, hours{1});
  EXPECT_EQ(scene.outlook().shortfalls.size(), 8u);
}

TEST(CapacityOutlook, ALoneDomainIsJudgedByWhatServes) {
  Scene scene;
  scene.pool.domains.resize(1);
  scene.observation = observed(scene.pool, {30}, fresh(10'000));
  EXPECT_TRUE(scene.outlook().shortfalls.empty());
  scene.come(90'000, hours{20}, hours{1});
  EXPECT_EQ(scene.outlook().shortfalls.front().missing(), Replicas{20});
}

TEST(CapacityOutlook, EgressIsWhatTheseViewersTakeToday) {
  Scene scene;
  scene.pool.replicas.max = Replicas{60};
  scene.pool.capacity.egress = BitsPerSecond{8e9};
  scene.observation.demand.egress = fresh(60e9);  // 6 Mbit/s a viewer, 1,000 viewers a replica
  scene.come(60'000, hours{20}, hours{1});
  const auto ahead = scene.outlook().shortfalls.front();
  EXPECT_EQ(ahead.egress, BitsPerSecond{180e9});
  EXPECT_THAT(ahead.detail, HasSubstr("30,000 viewers (180 Gbit/s) too many"));
}

TEST(CapacityOutlook, SaysNothingWhenNothingIsKnown) {
  Scene scene;
  scene.demand.clear();
  EXPECT_FALSE(
      capacity_outlook({scene.pool, scene.observation, scene.calendar}, scene.demand, kEvening));
  scene.demand = Scene::quiet();
  scene.pool.capacity.viewers.reset();
  scene.pool.capacity.egress = BitsPerSecond{8e9};
  EXPECT_FALSE(
      capacity_outlook({scene.pool, scene.observation, scene.calendar}, scene.demand, kEvening));
}

}  // namespace
}  // namespace edgetide::planning
