#include "simulation/world.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "simulation/random.h"

namespace edgetide::simulation {
namespace {

constexpr Seconds kUncounted{20};
constexpr Seconds kReconnecting{60};

/// Over which an audience is seen to grow.
constexpr Seconds kRising{60};

constexpr double kTwoFifths = .4;
constexpr Seconds kNearEnd{600};
constexpr Seconds kLongestDoubt{3 * 3600};
constexpr Seconds kKnownCourse{4 * 3600};
constexpr double kBroughtHalf = 1.5;
/// A sample is that old, and one more from before it has to be known.
constexpr Seconds kToBeSeen{90};

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

template <typename Value>
std::optional<Value> told_of(const std::map<ObjectKey, Value>& by_pool,
                             const model::EdgePool& pool) {
  const auto found = by_pool.find(pool.key);
  return found != by_pool.end() ? std::optional(found->second) : std::nullopt;
}

PoolFleet empty_fleet(const Scenario& scenario, const model::EdgePool& pool, std::uint64_t use) {
  const auto zones = told_of(scenario.zones, pool);
  return PoolFleet({.domains = zones ? zones->count : pool.domains.size(),
                    .start_up = scenario.start_up,
                    .drain = scenario.drain,
                    .warm_up = pool.warm_up,
                    .nodes = told_of(scenario.nodes, pool),
                    .seed = derived_seed(scenario.seed, use)},
                   zones);
}

std::vector<std::string> domain_names(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& domain : failure_domains(scenario, scenario.pool)) names.push_back(domain.name);
  return names;
}

/// Around the beginning of `dip` something else is wrong with what is told, or nobody listens.
bool told_wrongly(std::span<const Fault> faults, const Fault& dip) {
  return std::ranges::any_of(faults, [&](const Fault& fault) {
    const bool tells =
        fault.kind <= FaultKind::kSourceGone || fault.kind == FaultKind::kOperatorDown;
    return tells && &fault != &dip && fault.from <= dip.from + kToBeSeen &&
           fault.until() >= dip.from - kToBeSeen;
  });
}

/// Replicas a domain, so that the whole is 60 % used.
Replicas comfortable_share(const Scenario& scenario, std::size_t domains) {
  const double capacity = scenario.pool.capacity.viewers->count() * .6;
  const double replicas = scenario.audience.at(scenario.from).count() / capacity;
  return Replicas{static_cast<int>(std::ceil(replicas / static_cast<double>(domains)))};
}

}  // namespace

Instant OperatorClock::now() const {
  const Fault* fault = active_fault(scenario_.faults, FaultKind::kClockAhead, world_.now());
  return world_.now() + Seconds{fault != nullptr ? std::llround(fault->by) : 0};
}

World::World(const Scenario& scenario)
    : scenario_(scenario),
      clock_(scenario.from),
      fleet_(empty_fleet(scenario, scenario.pool, /*use=*/21)),
      maintenance_(scenario.faults, domain_names(scenario), scenario.from) {
  if (scenario.connections) gateways_.emplace(scenario.pool, *scenario.connections);
  for (std::size_t domain = 0; domain < fleet_.size(); ++domain) {
    fleet_.begin_with(domain, comfortable_share(scenario, fleet_.size()));
  }
  BitsPerSecond egress = egress_of(scenario.from);
  const auto* drawing = &scenario.pool;
  auto standing = counts();
  std::uint64_t use = 51;
  for (const model::EdgePool& pool : scenario.farther) {
    egress = fetched(*drawing->upstream, egress, standing);
    const auto& tier =
        farther_.emplace_back(pool, empty_fleet(scenario, pool, use++), scenario.from, egress);
    standing = tier.fleet().counts();
    drawing = &pool;
  }
}

Instant World::newest_sample() const {
  const Fault* frozen = fault(FaultKind::kSamplesFrozen);
  const Fault* late = fault(FaultKind::kSamplesLate);
  const Seconds more{late != nullptr ? std::llround(late->by) : 0};
  return (frozen != nullptr ? frozen->from : now()) - scenario_.scrape_delay - more;
}

bool World::samples_can_be_trusted() const {
  for (const auto kind : {FaultKind::kSamplesMissing, FaultKind::kSamplesInvalid,
                          FaultKind::kSamplesPartial, FaultKind::kSourceGone}) {
    if (fault(kind) != nullptr) return false;
  }
  return operator_clock_.now() - newest_sample() <= kFreshFor;
}

bool World::in_knowable_dip() const {
  const auto knowable = [&](FaultKind kind) {
    const Fault* dip = fault(kind);
    return dip != nullptr && is_knowable(*dip);
  };
  return told_share() < 1 &&
         (knowable(FaultKind::kCounterReset) || knowable(FaultKind::kWindowUnfilled) ||
          knowable(FaultKind::kSamplesScaled));
}

bool World::is_knowable(const Fault& dip) const {
  if (dip.kind == FaultKind::kSamplesScaled && dip.by >= 1) return false;
  if (dip.lasts < scenario_.pool.behavior.scale_down.stabilization_window) return true;
  // Egress and connections that are told fall by the same share: nothing speaks for those who are
  // said to be gone.
  const auto& capacity = scenario_.pool.capacity;
  if (told_share() >= kTwoFifths || capacity.egress || capacity.connections) return false;
  if (told_wrongly(scenario_.faults, dip)) return false;
  return std::ranges::any_of(scenario_.calendar.touching(dip.from, now()), [&](const auto* event) {
    const bool ends = std::chrono::abs(dip.from - event->end()) <= kNearEnd;
    const double without = measured(event->ramp_start()).count();
    return !ends && event->ramp_start() <= dip.from && dip.from < event->start + kKnownCourse &&
           measured(dip.from).count() >= kBroughtHalf * without && now() < event->overrun_end() &&
           now() < dip.from + kLongestDoubt;
  });
}

void World::settle() {
  suffer(fleet_);
  for (FartherTier& tier : farther_) suffer(tier.fleet());
  if (const auto& loss = scenario_.zone_loss; loss && !lost_zone_ && now() >= loss->at) lose_zone();
  maintenance_.act(fleet_, now());
  draw();
  if (gateways_) open_connections();
}

void World::suffer(PoolFleet& fleet) {
  const Fault* slow = fault(FaultKind::kSlowStarts);
  fleet.start_slower(slow != nullptr ? slow->by : 1);
  fleet.let_starts_fail(fault(FaultKind::kStartsFail) != nullptr);
  fleet.give_machines(fault(FaultKind::kNoMachines) == nullptr, now());
  fleet.advance(now());
}

/// Of all tiers what stands in it, by its name.
void World::lose_zone() {
  const ZoneLoss& loss = *scenario_.zone_loss;
  const auto before = counts();
  const std::size_t domain = fullest_domain(before);
  const double ready = total_ready(before).count();
  const double share = ready > 0 ? before[domain].ready.count() / ready : 0;
  const std::string name = failure_domains(scenario_, scenario_.pool)[domain].name;
  lost_zone_ = LostZone{.name = name, .loss = loss, .share = Ratio{share}};
  fleet_.lose(domain, now(), loss.back_at());
  for (FartherTier& tier : farther_) {
    const auto domains = failure_domains(scenario_, tier.pool());
    const auto same = std::ranges::find(domains, name, &model::FailureDomain::name);
    if (same == domains.end()) continue;
    tier.fleet().lose(static_cast<std::size_t>(same - domains.begin()), now(), loss.back_at());
  }
}

std::optional<RivalDeed> World::let_rival_lower() {
  if (!std::exchange(rival_waits_, false)) return std::nullopt;
  const auto before = fleet_.standing().targets;
  const auto fullest = std::ranges::max_element(before, {}, &DomainCounts::specified);
  const auto target = static_cast<std::size_t>(fullest - before.begin());
  fleet_.specify(target, Replicas{fullest->specified.count() * 4 / 5}, now());
  auto left = fleet_.standing().targets;
  if (left[target].specified == fullest->specified) return std::nullopt;
  return RivalDeed{.target = target, .left = std::move(left)};
}

/// Whoever wants to watch is served by somebody, in the end.
void World::draw() {
  if (farther_.empty()) return;
  BitsPerSecond egress = egress_of(now());
  const auto* drawing = &scenario_.pool;
  const PoolFleet* fleet = &fleet_;
  for (FartherTier& tier : farther_) {
    egress = fetched(*drawing->upstream, egress, fleet->counts());
    tier.note_drawn(now(), egress);
    drawing = &tier.pool();
    fleet = &tier.fleet();
  }
}

/// As many come as watch more than a minute ago, and those of a lost zone who are counted again.
void World::open_connections() {
  const Instant known = scenario_.audience.begins().value_or(Instant::min());
  const Viewers wanting = scenario_.audience.at(now());
  const Viewers before = scenario_.audience.at(std::max(now() - kRising, known));
  const auto a_minute = static_cast<double>(kRising.count());
  double coming = std::max(0.0, (wanting - before).count()) / a_minute;
  const auto back = [&](Instant at) {
    return 1 - (lost_zone_ ? uncounted_share(at - lost_zone_->loss.at) : 0);
  };
  const double returned = std::max(0.0, back(now()) - back(now() - scenario_.step));
  if (lost_zone_)
    coming += lost_zone_->share.count() * wanting.count() * returned /
              static_cast<double>(scenario_.step.count());
  gateways_->advance(
      now(), scenario_.step,
      {.wanting = wanting, .coming = ViewersPerSecond{coming}, .serving = total_serving(counts())});
}

FartherTier* World::tier_of(const ObjectKey& pool) {
  const auto tier =
      std::ranges::find_if(farther_, [&](const auto& one) { return one.pool().key == pool; });
  return tier == farther_.end() ? nullptr : &*tier;
}

BitsPerSecond World::egress_of(Instant at) const {
  return BitsPerSecond{measured(at).count() * scenario_.bitrate.count()};
}

Viewers World::measured(Instant at) const {
  const Viewers wanting = scenario_.audience.at(at);
  if (!lost_zone_) return wanting;
  const double unseen = lost_zone_->share.count() * uncounted_share(at - lost_zone_->loss.at);
  return Viewers{std::round(wanting.count() * (1 - unseen))};
}

double World::told_share() const {
  double share = 1;
  if (const Fault* scaled = fault(FaultKind::kSamplesScaled)) share *= scaled->by;
  if (fault(FaultKind::kCounterReset) != nullptr) share /= 3;
  if (const Fault* filling = fault(FaultKind::kWindowUnfilled))
    share *= static_cast<double>((now() - filling->from).count()) /
             static_cast<double>(filling->lasts.count());
  return share;
}

Viewers World::told(Instant at) const {
  return Viewers{std::round(measured(at).count() * told_share())};
}

}  // namespace edgetide::simulation
