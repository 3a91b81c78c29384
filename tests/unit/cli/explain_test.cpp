#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/explanation.h"
#include "cli/text_table.h"
#include "kube/codecs.h"
#include "support/golden.h"
#include "unit/cli/pool_object.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

const Instant kNow = parse_instant("2026-12-05T19:20:40Z").value();

Surroundings surroundings() {
  Surroundings around;
  around.source = {.name = "video", .url = "http://prometheus.monitoring:9090"};
  for (int hours = 0; hours < 5; ++hours) {
    kube::AnnouncedEvent event{.start = kNow + std::chrono::minutes{40 + 60 * hours}};
    event.resource.key = {"video", hours == 0 ? "final" : "show-" + std::to_string(hours)};
    event.resource.duration = std::chrono::hours{2};
    if (hours == 0) {
      event.resource.event_class = "football";
      event.resource.expected_peak = Viewers{90'000};
    }
    around.events.push_back(std::move(event));
  }
  around.classes = {
      {.name = "football",
       .learned = {.events = 12,
                   .last_events = {{"video/semi", kNow - std::chrono::days{3}, Viewers{70'000}}},
                   .profile = {}}}};
  around.calendars = {{.name = "season",
                       .reason = "Empty",
                       .message = "announces nothing for the coming month",
                       .since = kNow - std::chrono::minutes{12},
                       .events = 4}};
  around.drawn_by = {"live-gateway", "live-roof (UpstreamNotFarther)"};
  around.unread = {"GET /apis/x: forbidden"};
  return around;
}

Explanation explained(const json::Value& object) {
  return explain(kube::decode_pool_status(object), kube::decode_pool(object).value, surroundings(),
                 kNow);
}

/// Where no other pool draws from it.
Explanation explained_alone(const json::Value& object) {
  Surroundings alone = surroundings();
  alone.drawn_by.clear();
  return explain(kube::decode_pool_status(object), kube::decode_pool(object).value, alone, kNow);
}

TEST(Explain, TellsInputsNumbersLimitsAndWhatWouldChangeIt) {
  const std::string text = print_explanation(explained(told_pool()), "text", kNow);
  testing_support::expect_golden("explain.txt", text);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), kTextColumns) << line;
}

/// Two events of 50,000 and 80,000 viewers: e^((ln 50,000 + ln 80,000) / 2) = 63,246; by
/// model::expected_of with a spread of 0.42, e^0.42 = 1.5.
TEST(Explain, TellsWhatAClassHasLearnedItsSizeAndItsSpread) {
  Surroundings around = surroundings();
  around.unread.clear();
  auto& learned = around.classes[0].learned;
  learned = {.events = 2,
             .last_events = {{"video/semi", kNow - std::chrono::days{3}, Viewers{80'000}},
                             {"video/quarter", kNow - std::chrono::days{9}, Viewers{50'000}}},
             .profile = {}};
  around.events[1].resource.event_class = "talk";
  const json::Value object = told_pool();
  const Explanation told =
      explain(kube::decode_pool_status(object), kube::decode_pool(object).value, around, kNow);
  const auto input = [](const std::string& name, const std::string& value) {
    return Contains(testing::AllOf(Field(&Explanation::Input::name, name),
                                   Field(&Explanation::Input::value, HasSubstr(value))));
  };
  EXPECT_THAT(told.inputs,
              input("class football",
                    "2 events learned from, typically 63,246 viewers; the next is expected to "
                    "bring 63,246, easily 1.5 times more or fewer"));
  EXPECT_THAT(told.inputs, input("class talk", "no such EventClass"));
}

TEST(Explain, KnowsTheNextEventsOfACalendarByItsStatus) {
  const auto events = next_events_of(json::parse(R"({"status": {"next": [
      {"name": "Derby@2026-12-05", "start": "2026-12-05T20:00:00Z", "end": "2026-12-05T22:00:00Z",
       "class": "football"},
      {"name": "no end", "start": "2026-12-06T20:00:00Z"}]}})")
                                         .value());
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].resource.key.name, "Derby@2026-12-05");
  EXPECT_EQ(events[0].resource.event_class, "football");
  EXPECT_EQ(events[0].resource.duration, Seconds{7200});
  EXPECT_TRUE(next_events_of(json::parse("{}").value()).empty());
}

TEST(Explain, SpeaksJson) {
  const auto json = nlohmann::json::parse(print_explanation(explained(told_pool()), "json", kNow));
  EXPECT_EQ(json["kind"], "PoolExplanation");
  EXPECT_EQ(json["desired"], 52);
  EXPECT_EQ(json["inputs"][0]["time"], "2026-12-05T19:17:00Z");
  EXPECT_EQ(json["limits"][0]["reason"], "MaximumReached");
}

/// So that 52 are left when one of two domains is lost, as many more have to be there; each of
/// 1,988 viewers.
TEST(Explain, WorksOutTheReserveAndHowFarTheLimitsReach) {
  json::Value object = told_pool();
  object["spec"]["redundancy"] = {{"survive", "FailureDomain"}};
  object["spec"]["replicas"]["max"] = 140;
  const Explanation told = explained(object);
  EXPECT_THAT(told.numbers, Contains(testing::AllOf(
                                Field(&Explanation::Number::value, 104),
                                Field(&Explanation::Number::meaning, HasSubstr("fullest of 2")))));
  // 70 of 140 are left, and carry 70 x 1,988.
  EXPECT_THAT(told.changes, Contains(HasSubstr("139,160 planned viewers are the most")));
  EXPECT_THAT(told.changes,
              Contains(HasSubstr("above 99,400 planned viewers one more replica has to serve, "
                                 "from 97,412 down one fewer")));
}

/// 98,001 viewers of 4.2 Mbit/s each, on replicas of 8 Gbit/s of which 71 % are used: 73.
json::Value sized_by_egress() {
  json::Value object = told_pool();
  object["spec"]["capacity"]["egressBitsPerSecond"] = "8G";
  object["spec"]["replicas"]["max"] = 200;
  object["status"]["sizing"]["bindingResource"] = "egress";
  object["status"]["sizing"]["servingReplicas"] = 73;
  return object;
}

auto number(double value, const std::string& unit, const std::string& meaning) {
  return testing::AllOf(Field(&Explanation::Number::value, value),
                        Field(&Explanation::Number::unit, unit),
                        Field(&Explanation::Number::meaning, HasSubstr(meaning)));
}

TEST(Explain, TellsOfEgressWithItsUnitAndTheBitrateThatLedThere) {
  const Explanation told = explained_alone(sized_by_egress());
  EXPECT_THAT(told.numbers, Contains(number(5'680'000'000, "bit/s", "71 % of 8,000,000,000")));
  EXPECT_THAT(told.numbers, Contains(number(4'200'001, "bit/s", "a viewer takes, at least")));
  EXPECT_THAT(told.numbers, Contains(number(73, "replicas", "by egress, which runs out first")));
  // 73 x 5.68 Gbit/s / 4.2 Mbit/s
  EXPECT_THAT(told.changes, Contains(HasSubstr("above 98,723 planned viewers one more")));
  EXPECT_THAT(told.changes, Contains(HasSubstr("spec.replicas.max 200")));
}

TEST(Explain, PromisesNoThresholdByTheBitrateWhereMoreThanThatWasServed) {
  json::Value object = sized_by_egress();
  object["status"]["sizing"]["servingReplicas"] = 80;
  EXPECT_THAT(explained_alone(object).changes, Not(Contains(HasSubstr("planned viewers"))));
  EXPECT_THAT(explained(sized_by_egress()).changes, Not(Contains(HasSubstr("planned viewers"))))
      << "others fetch from it as well";
}

TEST(Explain, DoesNotTakeUnknownDemandForNobody) {
  json::Value object = told_pool();
  object["status"]["demand"] = {{"freshness", "Missing"}, {"message", "no series"}};
  object["status"]["forecast"] = {{"stage", "None"}};
  object["status"]["sizing"] = {{"basis", "Hold"},
                                {"bindingResource", "viewers"},
                                {"plannedViewers", 0},
                                {"servingReplicas", 0},
                                {"survivingReplicas", 0}};
  const Explanation told = explained(object);
  EXPECT_THAT(told.numbers, testing::IsEmpty());
  EXPECT_THAT(print_explanation(told, "text", kNow),
              HasSubstr("NUMBERS\n  none: neither demand nor a forecast to size by"));
}

TEST(Explain, TellsOfNoSavingThatIsNone) {
  json::Value object = told_pool();
  object["status"]["forecast"]["medianViewers"] = 98'000;
  EXPECT_THAT(explained(object).changes, Not(Contains(HasSubstr("half of the windows"))));
}

/// Also where they do not run out first: what is to be left may be so many because of them.
TEST(Explain, TellsBothPartsOfHandshakesWhateverBinds) {
  json::Value object = told_pool();
  object["spec"]["redundancy"] = {{"survive", "FailureDomain"}};
  auto& sizing = object["status"]["sizing"];
  sizing["arrivalHandshakesPerSecond"] = 410;
  sizing["reconnectHandshakesPerSecond"] = 667;
  for (const char* binding : {"viewers", "handshakes"}) {
    sizing["bindingResource"] = binding;
    const auto numbers = explained(object).numbers;
    EXPECT_THAT(numbers, Contains(number(410, "handshakes/s", "by viewers who arrive")));
    EXPECT_THAT(numbers, Contains(number(667, "handshakes/s", "more when the viewers of what")));
    EXPECT_THAT(numbers, Contains(number(52, "replicas", "carry both, by what runs out first")));
  }
}

/// One workload in three zones: 50 are to be left.
json::Value spread_pool() {
  json::Value object = told_pool();
  object["spec"].erase("failureDomains");
  object["spec"]["topologyKey"] = "topology.kubernetes.io/zone";
  object["spec"]["scaleTargetRef"] = {
      {"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", "edge"}};
  object["spec"]["redundancy"] = {{"survive", "FailureDomain"}};
  object["spec"]["replicas"]["max"] = 90;
  object["status"]["domains"] = json::Value::array();
  for (const char* zone : {"a", "b", "c"})
    object["status"]["domains"].push_back(
        {{"name", zone}, {"ready", 20}, {"starting", 3}, {"reserveMissing", 1}});
  object["status"]["sizing"]["survivingReplicas"] = 50;
  return object;
}

TEST(Explain, OfOneWorkloadTellsWhereItStandsAndTheGuaranteeOfAnEvenSpread) {
  const Explanation told = explained(spread_pool());
  const std::string text = print_explanation(told, "text", kNow);
  EXPECT_THAT(text, HasSubstr("DOMAIN  READY  STARTING  RESERVE LACKS\n"
                              "a       20     3         1\n"));
  EXPECT_THAT(text, Not(HasSubstr("?")));
  EXPECT_THAT(told.numbers, Contains(number(75, "replicas", "fullest of 3 failure domains")));
  EXPECT_THAT(told.numbers, Contains(number(75, "replicas", "spread evenly")));
  // 60 of 90 are left, and carry 60 x 1,988.
  EXPECT_THAT(told.changes, Contains(HasSubstr("119,280 planned viewers are the most that "
                                               "spec.replicas.max 90 lets be carried, spread")));
}

TEST(Explain, OfOneWorkloadWhoseSpreadIsNotKnownPromisesNothingOfALoss) {
  json::Value object = spread_pool();
  object["status"].erase("domains");
  const Explanation told = explained(object);
  for (const auto& number : told.numbers)
    EXPECT_THAT(number.meaning, Not(HasSubstr("loss"))) << number.meaning;
  EXPECT_THAT(told.changes, Contains(HasSubstr("178,920 planned viewers are the most")));
}

TEST(Explain, SaysNothingOfViewersWhereSomethingElseBinds) {
  json::Value object = told_pool();
  object["status"]["sizing"]["bindingResource"] = "requests";
  for (const std::string& change : explained(object).changes)
    EXPECT_THAT(change, Not(HasSubstr("planned viewers")));
}

TEST(Explain, SaysWhatIsWrittenAndNotDecidedUpon) {
  json::Value object = told_pool();
  object["metadata"]["generation"] = 9;
  EXPECT_THAT(explained(object).inputs,
              Contains(Field(&Explanation::Input::value,
                             "generation 7; generation 9 is not decided upon yet")));
}

TEST(Explain, APauseAndADryRunWouldChangeIt) {
  json::Value object = told_pool();
  object["spec"]["mode"] = "DryRun";
  object["metadata"]["annotations"] = {{"edgetide.io/paused-until", "2026-12-05T21:00:00Z"}};
  const auto changes = explained(object).changes;
  EXPECT_THAT(changes, Contains(HasSubstr("spec.mode: decisions are not carried out")));
  EXPECT_THAT(changes, Contains(HasSubstr("pause: ends at 2026-12-05T21:00:00Z (in 1h39m)")));
}

TEST(Explain, WantsOnePool) {
  EXPECT_EQ(run({"explain"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"explain", "a/b", "c/d"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"explain", "a/b", "--kubeconfig", "/nonexistent"}).exit, Exit::kNotFound);
}

}  // namespace
}  // namespace edgetide::cli
