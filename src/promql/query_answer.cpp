#include "promql/query_answer.h"

#include <ranges>
#include <utility>

namespace edgetide::promql {
namespace {

using model::Freshness;
using model::Reading;

Reading without_value(Freshness freshness, std::string detail) {
  return {.freshness = freshness, .detail = std::move(detail)};
}

}  // namespace

QueryAnswer::QueryAnswer(Instant asked_at, Error failure)
    : asked_at_(asked_at), failure_(std::move(failure)) {}

QueryAnswer::QueryAnswer(Instant asked_at, const InstantVector& values,
                         const model::SourceLabels& labels, bool batch)
    : asked_at_(asked_at), warnings_(values.warnings) {
  for (const InstantSeries& series : values.series) {
    ObjectKey key;
    if (batch) {
      key = {label_or_empty(series.labels, labels.name_space),
             label_or_empty(series.labels, labels.pool)};
    }
    parts_[key].push_back({label_or_empty(series.labels, labels.failure_domain), series.value});
  }
}

void QueryAnswer::set_times(Result<SampleTimes> times) {
  if (times) {
    times_ = *std::move(times);
  } else {
    times_failure_ = times.error().text();
  }
}

std::vector<ObjectKey> QueryAnswer::pools() const {
  const auto keys = std::views::keys(parts_);
  return {keys.begin(), keys.end()};
}

Reading QueryAnswer::reading(const Question& question) const {
  if (failure_) return without_value(Freshness::kFailed, failure_->text());
  const auto found = parts_.find(question.pool);
  const Total sum =
      total(found == parts_.end() ? std::span<const Part>{} : found->second, question.coverage);
  Reading reading{
      .freshness = sum.freshness, .value = sum.value, .at = asked_at_, .detail = sum.detail};
  if (!reading.has_value()) return reading;
  if (reading.fresh() && !warnings_.empty()) {
    reading.freshness = Freshness::kPartial;
    reading.detail = "the server warns: " + warnings_.front();
  }
  return aged(std::move(reading), question);
}

/// Dates the reading by its oldest sample; a value that no sample stands behind (`or vector(0)`)
/// was not seen by anyone.
Reading QueryAnswer::aged(Reading reading, const Question& question) const {
  if (!timeless_ && !times_) {
    if (reading.fresh()) {
      reading.freshness = Freshness::kStale;
      reading.detail = "the samples' age is not known: " + times_failure_;
    }
    return reading;
  }
  if (!timeless_) {
    const auto oldest = times_->oldest(question.pool);
    if (!oldest) {
      return without_value(Freshness::kMissing,
                           "a value without samples: no series that the query reads is there");
    }
    reading.at = *oldest;
  }
  const Seconds age = question.now - reading.at;
  if (reading.fresh() && age > question.max_sample_age) {
    reading.freshness = Freshness::kStale;
    reading.detail = "the oldest sample is " + to_string(age) + " old; at most " +
                     to_string(question.max_sample_age) + " is fresh";
  }
  return reading;
}

}  // namespace edgetide::promql
