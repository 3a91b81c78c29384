#include "promql/history.h"

#include <algorithm>
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

std::vector<RangeQuery> chunks(const std::string& expression, const ports::HistoryRange& range) {
  EDGETIDE_ASSERT(range.step >= Seconds{1} && range.from <= range.to, "a range goes forward");
  // Both ends of a range query are evaluated, so the next chunk begins a step later.
  const auto steps = std::max<Seconds::rep>(longest_chunk(range.step) / range.step, 1);
  std::vector<RangeQuery> queries;
  for (Instant from = range.from; from <= range.to; from += range.step * steps) {
    const Instant last = from + range.step * (steps - 1);
    queries.push_back({expression, from, std::min(last, range.to), range.step});
  }
  return queries;
}

std::string only_pool(const std::string& expression, const ObjectKey& pool,
                      const model::SourceLabels& labels) {
  const auto labelled = [](const std::string& vector, const std::string& name,
                           const std::string& value) {
    return "label_replace(" + vector + ", \"" + name + "\", \"" + escaped(value) +
           "\", \"\", \"\")";
  };
  // A line break ends a comment at the expression's end.
  return "(" + expression + "\n) and on (" + labels.name_space + ", " + labels.pool + ") " +
         labelled(labelled("vector(1)", labels.name_space, pool.name_space), labels.pool,
                  pool.name);
}

HistoryBuilder::HistoryBuilder(Coverage coverage, std::string domain_label)
    : coverage_(std::move(coverage)), domain_label_(std::move(domain_label)) {}

void HistoryBuilder::add(const Matrix& matrix) {
  for (const RangeSeries& series : matrix.series) {
    const auto domain = series.labels.find(domain_label_);
    const std::string name = domain == series.labels.end() ? "" : domain->second;
    for (const Point& point : series.points) {
      by_time_[point.at].push_back({name, point.value});
    }
  }
}

model::DemandHistory HistoryBuilder::history() const {
  std::vector<model::DemandSample> samples;
  for (const auto& [at, parts] : by_time_) {
    const Total sum = total(parts, coverage_);
    if (sum.freshness == model::Freshness::kFresh) samples.push_back({at, Viewers{sum.value}});
  }
  return model::DemandHistory{std::move(samples)};
}

}  // namespace edgetide::promql
