#include "app/file_world.h"

#include <algorithm>

#include "calendar/zones.h"

namespace edgetide::app {
namespace {

/// The oldest recorded sample that still says what is now.
constexpr Seconds kFreshFor{600};

}  // namespace

FilePools::FilePools(std::vector<model::EdgePool> pools, std::optional<Replicas> per_domain)
    : per_domain_(per_domain) {
  for (auto& pool : pools) pools_.insert_or_assign(pool.key, std::move(pool));
}

std::vector<ObjectKey> FilePools::keys() {
  std::vector<ObjectKey> keys;
  for (const auto& [key, pool] : pools_) keys.push_back(key);
  return keys;
}

Result<model::EdgePool> FilePools::find(const ObjectKey& key) {
  const auto pool = pools_.find(key);
  if (pool != pools_.end()) return pool->second;
  return Error{.code = ErrorCode::kNotFound, .message = "no such pool", .context = key.text()};
}

std::vector<model::DomainObservation> FilePools::fleet(const model::EdgePool& pool) {
  const int domains = static_cast<int>(pool.domains.size());
  std::vector<model::DomainObservation> fleet;
  for (int i = 0; i < domains; ++i) {
    const int minimum = pool.replicas.min.count();
    const int share = minimum / domains + (i < minimum % domains ? 1 : 0);
    const Replicas standing = per_domain_.value_or(Replicas{share});
    fleet.push_back({.name = pool.domains[static_cast<std::size_t>(i)].name,
                     .known = true,
                     .specified = standing,
                     .ready = standing});
  }
  return fleet;
}

Result<void> FilePools::scale(const model::EdgePool& pool, const ports::ScaleOrder&) {
  return Error{.code = ErrorCode::kForbidden,
               .message = "pools from files are not scaled",
               .context = pool.key.text()};
}

Result<void> FilePools::rehearse(const model::EdgePool& pool, const ports::ScaleOrder& order) {
  return scale(pool, order);
}

model::DemandReadings FileDemand::read(const model::EdgePool&, Instant now) {
  const auto samples = recorded_.samples();
  const auto after = std::ranges::upper_bound(samples, now, {}, &model::DemandSample::at);
  if (after == samples.begin()) {
    return {.viewers = {.freshness = model::Freshness::kMissing,
                        .detail = "nothing is recorded up to " + to_string(now)}};
  }
  const auto& last = *std::prev(after);
  const Seconds age = now - last.at;
  if (age <= kFreshFor) {
    return {.viewers = {.freshness = model::Freshness::kFresh,
                        .value = last.viewers.count(),
                        .at = last.at}};
  }
  return {.viewers = {.freshness = model::Freshness::kStale,
                      .value = last.viewers.count(),
                      .at = last.at,
                      .detail = "the last sample is " + to_string(age) + " old"}};
}

Result<model::DemandHistory> FileDemand::history(const model::EdgePool&,
                                                 const ports::HistoryRange& range) {
  std::vector<model::DemandSample> within;
  for (const auto& sample : recorded_.samples()) {
    if (sample.at >= range.from && sample.at <= range.to) within.push_back(sample);
  }
  return model::DemandHistory(std::move(within));
}

FileEvents::FileEvents(std::vector<kube::StreamEventResource> announced,
                       std::vector<model::StreamEvent> for_all,
                       std::vector<model::EventClass> classes)
    : announced_(std::move(announced)),
      for_all_(std::move(for_all)),
      classes_(std::move(classes)) {}

model::EventCalendar FileEvents::calendar(const model::EdgePool& pool) {
  std::vector<model::StreamEvent> events = for_all_;
  for (const auto& event : announced_) {
    if (event.key.name_space != pool.key.name_space || !event.pools.matches(pool.labels)) continue;
    const auto start = calendar::to_instant(event.start, event.time_zone);
    if (!start.ok()) continue;  // refused when the file was read
    events.push_back({.name = event.key.text(),
                      .event_class = event.event_class,
                      .start = *start,
                      .duration = event.duration,
                      .expected_peak = event.expected_peak,
                      .minimum_replicas = event.minimum_replicas,
                      .ramp_up = event.ramp_up,
                      .overrun = event.overrun});
  }
  for (model::StreamEvent& event : events)
    event.follow(model::known_class(event.event_class, classes_), 1);
  return model::EventCalendar(std::move(events));
}

model::UtcOffsets FileEvents::offsets(const model::EdgePool& pool) {
  const auto offsets = calendar::offsets_for(pool.time_zone);
  return offsets.ok() ? *offsets : model::UtcOffsets{};
}

}  // namespace edgetide::app
