#include "simulation/told.h"

#include <gmock/gmock.h>

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::SizeIs;

const Instant kNow{Seconds{1'000'000}};

/// Of looks a quarter of a minute apart, each letter a cause and '.' none: "AAAB.A".
std::vector<ToldShortfall> told_in(const std::string& looks) {
  std::vector<ToldShortfall> told;
  model::PlanReport report;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    report.shortfall.reset();
    if (looks[i] != '.')
      report.shortfall = model::Shortfall{.required = Replicas{10},
                                          .granted = Replicas{looks[i] == 'A' ? 7 : 5},
                                          .at = kNow,
                                          .cause = std::string(1, looks[i]),
                                          .detail = std::string(1, looks[i]) + " it is"};
    note_shortfall(told, kNow + static_cast<int>(i) * Seconds{15}, report);
  }
  return told;
}

std::string looks(char cause, std::chrono::minutes lasts) {
  return std::string(static_cast<std::size_t>(4 * lasts.count()), cause);
}

TEST(ToldShortfalls, AreOfOneStretchWhileTheirCausesChangeBackAndForth) {
  const auto stretches = stretches_of(told_in("AAABAABABAAAAA"));
  ASSERT_THAT(stretches, SizeIs(1));
  EXPECT_THAT(stretches[0].causes, ElementsAre("A", "B"));
  EXPECT_EQ(stretches[0].from, kNow);
  EXPECT_EQ(stretches[0].to, kNow + 13 * Seconds{15});
  EXPECT_EQ(stretches[0].missing, Replicas{5});
  EXPECT_EQ(stretches[0].detail, "B it is") << "of the most that were missing";
}

TEST(ToldShortfalls, NameTheCauseThatLastedLongestFirst) {
  EXPECT_THAT(stretches_of(told_in("AB" + looks('B', minutes{9})))[0].causes,
              ElementsAre("B", "A"));
  EXPECT_THAT(stretches_of(told_in(looks('A', minutes{9}) + "C"))[0].causes, ElementsAre("A", "C"));
}

TEST(ToldShortfalls, AreOneWhenACauseReturnsWithinMinutes) {
  const std::string before = looks('A', minutes{9});
  const auto soon = stretches_of(told_in(before + looks('B', minutes{4}) + before));
  ASSERT_THAT(soon, SizeIs(1));
  EXPECT_THAT(soon[0].causes, ElementsAre("A", "B"));
  EXPECT_THAT(stretches_of(told_in(before + looks('B', minutes{6}) + before)), SizeIs(3));
}

TEST(ToldShortfalls, AreSeveralWhereOneFollowsTheOtherOrNothingIsToldBetween) {
  const auto one_after_another =
      stretches_of(told_in(looks('A', minutes{9}) + looks('B', minutes{3})));
  ASSERT_THAT(one_after_another, SizeIs(2));
  EXPECT_THAT(one_after_another[0].causes, ElementsAre("A"));
  EXPECT_THAT(one_after_another[1].causes, ElementsAre("B"));
  EXPECT_THAT(stretches_of(told_in("AAA" + looks('.', minutes{2}) + "AB")), SizeIs(2));
  EXPECT_THAT(stretches_of(told_in("AAA" + looks('.', minutes{1}) + "AB")), SizeIs(1));
  EXPECT_TRUE(stretches_of({}).empty());
}

model::PlanReport unknown_reserve(bool first_is_read) {
  model::PlanReport report;
  report.conditions = {
      {"RedundancyMet", model::ConditionStatus::kUnknown, "DemandUnknown", "not known"}};
  report.observation.domains = {{.name = "a", .known = first_is_read},
                                {.name = "b", .known = true}};
  return report;
}

TEST(UnknownReserve, IsToldWithWhatCouldNotBeRead) {
  std::vector<UnknownReserve> told;
  for (int look = 0; look < 8; ++look)
    note_unknown_reserve(told, kNow + look * Seconds{15}, unknown_reserve(look >= 4));
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_THAT(told[0].unread, ElementsAre("a"));
  EXPECT_EQ(told[0].to, kNow + Seconds{45});
  EXPECT_TRUE(told[1].unread.empty());
  EXPECT_EQ(told[1].reason, "DemandUnknown");
  auto met = unknown_reserve(true);
  met.conditions[0].status = model::ConditionStatus::kTrue;
  note_unknown_reserve(told, kNow + Seconds{120}, met);
  EXPECT_THAT(told, SizeIs(2));
}

}  // namespace
}  // namespace edgetide::simulation
