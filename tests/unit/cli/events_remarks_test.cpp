#include <gmock/gmock.h>

#include <algorithm>

#include "cli/commands.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

/// The tour is taken by every file, and by no StreamEvent.
TEST(EventsOfFiles, LongerThanAStreamEventMayBeAreTold) {
  const auto tour = written("tour.csv",
                            "start,end,class,name\n"
                            "2026-07-05T00:00:00Z,2026-07-12T00:00:00Z,tour,Week\n"
                            "2026-07-05T00:00:00Z,2026-07-12T00:01:00Z,tour,Tour\n");
  const auto told = HasSubstr(
      "1 of 2 events are longer than seven days, such as Tour of 2026-07-05T00:00:00Z: a");
  EXPECT_THAT(run({"events", "validate", tour}).err, told);
  EXPECT_EQ(run({"events", "validate", tour}).exit, Exit::kOk);
  EXPECT_THAT(run({"events", "validate", tour, "-o", "json"}).out,
              HasSubstr("\"remark\": \"1 of 2"));
  EXPECT_THAT(run({"events", "list", tour, "--from", "2026-07-01T00:00:00Z"}).err, told);
  const auto imported = run({"events", "import", tour, "--from", "2026-07-01T00:00:00Z"});
  EXPECT_EQ(imported.exit, Exit::kUsage);
  EXPECT_THAT(imported.err, HasSubstr("Tour"));
}

TEST(EventsOfFiles, ValidateSaysWrongRatherThanMissing) {
  const auto wrong = written("wrong_events.csv", "start,end\n");
  EXPECT_EQ(run({"events", "validate", "/nonexistent.csv"}).exit, Exit::kNotFound);
  EXPECT_EQ(run({"events", "validate", wrong}).exit, Exit::kUsage);
  EXPECT_EQ(run({"events", "validate", wrong, "/nonexistent.csv"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"events", "validate", "/nonexistent.csv", wrong}).exit, Exit::kUsage);
  const auto nowhere = run({"events", "validate", "--kubeconfig", "/nonexistent"});
  EXPECT_EQ(nowhere.exit, Exit::kNotFound);
  EXPECT_THAT(nowhere.err, HasSubstr("; validate FILE... needs no cluster\n"));
}

/// Short enough to read, and each part tells its own options; every option belongs to one.
TEST(EventsHelp, TellsOfEachPartByItself) {
  const auto whole = run({"events", "--help"}).out;
  EXPECT_LE(std::ranges::count(whole, '\n'), 40);
  EXPECT_THAT(whole, HasSubstr("'edgetide events next --help' shows the options"));
  std::string parts;
  for (const char* word : {"next", "list", "validate", "import"}) {
    EXPECT_THAT(whole, HasSubstr("\n  " + std::string(word) + " "));
    const auto part = run({"events", word, "--help"}).out;
    EXPECT_EQ(part, run({"help", "events", word}).out);
    EXPECT_THAT(part, testing::StartsWith("Usage: edgetide events " + std::string(word) + " "));
    EXPECT_THAT(part, HasSubstr("Examples:\n  edgetide events " + std::string(word)));
    EXPECT_THAT(part, testing::ContainsRegex("\n\n[A-Z][^\n]*[.]\n\nOptions:\n"));
    parts += part;
  }
  for (const auto& option : find_command("events")->options)
    EXPECT_THAT(parts, HasSubstr("--" + option.name));
  EXPECT_THAT(run({"events", "next", "--help"}).out, testing::Not(HasSubstr("--prune")));
  EXPECT_THAT(
      run({"events", "validate", "--help"}).out,
      testing::AllOf(HasSubstr("One of text, json, yaml."), testing::Not(HasSubstr("csv"))));
}

}  // namespace
}  // namespace edgetide::cli
