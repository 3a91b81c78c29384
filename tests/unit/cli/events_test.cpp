#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/events_check.h"
#include "kube/manifests.h"
#include "unit/cli/pool_object.h"
#include "unit/cli/run.h"

namespace edgetide::cli {
namespace {

using testing::HasSubstr;

class Events : public testing::Test {
 protected:
  const std::string season_ =
      written("season.ics",
              "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Derby & more\nCATEGORIES:foot ball\n"
              "DTSTART;TZID=Europe/London:20260704T200000\nDURATION:PT1H55M\n"
              "RRULE:FREQ=WEEKLY;COUNT=20\nX-EDGETIDE-EXPECTED-PEAK-VIEWERS:250000\n"
              "END:VEVENT\nEND:VCALENDAR\n");
  const std::vector<std::string> july_ = {"--from", "2026-07-04T20:30:00Z", "--to",
                                          "2026-07-12T00:00:00Z"};

  Outcome run_events(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "events");
    arguments.insert(arguments.end(), july_.begin(), july_.end());
    return run(arguments);
  }
};

TEST_F(Events, AreListedAlsoThoseThatHaveBegun) {
  EXPECT_EQ(run_events({"list", season_}).out,
            "START                 ENDS    CLASS      PEAK     NAME\n"
            "2026-07-04T19:00:00Z  +1h55m  foot-ball  250,000  "
            "Derby & more@2026-07-04T19:00:00Z\n"
            "2026-07-11T19:00:00Z  +1h55m  foot-ball  250,000  "
            "Derby & more@2026-07-11T19:00:00Z\n");
}

TEST_F(Events, WithoutAClassHaveNoneWhenReadAgain) {
  const auto plain =
      written("plain.csv", "start,end,class,name\n2026-07-05T20:00:00Z,2026-07-05T21:00:00Z,,n\n");
  const auto csv = run_events({"list", plain, "-o", "csv"}).out;
  const auto again = run_events({"list", written("plain_again.csv", csv), "-o", "json"});
  EXPECT_EQ(nlohmann::json::parse(again.out)["items"][0]["class"], "") << csv;
}

TEST_F(Events, OfCsvAreReadAgainAsTheyWere) {
  const auto csv = run_events({"list", season_, "-o", "csv"});
  ASSERT_EQ(csv.exit, Exit::kOk);
  const auto again = run_events({"list", written("again.csv", csv.out), "-o", "csv"});
  EXPECT_EQ(again.out, csv.out);
  EXPECT_THAT(run_events({"list", season_, "-o", "json"}).out,
              HasSubstr("\"end\": \"2026-07-04T20:55:00Z\""));
}

TEST_F(Events, AreNamedAndToldWhole) {
  EXPECT_EQ(run_events({"list", season_, "-o", "name"}).out,
            "Derby & more@2026-07-04T19:00:00Z\nDerby & more@2026-07-11T19:00:00Z\n");
  EXPECT_THAT(run_events({"list", season_, "-o", "wide"}).out,
              HasSubstr("\n2026-07-04T19:00:00Z  2026-07-04T20:55:00Z  foot-ball  250,000  -  "));
}

TEST_F(Events, AreImportedAsManifestsThatTheClusterTakes) {
  const auto imported =
      run_events({"import", season_, "--pools", "service=live", "--target-namespace", "video"});
  kube::Manifests manifests;
  kube::add_manifests(manifests, imported.out, "out", "default", nullptr);
  EXPECT_TRUE(manifests.problems.empty()) << manifests.problems.front();
  ASSERT_EQ(manifests.events.size(), 2U);
  const auto& event = manifests.events.front();
  EXPECT_EQ(event.key.text(), "video/derby-more-2026-07-04t19-00-00z");
  EXPECT_EQ(event.event_class, "foot-ball");
  EXPECT_EQ(event.duration, Seconds{115 * 60});
  EXPECT_TRUE(event.pools.matches({{"service", "live"}}));
  EXPECT_FALSE(event.pools.matches({{"service", "vod"}}));
  EXPECT_EQ(event.ramp_up, std::nullopt) << "left to its class";
  EXPECT_EQ(event.overrun, std::nullopt);
}

/// So that none is lost, and one that is under way is never written over by the next.
TEST_F(Events, HaveNamesOfTheirOwnThatStayWhenOthersHavePassed) {
  const auto names = [this](const std::string& rows) {
    const auto imported =
        run_events({"import", written("titles.csv", "start,end,class,name\n" + rows)});
    kube::Manifests manifests;
    kube::add_manifests(manifests, imported.out, "out", "default", nullptr);
    std::vector<std::string> made;
    for (const auto& event : manifests.events) made.push_back(event.key.name);
    return made;
  };
  const auto row = [](const std::string& day, const std::string& title) {
    return "2026-07-" + day + "T20:00:00Z,2026-07-" + day + "T22:00:00Z,cup," + title + "\n";
  };
  const std::string later = row("06", "Match?") + row("07", "(Match)");
  EXPECT_THAT(names(row("05", "Match!") + row("05", "Match 20260705 2000") + later),
              testing::UnorderedElementsAre("match-20260705-2000", "match-20260705-2000-2",
                                            "match-20260706-2000", "match-20260707-2000"));
  EXPECT_THAT(names(later), testing::ElementsAre("match-20260706-2000", "match-20260707-2000"));
  EXPECT_THAT(names(row("05", "Final") + row("06", "Match")),
              testing::ElementsAre("final", "match"));
  const std::string long_title(80, 'x');
  EXPECT_THAT(names(row("05", long_title) + row("06", long_title)),
              testing::ElementsAre(testing::EndsWith("-20260705-2000"),
                                   testing::EndsWith("-20260706-2000")));
}

/// An EventClass is named in small letters: no other class could ever be told of.
TEST_F(Events, HaveTheClassThatAnObjectCanBeNamedWhereverTheyAreRead) {
  const std::string named = written("named.csv",
                                    "start,end,class,name\n"
                                    "2026-07-05T20:00:00Z,2026-07-05T21:00:00Z,Football Final,a\n"
                                    "2026-07-06T20:00:00Z,2026-07-06T21:00:00Z,cup,b\n"
                                    "2026-07-06T22:00:00Z,2026-07-06T23:00:00Z,Fu\xC3\x9F"
                                    "ball,c\n");
  const auto imported = run_events({"import", named});
  for (const char* name : {"football-final", "cup", "fu-ball"})
    EXPECT_THAT(imported.out, HasSubstr("class: \"" + std::string(name) + "\"\n"));
  EXPECT_EQ(imported.err,
            "edgetide: class 'Fu\xC3\x9F"
            "ball' is fu-ball there, as an EventClass is named\n");
  const auto listed = run_events({"list", named, "-o", "csv"}).out;
  for (const char* name : {"\"football-final\"", "\"cup\"",
                           "\"Fu\xC3\x9F"
                           "ball\""})
    EXPECT_THAT(listed, HasSubstr(name));
}

TEST_F(Events, WithoutAnEndAreToldOfWhenImported) {
  const auto imported =
      run_events({"import", written("endless.ics",
                                    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:Derby\n"
                                    "DTSTART:20260705T200000Z\nEND:VEVENT\nEND:VCALENDAR\n")});
  EXPECT_THAT(imported.out, HasSubstr("durationMinutes: 1\n"));
  EXPECT_THAT(imported.err, HasSubstr("1 of 1 events have no end, such as Derby: each lasts a"));
}

TEST_F(Events, ThatAreNotImportedAreCounted) {
  const auto calendar =
      written("seasons.csv",
              "start,end,class,name\n2026-06-01T20:00:00Z,2026-06-01T21:00:00Z,cup,first\n"
              "2026-06-02T20:00:00Z,2026-06-02T21:00:00Z,cup,second\n"
              "2026-08-01T20:00:00Z,2026-08-01T21:00:00Z,cup,third\n");
  const auto imported = run_events({"import", calendar});
  EXPECT_EQ(imported.exit, Exit::kOk);
  EXPECT_EQ(imported.out, "");
  EXPECT_THAT(imported.err,
              HasSubstr("left out 2 events that ended before 2026-07-04T20:30:00Z (--from)"));
  EXPECT_THAT(imported.err,
              HasSubstr("left out 1 event starting after 2026-07-12T00:00:00Z (--to)"));
}

TEST_F(Events, TheNextAreTenAtMost) {
  const auto next = run({"events", "next", season_, "--from", "2026-07-01T00:00:00Z", "--to",
                         "2027-07-01T00:00:00Z", "-o", "csv"});
  EXPECT_EQ(std::ranges::count(next.out, '\n'), 11);
}

TEST_F(Events, AWrongFileIsNamedWithItsLine) {
  const auto wrong = run({"events", "validate", season_, written("w.csv", "start,end\n")});
  EXPECT_EQ(wrong.exit, Exit::kUsage);
  EXPECT_THAT(wrong.out, HasSubstr("season.ics: fine; "));
  EXPECT_THAT(wrong.err, HasSubstr("w.csv:1:1: no column \"class\" in the header"));
}

TEST_F(Events, AreCheckedInJsonFileByFile) {
  const auto fine = written("fine.csv",
                            "start,end,class,name\n"
                            "2026-06-01T20:00:00Z,2026-06-01T21:00:00Z,cup,first\n"
                            "2026-06-02T20:00:00Z,2026-06-02T21:00:00Z,cup,second\n");
  EXPECT_EQ(run({"events", "validate", fine}).out, fine + ": fine; 2 events\n");
  const auto wrong = written("w.csv", "start,end\n");
  const auto checked = run({"events", "validate", fine, wrong, "-o", "json"});
  EXPECT_EQ(checked.exit, Exit::kUsage);
  const auto items = nlohmann::json::parse(checked.out)["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0], (nlohmann::json{{"file", fine}, {"valid", true}, {"events", 2}}));
  EXPECT_EQ(items[1]["file"], wrong);
  EXPECT_EQ(items[1]["valid"], false);
  EXPECT_THAT(items[1]["problem"].get<std::string>(), HasSubstr("w.csv:1:1: no column"));
  for (const char* format : {"csv", "wide", "name"})
    EXPECT_EQ(run({"events", "validate", fine, "-o", format}).exit, Exit::kUsage);
}

TEST_F(Events, OfAClusterAreCheckedOneByOne) {
  const Instant now = parse_instant("2026-07-04T20:30:00Z").value();
  const auto object = [](const char* kind, const char* name, json::Value spec) {
    return json::Value{{"apiVersion", "edgetide.io/v1alpha1"},
                       {"kind", kind},
                       {"metadata", {{"name", name}, {"namespace", "video"}}},
                       {"spec", std::move(spec)}};
  };
  const auto calendar = [&](const char* name, const char* key) {
    return object("EventCalendar", name,
                  {{"source", {{"configMapKeyRef", {{"name", "season"}, {"key", key}}}}},
                   {"pools", {{"matchLabels", {{"service", "live"}}}}}});
  };
  json::Value other = calendar("other", "season.ics");
  other["spec"]["pools"]["matchLabels"]["service"] = "vod";
  const auto event = [&](const char* name, const char* zone) {
    return object("StreamEvent", name,
                  {{"start", "2026-07-05T20:00:00"},
                   {"timeZone", zone},
                   {"durationMinutes", 90},
                   {"pools", {{"matchLabels", {{"service", "live"}}}}}});
  };
  json::Value pool = told_pool();
  pool["metadata"]["labels"]["service"] = "live";
  std::ifstream file(season_);
  std::ostringstream season;
  season << file.rdbuf();
  const Announced announced{
      .calendars = {calendar("season", "season.ics"), other, calendar("broken", "broken.ics"),
                    calendar("gone", "gone.ics")},
      .events = {event("fine", "Europe/London"), event("wrong", "Europe/Londn")},
      .pools = {pool},
      .text_of = [&](const kube::EventCalendarResource& one) -> Result<std::string> {
        if (one.source_key == "season.ics") return season.str();
        if (one.source_key == "broken.ics") return std::string("BEGIN:VCALENDAR\n");
        return Error{ErrorCode::kNotFound, "no entry \"gone.ics\" in its data"};
      }};
  const auto all = check(announced, now);
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0].what, "EventCalendar video/season");
  EXPECT_EQ(all[0].problem, "");
  EXPECT_EQ(all[0].events, 5U);
  EXPECT_EQ(all[0].remark, "");
  EXPECT_EQ(all[1].remark, "selects no pool of its namespace");
  EXPECT_THAT(all[2].problem, HasSubstr("season/broken.ics:"));
  EXPECT_THAT(all[3].problem, HasSubstr("no entry"));
  EXPECT_EQ(all[4].what, "StreamEvent video/fine");
  EXPECT_EQ(all[4].problem + all[4].remark, "");
  EXPECT_THAT(all[5].problem, HasSubstr("did you mean \"Europe/London\"?"));
}

/// All of it before a cluster is asked: there is none.
TEST_F(Events, AreNotAppliedWhereSomethingIsWrong) {
  const auto refused = [this](std::vector<std::string> more) {
    more.insert(more.begin(), {"import", season_, "--kubeconfig", "/none", "--apply"});
    const auto outcome = run_events(std::move(more));
    EXPECT_EQ(outcome.exit, Exit::kUsage) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  const auto broken = written("broken.csv",
                              "start,end,class,name\n2026-07-05T20:00:00Z,2026-07-05T21:00:00Z,"
                              "cup,fine\n2026-07-06T20:00:00Z,never,cup,wrong\n");
  EXPECT_THAT(refused({broken, "--imported-from", "both"}), HasSubstr("broken.csv:3:22: "));
  const auto long_one = written("long.csv",
                                "start,end,class,name\n"
                                "2026-07-05T20:00:00Z,2026-07-15T20:00:00Z,cup,ten days\n");
  EXPECT_THAT(refused({long_one, "--imported-from", "both"}),
              HasSubstr("ten days at 2026-07-05T20:00:00Z: lasts 240h"));
  EXPECT_THAT(refused({"--pools", "service=live edge"}), HasSubstr("spec.pools.matchLabels"));
  EXPECT_THAT(refused({season_}), HasSubstr("several FILEs need a name"));
  EXPECT_THAT(refused({"--imported-from", "a/b"}), HasSubstr("'a/b' is no value of a label"));
  EXPECT_THAT(refused({"-n", "video", "-n", "news"}), HasSubstr("--namespace: an import has one"));
  EXPECT_THAT(refused({"-o", "csv"}), HasSubstr("import --apply prints text, json, yaml or name"));
  EXPECT_THAT(run_events({"import", season_, "--prune"}).err,
              HasSubstr("--prune needs import --ap"));
  EXPECT_THAT(run_events({"list", season_, "--apply"}).err, HasSubstr("only import writes"));
  EXPECT_EQ(run_events({"import", season_, "--kubeconfig", "/none", "--apply"}).exit,
            Exit::kNotFound);
}

TEST_F(Events, WrongUseIsExplained) {
  EXPECT_EQ(run({"events"}).exit, Exit::kUsage);
  EXPECT_EQ(run({"events"}).err,
            "edgetide: events: which of list, next, validate, import?\n"
            "See 'edgetide events --help'.\n");
  EXPECT_EQ(nlohmann::json::parse(run({"events", "lst", "-o", "json"}).err)["kind"], "Error");
  EXPECT_THAT(run({"events", "lst"}).err, HasSubstr("did you mean list?"));
  EXPECT_THAT(run({"events", "import"}).err, HasSubstr("import needs FILEs"));
  EXPECT_THAT(run({"events", "validate", "-f", "pools.yaml"}).err, HasSubstr("takes FILEs behind"));
  EXPECT_THAT(run_events({"show", season_}).err, HasSubstr("'show' is none of list"));
  EXPECT_THAT(run_events({"import", season_, "-o", "csv"}).err, HasSubstr("prints manifests"));
  EXPECT_THAT(run_events({"import", season_, "--pools", "live"}).err,
              HasSubstr("--pools: 'live' is not LABEL=VALUE"));
  EXPECT_THAT(run({"events", "list", season_, "--from", "now"}).err, HasSubstr("is not a time"));
  EXPECT_THAT(run({"events", "list", season_, "--from", "2026-07-04T00:00:00Z", "--to",
                   "2026-07-03T00:00:00Z"})
                  .err,
              HasSubstr("is before --from"));
}

}  // namespace
}  // namespace edgetide::cli
