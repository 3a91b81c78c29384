#include "promql/query_answer.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace edgetide::promql {
namespace {

using model::Freshness;
using model::Reading;

/// An unanswered twentieth of a window.
constexpr int kNotable = 20;
constexpr double kNotableRise = 1.05;

Reading without_value(Freshness freshness, std::string detail) {
  return {.freshness = freshness, .detail = std::move(detail)};
}

double sum_of(const std::vector<Part>& parts) {
  double sum = 0;
  for (const Part& part : parts) sum += part.value;
  return sum;
}

bool has_series(const std::map<ObjectKey, std::vector<Part>>& all, const ObjectKey& pool,
                const std::string& domain) {
  const auto parts = all.find(pool);
  return parts != all.end() &&
         std::ranges::find(parts->second, domain, &Part::domain) != parts->second.end();
}

}  // namespace

QueryAnswer::QueryAnswer(Instant asked_at, Error failure)
    : asked_at_(asked_at), failure_(std::move(failure)) {}

QueryAnswer::QueryAnswer(Instant asked_at, const InstantVector& values,
                         const model::SourceLabels& labels, bool batch)
    : asked_at_(asked_at), warnings_(values.warnings), answered_at_(asked_at) {
  Parts parts;
  for (const InstantSeries& series : values.series) {
    ObjectKey key;
    if (batch) {
      key = {label_or_empty(series.labels, labels.name_space),
             label_or_empty(series.labels, labels.pool)};
    }
    parts[key].push_back({label_or_empty(series.labels, labels.failure_domain), series.value});
  }
  if (!parts.empty()) parts_ = std::make_shared<const Parts>(std::move(parts));
  last_ = parts_;
}

void QueryAnswer::set_times(Result<SampleTimes> times) {
  if (times) {
    times_ = *std::move(times);
  } else {
    times_failure_ = times.error().text();
  }
}

void QueryAnswer::follow(const QueryAnswer& before, Seconds window) {
  const bool empty = !before.failure_ && !before.parts_;
  const bool long_ago = (asked_at_ - before.answered_at_) * kNotable > window;
  full_at_ = empty || (before.failure_ && long_ago) ? asked_at_ + window : before.full_at_;
  pools_full_at_ = before.pools_full_at_;
  std::erase_if(pools_full_at_, [&](const auto& entry) { return entry.second <= asked_at_; });
  if (!parts_) {
    answered_at_ = before.answered_at_;
    last_ = before.last_;
    missing_ = before.missing_;
  } else if (before.last_ && window > Seconds{0}) {
    note_missing(before, window);
    note_new_series(before, window);
  }
}

void QueryAnswer::note_missing(const QueryAnswer& before, Seconds window) {
  for (const auto& [pool, domains] : before.missing_) {
    for (const auto& [domain, seen_at] : domains) {
      const bool long_ago = (asked_at_ - seen_at) * kNotable > window;
      if (!long_ago && !has_series(*parts_, pool, domain)) missing_[pool][domain] = seen_at;
    }
  }
  for (const auto& [pool, parts] : *before.last_) {
    for (const Part& part : parts) {
      if (!has_series(*parts_, pool, part.domain))
        missing_[pool][part.domain] = before.answered_at_;
    }
  }
}

void QueryAnswer::note_new_series(const QueryAnswer& before, Seconds window) {
  const auto was_missing_briefly = [&](const ObjectKey& pool, const std::string& domain) {
    const auto missing = before.missing_.find(pool);
    if (missing == before.missing_.end()) return false;
    const auto seen = missing->second.find(domain);
    return seen != missing->second.end() && (asked_at_ - seen->second) * kNotable <= window;
  };
  for (const auto& [pool, parts] : *parts_) {
    const bool has_new = std::ranges::any_of(parts, [&](const Part& part) {
      return !has_series(*before.last_, pool, part.domain) &&
             !was_missing_briefly(pool, part.domain);
    });
    if (has_new) pools_full_at_[pool] = asked_at_ + window;
  }
}

std::string QueryAnswer::unfilled(const ObjectKey& pool) const {
  if (asked_at_ < full_at_) {
    return "it went unanswered, and its windows are not full again until " + to_string(full_at_);
  }
  const auto filling = pools_full_at_.find(pool);
  if (filling == pools_full_at_.end()) return "";
  return "a domain's series have only just come, and their windows are not full until " +
         to_string(filling->second);
}

std::vector<ObjectKey> QueryAnswer::pools() const {
  if (!parts_) return {};
  const auto keys = std::views::keys(*parts_);
  return {keys.begin(), keys.end()};
}

std::vector<ObjectKey> QueryAnswer::risen_since(const QueryAnswer& before) const {
  if (!parts_ || !before.last_) return {};
  std::vector<std::pair<double, ObjectKey>> risen;
  for (const auto& [pool, parts] : *parts_) {
    const auto known = before.last_->find(pool);
    const double was = known == before.last_->end() ? 0 : sum_of(known->second);
    const double is = sum_of(parts);
    if (is > was * kNotableRise) risen.emplace_back(is / std::max(was, 1.0), pool);
  }
  std::ranges::sort(risen, std::ranges::greater{}, [](const auto& one) { return one.first; });
  std::vector<ObjectKey> pools;
  for (auto& [factor, pool] : risen) pools.push_back(std::move(pool));
  return pools;
}

Reading QueryAnswer::reading(const Question& question) const {
  if (failure_) return without_value(Freshness::kFailed, failure_->text());
  std::span<const Part> parts;
  if (parts_ && parts_->contains(question.pool)) parts = parts_->at(question.pool);
  const Total sum = total(parts, question.coverage);
  Reading reading{
      .freshness = sum.freshness, .value = sum.value, .at = asked_at_, .detail = sum.detail};
  if (!reading.has_value()) return reading;
  if (reading.fresh() && !warnings_.empty()) {
    reading.freshness = Freshness::kPartial;
    reading.detail = "the server warns: " + warnings_.front();
  }
  if (const auto why = unfilled(question.pool); reading.fresh() && !why.empty()) {
    reading.freshness = Freshness::kPartial;
    reading.detail = why;
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
