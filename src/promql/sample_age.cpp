#include "promql/sample_age.h"

#include <algorithm>
#include <cmath>

#include "promql/selectors.h"

namespace edgetide::promql {
namespace {

/// Marks the series that are sample times.
constexpr const char* kPart = "is_edgetide_time";

/// A sample time as the API gives it: seconds since the epoch, with a fraction.
std::optional<Instant> as_instant(double seconds) {
  constexpr double kLatest = 7'258'118'400;  // 2200-01-01
  if (!(seconds >= 0 && seconds < kLatest)) return std::nullopt;
  return Instant{Seconds{static_cast<std::int64_t>(std::floor(seconds))}};
}

void keep_older(std::optional<Instant>& oldest, Instant at) {
  if (!oldest || at < *oldest) oldest = at;
}

bool agrees(const ObjectKey& labels, const ObjectKey& pool) {
  return (labels.name_space.empty() || labels.name_space == pool.name_space) &&
         (labels.name.empty() || labels.name == pool.name);
}

}  // namespace

std::optional<std::string> sample_time_query(const std::string& expression,
                                             const model::SourceLabels* labels) {
  const auto read = selectors(expression);
  if (read.empty()) return std::nullopt;
  // The added label keeps `or` from dropping a selector's series that look like another's.
  std::string times;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (i > 0) times += " or ";
    times += "label_replace(timestamp(" + read[i] + "), \"edgetide_selector\", \"" +
             std::to_string(i) + "\", \"\", \"\")";
  }
  if (labels == nullptr) return "min(" + times + ")";
  return "min by (" + labels->name_space + ", " + labels->pool + ") (" + times + ")";
}

std::string with_sample_times(const std::string& expression, const std::string& times_query) {
  // A line break ends a comment at the expression's end.
  return "(" + expression + "\n) or label_replace(" + times_query + ", \"" + kPart +
         "\", \"1\", \"\", \"\")";
}

ValuesAndTimes values_and_times(InstantVector both) {
  ValuesAndTimes parts{.values = {.series = {}, .warnings = both.warnings},
                       .times = {.series = {}, .warnings = std::move(both.warnings)}};
  for (InstantSeries& series : both.series) {
    const bool is_time = series.labels.erase(kPart) > 0;
    (is_time ? parts.times : parts.values).series.push_back(std::move(series));
  }
  return parts;
}

SampleTimes::SampleTimes(const InstantVector& answer, const model::SourceLabels& labels) {
  for (const InstantSeries& series : answer.series) {
    const auto at = as_instant(series.value);
    if (!at) continue;
    keep_older(oldest_, *at);
    const ObjectKey key{label_or_empty(series.labels, labels.name_space),
                        label_or_empty(series.labels, labels.pool)};
    if (key.name_space.empty() || key.name.empty()) {
      loose_.push_back({key, *at});
    } else {
      const auto [kept, added] = by_pool_.try_emplace(key, *at);
      if (!added) kept->second = std::min(kept->second, *at);
    }
  }
}

std::optional<Instant> SampleTimes::oldest(const ObjectKey& pool) const {
  std::optional<Instant> oldest;
  if (const auto exact = by_pool_.find(pool); exact != by_pool_.end()) oldest = exact->second;
  for (const Loose& loose : loose_) {
    if (agrees(loose.labels, pool)) keep_older(oldest, loose.at);
  }
  return oldest ? oldest : oldest_;
}

}  // namespace edgetide::promql
