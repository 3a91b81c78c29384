#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "edgetide/core/time.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/model/event_calendar.h"

namespace edgetide::bench {

/// Where recordings of real audiences lie: $EDGETIDE_TRACES, or beside the checkout.
inline std::filesystem::path traces_folder() {
  const char* set = std::getenv("EDGETIDE_TRACES");
  if (set != nullptr && *set != '\0') return set;
  return std::filesystem::path(EDGETIDE_SOURCE_DIR).parent_path() / "shared" / "data";
}

/// The lines of a text file, or of FILE.gz through gzip; nothing when neither exists.
inline std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  const bool plain = std::filesystem::exists(file);
  const std::string packed = file.string() + ".gz";
  if (!plain && !std::filesystem::exists(packed)) return lines;
  const std::string command = (plain ? "cat '" + file.string() : "gzip -dc '" + packed) + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return lines;
  char buffer[4096];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
    std::string line(buffer);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
  }
  pclose(pipe);
  return lines;
}

/// "1998-06-10T15:30:00Z", with a blank for the T and without the Z as well.
inline std::optional<Instant> instant_of(std::string text) {
  if (text.size() >= 19 && text[10] == ' ') text[10] = 'T';
  if (text.size() == 19) text += 'Z';
  return parse_instant(text);
}

/// `timestamp,value` lines of a series.
inline std::vector<model::DemandSample> read_series(const std::filesystem::path& file) {
  std::vector<model::DemandSample> samples;
  for (const std::string& line : lines_of(file)) {
    const auto comma = line.find(',');
    const auto at = instant_of(line.substr(0, comma));
    if (at && comma != std::string::npos && comma + 1 < line.size())
      samples.push_back({*at, Viewers{std::strtod(line.c_str() + comma + 1, nullptr)}});
  }
  return samples;
}

/// `start,end,class,name` lines of a calendar.
inline std::vector<model::StreamEvent> read_calendar(const std::filesystem::path& file) {
  std::vector<model::StreamEvent> events;
  for (const std::string& line : lines_of(file)) {
    std::istringstream fields(line);
    std::string start, end, event_class, name;
    std::getline(fields, start, ',');
    std::getline(fields, end, ',');
    std::getline(fields, event_class, ',');
    std::getline(fields, name);
    const auto from = instant_of(start);
    const auto to = instant_of(end);
    if (!from || !to) continue;
    events.push_back(
        {.name = name, .event_class = event_class, .start = *from, .duration = *to - *from});
  }
  return events;
}

}  // namespace edgetide::bench
