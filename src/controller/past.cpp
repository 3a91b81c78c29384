#include "edgetide/controller/past.h"

#include <algorithm>
#include <array>
#include <utility>

#include "edgetide/core/thrown.h"
#include "kept_state.h"

namespace edgetide::controller {

namespace {

using Samples = std::vector<model::DemandSample>;

Result<Samples> ask(ports::DemandSource& demand, const model::EdgePool& pool,
                    const PastRanges& ranges, Instant now) {
  const Instant recent = now - ranges.recent_span;
  const std::array parts{ports::HistoryRange{now - ranges.span, recent, ranges.step},
                         ports::HistoryRange{recent, now, ranges.recent_step}};
  Samples samples;
  for (const auto& part : parts) {
    const auto history = demand.history(pool, part);
    if (!history.ok()) return history.error();
    samples.insert(samples.end(), history->samples().begin(), history->samples().end());
  }
  return samples;
}

Past past_of(Samples samples, const forecast::Context& context) {
  const model::DemandHistory history(std::move(samples));
  Past past{.learned = std::make_unique<forecast::ForecastState>(
                forecast::learn(history.samples(), context))};
  past.events.advance(history.samples(), context.calendar);
  return past;
}

Past carry_on(const forecast::ForecastState& known, Samples samples,
              const forecast::Context& context) {
  const model::DemandHistory history(std::move(samples));
  Past past{.learned = std::make_unique<forecast::ForecastState>(known)};
  forecast::advance(*past.learned, history.samples(), context);
  past.events.advance(history.samples(), context.calendar);
  return past;
}

/// Puts before the samples those kept ones that are older than all of them.
Samples with_kept(Samples kept, Samples samples) {
  const auto begins = [](Instant at, const model::DemandSample& sample) { return at < sample.at; };
  if (!samples.empty()) {
    const auto newer = std::upper_bound(kept.begin(), kept.end(), samples.front().at, begins);
    kept.erase(newer, kept.end());
  }
  kept.insert(kept.end(), samples.begin(), samples.end());
  return kept;
}

}  // namespace

Result<Past> read_past(PastSources sources, const model::EdgePool& pool,
                       const ports::StateStore::Owner& owner, const forecast::Context& context,
                       const PastRanges& ranges, bool source_answers, Instant now) {
  auto told = source_answers
                  ? ask(sources.demand, pool, ranges, now)
                  : Error{.code = ErrorCode::kUnavailable, .message = "its source does not answer"};
  if (sources.kept == nullptr) {
    if (!told.ok()) return told.error();
    return past_of(*std::move(told), context);
  }
  const auto kept = sources.kept->load(owner);
  const auto known = kept ? decode_state(kept->bytes) : std::nullopt;
  if (known && !told.ok()) return told.error();  // it decides meanwhile
  auto demand = sources.kept->demand(owner);
  if (told.ok()) {
    Past anew = past_of(with_kept(std::move(demand), *told), context);
    if (!known || known->recent.seen_minutes <= anew.learned->recent.seen_minutes) return anew;
    return carry_on(*known, *std::move(told), context);
  }
  if (demand.empty()) return told.error();
  Past past = past_of(std::move(demand), context);
  past.source_problem = told.error().text();
  return past;
}

PastReader::PastReader(World world, const PastRanges& ranges,
                       std::function<void(const ObjectKey&)> on_read)
    : world_(world), ranges_(ranges), on_read_(std::move(on_read)) {
  for (auto& thread : threads_)
    thread = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void PastReader::want(Request request) {
  {
    const std::lock_guard lock(mutex_);
    const ObjectKey key = request.owner.pool;
    const auto [entry, is_new] = wanted_.insert_or_assign(key, std::move(request));
    if (is_new) order_.push_back(key);
  }
  changed_.notify_one();
}

std::optional<Result<Past>> PastReader::take(const ports::StateStore::Owner& owner) {
  const std::lock_guard lock(mutex_);
  auto found = read_.extract(owner.pool);
  if (found.empty() || found.mapped().owner_id != owner.id) return std::nullopt;
  return std::move(found.mapped().past);
}

void PastReader::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  if (wanted_.erase(pool) > 0) std::erase(order_, pool);
  if (const auto reading = under_way_.find(pool); reading != under_way_.end())
    reading->second.wanted = false;
  read_.erase(pool);
}

std::size_t PastReader::waiting() const {
  const std::lock_guard lock(mutex_);
  return wanted_.size();
}

void PastReader::stop() {
  for (auto& thread : threads_) thread.request_stop();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::optional<PastReader::Request> PastReader::next(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto first_free = [&] {
    return std::ranges::find_if(order_, [&](const auto& key) { return !under_way_.contains(key); });
  };
  changed_.wait(lock, stop, [&] { return first_free() != order_.end(); });
  if (stop.stop_requested()) return std::nullopt;
  const auto turn = first_free();
  // First: without memory for it the pool keeps its turn.
  under_way_.emplace(*turn, Reading{.owner_id = wanted_.at(*turn).owner.id});
  auto request = wanted_.extract(*turn);
  order_.erase(turn);
  return std::move(request.mapped());
}

Result<Past> PastReader::read(const Request& request) {
  const auto pool = world_.pools.find(request.owner.pool);
  if (!pool.ok()) return pool.error();
  const auto calendar = world_.events.calendar(*pool);
  const auto offsets = world_.events.offsets(*pool);
  return read_past(world_.sources, *pool, request.owner, {calendar, offsets, pool->confidence},
                   ranges_, request.source_answers, world_.clock.now());
}

void PastReader::run(std::stop_token stop) {
  keep_doing(Work::kPast, stop, [&] {
    const auto request = next(stop);
    if (!request) return;
    const ObjectKey& key = request->owner.pool;
    auto past = contain(Work::kPast, [&] { return read(*request); });
    static_cast<void>(contain(Work::kPast, [&] {
      {
        const std::lock_guard lock(mutex_);
        auto done = under_way_.extract(key);
        done.mapped().past = std::move(past);
        read_.erase(key);
        if (done.mapped().wanted) read_.insert(std::move(done));
      }
      changed_.notify_one();  // the pool may wait for its turn again
      on_read_(key);
    }));
  });
}

}  // namespace edgetide::controller
