#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/traces.h"
#include "edgetide/forecast/demand_forecaster.h"

namespace edgetide::bench {

using Minutes = std::vector<double>;  ///< One value a minute, NaN where nothing was seen.

struct Trace {
  std::string name;
  std::vector<model::DemandSample> samples;
  model::EventCalendar calendar;
  std::vector<std::pair<Instant, Instant>> windows;  ///< Scored; each has its own capacity.
};

struct Score {
  double short_viewers = 0;
  double viewers = 0;
  double replicas = 0;
  double clairvoyant = 0;
  double reversals = 0;
  double days = 0;
  double exceeded = 0;
  double judged = 0;
};

inline Instant minute_of(Instant at) { return std::chrono::floor<std::chrono::minutes>(at); }

/// Demand by minute; a reading stands for at most its own step, or five minutes.
inline Minutes by_minute(const Trace& trace, Instant from, Instant to) {
  std::vector<std::int64_t> steps;
  for (std::size_t i = 1; i < trace.samples.size(); ++i)
    steps.push_back((trace.samples[i].at - trace.samples[i - 1].at).count() / 60);
  std::ranges::nth_element(steps, steps.begin() + steps.size() / 2);
  const auto lasts = std::max<std::int64_t>(5, steps[steps.size() / 2]);
  Minutes minutes((to - from) / std::chrono::minutes{1}, NAN);
  for (const auto& sample : trace.samples) {
    const auto first = (minute_of(sample.at) - from) / std::chrono::minutes{1};
    for (auto k = first; k < first + lasts; ++k) {
      if (k >= 0 && k < static_cast<std::int64_t>(minutes.size()))
        minutes[k] = sample.viewers.count();
    }
  }
  return minutes;
}

inline void add_score(Score& score, const Minutes& demand, const std::vector<int>& desired,
                      double capacity, int lead) {
  const int n = static_cast<int>(demand.size());
  std::vector<int> due(n + lead + 1);
  int ready = desired[0];
  int starting = 0;
  int last_move = 0;
  for (int t = 0; t < n; ++t) {
    ready += due[t];
    starting -= due[t];
    due[t] = 0;
    const int change = desired[t] - ready - starting;
    if (change > 0) {
      due[t + lead] += change;
      starting += change;
    } else if (change < 0) {
      int cut = -change;
      for (int k = t + lead; cut > 0 && k > t; --k) {
        const int gone = std::min(cut, due[k]);
        due[k] -= gone;
        starting -= gone;
        cut -= gone;
      }
      ready -= cut;
    }
    if (change != 0 && last_move * change < 0) ++score.reversals;
    if (change != 0) last_move = change;
    if (!std::isfinite(demand[t])) continue;
    score.short_viewers += std::max(0.0, demand[t] - ready * capacity);
    score.viewers += demand[t];
    score.replicas += ready + starting;
    score.clairvoyant += std::ceil(demand[t] / capacity - 1e-9);
  }
  score.days += n / 1440.0;
}

/// What was last seen one minute before each minute, zero when off air for an hour.
inline Minutes seen(const Minutes& demand) {
  Minutes known(demand.size());
  double last = 0;
  int silent = 0;
  for (std::size_t t = 0; t < demand.size(); ++t) {
    known[t] = silent > 60 ? 0 : last;
    if (std::isfinite(demand[t])) {
      last = demand[t];
      silent = 0;
      if (t == 0) known[0] = last;
    } else {
      ++silent;
    }
  }
  return known;
}

/// HPA v2 with its defaults: 10 % tolerance, five minutes of scale-down stabilization.
inline std::vector<int> hpa(const Minutes& demand, double capacity, double target) {
  const Minutes known = seen(demand);
  std::vector<int> wanted(known.size());
  std::vector<int> desired(known.size());
  int current = std::max(1, static_cast<int>(std::ceil(known[0] / (target * capacity))));
  for (std::size_t t = 0; t < known.size(); ++t) {
    const double ratio = known[t] / (current * target * capacity);
    int want = current;
    if (std::abs(ratio - 1) > 0.1)
      want = static_cast<int>(std::ceil(known[t] / (target * capacity) - 1e-9));
    wanted[t] = std::max(want, 1);
    if (want < current) {
      const std::size_t from = t >= 4 ? t - 4 : 0;
      want = std::min(current, *std::max_element(wanted.begin() + from, wanted.begin() + t + 1));
    }
    current = std::max(1, std::min(want, std::max(current + 16, current * 16)));
    desired[t] = current;
  }
  return desired;
}

struct Setting {
  double confidence = 0.99;
  int lead = 5;
  int hold = 2;  ///< Minutes that a need counts on.
};

/// One pass of learning over the whole record, deciding every minute of every window.
inline Score run_forecast(const Trace& trace, Setting setting) {
  const model::UtcOffsets offsets;
  const forecast::Context context{trace.calendar, offsets};
  forecast::ForecastState state;
  Score score;
  std::size_t next = 0;
  const auto learn_until = [&](Instant at) {
    const std::size_t first = next;
    while (next < trace.samples.size() && trace.samples[next].at <= at) ++next;
    forecast::advance(state, {trace.samples.data() + first, next - first}, context);
  };
  for (const auto& [from, to] : trace.windows) {
    const Minutes demand = by_minute(trace, from, to);
    double peak = 0;
    for (double d : demand)
      if (std::isfinite(d)) peak = std::max(peak, d);
    const double capacity = peak / 200;
    std::vector<double> need(demand.size());
    std::vector<int> desired(demand.size());
    for (std::size_t t = 0; t < demand.size(); ++t) {
      const Instant now = from + std::chrono::minutes{t};
      learn_until(now - std::chrono::minutes{1});
      if (next < trace.samples.size() && !state.recent.any) learn_until(now);
      const auto window = forecast::window_peak(
          state, {now, std::chrono::minutes{setting.lead}, setting.confidence}, context);
      need[t] = window.quantile.count();
      double counts = need[t];
      for (int k = 1; k <= setting.hold && k <= static_cast<int>(t); ++k)
        counts = std::max(counts, need[t - k]);
      desired[t] = static_cast<int>(std::ceil(counts / capacity - 1e-9));
      double seen_peak = -1;
      for (std::size_t k = t; k <= t + setting.lead && k < demand.size(); ++k)
        if (std::isfinite(demand[k])) seen_peak = std::max(seen_peak, demand[k]);
      if (seen_peak < 0) continue;
      ++score.judged;
      if (seen_peak > need[t]) ++score.exceeded;
    }
    add_score(score, demand, desired, capacity, setting.lead);
  }
  return score;
}

inline Score run_hpa(const Trace& trace, double target, int lead) {
  Score score;
  for (const auto& [from, to] : trace.windows) {
    const Minutes demand = by_minute(trace, from, to);
    double peak = 0;
    for (double d : demand)
      if (std::isfinite(d)) peak = std::max(peak, d);
    add_score(score, demand, hpa(demand, peak / 200, target), peak / 200, lead);
  }
  return score;
}

/// Cost at which a policy's curve reaches `target` of viewers short, between its two nearest knobs.
inline double cost_at(const std::vector<Score>& curve, double target) {
  double best = NAN;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const double a = curve[i - 1].short_viewers / curve[i - 1].viewers + 1e-9;
    const double b = curve[i].short_viewers / curve[i].viewers + 1e-9;
    if ((a - target) * (b - target) > 0) continue;
    const double share = std::log(a / target) / std::log(a / b);
    const double low = curve[i - 1].replicas / curve[i - 1].clairvoyant;
    const double high = curve[i].replicas / curve[i].clairvoyant;
    const double cost = low + share * (high - low);
    if (!(best <= cost)) best = cost;
  }
  return best;
}

inline Trace whole(const std::string& name, const std::filesystem::path& folder) {
  Trace trace{.name = name, .samples = read_series(folder / "series.csv")};
  trace.calendar = model::EventCalendar(read_calendar(folder / "calendar.csv"));
  if (!trace.samples.empty())
    trace.windows.push_back({minute_of(trace.samples.front().at),
                             minute_of(trace.samples.back().at) + std::chrono::minutes{1}});
  return trace;
}

/// Recordings one after another: each is scored, those before it are its history.
inline Trace chained(const std::string& name, const std::filesystem::path& folder,
                     const std::vector<std::string>& parts) {
  Trace all{.name = name};
  std::vector<model::StreamEvent> events;
  for (const std::string& part : parts) {
    const Trace one = whole(part, folder / part);
    all.samples.insert(all.samples.end(), one.samples.begin(), one.samples.end());
    all.windows.insert(all.windows.end(), one.windows.begin(), one.windows.end());
    events.insert(events.end(), one.calendar.events().begin(), one.calendar.events().end());
  }
  all.calendar = model::EventCalendar(std::move(events));
  return all;
}

}  // namespace edgetide::bench
