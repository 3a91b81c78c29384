#include "app/file_world.h"

#include <algorithm>

#include "calendar/zones.h"
#include "edgetide/backtest/minutes.h"
#include "edgetide/model/even_spread.h"

namespace edgetide::app {
namespace {

/// The oldest recorded sample that still says what is now, where no source says.
constexpr Seconds kFreshFor{600};

}  // namespace

FilePools::FilePools(std::vector<model::EdgePool> pools, std::optional<Replicas> per_domain,
                     std::optional<model::Spread> spread)
    : per_domain_(per_domain), spread_(std::move(spread)) {
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
  return Error{
      .code = ErrorCode::kNotFound, .message = "no such pool", .context = "EdgePool " + key.text()};
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
    if (pool.topology_key.empty() || !spread_) continue;
    model::stand_evenly(fleet.back().spread.emplace(*spread_), standing);
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

FileDemand::FileDemand(model::DemandHistory recorded, Facts facts)
    : recorded_(std::move(recorded)),
      facts_(std::move(facts)),
      step_(backtest::usual_step(recorded_.samples())) {}

model::Reading FileDemand::viewers_at(Instant now, const std::string& source) const {
  const auto samples = recorded_.samples();
  const auto after = std::ranges::upper_bound(samples, now, {}, &model::DemandSample::at);
  if (after == samples.begin()) {
    return {.freshness = model::Freshness::kMissing,
            .detail = "nothing is recorded up to " + to_string(now)};
  }
  const auto& last = *std::prev(after);
  const Seconds age = now - last.at;
  const auto told = facts_.max_age.find(source);
  const Seconds fresh_for =
      std::max(step_, told == facts_.max_age.end() ? kFreshFor : told->second);
  const bool fresh = age <= fresh_for;
  return {.freshness = fresh ? model::Freshness::kFresh : model::Freshness::kStale,
          .value = last.viewers.count(),
          .at = last.at,
          .detail = fresh ? ""
                          : "the last sample is of " + to_string(last.at) + ", and up to " +
                                to_string(fresh_for) + " old is fresh"};
}

model::DemandReadings FileDemand::read(const model::EdgePool& pool, Instant now) {
  const auto missing = [](const char* why) {
    return model::Reading{.freshness = model::Freshness::kMissing, .detail = why};
  };
  if (facts_.drawn_from.contains(pool.key))
    return {.viewers = missing("the recorded viewers are those of the pools that draw from it")};
  model::DemandReadings readings{.viewers = viewers_at(now, pool.demand.source)};
  constexpr const char* kUnrecorded = "files tell of viewers alone";
  const auto& capacity = pool.capacity;
  if (capacity.egress && facts_.bitrate) {
    readings.egress = readings.viewers;
    readings.egress->value *= facts_.bitrate->count();
  } else if (capacity.egress) {
    readings.egress = missing("files tell of viewers alone; --bitrate says what one takes");
  }
  if (capacity.requests) readings.requests = missing(kUnrecorded);
  if (capacity.connections) readings.connections = missing(kUnrecorded);
  if (capacity.handshakes) readings.handshakes = missing(kUnrecorded);
  return readings;
}

Result<model::DemandHistory> FileDemand::history(const model::EdgePool& pool,
                                                 const ports::HistoryRange& range) {
  std::vector<model::DemandSample> within;
  if (facts_.drawn_from.contains(pool.key)) return model::DemandHistory(std::move(within));
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
