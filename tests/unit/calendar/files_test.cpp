#include "calendar/files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

namespace edgetide::calendar {
namespace {

std::string line_of(const model::StreamEvent& event) {
  std::string text = event.name + " " + event.event_class + " " + to_string(event.start) + " " +
                     to_string(event.duration);
  if (event.ramp_up) text += " ramp " + to_string(*event.ramp_up);
  if (event.overrun) text += " overrun " + to_string(*event.overrun);
  if (event.expected_peak) text += " peak " + std::to_string(event.expected_peak->count());
  if (event.minimum_replicas) text += " min " + std::to_string(event.minimum_replicas->count());
  return text;
}

std::string outcome(const Result<model::EventCalendar>& calendar) {
  if (!calendar) return calendar.error().text();
  std::string text;
  for (const auto& event : calendar->events()) text += line_of(event) + "\n";
  return text;
}

std::string outcome(const Result<model::DemandHistory>& history) {
  if (!history) return history.error().text();
  std::string text;
  for (const auto& sample : history->samples()) {
    text += to_string(sample.at) + " " + std::to_string(sample.viewers.count()) + "\n";
  }
  return text;
}

struct Case {
  std::string text;
  std::string expected;
};

class EventsCsv : public testing::TestWithParam<Case> {};
TEST_P(EventsCsv, Read) {
  EXPECT_EQ(outcome(events_from_csv(GetParam().text, "e.csv")), GetParam().expected);
}

const std::string kTimeWanted = " is not a time such as 2026-12-05T20:00:00Z or 2026-12-05 20:00";
const std::string kViewersWanted =
    " is not a quantity from 0 to 10000000000, such as 250000 or 250k";
const Case kEventCases[] = {
    {"start,end,class,name\n", ""},
    {"start,end,class,name,expected_peak_viewers\n"
     "2026-12-05T20:00:00Z,2026-12-05 21:55,football,\"A, \"\"B\"\"\",250000\r\n"
     "\n2026-12-04T20:00:00+01:00,2026-12-04 19:01:00,show,Eve,\n",
     "Eve show 2026-12-04T19:00:00Z 1m\n"
     "A, \"B\" football 2026-12-05T20:00:00Z 1h55m peak 250000.000000\n"},
    {"start,end,class,name,expected_peak_viewers\n"
     "2026-12-05T20:00:00Z,2026-12-05T21:00:00Z,Cup Final,n,1.5M\n",
     "n cup-final 2026-12-05T20:00:00Z 1h peak 1500000.000000\n"},
    {"name,class,end,start\nn,c,2026-01-01 02:00,2026-01-01 01:00",
     "n c 2026-01-01T01:00:00Z 1h\n"},
    {"start,end,class,name\n2026-01-01 01:00,2026-01-01 02:00,c,Show\n"
     "2026-01-08 01:00,2026-01-08 02:00,c,Show\n",
     "Show@2026-01-01T01:00:00Z c 2026-01-01T01:00:00Z 1h\n"
     "Show@2026-01-08T01:00:00Z c 2026-01-08T01:00:00Z 1h\n"},
    {"",
     "e.csv:1:1: empty; the first line names the columns start, end, class, name, "
     "expected_peak_viewers"},
    {"start,end,class\n", "e.csv:1:1: no column \"name\" in the header"},
    {"start,end,class,name,venue\n",
     "e.csv:1:22: unknown column \"venue\"; columns are start, end, class, name, "
     "expected_peak_viewers"},
    {"start,end,class,name,name\n", "e.csv:1:22: column \"name\" stands twice"},
    {"start,end,class,name\na,b\n", "e.csv:2:1: 2 fields where the header has 4"},
    {"start,end,class,name\na,b\nnow,2026-01-01 02:00,c,n\na\"b,b,c,d\n2026-01-01 01:00,2026-01-01 "
     "02:00,c,\n",
     "e.csv:2:1: 2 fields where the header has 4\ne.csv:3:1: start: \"now\"" + kTimeWanted +
         "\ne.csv:4:2: a quote within plain text: quote the whole\n"
         "e.csv:5:37: name: \"\" is not a name of 1 to 253 bytes"},
    {"start,end,class,name\n2026-01-01 01:00,2026-01-01 02:00,,n\n",
     "n  2026-01-01T01:00:00Z 1h\n"},
    {"start,end,class,name\nnow,2026-01-01,c,n\n",
     "e.csv:2:1: start: \"now\"" + kTimeWanted + "\ne.csv:2:5: end: \"2026-01-01\"" + kTimeWanted},
    {"start,end,class,name\n2026-01-01 02:00,2026-01-01 01:59,c,n\n",
     "e.csv:2:18: end: \"2026-01-01 01:59\" lies before the start"},
    {"start,end,class,name\n2026-01-01 02:00,2026-03-01 02:00,c,n\n",
     "e.csv:2:18: end: \"2026-03-01 02:00\" is not within 31 days after the start"},
    {"start,end,class,name,expected_peak_viewers\n2026-01-01 01:00,2026-01-01 02:00,,n,-5\n",
     "e.csv:2:38: expected_peak_viewers: \"-5\"" + kViewersWanted},
    {"start,end,class,name,expected_peak_viewers\n2026-01-01 01:00,2026-01-01 02:00,c,n,5 000\n"
     "2026-01-01 01:00,2026-01-01 02:00,c,m,nan\n",
     "e.csv:2:39: expected_peak_viewers: \"5 000\"" + kViewersWanted +
         "\n"
         "e.csv:3:39: expected_peak_viewers: \"nan\"" +
         kViewersWanted},
    {"start,end,class,name\n2026-01-01 01:00,2026-01-01 02:00,c,n\n"
     "2026-01-01 01:00,2026-01-01 02:00,c,n\n",
     "e.csv:3:37: name: \"n\" starts at the same time in line 2"},
    {"start,end,class,name\n2026-01-01 01:00,2026-01-01 02:00,c,\"n\n",
     "e.csv:2:37: a quote that is never closed"},
    {"start,end,class,name\n2026-01-01 01:00,2026-01-01 02:00,c,\"n\"x\n",
     "e.csv:2:40: text after a closing quote: double a quote inside"},
    {"start,end,class,name\n2026-01-01 01:00,2026-01-01 02:00,c,n\"x\n",
     "e.csv:2:38: a quote within plain text: quote the whole"},
    {"start,end,class,name\n\xC3\xA9,\xFF\n", "e.csv:2:3: the byte 0xFF is not UTF-8"},
};
INSTANTIATE_TEST_SUITE_P(Texts, EventsCsv, testing::ValuesIn(kEventCases));

class DemandCsv : public testing::TestWithParam<Case> {};
TEST_P(DemandCsv, Read) {
  EXPECT_EQ(outcome(demand_from_csv(GetParam().text, "d.csv")), GetParam().expected);
}

const Case kDemandCases[] = {
    {"timestamp,value\n2026-01-01T00:00:00Z,1.5\n2026-01-01 00:01,0\n2026-01-01 00:02,\n"
     "2026-01-01 00:03,NaN\n2026-01-01 00:04,1e3\n",
     "2026-01-01T00:00:00Z 1.500000\n2026-01-01T00:01:00Z 0.000000\n"
     "2026-01-01T00:04:00Z 1000.000000\n"},
    {"timestamp,value\n2026-01-01 00:01,1\n2026-01-01 00:01,2\n",
     "d.csv:3:1: timestamp: \"2026-01-01 00:01\" is not after the row before it"},
    {"timestamp,value\n2026-01-01 00:01,-1\n2026-01-01 00:02,inf\n",
     "d.csv:2:18: value: \"-1\" is not a number from 0 to 1000000000000000\n"
     "d.csv:3:18: value: \"inf\" is not a number from 0 to 1000000000000000"},
    {"time,value\n",
     "d.csv:1:1: unknown column \"time\"; columns are timestamp, value\n"
     "d.csv:1:1: no column \"timestamp\" in the header"},
};
INSTANTIATE_TEST_SUITE_P(Texts, DemandCsv, testing::ValuesIn(kDemandCases));

const std::string kHead = "apiVersion: edgetide.io/v1alpha1\nkind: StreamEvent\n";

class EventsYaml : public testing::TestWithParam<Case> {};
TEST_P(EventsYaml, Read) {
  EXPECT_EQ(outcome(events_from_yaml(GetParam().text, "e.yaml")), GetParam().expected);
}

const std::string kKnown =
    "known are start, timeZone, durationMinutes, class, expectedPeakViewers, minimumReplicas, "
    "rampUpMinutes, overrunMinutes";
const Case kYamlCases[] = {
    {kHead +
         "metadata: {name: final, namespace: video}\nspec:\n  start: \"2026-07-05T20:00:00\"\n"
         "  timeZone: Europe/London\n  durationMinutes: 115\n  class: Football\n"
         "  expectedPeakViewers: 250k\n  minimumReplicas: 40\n  rampUpMinutes: 30\n"
         "  overrunMinutes: 90\n---\n" +
         kHead +
         "metadata: {name: show}\nspec:\n  start: 2026-01-01T20:00:00+01:00\n"
         "  durationMinutes: 1\n  class: show\n  expectedPeakViewers: \"1147.5\"\n",
     "default/show show 2026-01-01T19:00:00Z 1m peak 1147.500000\n"
     "video/final football 2026-07-05T19:00:00Z 1h55m ramp 30m overrun 1h30m peak 250000.000000 "
     "min 40\n"},
    {"", ""},
    {"kind: Pod\napiVersion: v1",
     "e.yaml:1:1: kind: \"Pod\"; must be \"StreamEvent\"\n"
     "e.yaml:2:1: apiVersion: \"v1\"; must be \"edgetide.io/v1alpha1\""},
    {"- a", "e.yaml:1:1: a list is not a StreamEvent"},
    {kHead + "metadata: {name: ev}\nspec: {start: \"2026-01-01T20:00:00\", durationMinute: 5}",
     "e.yaml:4:1: spec.durationMinutes: missing; must be an integer from 1 to 44640\n"
     "e.yaml:4:38: spec.durationMinute: unknown field; " +
         kKnown},
    {kHead + "metadata: {name: ev}\nspec:\n  start: soon\n  timeZone: Europe/Londn\n"
             "  durationMinutes: 0\n  class: 7\n  expectedPeakViewers: many\n"
             "  minimumReplicas: 1.5\n  rampUpMinutes: -1\n  overrunMinutes: 1441\n",
     "e.yaml:6:3: spec.timeZone: \"Europe/Londn\" is not a time zone; did you mean "
     "\"Europe/London\"?\n"
     "e.yaml:7:3: spec.durationMinutes: 0 is not an integer from 1 to 44640\n"
     "e.yaml:8:3: spec.class: 7 is not a string\n"
     "e.yaml:9:3: spec.expectedPeakViewers: \"many\"" +
         kViewersWanted +
         "\n"
         "e.yaml:10:3: spec.minimumReplicas: 1.5 is not an integer from 0 to 10000\n"
         "e.yaml:11:3: spec.rampUpMinutes: -1 is not an integer from 0 to 1440\n"
         "e.yaml:12:3: spec.overrunMinutes: 1441 is not an integer from 0 to 1440"},
    {kHead + "metadata: {name: ev}\nspec: {start: soon, durationMinutes: 5, class: c}",
     "e.yaml:4:8: spec.start: \"soon\" is not a time such as 2026-12-05T20:00:00, of the years "
     "1970 to 2099"},
    {kHead +
         "metadata: {name: ev}\nspec: {start: '2026-01-01T20:00', durationMinutes: 5, class: c, "
         "pools: {}}",
     "e.yaml:4:65: spec.pools: has no place in a calendar, whose events are for every pool that it "
     "is given to; plan -f takes StreamEvents with their pools"},
    {kHead + "metadata: {}\nspec: text",
     "e.yaml:3:1: metadata.name: missing; must be a string\n"
     "e.yaml:4:1: spec: \"text\" is not an object\n"
     "e.yaml:4:1: spec.start: missing; must be a string\n"
     "e.yaml:4:1: spec.durationMinutes: missing; must be an integer from 1 to 44640"},
    {kHead +
         "metadata: {name: ev}\nspec: {start: '2026-01-01T20:00', durationMinutes: 5, class: c}\n"
         "---\n" +
         kHead +
         "metadata: {name: ev}\nspec: {start: '2026-01-01T20:00', durationMinutes: 5, class: c}",
     "e.yaml:8:12: metadata.name: \"default/ev\" stands already in line 3"},
};
INSTANTIATE_TEST_SUITE_P(Texts, EventsYaml, testing::ValuesIn(kYamlCases));

TEST(EventsFromFile, NeedsAKnownEndingAndAFile) {
  EXPECT_EQ(events_from_file("x.txt", {}).error().text(),
            "x.txt: a calendar's name ends in .csv, .ics, .yaml or .yml");
  EXPECT_EQ(events_from_file("/nowhere/x.csv", {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(demand_from_file("/nowhere/x.csv").error().code, ErrorCode::kNotFound);
}

TEST(FilesProperty, MutatedTextNeverCrashes) {
  const std::string csv =
      "start,end,class,name,expected_peak_viewers\n"
      "2026-01-01 01:00,2026-01-01T02:00:00Z,c,\"n, \"\"m\"\"\",5\n";
  const std::string yaml =
      kHead +
      "metadata: {name: ev}\nspec:\n  start: '2026-01-01T20:00'\n  durationMinutes: 5\n"
      "  class: c\n  expectedPeakViewers: 250k\n";
  std::mt19937 random{4};
  const auto mutated = [&](std::string text) {
    for (int i = 0; i < 3; ++i) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0)
        text[at] = static_cast<char>(random());
      else
        text.insert(at, 1, ",\"\n:-{}"[random() % 7]);
    }
    return text;
  };
  for (int round = 0; round < 10'000; ++round) {
    static_cast<void>(events_from_csv(mutated(csv), "f"));
    static_cast<void>(demand_from_csv(mutated(csv), "f"));
    static_cast<void>(events_from_yaml(mutated(yaml), "f"));
  }
}

std::filesystem::path traces() {
  if (const char* set = std::getenv("EDGETIDE_TRACES")) return set;
  return std::filesystem::path{EDGETIDE_SOURCE_DIR} / "../shared/data";
}

TEST(RecordedTraces, AllReadWithoutAComplaint) {
  if (!std::filesystem::exists(traces())) GTEST_SKIP() << "traces absent";
  int read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{traces()}) {
    const std::string path = entry.path();
    if (path.ends_with("calendar.csv")) {
      const auto calendar = events_from_file(path, {});
      ASSERT_TRUE(calendar.ok()) << calendar.error().text();
      EXPECT_FALSE(calendar->events().empty());
      ++read;
    } else if (path.ends_with("series.csv")) {
      const auto history = demand_from_file(path);
      ASSERT_TRUE(history.ok()) << history.error().text();
      ++read;
    }
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace edgetide::calendar
