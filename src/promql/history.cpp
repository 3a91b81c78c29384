#include "promql/history.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace edgetide::promql {
namespace {

constexpr int kMostSteps = 11'000;

Seconds longest_chunk(Seconds step) {
  const Seconds days = step < Seconds{60} ? std::chrono::days{1} : std::chrono::days{7};
  return std::min(days, step * kMostSteps);
}

/// A label's value inside double quotes.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::vector<RangeQuery> chunks(const std::string& expression, const ports::HistoryRange& range,
                               std::int64_t most_steps) {
  EDGETIDE_ASSERT(range.step >= Seconds{1} && range.from <= range.to, "a range goes forward");
  // Both ends of a range query are evaluated, so the next chunk begins a step later.
  const auto steps =
      std::max<std::int64_t>(std::min(longest_chunk(range.step) / range.step, most_steps), 1);
  std::vector<RangeQuery> queries;
  for (Instant from = range.from; from <= range.to; from += range.step * steps) {
    const Instant last = from + range.step * (steps - 1);
    queries.push_back({expression, from, std::min(last, range.to), range.step});
  }
  return queries;
}

std::string only_pools(const std::string& expression, std::span<const ObjectKey> pools,
                       const model::SourceLabels& labels) {
  const auto labelled = [](const std::string& vector, const std::string& name,
                           const std::string& value) {
    return "label_replace(" + vector + ", \"" + name + "\", \"" + escaped(value) +
           "\", \"\", \"\")";
  };
  // Halves of halves: a chain would have the server copy what it has with every pool.
  const std::function<std::string(std::span<const ObjectKey>)> any_of =
      [&](std::span<const ObjectKey> some) {
        if (some.size() > 1) {
          const auto half = some.size() / 2;
          return "(" + any_of(some.first(half)) + " or " + any_of(some.subspan(half)) + ")";
        }
        return labelled(labelled("vector(1)", labels.name_space, some[0].name_space), labels.pool,
                        some[0].name);
      };
  // A line break ends a comment at the expression's end.
  return "(" + expression + "\n) and on (" + labels.name_space + ", " + labels.pool + ") (" +
         any_of(pools) + ")";
}

void SeriesByPool::add(Matrix chunk) {
  for (RangeSeries& more : chunk.series) {
    ObjectKey pool;
    if (labels_ != nullptr) {
      pool = {label_or_empty(more.labels, labels_->name_space),
              label_or_empty(more.labels, labels_->pool)};
    }
    std::vector<RangeSeries>& known = series_[pool];
    const auto same = std::ranges::find(known, more.labels, &RangeSeries::labels);
    if (same == known.end()) {
      known.push_back(std::move(more));
    } else {
      same->points.insert(same->points.end(), more.points.begin(), more.points.end());
    }
  }
}

std::vector<RangeSeries> SeriesByPool::take(const ObjectKey& pool) {
  const auto found = series_.extract(pool);
  return found.empty() ? std::vector<RangeSeries>{} : std::move(found.mapped());
}

model::DemandHistory whole_moments(const std::vector<RangeSeries>& series,
                                   const Coverage& coverage) {
  std::vector<std::size_t> next(series.size());
  std::vector<model::DemandSample> samples;
  std::vector<Part> parts;
  while (true) {
    std::optional<Instant> at;
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (next[i] == series[i].points.size()) continue;
      const Instant here = series[i].points[next[i]].at;
      at = at ? std::min(*at, here) : here;
    }
    if (!at) return model::DemandHistory{std::move(samples)};
    parts.clear();
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (next[i] == series[i].points.size() || series[i].points[next[i]].at != *at) continue;
      parts.push_back({label_or_empty(series[i].labels, coverage.domain_label),
                       series[i].points[next[i]++].value});
    }
    const Total sum = total(parts, coverage);
    if (sum.freshness == model::Freshness::kFresh) samples.push_back({*at, Viewers{sum.value}});
  }
}

}  // namespace edgetide::promql
