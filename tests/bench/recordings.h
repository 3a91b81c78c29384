#pragma once

#include <algorithm>
#include <array>
#include <functional>

#include "bench/traces.h"
#include "edgetide/backtest/minutes.h"

namespace edgetide::bench {

/// An audience as it was recorded.
struct Recording {
  std::string name;
  std::vector<model::DemandSample> samples;
  std::vector<model::DemandSample> told;  ///< What is told of them; see backtest::World.
  model::EventCalendar calendar;
  std::vector<backtest::Window> windows;  ///< Scored; each has its own capacity.

  /// Between the beginning of an event's ramp and its announced end.
  [[nodiscard]] bool in_event(Instant at) const {
    return std::ranges::any_of(calendar.events(), [&](const model::StreamEvent& event) {
      return at >= event.ramp_start() && at < event.end();
    });
  }
};

/// The part of a folder's recording between two moments, with all of it before as history.
inline Recording part(const std::string& name, const std::filesystem::path& folder,
                      std::optional<Instant> from = std::nullopt,
                      std::optional<Instant> to = std::nullopt) {
  Recording recording{.name = name, .samples = read_series(folder / "series.csv")};
  recording.calendar = model::EventCalendar(read_calendar(folder / "calendar.csv"));
  const auto window = backtest::recorded(recording.samples, from, to);
  if (window) recording.windows.push_back(*window);
  recording.told = recording.samples;
  return recording;
}

/// Recordings one after another: each is scored, those before it are its history.
inline Recording chained(const std::string& name, const std::filesystem::path& folder,
                         const std::vector<std::string>& parts) {
  Recording all{.name = name};
  std::vector<model::StreamEvent> events;
  for (const std::string& one_name : parts) {
    const Recording one = part(one_name, folder / one_name);
    all.samples.insert(all.samples.end(), one.samples.begin(), one.samples.end());
    all.windows.insert(all.windows.end(), one.windows.begin(), one.windows.end());
    events.insert(events.end(), one.calendar.events().begin(), one.calendar.events().end());
  }
  all.told = all.samples;
  all.calendar = model::EventCalendar(std::move(events));
  return all;
}

/// What can be measured, by the name that asks for it.
struct NamedRecording {
  std::string name;
  Seconds lead;
  std::function<Recording()> read;
};

inline std::vector<NamedRecording> recordings() {
  const auto folder = traces_folder();
  const auto june = [=] {
    return part("worldcup98, 8 to 24 June", folder / "worldcup98",
                parse_instant("1998-06-08T00:00:00Z"));
  };
  const auto may = [=] {
    return part("worldcup98, 14 May to 7 June", folder / "worldcup98",
                parse_instant("1998-05-14T00:00:00Z"), parse_instant("1998-06-08T00:00:00Z"));
  };
  const auto big = [=] {
    return chained("gdq, ten big marathons", folder / "gdq",
                   {"agdq2014", "sgdq2014", "sgdq2016", "agdq2017", "sgdq2017", "agdq2018",
                    "sgdq2018", "agdq2019", "sgdq2019", "agdq2020"});
  };
  const auto small = [=] {
    return chained("gdq, two small channels", folder / "gdq", {"flame2021", "frost2023"});
  };
  const auto off_air = [=] {
    Recording recording = small();
    recording.name += ", zero when off air";
    recording.told = backtest::with_nights_off_air(recording.samples, std::chrono::minutes{60});
    return recording;
  };
  const auto whole = [=](const std::string& name) {
    return [=] { return part(name, folder / name); };
  };
  return {{"worldcup98", Seconds{300}, june},
          {"worldcup98-600", Seconds{600}, june},
          {"worldcup98-1800", Seconds{1800}, june},
          {"worldcup98-may", Seconds{300}, may},
          {"worldcup98-may-600", Seconds{600}, may},
          {"gdq", Seconds{300}, big},
          {"gdq-small", Seconds{300}, small},
          {"gdq-small-off-air", Seconds{300}, off_air},
          {"isp", Seconds{300}, whole("isp_eu_5min")},
          {"isp-120", Seconds{120}, whole("isp_eu_5min")},
          {"isp-3600", Seconds{3600}, whole("isp_eu_5min")},
          {"nyc-taxi", Seconds{300}, whole("nyc_taxi")},
          {"dodgers", Seconds{300}, whole("dodgers_loop")},
          {"aws-elb", Seconds{300}, whole("aws_elb_requests")},
          {"twitter-amzn", Seconds{300}, whole("twitter_volume/AMZN")},
          {"twitter-goog", Seconds{300}, whole("twitter_volume/GOOG")}};
}

/// Those and, with five minutes of lead, each further folder with a series, by its path.
inline std::vector<NamedRecording> every_recording() {
  constexpr std::array kKnown{"worldcup98",      "gdq",          "isp_eu_5min",
                              "nyc_taxi",        "dodgers_loop", "twitter_volume",
                              "aws_elb_requests"};
  std::vector<NamedRecording> found = recordings();
  const std::size_t known = found.size();
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(traces_folder(), absent)) {
    const std::filesystem::path& file = entry.path();
    if (file.filename() != "series.csv" && file.filename() != "series.csv.gz") continue;
    const auto folder = file.parent_path();
    const auto name = folder.lexically_relative(traces_folder());
    if (std::ranges::find(kKnown, *name.begin()) != kKnown.end()) continue;
    found.push_back({name, Seconds{300}, [=] { return part(name, folder); }});
  }
  std::ranges::sort(found.begin() + known, found.end(), {}, &NamedRecording::name);
  return found;
}

}  // namespace edgetide::bench
