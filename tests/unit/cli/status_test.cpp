#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "app/complaints.h"
#include "cli/status_output.h"
#include "cli/text_table.h"
#include "kube/pause_annotations.h"
#include "report/time_text.h"
#include "support/golden.h"
#include "unit/cli/pool_object.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const Instant kNow = parse_instant("2026-12-05T19:20:40Z").value();

/// Decided, paused, one nobody has looked at, and one in good order.
std::vector<kube::PoolStatus> pools() {
  json::Value paused = told_pool();
  paused["metadata"]["name"] = "paused";
  paused["metadata"]["annotations"] = {{kube::kPausedUntil, "2026-12-05T21:00:00Z"},
                                       {kube::kPausedReplicas, "60"}};
  json::Value fresh = told_pool();
  fresh["metadata"]["name"] = "new";
  fresh.erase("status");
  json::Value calm = told_pool();
  calm["metadata"]["name"] = "vod";
  calm["spec"]["mode"] = "DryRun";
  calm["status"].erase("shortfall");
  calm["status"].erase("shortfallsAhead");
  calm["status"]["verdicts"] = json::Value::array();
  calm["status"]["sizing"]["basis"] = "Forecast";
  for (auto& condition : calm["status"]["conditions"]) condition["status"] = "True";
  return {kube::decode_pool_status(told_pool()), kube::decode_pool_status(paused),
          kube::decode_pool_status(fresh), kube::decode_pool_status(calm)};
}

TEST(Status, ShowsPoolsAtAGlance) {
  testing_support::expect_golden("status.txt", print_statuses(pools(), "text", kNow));
  testing_support::expect_golden("status_wide.txt", print_statuses(pools(), "wide", kNow));
  testing_support::expect_golden("status.csv", print_statuses(pools(), "csv", kNow));
}

TEST(Status, FitsEightyColumns) {
  std::istringstream lines(print_statuses(pools(), "text", kNow));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), kTextColumns) << line;
}

TEST(Status, SpeaksJsonWithWhatIsKnownAlone) {
  const auto list = nlohmann::json::parse(print_statuses(pools(), "json", kNow));
  EXPECT_EQ(list["kind"], "PoolStatusList");
  const auto& told = list["items"][0];
  EXPECT_EQ(told["ready"], 40);
  EXPECT_EQ(told["missingReplicas"], 4);
  EXPECT_EQ(told["shortfallsAhead"][0]["missingReplicas"], 20);
  EXPECT_FALSE(told.contains("pausedUntil"));
  EXPECT_EQ(list["items"][1]["pausedReplicas"], 60);
  for (const char* absent : {"ready", "desired", "viewers", "peakViewers", "redundancyMet"}) {
    EXPECT_FALSE(list["items"][2].contains(absent)) << absent;
  }
  EXPECT_EQ(print_statuses(pools(), "name", kNow),
            "video/live-edge\nvideo/paused\nvideo/new\nvideo/vod\n");
}

TEST(Status, ComplainsOfWhatIsNotAsItShouldBe) {
  const auto all = pools();
  EXPECT_THAT(app::complaints(all[0], kNow),
              ElementsAre(HasSubstr("RedundancyMet is False, MaximumReached: the loss of"),
                          HasSubstr("DemandFresh is False, Stale: ")));
  EXPECT_THAT(app::complaints(all[2], kNow), ElementsAre(StartsWith("not decided upon yet")));
  EXPECT_THAT(app::complaints(all[3], kNow), IsEmpty());
}

TEST(Status, AnOldDecisionIsNotShownAsIfItWereNew) {
  const auto calm = pools().back();
  EXPECT_THAT(app::complaints(calm, *calm.decided_at + Seconds{360}), IsEmpty());
  EXPECT_THAT(app::complaints(calm, *calm.decided_at + Seconds{361}),
              ElementsAre("decided 6m ago and not since: is the operator running?"));
}

TEST(Status, WhatWillBeMissingIsShownWhereNothingIsMissingYet) {
  kube::PoolStatus pool = kube::decode_pool_status(told_pool());
  pool.shortfall.reset();
  EXPECT_THAT(print_statuses({pool}, "text", kNow), HasSubstr("  20 in 24h  "));
  pool.conditions = {{"CapacityShortfallAhead", "True", "MaximumReached", "20 will be missing"}};
  EXPECT_THAT(app::complaints(pool, kNow), ElementsAre(HasSubstr("20 will be missing")));
}

/// Nothing would be missing, had it a second domain: no number of replicas helps.
TEST(Status, OfALoneDomainSaysSoAndMissesNothing) {
  kube::PoolStatus pool = kube::decode_pool_status(told_pool());
  pool.domains.resize(1);
  pool.domains.front().reserve_missing = Replicas{0};
  pool.shortfall->granted = pool.shortfall->required;
  pool.shortfalls_ahead.clear();
  EXPECT_THAT(print_statuses({pool}, "text", kNow), HasSubstr("  1 domain  -      -\n"));
  EXPECT_THAT(print_statuses({pool}, "wide", kNow), testing::Not(HasSubstr("  0")));
}

TEST(Status, SaysHowOldWhatItShowsIs) {
  auto told = pools();
  EXPECT_THAT(print_statuses(told, "text", kNow), testing::EndsWith("\nas decided 40s ago\n"));
  told.front().decided_at = kNow - Seconds{190};
  EXPECT_THAT(print_statuses(told, "text", kNow),
              testing::EndsWith("\nas decided 40s to 3m ago\n"));
  EXPECT_THAT(print_statuses({told[2]}, "text", kNow), testing::Not(HasSubstr("as decided")));
}

TEST(Status, ADryRunIsNoComplaint) {
  kube::PoolStatus pool = pools().back();
  pool.conditions = {{"AbleToScale", "False", "DryRun", "decisions are not written"}};
  EXPECT_THAT(app::complaints(pool, kNow), IsEmpty());
  pool.conditions[0].reason = "TargetUnknown";
  EXPECT_THAT(app::complaints(pool, kNow), ElementsAre(HasSubstr("TargetUnknown")));
}

TEST(Status, TellsTimesAsPeopleDo) {
  EXPECT_EQ(report::time_until(kNow, kNow), "now");
  EXPECT_EQ(report::time_until(kNow - Seconds{90}, kNow), "now");
  EXPECT_EQ(report::time_until(kNow + Seconds{59}, kNow), "59s");
  EXPECT_EQ(report::time_until(kNow + Seconds{3'659}, kNow), "1h");
  EXPECT_EQ(report::age_text(kNow - Seconds{119}, kNow), "1m59s");
  EXPECT_EQ(report::age_text(kNow - Seconds{121}, kNow), "2m");
  EXPECT_EQ(report::age_text(kNow + Seconds{3}, kNow), "0s");
  EXPECT_EQ(report::age_text(kNow - std::chrono::hours{47}, kNow), "47h");
  EXPECT_EQ(report::age_text(kNow - std::chrono::hours{73}, kNow), "3 days");
  EXPECT_EQ(report::age_text(kNow - std::chrono::days{729}, kNow), "729 days");
  EXPECT_EQ(report::age_text(kNow - std::chrono::days{27 * 366}, kNow), "27 years");
}

TEST(Status, WithoutAClusterSaysWhatIsMissing) {
  EXPECT_EQ(run({"status", "--kubeconfig", "/nonexistent"}).exit, Exit::kNotFound);
  const auto both = run({"status", "-A", "-n", "video"});
  EXPECT_EQ(both.exit, Exit::kUsage);
  EXPECT_THAT(both.err, HasSubstr("exclude each other"));
}

TEST(TextTable, ColumnsAreAsWideAsTheirCells) {
  TextTable table({"A", "LONG", "C"});
  table.add({"x", "", "1"});
  table.add({"caf\xC3\xA9", "1", "2"});
  EXPECT_EQ(table.text(),
            "A     LONG  C\n"
            "x     -     1\n"
            "caf\xC3\xA9  1     2\n");
}

TEST(TextTable, PutsNumbersToTheRightAndNeverTogether) {
  TextTable table({"policy", "minutes", "cost"}, 1);
  table.add({"a", "9,906", "1.25"});
  table.add({"longer", "10,796,340", "11.25"});
  EXPECT_EQ(table.text(),
            "policy     minutes   cost\n"
            "a            9,906   1.25\n"
            "longer  10,796,340  11.25\n");
}

TEST(TextTable, IsFittedToANarrowTerminalAsLongAsNamesCanBeToldApart) {
  TextTable table({"POOL", "READY"});
  table.add({"video-production/live-edge-europe", "12/12"});
  table.add({"video/vod", "3/3"});
  EXPECT_EQ(table.text(30),
            "POOL                     READY\n"
            "video-produ…edge-europe  12/12\n"
            "video/vod                3/3\n");
  EXPECT_EQ(table.text(40), table.text());
  EXPECT_THAT(table.text(5), HasSubstr("video…europe  12/12\n"));
}

TEST(TextTable, WrapsAtEightyColumns) {
  const std::string text = wrapped(std::string(30, 'a') + " " + std::string(46, 'b') + " c", "- ");
  EXPECT_EQ(text, "- " + std::string(30, 'a') + " " + std::string(46, 'b') + "\n  c\n");
  EXPECT_EQ(wrapped(std::string(99, 'x'), "- "), "- " + std::string(99, 'x') + "\n");
}

TEST(TextTable, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(csv_row({"a", "b,c", "say \"d\"", ""}), "a,\"b,c\",\"say \"\"d\"\"\",\n");
}

}  // namespace
}  // namespace edgetide::cli
