#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <regex>

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
  around.unread = {"GET /apis/x: forbidden"};
  return around;
}

Explanation explained(const json::Value& object) {
  return explain(kube::decode_pool_status(object), kube::decode_pool(object).value, surroundings(),
                 kNow);
}

TEST(Explain, TellsInputsNumbersLimitsAndWhatWouldChangeIt) {
  const std::string text = print_explanation(explained(told_pool()), "text", kNow);
  testing_support::expect_golden("explain.txt", text);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), kTextColumns) << line;
}

TEST(Explain, SpeaksJson) {
  const auto json = nlohmann::json::parse(print_explanation(explained(told_pool()), "json", kNow));
  EXPECT_EQ(json["kind"], "PoolExplanation");
  EXPECT_EQ(json["desired"], 52);
  EXPECT_EQ(json["inputs"][0]["time"], "2026-12-05T19:17:00Z");
  EXPECT_EQ(json["limits"][0]["reason"], "MaximumReached");
}

/// 50 that serve survive the loss of one of two domains with 50 more; each of 1,988 viewers.
TEST(Explain, WorksOutTheReserveAndHowFarTheLimitsReach) {
  json::Value object = told_pool();
  object["spec"]["redundancy"] = {{"survive", "FailureDomain"}};
  object["spec"]["replicas"]["max"] = 140;
  const Explanation told = explained(object);
  EXPECT_THAT(told.numbers, Contains(testing::AllOf(
                                Field(&Explanation::Number::value, 100),
                                Field(&Explanation::Number::meaning, HasSubstr("fullest of 2")))));
  // 70 of 140 are left, and carry 70 x 1,988.
  EXPECT_THAT(told.changes, Contains(HasSubstr("139,160 planned viewers are the most")));
  EXPECT_THAT(told.changes,
              Contains(HasSubstr("above 99,400 planned viewers one more replica has to serve, "
                                 "from 97,412 down one fewer")));
}

TEST(Explain, SaysNothingOfViewersWhereSomethingElseBinds) {
  json::Value object = told_pool();
  object["status"]["sizing"]["bindingResource"] = "egress";
  for (const std::string& change : explained(object).changes)
    EXPECT_THAT(change, testing::Not(HasSubstr("planned viewers")));
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

/// What docs/reasons.md says of verdicts is said here too.
TEST(Explain, KnowsARemedyForEveryVerdictThatHasOne) {
  std::ifstream page(std::string(EDGETIDE_SOURCE_DIR) + "/docs/reasons.md");
  std::string text{std::istreambuf_iterator<char>{page}, {}};
  text = text.substr(0, text.find("## Conditions"));
  const std::regex row(R"(\| `(\w+)` \| [^|]+ \| ([^|]+) \|)");
  int rows = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at, ++rows) {
    const std::string reason = (*at)[1];
    const bool nothing = (*at)[2].str() == "nothing" || (*at)[2].str().starts_with("nothing; this");
    if (reason == "RaisedToMinimum") continue;  // told what sets it, though nothing is wrong
    EXPECT_EQ(remedy(reason).empty(), nothing) << reason;
  }
  EXPECT_GE(rows, 15);
}

TEST(Explain, WantsOnePool) {
  EXPECT_EQ(run({"explain"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"explain", "a/b", "c/d"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"explain", "a/b", "--kubeconfig", "/nonexistent"}).exit, Exit::kNotFound);
}

}  // namespace
}  // namespace edgetide::cli
