#include "promql/demand_source.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "edgetide/core/thrown.h"

namespace edgetide::promql {
namespace {

using model::Freshness;
using model::Reading;

Reading nothing(Freshness freshness, std::string detail) {
  return {.freshness = freshness, .detail = std::move(detail)};
}

}  // namespace

DemandSource::DemandSource(SecretReader read_secret, Connect connect)
    : read_secret_(std::move(read_secret)), connect_(std::move(connect)) {}

void DemandSource::set_sources(const std::vector<model::MetricSource>& sources) {
  const std::lock_guard lock{mutex_};
  std::map<std::string, std::shared_ptr<Source>> next;
  for (const model::MetricSource& spec : sources) {
    const auto before = sources_.find(spec.name);
    const bool same = before != sources_.end() && before->second->spec() == spec;
    next[spec.name] =
        same ? before->second
             : std::make_shared<Source>(spec, read_secret_, connect_, stop_.get_token());
  }
  sources_ = std::move(next);
}

std::shared_ptr<Source> DemandSource::find(const std::string& name) {
  const std::lock_guard lock{mutex_};
  const auto found = sources_.find(name);
  return found == sources_.end() ? nullptr : found->second;
}

std::optional<std::vector<ObjectKey>> DemandSource::refresh(Instant now) {
  std::vector<std::shared_ptr<Source>> all;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [name, source] : sources_) all.push_back(source);
  }
  std::erase_if(all, [&](const auto& source) { return !source->due(now); });
  if (all.empty()) return std::nullopt;
  std::vector<std::vector<ObjectKey>> risen(all.size());
  {
    std::vector<std::jthread> asking;
    for (std::size_t i = 0; i < all.size(); ++i)
      asking.emplace_back([&, i] {
        static_cast<void>(contain(Work::kQuery, [&] { risen[i] = all[i]->refresh(now); }));
      });
  }
  std::vector<ObjectKey> pools;
  for (auto& of_one : risen) std::ranges::move(of_one, std::back_inserter(pools));
  return pools;
}

model::DemandReadings DemandSource::read(const model::EdgePool& pool, Instant now) {
  model::DemandReadings readings;
  const auto source = find(pool.demand.source);
  if (!source) {
    readings.viewers =
        nothing(Freshness::kFailed, "there is no usable MetricSource " + pool.demand.source);
    return readings;
  }
  readings.viewers = source->read(pool, "viewers", now)
                         .value_or(nothing(Freshness::kMissing,
                                           "no query for viewers, neither the pool's nor of "
                                           "MetricSource " +
                                               pool.demand.source));
  // A load that no capacity is measured against decides nothing, and must not hold anything up.
  if (pool.capacity.egress) readings.egress = source->read(pool, "egress", now);
  if (pool.capacity.requests) readings.requests = source->read(pool, "requests", now);
  if (pool.capacity.connections) readings.connections = source->read(pool, "connections", now);
  if (pool.capacity.handshakes) readings.handshakes = source->read(pool, "handshakes", now);
  return readings;
}

Result<model::DemandHistory> DemandSource::history(const model::EdgePool& pool,
                                                   const ports::HistoryRange& range) {
  const auto source = find(pool.demand.source);
  if (!source) {
    return Error{ErrorCode::kNotFound, "there is no usable MetricSource " + pool.demand.source};
  }
  return source->history(pool, range);
}

std::optional<std::string> DemandSource::viewers_query(const model::EdgePool& pool) {
  const auto source = find(pool.demand.source);
  return source ? source->viewers_counted_by(pool) : std::nullopt;
}

}  // namespace edgetide::promql
