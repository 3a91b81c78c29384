#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "edgetide/core/time.h"
#include "unit/cli/run.h"

/// What the commands make of records and calendars that nobody should give them: a clear message,
/// or numbers that are numbers and a fleet that is not lowered for it.
namespace edgetide::cli {
namespace {

using testing::AnyOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
constexpr int kMinutes = 3 * 1440;
constexpr double kCapacity = 100;
constexpr int kMostReplicas = 20'000;
constexpr const char* kPool =
    "failureDomains: [{name: a}, {name: b}]\n"
    "capacity: {viewers: 100, targetUtilizationPercent: 100}\n"
    "redundancy: {survive: None}\n"
    "replicas: {max: 20000}\n";

std::string at(int minute) { return to_string(kStart + std::chrono::minutes{minute}); }

double usual(int minute) {
  const bool show = minute % 1440 >= 1200 && minute % 1440 < 1320;
  return std::round(3000 - 2000 * std::cos(2 * std::numbers::pi * minute / 1440)) +
         (show ? 6000 : 0);
}

/// A record by minutes; nothing where `value` is negative.
template <typename Value>
std::string record(Value value) {
  std::ostringstream text;
  text << "timestamp,value\n";
  for (int minute = 0; minute < kMinutes; ++minute) {
    if (value(minute) >= 0) text << at(minute) << ',' << value(minute) << '\n';
  }
  return text.str();
}

/// `copies` of a show every evening, so many minutes from when it really is.
std::string shows(int copies, int minutes_off) {
  std::string text = "start,end,class,name\n";
  for (int copy = 0; copy < copies; ++copy) {
    for (int day = 0; day < 3; ++day) {
      const int start = day * 1440 + 1200 + minutes_off + copy % 5;
      text += at(start) + "," + at(start + 120) + ",show,Show " + std::to_string(copy) + "\n";
    }
  }
  return text;
}

struct Odd {
  const char* name;
  std::string series;
  std::string calendar;
};

std::vector<Odd> odd_inputs() {
  const std::string fine = record(usual);
  const std::string announced = shows(1, 0);
  return {
      {"holes", record([](int m) { return m / 97 % 3 == 0 ? -1 : usual(m); }), announced},
      {"constant", record([](int) { return 700; }), announced},
      {"zero", record([](int) { return 0; }), announced},
      {"tiny", record([](int) { return 1e-300; }), announced},
      {"the most there may be", record([](int) { return 1e15; }), announced},
      {"a spike", record([](int m) { return m == 2000 ? 1e15 : usual(m); }), announced},
      {"a thousandth half way", record([](int m) { return usual(m) / (m < 2000 ? 1 : 1e3); }),
       announced},
      {"a hundredfold half way", record([](int m) { return usual(m) * (m < 2000 ? 1 : 1e2); }),
       announced},
      {"one sample", "timestamp,value\n" + at(0) + ",500\n", announced},
      {"two far apart", "timestamp,value\n" + at(0) + ",500\n" + at(kMinutes) + ",600\n",
       announced},
      {"an empty calendar", fine, "start,end,class,name\n"},
      {"the wrong zone", fine, shows(1, -300)},
      {"another wrong zone", fine, shows(1, 540)},
      {"copies", fine, shows(30, 0)},
      {"100,000 events", fine, shows(33'334, 0)},
  };
}

std::vector<std::string> cells_of(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> cells;
  for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  return cells;
}

/// Decisions one a minute: each is enough for the demand that was known, the minute's before.
void expect_enough(const std::string& path, const char* name) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  double known = 0;
  for (int minute = 0; std::getline(file, line); ++minute) {
    const auto cells = cells_of(line);
    ASSERT_GE(cells.size(), 4U) << line;
    const double desired = std::stod(cells[1]);
    EXPECT_TRUE(desired == kMostReplicas || desired * kCapacity >= known * (1 - 1e-9))
        << name << ": " << line << " where " << known << " viewers were known";
    if (cells.size() > 4 && !cells[4].empty()) known = std::stod(cells[4]);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(BadInput, GivesNumbersThatAreNumbersAndNoLowerFleet) {
  const std::string pool = written("bad_pool.yaml", kPool);
  const std::string decisions = testing::TempDir() + "bad_decisions.csv";
  for (const Odd& odd : odd_inputs()) {
    const auto began = std::chrono::steady_clock::now();
    const std::vector<std::string> inputs{"--series", written("bad_series.csv", odd.series),
                                          "--calendar", written("bad_calendar.csv", odd.calendar)};
    const std::vector<std::vector<std::string>> lines{
        {"forecast", "-o", "csv"},
        {"accuracy", "-o", "csv", "--every", "1h"},
        {"backtest", "-o", "csv", "--pool", pool, "--decisions", decisions}};
    for (auto line : lines) {
      line.insert(line.end(), inputs.begin(), inputs.end());
      const auto outcome = run(line);
      EXPECT_EQ(outcome.exit, Exit::kOk) << odd.name << ": " << outcome.err;
      EXPECT_THAT(outcome.out, Not(AnyOf(HasSubstr("nan"), HasSubstr("inf"), HasSubstr(",-"))))
          << odd.name << ", " << line.front();
    }
    expect_enough(decisions, odd.name);
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_LT(took, std::chrono::seconds{120}) << odd.name;
  }
}

/// The usual record under the planner, knowing so much of its shows.
struct Decided {
  std::vector<std::string> rows;  ///< As `--decisions` has them.
  double unserved = 0;            ///< The part of the viewing that found no server.
};

Decided decided(const std::vector<std::string>& calendar) {
  const std::string decisions = testing::TempDir() + "calendar_decisions.csv";
  std::vector<std::string> line{"backtest",
                                "--series",
                                written("calendar_series.csv", record(usual)),
                                "--pool",
                                written("bad_pool.yaml", kPool),
                                "--policy",
                                "edgetide",
                                "--decisions",
                                decisions,
                                "-o",
                                "csv"};
  line.insert(line.end(), calendar.begin(), calendar.end());
  const auto outcome = run(line);
  EXPECT_EQ(outcome.exit, Exit::kOk) << outcome.err;
  Decided decided;
  std::istringstream score(outcome.out);
  std::string row;
  std::getline(score, row);
  std::getline(score, row);
  decided.unserved = std::stod(cells_of(row).at(1));
  std::ifstream file(decisions);
  while (std::getline(file, row)) decided.rows.push_back(row);
  return decided;
}

/// An empty calendar decides as none does. A wrong one raises at wrong hours and makes lower at
/// others, which serves about as many as none does; and copies of a right one are as good as it.
TEST(BadInput, AWrongCalendarServesAsManyAsNone) {
  const Decided without = decided({});
  EXPECT_GT(without.unserved, 0) << "shows come within a minute";
  const auto with = [](const std::string& events) {
    return decided({"--calendar", written("calendar_bad.csv", events)});
  };
  EXPECT_EQ(with("start,end,class,name\n").rows, without.rows);
  for (const int minutes_off : {-600, -300, -60, 60, 540}) {
    const double unserved = with(shows(1, minutes_off)).unserved;
    EXPECT_LE(unserved, 1.05 * without.unserved) << minutes_off;
  }
  for (const int copies : {1, 30, 3000}) {
    const double unserved = with(shows(copies, 0)).unserved;
    EXPECT_LE(unserved, 0.3 * without.unserved) << copies;
  }
}

TEST(BadInput, IsRefusedWithItsPlace) {
  struct Wrong {
    std::string series;
    std::string says;
  };
  const Wrong wrongs[] = {
      {at(0) + ",5\n" + at(2) + ",5\n" + at(1) + ",5\n", ":4:1: timestamp: .*is not after the row"},
      {at(0) + ",5\n" + at(0) + ",5\n", ":3:1: timestamp: .*is not after the row before it"},
      {at(0) + ",-5\n", ":2:22: value: \"-5\" is not a number from 0 to"},
      {at(0) + ",inf\n", ":2:22: value: \"inf\" is not a number"},
      {at(0) + ",1e400\n", ":2:22: value: \"1e400\" is not a number"},
      {at(0) + ",2e15\n", ":2:22: value: \"2e15\" is not a number"},
      {at(0) + ",5k\n", ":2:22: value: \"5k\" is not a number"},
      {"noon,5\n", ":2:1: timestamp: \"noon\" is not a time"},
      {at(0) + "\n", ":2:"},
      {"", "--series: holds no value"},
      {at(0) + ",NaN\n", "--series: holds no value"},
  };
  for (const Wrong& wrong : wrongs) {
    const std::string path = written("wrong.csv", "timestamp,value\n" + wrong.series);
    for (const char* command : {"forecast", "accuracy"}) {
      const auto outcome = run({command, "--series", path});
      EXPECT_EQ(outcome.exit, Exit::kUsage) << wrong.says;
      EXPECT_THAT(outcome.err, ContainsRegex(wrong.says));
      EXPECT_THAT(outcome.out, IsEmpty());
    }
  }
}

TEST(BadInput, ACenturyIsGoneThroughInPartsOnly) {
  std::string text = "timestamp,value\n";
  for (int year = 1970; year < 2100; ++year) text += std::to_string(year) + "-01-01T00:00:00Z,70\n";
  const std::string path = written("century.csv", text);
  EXPECT_THAT(run({"accuracy", "--series", path}).err, HasSubstr("name a part of it"));
  EXPECT_THAT(run({"forecast", "--series", path}).out, ContainsRegex("\n2099-01-01T02:00:00Z,"));
}

/// A century by the hour is read; by the quarter of an hour it is more than any file may hold.
TEST(BadInput, ADenseCenturyIsReadOrRefusedForItsSize) {
  const Instant begin{std::chrono::sys_days{std::chrono::year{1980} / 1 / 1}};
  const Instant end{std::chrono::sys_days{std::chrono::year{2080} / 1 / 1}};
  const auto century = [&](Seconds step) {
    std::string text = "timestamp,value\n";
    for (Instant when = begin; when < end; when += step) text += to_string(when) + ",70\n";
    return written("dense_century.csv", text);
  };
  const std::string readable = century(std::chrono::hours{1});
  EXPECT_THAT(run({"forecast", "--series", readable}).out, ContainsRegex("\n2080-01-01T0"));
  EXPECT_THAT(run({"accuracy", "--series", readable}).err, HasSubstr("name a part of it"));
  const std::string too_large = century(std::chrono::minutes{15});
  for (const char* command : {"forecast", "accuracy"}) {
    const auto outcome = run({command, "--series", too_large});
    EXPECT_EQ(outcome.exit, Exit::kUsage) << command;
    EXPECT_THAT(outcome.err, HasSubstr("more than 67108864 bytes of CSV")) << command;
    EXPECT_THAT(outcome.out, IsEmpty()) << command;
  }
}

}  // namespace
}  // namespace edgetide::cli
