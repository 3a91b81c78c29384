#include "edgetide/controller/past.h"

#include <algorithm>
#include <array>
#include <utility>

namespace edgetide::controller {

Result<Past> read_past(ports::DemandSource& demand, const model::EdgePool& pool,
                       const forecast::Context& context, const PastRanges& ranges, Instant now) {
  const Instant recent = now - ranges.recent_span;
  const std::array parts{ports::HistoryRange{now - ranges.span, recent, ranges.step},
                         ports::HistoryRange{recent, now, ranges.recent_step}};
  std::vector<model::DemandSample> samples;
  for (const auto& part : parts) {
    const auto history = demand.history(pool, part);
    if (!history.ok()) return history.error();
    samples.insert(samples.end(), history->samples().begin(), history->samples().end());
  }
  const model::DemandHistory history(std::move(samples));
  Past past{.learned = forecast::learn(history.samples(), context)};
  past.events.advance(history.samples(), context.calendar);
  return past;
}

PastReader::PastReader(ports::DemandSource& demand, const ports::Clock& clock,
                       const PastRanges& ranges, std::function<void(const ObjectKey&)> on_read)
    : demand_(demand),
      clock_(clock),
      ranges_(ranges),
      on_read_(std::move(on_read)),
      thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

void PastReader::want(Request request) {
  {
    const std::lock_guard lock(mutex_);
    const ObjectKey key = request.pool.key;
    const auto [entry, is_new] = wanted_.insert_or_assign(key, std::move(request));
    if (is_new) order_.push_back(key);
  }
  changed_.notify_one();
}

std::optional<Result<Past>> PastReader::take(const model::EdgePool& pool) {
  const std::lock_guard lock(mutex_);
  auto found = read_.extract(pool.key);
  if (found.empty() || found.mapped().uid != pool.uid) return std::nullopt;
  return std::move(found.mapped().past);
}

void PastReader::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  wanted_.erase(pool);
  std::erase(order_, pool);
  read_.erase(pool);
}

void PastReader::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::optional<PastReader::Request> PastReader::next(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] { return !order_.empty(); });
  if (stop.stop_requested()) return std::nullopt;
  auto request = wanted_.extract(order_.front());
  order_.pop_front();
  return std::move(request.mapped());
}

void PastReader::run(std::stop_token stop) {
  while (const auto request = next(stop)) {
    const forecast::Context context{request->calendar, request->offsets, request->pool.confidence};
    auto past = read_past(demand_, request->pool, context, ranges_, clock_.now());
    {
      const std::lock_guard lock(mutex_);
      read_.insert_or_assign(request->pool.key,
                             Read{.uid = request->pool.uid, .past = std::move(past)});
    }
    on_read_(request->pool.key);
  }
}

}  // namespace edgetide::controller
