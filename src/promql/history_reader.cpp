#include "promql/history_reader.h"

#include <algorithm>
#include <utility>

namespace edgetide::promql {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLongestChunk{30'000};
constexpr std::chrono::minutes kLeftAlone{1};
constexpr Seconds kSameTime{120};
constexpr std::chrono::minutes kKept{2};
constexpr std::int64_t kMostPoints = 1'000'000;  // of one answer
constexpr std::int64_t kKeptForFew = kMostPoints / 5;
constexpr std::int64_t kKeptInAll = 2 * kMostPoints;
constexpr std::int64_t kKeptAPool = 1'200;
constexpr int kProbes = 200;
constexpr std::chrono::minutes kProbeKept{10};

bool alike(const ports::HistoryRange& a, const ports::HistoryRange& b) {
  return a.step == b.step && std::chrono::abs(a.from - b.from) <= kSameTime &&
         std::chrono::abs(a.to - b.to) <= kSameTime;
}

/// `pool` and those after it, from the last on to the first, as many as may be read in one go.
std::set<ObjectKey> group_of(const ObjectKey& pool, const std::vector<ObjectKey>& pools,
                             std::int64_t most) {
  std::set<ObjectKey> group{pool};
  const auto first = std::ranges::upper_bound(pools, pool) - pools.begin();
  for (std::size_t i = 0; i < pools.size() && std::ssize(group) < most; ++i)
    group.insert(pools[(first + i) % pools.size()]);
  return group;
}

}  // namespace

Result<model::DemandHistory> HistoryReader::own(const std::string& expression,
                                                const Coverage& coverage,
                                                const ports::HistoryRange& range) {
  const std::lock_guard lock(mutex_);
  SeriesByPool series(nullptr);
  if (auto error = read(expression, range, 1, series)) return *std::move(error);
  return whole_moments(series.take({}), coverage);
}

Result<model::DemandHistory> HistoryReader::batch(const std::string& expression,
                                                  const ObjectKey& pool, const Coverage& coverage,
                                                  const ports::HistoryRange& range,
                                                  const Pools& pools) {
  const auto domains = std::max<std::int64_t>(1, std::ssize(coverage.domains));
  const auto series = series_of(expression, pool, domains, range, pools);
  if (!series) return series.error();
  return whole_moments(*series, coverage);
}

Result<std::vector<RangeSeries>> HistoryReader::series_of(const std::string& expression,
                                                          const ObjectKey& pool,
                                                          std::int64_t domains,
                                                          const ports::HistoryRange& range,
                                                          const Pools& pools) {
  const std::lock_guard lock(mutex_);
  Batch* found = batch_for(pool, range);
  if (found == nullptr) {
    const auto fresh = read_batch(expression, pool, domains, range, pools());
    if (!fresh) return fresh.error();
    found = *fresh;
  }
  found->pools.erase(pool);
  Taken& taken = taken_[range.step];
  taken = {.pools = taken_lately(range.step) + 1, .last = steady_clock::now()};
  return found->series.take(pool);
}

Result<HistoryReader::Batch*> HistoryReader::read_batch(const std::string& expression,
                                                        const ObjectKey& pool, std::int64_t domains,
                                                        const ports::HistoryRange& range,
                                                        const std::vector<ObjectKey>& pools) {
  const auto points_of = [&](const ports::HistoryRange& part) {
    return ((part.to - part.from) / part.step + 1) * domains;
  };
  auto wanted = range;
  const bool in_groups = points_of(range) * std::ssize(pools) > kKeptInAll;
  if (in_groups) wanted = recorded_part(expression, range);
  const auto points = points_of(wanted);
  const auto most_kept = most_points(range.step, points, std::ssize(pools));
  Batch fresh{.range = range,
              .pools = group_of(pool, pools, most_kept / points),
              .series = SeriesByPool(&spec_.labels)};
  const std::vector<ObjectKey> group(fresh.pools.begin(), fresh.pools.end());
  const bool everyone = !pools.empty() && std::ranges::includes(group, pools);
  const auto asked = everyone ? expression : only_pools(expression, group, spec_.labels);
  const auto width = std::ssize(group) * domains;
  if (auto error = read(asked, wanted, width, fresh.series)) return *std::move(error);
  fresh.read_at = steady_clock::now();
  return &batches_.emplace_back(std::move(fresh));
}

std::int64_t HistoryReader::taken_lately(Seconds step) const {
  const auto known = taken_.find(step);
  if (known == taken_.end() || steady_clock::now() - known->second.last > kKept) return 0;
  return known->second.pools;
}

std::int64_t HistoryReader::most_points(Seconds step, std::int64_t points,
                                        std::int64_t pools) const {
  if (points * pools <= kKeptInAll) return kKeptInAll;
  const bool many_want = taken_lately(step) * points >= kKeptForFew / 2;
  if (!many_want) return kKeptForFew;
  return points <= kKeptAPool ? std::max(kKeptInAll, kKeptAPool * pools) : kKeptInAll;
}

void HistoryReader::drop_old() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock) drop_unwanted();
}

void HistoryReader::drop_unwanted() {
  const auto now = steady_clock::now();
  std::erase_if(batches_, [&](const Batch& batch) {
    return batch.pools.empty() || now - batch.read_at > kKept;
  });
}

HistoryReader::Batch* HistoryReader::batch_for(const ObjectKey& pool,
                                               const ports::HistoryRange& range) {
  drop_unwanted();
  const auto found = std::ranges::find_if(batches_, [&](const Batch& batch) {
    return batch.pools.contains(pool) && alike(batch.range, range);
  });
  return found == batches_.end() ? nullptr : &*found;
}

ports::HistoryRange HistoryReader::recorded_part(const std::string& expression,
                                                 const ports::HistoryRange& range) {
  const auto now = steady_clock::now();
  if (outage_ && now < outage_until_) return range;
  if (!recorded_ || recorded_->expression != expression || recorded_->from > range.from ||
      now - recorded_->asked_at > kProbeKept) {
    const Seconds step = std::max((range.to - range.from) / kProbes, Seconds{1});
    SeriesByPool counts(nullptr);
    const RangeQuery probe{"count(" + expression + "\n)", range.from, range.to, step};
    if (read_chunks({probe}, budget_, counts)) return range;
    const auto series = counts.take({});
    // What came up between two probes, or ended, may be of up to a step before.
    const bool any = !series.empty() && !series.front().points.empty();
    const Instant first = any ? series.front().points.front().at : range.to;
    recorded_ = {expression, range.from, first - step, now};
  }
  auto part = range;
  part.from = std::clamp(recorded_->begin, range.from, range.to);
  return part;
}

std::optional<Error> HistoryReader::read(const std::string& expression,
                                         const ports::HistoryRange& range, std::int64_t width,
                                         SeriesByPool& series) {
  if (outage_ && steady_clock::now() < outage_until_) return outage_;
  outage_.reset();
  const auto steps = (range.to - range.from) / range.step + 1;
  const auto budget = budget_ * (1 + (steps * width - 1) / kKeptInAll);
  auto error = read_chunks(chunks(expression, range, kMostPoints / width), budget, series);
  if (!error) return std::nullopt;
  error = Error{error->code, error->text(), "history from MetricSource " + spec_.name};
  if (error->code == ErrorCode::kUnavailable || error->code == ErrorCode::kTimeout) {
    outage_ = error;
    outage_until_ = steady_clock::now() + kLeftAlone;
  }
  return error;
}

std::optional<Error> HistoryReader::read_chunks(const std::vector<RangeQuery>& chunks,
                                                std::chrono::milliseconds budget,
                                                SeriesByPool& series) {
  const auto until = steady_clock::now() + budget;
  for (const RangeQuery& chunk : chunks) {
    const auto session = connection_.last_session();
    if (!session) return session.error();
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
    if (left <= std::chrono::milliseconds{0}) {
      return Error{ErrorCode::kTimeout, "the server takes too long for all of it"};
    }
    Client client{*(*session)->transport,
                  (*session)->headers,
                  {.timeout = std::min(kLongestChunk, left)},
                  stop_};
    auto matrix = client.query_range(chunk);
    if (!matrix) return matrix.error();
    if (!matrix->warnings.empty()) {
      return Error{ErrorCode::kUnavailable, "the server warns: " + matrix->warnings.front()};
    }
    series.add(*std::move(matrix));
  }
  return std::nullopt;
}

}  // namespace edgetide::promql
