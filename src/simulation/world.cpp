#include "simulation/world.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "simulation/random.h"

namespace edgetide::simulation {
namespace {

/// A MetricSource's default.
constexpr Seconds kFreshFor{90};
constexpr Seconds kUncounted{20};
constexpr Seconds kReconnecting{60};

/// The share of a lost zone's viewers that is still not counted, so long after the loss.
double uncounted_share(Seconds since) {
  if (since < Seconds{0} || since >= kUncounted + kReconnecting) return 0;
  if (since < kUncounted) return 1;
  return 1 - static_cast<double>((since - kUncounted).count()) /
                 static_cast<double>(kReconnecting.count());
}

std::size_t fullest_domain(const std::vector<DomainCounts>& domains) {
  const auto fullest = std::ranges::max_element(domains, {}, &DomainCounts::ready);
  return static_cast<std::size_t>(fullest - domains.begin());
}

/// Replicas a domain, so that the whole is 60 % used.
Replicas comfortable_share(const Scenario& scenario) {
  const double capacity = scenario.pool.capacity.viewers->count() * .6;
  const double replicas = scenario.audience.at(scenario.from).count() / capacity;
  const auto domains = static_cast<double>(scenario.pool.domains.size());
  return Replicas{static_cast<int>(std::ceil(replicas / domains))};
}

}  // namespace

Instant OperatorClock::now() const {
  const Fault* fault = active_fault(scenario_.faults, FaultKind::kClockAhead, world_.now());
  return world_.now() + Seconds{fault != nullptr ? std::llround(fault->by) : 0};
}

World::World(const Scenario& scenario)
    : scenario_(scenario),
      clock_(scenario.from),
      fleet_({.domains = scenario.pool.domains.size(),
              .start_up = scenario.start_up,
              .drain = scenario.drain,
              .seed = derived_seed(scenario.seed, /*use=*/21)}) {
  for (std::size_t domain = 0; domain < fleet_.size(); ++domain) {
    fleet_.begin_with(domain, comfortable_share(scenario));
  }
}

Instant World::newest_sample() const {
  const Fault* frozen = fault(FaultKind::kSamplesFrozen);
  return (frozen != nullptr ? frozen->from : now()) - scenario_.scrape_delay;
}

bool World::samples_can_be_trusted() const {
  for (const auto kind : {FaultKind::kSamplesMissing, FaultKind::kSamplesInvalid,
                          FaultKind::kSamplesPartial, FaultKind::kSourceGone}) {
    if (fault(kind) != nullptr) return false;
  }
  return operator_clock_.now() - newest_sample() <= kFreshFor;
}

void World::settle() {
  const Fault* slow = fault(FaultKind::kSlowStarts);
  fleet_.start_slower(slow != nullptr ? slow->by : 1);
  fleet_.give_machines(fault(FaultKind::kNoMachines) == nullptr, now());
  fleet_.advance(now());
  const auto& loss = scenario_.zone_loss;
  if (!loss || lost_zone_ || now() < loss->at) return;
  const auto before = counts();
  const std::size_t domain = fullest_domain(before);
  const double ready = total_ready(before).count();
  const double share = ready > 0 ? before[domain].ready.count() / ready : 0;
  lost_zone_ = LostZone{.domain = domain, .loss = *loss, .share = Ratio{share}};
  fleet_.lose(domain, now(), loss->back_at());
}

std::vector<DomainCounts> World::counts() const {
  std::vector<DomainCounts> all;
  for (std::size_t domain = 0; domain < fleet_.size(); ++domain) {
    all.push_back(fleet_.counts(domain));
  }
  return all;
}

Viewers World::measured(Instant at) const {
  const Viewers wanting = scenario_.audience.at(at);
  if (!lost_zone_) return wanting;
  const double unseen = lost_zone_->share.count() * uncounted_share(at - lost_zone_->loss.at);
  return Viewers{std::round(wanting.count() * (1 - unseen))};
}

std::vector<ObjectKey> WorldPools::keys() { return {world_.scenario().pool.key}; }

Result<model::EdgePool> WorldPools::find(const ObjectKey& key) {
  if (key == world_.scenario().pool.key) return world_.scenario().pool;
  return Error{.code = ErrorCode::kNotFound, .message = "no such pool", .context = key.text()};
}

std::vector<model::DomainObservation> WorldPools::fleet(const model::EdgePool& pool) {
  std::vector<model::DomainObservation> seen;
  const auto counts = world_.counts();
  for (std::size_t domain = 0; domain < counts.size(); ++domain) {
    if (domain == 0 && !world_.targets_are_known()) {
      seen.push_back({.name = pool.domains[domain].name, .detail = "it cannot be read"});
      continue;
    }
    seen.push_back({.name = pool.domains[domain].name,
                    .known = true,
                    .specified = counts[domain].specified,
                    .ready = counts[domain].ready,
                    .starting = counts[domain].starting + counts[domain].pending});
  }
  return seen;
}

Result<void> WorldPools::scale(const model::EdgePool& pool, const ports::ScaleOrder& order) {
  if (world_.fault(FaultKind::kWritesRefused) != nullptr) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the API server takes no writes",
                 .context = pool.domains[order.domain].target.name};
  }
  const Replicas specified = world_.fleet().counts(order.domain).specified;
  if (specified != order.from) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "specified " + std::to_string(specified.count()) + ", not " +
                            std::to_string(order.from.count()),
                 .context = pool.domains[order.domain].target.name};
  }
  world_.fleet().specify(order.domain, order.to, world_.now());
  return {};
}

model::DemandReadings WorldDemand::read(const model::EdgePool&, Instant now) {
  using model::Freshness;
  const Instant at = world_.newest_sample();
  model::Reading reading{
      .freshness = Freshness::kFresh, .value = world_.measured(at).count(), .at = at};
  const auto fails = [&](FaultKind kind) { return world_.fault(kind) != nullptr; };
  if (fails(FaultKind::kSourceGone)) {
    reading = {.freshness = Freshness::kFailed, .detail = "the source cannot be asked"};
  } else if (fails(FaultKind::kSamplesMissing)) {
    reading = {.freshness = Freshness::kMissing, .detail = "no series answers"};
  } else if (fails(FaultKind::kSamplesInvalid)) {
    reading = {.freshness = Freshness::kInvalid, .detail = "NaN"};
  } else if (fails(FaultKind::kSamplesPartial)) {
    reading.freshness = Freshness::kPartial;
    reading.value = std::round(reading.value * 2 / 3);
    reading.detail = "a third of the sources is not there";
  } else if (now - at > kFreshFor) {
    reading.freshness = Freshness::kStale;
    reading.detail = "the newest sample is " + edgetide::to_string(now - at) + " old";
  }
  return {.viewers = std::move(reading)};
}

Result<model::DemandHistory> WorldDemand::history(const model::EdgePool&,
                                                  const ports::HistoryRange& range) {
  if (world_.fault(FaultKind::kSourceGone) != nullptr) {
    return Error{.code = ErrorCode::kUnavailable, .message = "the source cannot be asked"};
  }
  std::vector<model::DemandSample> samples;
  const Instant last = std::min(range.to, world_.newest_sample());
  Instant at = range.from;
  // What was recorded later than that begins on a step of the range.
  if (const auto begins = world_.scenario().audience.begins(); begins && *begins > at)
    at += (*begins - at + range.step - Seconds{1}) / range.step * range.step;
  for (; at <= last; at += range.step) {
    samples.push_back({.at = at, .viewers = world_.measured(at)});
  }
  return model::DemandHistory{std::move(samples)};
}

}  // namespace edgetide::simulation
