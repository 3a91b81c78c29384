#pragma once

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "edgetide/core/time.h"
#include "unit/cli/run.h"

namespace edgetide::cli {

inline constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

/// Three days of a smooth audience, in whole viewers, with a show each evening.
inline std::string three_days(int from_day, int to_day) {
  std::string text = "timestamp,value\n";
  for (int minute = from_day * 1440; minute < to_day * 1440; ++minute) {
    const double hour = std::fmod(minute / 60.0, 24);
    const double show = hour >= 19.5 && hour < 22 ? 4000 * (hour - 19.5) : 0;
    const double viewers = 3000 - 2000 * std::cos(2 * std::numbers::pi * hour / 24) + show;
    text += to_string(kStart + std::chrono::minutes{minute}) + "," +
            std::to_string(std::lround(viewers)) + "\n";
  }
  return text;
}

inline constexpr const char* kPool =
    "failureDomains: [{name: a}, {name: b}, {name: c}]\n"
    "capacity: {viewers: 100, targetUtilizationPercent: 100}\n"
    "redundancy: {survive: None}\n"
    "replicas: {max: 1000}\n";

inline constexpr const char* kCalendar =
    "start,end,class,name\n"
    "2026-03-02T20:00:00Z,2026-03-02T22:00:00Z,show,Show\n"
    "2026-03-03T20:00:00Z,2026-03-03T22:00:00Z,show,Show\n"
    "2026-03-04T20:00:00Z,2026-03-04T22:00:00Z,show,Show\n";

/// The command with the three files, and more options.
inline std::vector<std::string> backtest(const std::vector<std::string>& more = {}) {
  std::vector<std::string> line{"backtest",
                                "--series",
                                written("series.csv", three_days(0, 3)),
                                "--calendar",
                                written("calendar.csv", kCalendar),
                                "--pool",
                                written("pool.yaml", kPool)};
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

}  // namespace edgetide::cli
