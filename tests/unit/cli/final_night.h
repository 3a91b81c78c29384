#pragma once

#include <string>
#include <vector>

#include "unit/cli/run.h"

namespace edgetide::cli {

inline const std::string kScenarios = EDGETIDE_SOURCE_DIR "/examples/scenarios/";

/// A scenario of that name, from 18:30 on: a final that begins at 20:01, and these faults.
/// \param pool the path of its file \return the path of the scenario
inline std::string final_night(const char* name, const std::string& title, int minutes,
                               const std::string& pool, const std::vector<std::string>& faults) {
  std::string text =
      "apiVersion: edgetide.io/v1alpha1\nkind: Scenario\nspec:\n  title: " + title +
      "\n  start: \"2026-05-13T18:30:00Z\"\n  durationMinutes: " + std::to_string(minutes) +
      "\n  pool: " + pool + "\n  calendars: [" + kScenarios + "season.csv, " + kScenarios +
      "final.csv]\n  audience:\n    primeTimeViewers: 45k\n    pastEventViewers: 420k\n"
      "    matches:\n    - {start: \"2026-05-13T20:01:00Z\", viewers: 420k}\n  faults:\n";
  for (const std::string& fault : faults) text += "  - " + fault + "\n";
  return written(name, text);
}

/// An evening from 18:30 to 23:00 with more fields of its spec. \return the path of the scenario
inline std::string evening_with(const std::string& pool, const std::string& more) {
  return written("evening.yaml",
                 "apiVersion: edgetide.io/v1alpha1\nkind: Scenario\nspec:\n  title: An evening\n"
                 "  start: \"2026-05-13T18:30:00Z\"\n  durationMinutes: 270\n  pool: " +
                     pool + "\n" + more);
}

}  // namespace edgetide::cli
