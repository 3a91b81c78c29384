#include "edgetide/backtest/minutes.h"

#include <algorithm>
#include <limits>

#include "edgetide/core/assert.h"

namespace edgetide::backtest {

using std::chrono::minutes;

std::optional<Window> recorded(std::span<const model::DemandSample> samples,
                               std::optional<Instant> from, std::optional<Instant> to) {
  if (samples.empty()) return std::nullopt;
  const Instant first = minute_of(samples.front().at);
  const Instant end = minute_of(samples.back().at) + minutes{1};
  const Window window{.from = std::max(first, minute_of(from.value_or(first))),
                      .to = std::min(end, minute_of(to.value_or(end)))};
  if (window.from >= window.to) return std::nullopt;
  return window;
}

std::span<const model::DemandSample> known_by(std::span<const model::DemandSample> samples,
                                              Instant at, Seconds delay) {
  const auto known = [&](const model::DemandSample& sample) { return sample.at + delay <= at; };
  return {samples.begin(), std::ranges::partition_point(samples, known)};
}

minutes usual_step(std::span<const model::DemandSample> samples) {
  std::vector<std::int64_t> steps;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const auto step = (minute_of(samples[i].at) - minute_of(samples[i - 1].at)) / minutes{1};
    if (step > 0) steps.push_back(step);
  }
  if (steps.size() < 2) return minutes{1};
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::ranges::nth_element(steps, middle);
  if (steps.size() % 2 == 1) return minutes{*middle};
  return minutes{(*middle + *std::max_element(steps.begin(), middle)) / 2};
}

minutes stands_for(std::span<const model::DemandSample> samples) {
  return std::max(minutes{5}, usual_step(samples));
}

std::vector<double> by_minute(std::span<const model::DemandSample> samples, const Window& window) {
  const std::int64_t count = window.minutes();
  EDGETIDE_ASSERT(count >= 0 && count <= kMostMinutes, "a window that was not checked");
  const std::int64_t stands = stands_for(samples).count();
  std::vector<double> viewers(static_cast<std::size_t>(count),
                              std::numeric_limits<double>::quiet_NaN());
  const auto begin = std::ranges::lower_bound(samples, window.from - minutes{stands}, {},
                                              &model::DemandSample::at);
  for (auto sample = begin; sample != samples.end() && sample->at < window.to; ++sample) {
    const auto minute = (minute_of(sample->at) - window.from) / minutes{1};
    const auto first = std::max<std::int64_t>(minute, 0);
    const auto end = std::min(minute + stands, count);
    for (auto i = first; i < end; ++i) {
      viewers[static_cast<std::size_t>(i)] = sample->viewers.count();
    }
  }
  return viewers;
}

std::vector<model::DemandSample> with_nights_off_air(std::span<const model::DemandSample> samples,
                                                     Seconds after) {
  std::vector<model::DemandSample> all;
  all.reserve(samples.size());
  for (const model::DemandSample& sample : samples) {
    const Seconds gap = all.empty() ? Seconds{0} : sample.at - all.back().at;
    if (gap > after && gap <= std::chrono::days{1}) {
      for (Instant at = all.back().at + after; at < sample.at; at += minutes{1}) {
        all.push_back({at, Viewers{0}});
      }
    }
    all.push_back(sample);
  }
  return all;
}

}  // namespace edgetide::backtest
