#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/ahead_output.h"
#include "report/folding.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

constexpr Instant kEnd{std::chrono::sys_days{std::chrono::year{2026} / 3 / 5} +
                       std::chrono::hours{12}};

constexpr const char* kPool =
    "apiVersion: edgetide.io/v1alpha1\n"
    "kind: EdgePool\n"
    "metadata: {name: live, namespace: video}\n"
    "spec:\n"
    "  failureDomains:\n"
    "  - {name: a, maxReplicas: 60, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: "
    "a}}\n"
    "  - {name: b, maxReplicas: 60, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: "
    "b}}\n"
    "  demand: {sourceRef: {name: video}}\n"
    "  capacity: {viewers: 200, targetUtilizationPercent: 100}\n"
    "  redundancy: {survive: None}\n"
    "  replicas: {min: 2, max: 100}\n";

constexpr const char* kCalendar =
    "start,end,class,name,expected_peak_viewers\n"
    "2026-03-05T14:00:00Z,2026-03-05T16:00:00Z,final,Final,20000\n";

/// Three days of a smooth wave between 1,000 and 5,000 viewers, up to kEnd.
std::string demand() {
  std::string text = "timestamp,value\n";
  for (int minute = 3 * 1440; minute >= 0; --minute) {
    const Instant at = kEnd - std::chrono::minutes{minute};
    const double hour = static_cast<double>((at.time_since_epoch() % 86'400).count()) / 3600;
    const double viewers = 3000 - 2000 * std::cos(2 * std::numbers::pi * hour / 24);
    text += to_string(at) + "," + std::to_string(std::lround(viewers)) + "\n";
  }
  return text;
}

std::vector<std::string> with_files(std::vector<std::string> line) {
  for (const auto& word : {std::string("-f"), written("ahead_pool.yaml", kPool),
                           std::string("--demand"), written("ahead_demand.csv", demand())})
    line.push_back(word);
  return line;
}

nlohmann::json json_of(std::vector<std::string> line) {
  line.insert(line.end(), {"-o", "json"});
  const auto outcome = run(with_files(std::move(line)));
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  return nlohmann::json::parse(outcome.out);
}

TEST(Ahead, TellsWhatEachStepWillNeed) {
  const auto list = json_of({"plan", "--ahead", "4h"});
  EXPECT_EQ(list["kind"], "PlanAheadList");
  const auto& pool = list["items"][0];
  EXPECT_EQ(pool["time"], "2026-03-05T12:00:00Z");
  ASSERT_EQ(pool["steps"].size(), 16u);
  EXPECT_EQ(pool["steps"][1]["time"], "2026-03-05T12:15:00Z");
  for (const auto& step : pool["steps"]) {
    const double viewers = step["likely"]["viewers"];
    EXPECT_EQ(step["likely"]["replicas"], std::ceil(viewers / 200)) << step;
    EXPECT_GE(step["high"]["viewers"], viewers);
    EXPECT_GE(step["high"]["replicas"], step["likely"]["replicas"]);
    EXPECT_FALSE(step.contains("event"));
  }
}

TEST(Ahead, AnEventRaisesItsHoursAndShowsWhatTheLimitsDoNotGrant) {
  const auto calendar = written("ahead_calendar.csv", kCalendar);
  const auto quiet = json_of({"plan", "--ahead", "4h"})["items"][0]["steps"];
  const auto busy = json_of({"plan", "--ahead", "4h", "--calendar", calendar})["items"][0]["steps"];
  EXPECT_EQ(busy[12]["event"], "Final");
  EXPECT_GT(busy[12]["likely"]["viewers"], quiet[12]["likely"]["viewers"].get<double>() + 3000);
  EXPECT_GT(busy[12]["high"]["missingReplicas"], 0);
  EXPECT_EQ(quiet[12]["high"]["missingReplicas"], 0);
  const std::vector<std::string> asked{"plan", "--ahead", "4h", "--exit-code"};
  EXPECT_EQ(run(with_files(asked)).exit, Exit::kOk);
  auto in_busy = asked;
  in_busy.insert(in_busy.end(), {"--calendar", calendar});
  EXPECT_EQ(run(with_files(in_busy)).exit, Exit::kDecided);
}

TEST(Ahead, EventsTellWhatTheyDoToAPool) {
  const auto calendar = written("ahead_calendar.csv", kCalendar);
  const auto list = json_of({"events", "next", "--calendar", calendar});
  EXPECT_EQ(list["kind"], "EventEffectList");
  ASSERT_EQ(list["items"].size(), 1u);
  const auto& effect = list["items"][0];
  EXPECT_EQ(effect["event"], "Final");
  EXPECT_EQ(effect["pool"]["name"], "live");
  EXPECT_GT(effect["bringsViewers"], 3000);
  EXPECT_GE(effect["bringsViewersHigh"], effect["bringsViewers"]);
  EXPECT_GT(effect["likely"]["replicas"], effect["without"]["replicas"]);
  EXPECT_GE(effect["high"]["replicas"], effect["likely"]["replicas"]);
  const auto csv = run(with_files({"events", "next", "--calendar", calendar, "-o", "csv"})).out;
  EXPECT_THAT(csv, HasSubstr("\n2026-03-05T14:00:00Z,Final,final,video,live,"));
  const auto text = run(with_files({"events", "next", "--calendar", calendar})).out;
  EXPECT_THAT(text, HasSubstr("Final  2h  video/live  "));
  const auto wide = run(with_files({"events", "next", "--calendar", calendar, "-o", "wide"})).out;
  EXPECT_THAT(wide, HasSubstr("\nFinal  final  2026-03-05T14:00:00Z  2026-03-05T"));
  EXPECT_EQ(run(with_files({"events", "next", "--calendar", calendar, "-o", "name"})).out,
            "Final\n");
}

/// Of a class that nobody has seen, doubling the audience is a guess, and is called one.
TEST(Ahead, AGuessIsCalledOne) {
  const auto calendar = written("ahead_guess.csv",
                                "start,end,class,name\n"
                                "2026-03-05T14:00:00Z,2026-03-05T16:00:00Z,quiz,Quiz\n");
  const auto guess = json_of({"events", "next", "--calendar", calendar})["items"][0];
  EXPECT_EQ(guess["guessed"], true);
  const auto known = written("ahead_calendar.csv", kCalendar);
  EXPECT_EQ(json_of({"events", "next", "--calendar", known})["items"][0]["guessed"], false);
  const auto next = [](const std::string& file, std::vector<std::string> format) {
    std::vector<std::string> line{"events", "next", "--calendar", file};
    line.insert(line.end(), format.begin(), format.end());
    return run(with_files(line)).out;
  };
  EXPECT_THAT(next(calendar, {}), HasSubstr("\n! Quiz is a guess: no event like it is known"));
  EXPECT_THAT(next(known, {}), testing::Not(HasSubstr("guess")));
  EXPECT_THAT(next(calendar, {"-o", "csv"}), HasSubstr(",missing_replicas,guessed\n"));
  EXPECT_THAT(next(calendar, {"-o", "csv"}), testing::EndsWith(",true\n"));
  EXPECT_THAT(next(known, {"-o", "csv"}), testing::EndsWith(",false\n"));

  const auto plan = [&](const std::string& file, std::vector<std::string> format) {
    std::vector<std::string> line{"plan", "--at", "2026-03-05T12:00:00Z", "--calendar", file};
    line.insert(line.end(), format.begin(), format.end());
    return run(with_files(line)).out;
  };
  const auto soon = written("ahead_guess_soon.csv",
                            "start,end,class,name\n"
                            "2026-03-05T12:20:00Z,2026-03-05T14:00:00Z,quiz,Quiz\n");
  EXPECT_THAT(plan(soon, {}), HasSubstr("event Quiz brings "));
  EXPECT_THAT(plan(soon, {}), HasSubstr("a guess: no event like it"));
  const auto planned = nlohmann::json::parse(plan(soon, {"-o", "json"}))["items"][0];
  EXPECT_EQ(planned["forecast"]["eventGuessed"], true);
}

/// How far the Final may run above its path is the Final's doing, and not that of a talk beside it.
TEST(Ahead, ASmallEventIsNotBlamedForALargeOneBesideIt) {
  const auto calendar =
      written("ahead_beside.csv", std::string(kCalendar) +
                                      "2026-03-05T14:30:00Z,2026-03-05T15:30:00Z,talk,Talk,5600\n");
  const auto items = json_of({"events", "next", "--calendar", calendar})["items"];
  ASSERT_EQ(items.size(), 2u);
  const auto& large = items[0];
  const auto& small = items[1];
  ASSERT_EQ(small["event"], "Talk");
  EXPECT_GT(large["bringsViewersHigh"], large["bringsViewers"].get<double>() + 2000);
  EXPECT_LT(small["bringsViewersHigh"], small["bringsViewers"].get<double>() + 1000);
  EXPECT_GT(small["withoutHigh"]["replicas"], small["without"]["replicas"]);
  EXPECT_GT(small["withoutHigh"]["missingReplicas"], 0);
  EXPECT_EQ(large["withoutHigh"]["missingReplicas"], 0);
  std::istringstream lines(run(with_files({"events", "next", "--calendar", calendar})).out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST(Ahead, TheQuarterBeforeItsRampIsNotOfAnEventsTime) {
  // The Final is over at 17:00, and the ramp of the talk begins at 17:15.
  const auto calendar =
      written("ahead_after.csv",
              std::string(kCalendar) + "2026-03-05T17:45:00Z,2026-03-05T18:00:00Z,talk,Talk,200\n");
  const auto items = json_of({"events", "next", "--calendar", calendar})["items"];
  ASSERT_EQ(items.size(), 2u);
  EXPECT_GT(items[0]["high"]["missingReplicas"], 0);
  EXPECT_EQ(items[1]["high"]["missingReplicas"], 0);
}

TEST(Ahead, EventsAreListedBeforeAnythingIsKnownOfDemand) {
  const auto next = [](const std::string& format) {
    return run({"events", "next", "-f", written("ahead_pool.yaml", kPool), "--at",
                "2026-03-05T12:00:00Z", "--calendar", written("ahead_calendar.csv", kCalendar),
                "-o", format});
  };
  const auto text = next("text");
  EXPECT_EQ(text.exit, Exit::kOk);
  EXPECT_THAT(text.out, HasSubstr("Final  2h  video/live  ?       ?         ?"));
  EXPECT_THAT(text.err, HasSubstr("video/live: replicas are not foreseen: viewers are Missing"));
  const auto item = nlohmann::json::parse(next("json").out)["items"][0];
  EXPECT_EQ(item["expectedPeakViewers"], 20'000);
  EXPECT_FALSE(item.contains("likely"));
  EXPECT_THAT(next("csv").out, HasSubstr("Final,final,video,live,,,,,,,,,\n"));
}

TEST(Ahead, WithoutEventsOrDemandSaysSo) {
  EXPECT_THAT(run(with_files({"events", "next"})).err,
              HasSubstr("no events are announced to these pools until 2026-04-02T12:00:00Z"));
  const auto dark = run({"plan", "-f", written("ahead_pool.yaml", kPool), "--ahead", "1h"});
  EXPECT_EQ(dark.exit, Exit::kOk);
  EXPECT_THAT(dark.out, HasSubstr("nothing is foreseen: viewers are Missing: "));
  const auto json = nlohmann::json::parse(
      run({"plan", "-f", written("ahead_pool.yaml", kPool), "--ahead", "1h", "-o", "json"}).out);
  EXPECT_TRUE(json["items"][0]["steps"].empty());
  EXPECT_THAT(json["items"][0]["unforeseen"].get<std::string>(), HasSubstr("Missing"));
}

TEST(Ahead, TellsOfEventsThatNoPoolCarries) {
  const auto events =
      written("ahead_unmatched.yaml",
              "apiVersion: edgetide.io/v1alpha1\nkind: StreamEvent\n"
              "metadata: {name: final, namespace: video}\n"
              "spec: {start: \"2026-03-05T14:00:00Z\", durationMinutes: 60, class: cup,\n"
              "  pools: {matchLabels: {service: vod}}}\n");
  EXPECT_THAT(run(with_files({"events", "next", "-f", events})).err,
              HasSubstr("1 of 1 StreamEvents match no pool of these files by namespace and "
                        "spec.pools, such as video/final\n"));
}

TEST(Ahead, FitsEightyColumns) {
  const auto calendar = written("ahead_calendar.csv", kCalendar);
  std::istringstream lines(run(with_files({"plan", "--ahead", "30h", "--calendar", calendar})).out);
  int rows = 0;
  for (std::string line; std::getline(lines, line); ++rows) EXPECT_LE(line.size(), 80u) << line;
  EXPECT_EQ(rows, 33);
}

TEST(Ahead, ShortensNamesInATerminalThatIsTooNarrow) {
  model::StreamEvent event{.name = "a-final-with-a-name-that-is-as-long-as-a-line-of-a-terminal",
                           .start = kEnd + std::chrono::hours{2}};
  const PoolEffect effect{{"video-production", "live-edge"}, {event, std::nullopt}, {}};
  std::istringstream lines(print_effects({effect}, "text", kEnd, 80));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(report::width_of(line), 80U) << line;
  EXPECT_THAT(print_effects({effect}, "text", kEnd), HasSubstr(event.name));
}

TEST(Ahead, SaysHowLongAStepIs) {
  EXPECT_EQ(json_of({"plan", "--ahead", "4h"})["items"][0]["stepSeconds"], 900);
  EXPECT_THAT(run(with_files({"plan", "--ahead", "4h"})).out,
              HasSubstr("each line: the highest of the 15m from its time on\nUTC "));
  EXPECT_THAT(run(with_files({"plan", "--ahead", "30h"})).out, HasSubstr("the highest of the 1h "));
}

/// Where egress is not known nobody knows that what the limits grant is enough.
TEST(Ahead, AnUnknownEgressIsNotTakenForEnough) {
  std::string pool = kPool;
  pool.replace(pool.find("viewers: 200"), 12, "viewers: 200, egressBitsPerSecond: 4G");
  const auto asked = [&](std::vector<std::string> line) {
    line.insert(line.end(), {"-f", written("ahead_egress.yaml", pool), "--demand",
                             written("ahead_demand.csv", demand())});
    return run(line);
  };
  const auto ahead = asked({"plan", "--ahead", "1h"});
  EXPECT_THAT(ahead.out, HasSubstr("! egress is not known, which may take more (files tell of"));
  EXPECT_THAT(ahead.out, HasSubstr("--bitrate"));
  EXPECT_THAT(ahead.out, HasSubstr("  ?      -\n"));
  const auto json = nlohmann::json::parse(asked({"plan", "--ahead", "1h", "-o", "json"}).out);
  EXPECT_EQ(json["items"][0]["unknownLoads"][0]["resource"], "egress");
  const auto calendar = written("ahead_calendar.csv", kCalendar);
  const auto next = asked({"events", "next", "--calendar", calendar});
  EXPECT_THAT(next.err, HasSubstr("video/live: egress is not known, which may take more"));
  EXPECT_THAT(asked({"plan"}).out, HasSubstr("CapacityShortfallAhead Unknown  DemandUnknown"));

  EXPECT_THAT(asked({"plan", "--ahead", "1h", "--bitrate", "5M"}).out,
              testing::Not(HasSubstr("not known")));
  EXPECT_THAT(
      asked({"events", "next", "--calendar", calendar, "--bitrate", "5M"}).err,
      testing::MatchesRegex("edgetide: as of 2026-03-05T12:00:00Z, the last sample of --demand, "
                            "[^;]* ago; --at names another moment\n"));
  EXPECT_FALSE(json_of({"plan", "--ahead", "1h"})["items"][0].contains("unknownLoads"));
}

TEST(Ahead, NamesNoLastSampleOfARecordWithoutAny) {
  const auto empty = written("ahead_empty.csv", "timestamp,value\n");
  const auto plan =
      run({"plan", "-f", written("ahead_pool.yaml", kPool), "--demand", empty, "--ahead", "1h"});
  EXPECT_EQ(plan.exit, Exit::kOk);
  EXPECT_THAT(plan.err, testing::Not(HasSubstr("last sample")));
}

TEST(Ahead, SaysWhatIsWrong) {
  EXPECT_EQ(run(with_files({"plan", "--ahead", "49h"})).exit, Exit::kUsage);
  EXPECT_THAT(run({"events", "next", "--at", "2026-03-05T14:00:00Z"}).err,
              HasSubstr("--at needs pools from files"));
}

}  // namespace
}  // namespace edgetide::cli
