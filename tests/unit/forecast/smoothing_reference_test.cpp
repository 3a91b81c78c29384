#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "edgetide/forecast/smoothing.h"

/// The seasonal recursion against statsmodels: a day's against its ETS(A,N,A), a day's within a
/// week's against its Kalman filter. tests/reference/smoothing.py says how its figures come about.
namespace edgetide::forecast {
namespace {

struct Row {
  int slot = 0;
  double log_demand = 0;
  std::optional<double> expected;  ///< Nothing on the first day, which both begin with.
};

std::map<std::string, std::vector<Row>> reference() {
  std::ifstream file(std::string(EDGETIDE_SOURCE_DIR) + "/tests/reference/smoothing.csv");
  std::map<std::string, std::vector<Row>> cases;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream text(line);
    std::string name;
    std::string slot;
    std::string seen;
    std::string expected;
    std::getline(text, name, ',');
    std::getline(text, slot, ',');
    std::getline(text, seen, ',');
    std::getline(text, expected, ',');
    Row row{.slot = std::stoi(slot), .log_demand = std::stod(seen)};
    if (!expected.empty()) row.expected = std::stod(expected);
    cases[name].push_back(row);
  }
  return cases;
}

/// A slot's gain of at least a half is the same on every visit; lower ones begin higher.
Gains gains_of(float level_gain) {
  return {.level_gain = level_gain, .daily_gain = 0.5F, .weekly_gain = 0.5F};
}

TEST(SmoothingReference, ExpectsOfEverySlotWhatStatsmodelsDoes) {
  const std::map<std::string, float> level_gains{{"slow level", 0.003F},
                                                 {"quick level", 0.08F},
                                                 {"restless level", 0.3F},
                                                 {"two seasons", 0.01F},
                                                 {"two seasons and a quicker level", 0.03F}};
  const auto cases = reference();
  ASSERT_EQ(cases.size(), level_gains.size());
  for (const auto& [name, rows] : cases) {
    ASSERT_EQ(rows.size(), (name.starts_with("two") ? 21U : 6U) * 96) << name;
    const Gains gains = gains_of(level_gains.at(name));
    SeasonalLevel habits;
    for (const Row& row : rows) {
      // A slot's value stands for its middle.
      const Seconds middle{(row.slot * 15 * 60 + 450) % (7 * 86'400)};
      if (row.expected) {
        ASSERT_NEAR(habits.expected(middle), *row.expected, 1e-5) << name << ", " << row.slot;
      }
      habits.learn(row.log_demand, middle, 15, gains);
    }
  }
}

}  // namespace
}  // namespace edgetide::forecast
