#include "simulation/fleet.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "edgetide/core/assert.h"

namespace edgetide::simulation {
namespace {

/// Takes what is due by `now` off the front of a rising list; how many there were.
int take_due(std::vector<Instant>& due, Instant now) {
  const auto first_left = std::ranges::upper_bound(due, now);
  const auto taken = static_cast<int>(first_left - due.begin());
  due.erase(due.begin(), first_left);
  return taken;
}

void insert_sorted(std::vector<Instant>& instants, Instant at) {
  instants.insert(std::ranges::upper_bound(instants, at), at);
}

/// The first that is not ready by `now`.
auto first_later(auto& starting, Instant now) {
  return std::ranges::upper_bound(starting, now, {}, [](const auto& one) { return one.ready_at; });
}

/// Of all versions.
VersionCounts sum(const auto& versions) {
  VersionCounts sum;
  for (const auto& pods : versions) sum += pods.counts();
  return sum;
}

}  // namespace

Fleet::Fleet(const Options& options)
    : options_(options), random_(options.seed), domains_(options.domains) {}

void Fleet::begin_with(std::size_t domain, Replicas count) {
  domains_[domain].specified = count.count();
  domains_[domain].of(Version::kCurrent).ready = count.count();
  if (options_.nodes) domains_[domain].room = std::max(options_.nodes->at_first, count).count();
}

void Fleet::advance(Instant now) {
  for (Domain& domain : domains_) advance(domain, now);
  now_ = now;
}

void Fleet::advance(Domain& domain, Instant now) {
  if (domain.lost && now >= domain.back_at) {
    domain.lost = false;
    start_waiting(domain, domain.back_at);
  }
  for (Pods& pods : domain.versions) {
    if (starts_fail_) fail_starts(domain, pods, now);
    const auto later = first_later(pods.starting, now);
    if (options_.warm_up > Seconds{0}) {
      for (auto one = pods.starting.begin(); one != later; ++one)
        insert_sorted(pods.warm_at, one->ready_at + options_.warm_up);
    }
    pods.ready += static_cast<int>(later - pods.starting.begin());
    pods.starting.erase(pods.starting.begin(), later);
    take_due(pods.warm_at, now);
  }
  take_due(domain.drained_at, now);
  if (options_.nodes) place(domain, now);
  note_waiting(domain, now);
}

void Fleet::specify(std::size_t index, Replicas count, Instant now) {
  EDGETIDE_ASSERT(count >= Replicas{0}, "a fleet of less than nothing");
  advance(now);
  domains_[index].specified = count.count();
  roll_out(domains_[index], now);
}

void Fleet::change(std::size_t index, Version version, int by, Instant now) {
  advance(now);
  Domain& domain = domains_[index];
  domain.specified += by;
  resize(domain, version, by, now);
}

void Fleet::evict(std::size_t index, Replicas count, Instant now) {
  advance(now);
  Domain& domain = domains_[index];
  domain.specified -= count.count();
  int left = count.count();
  for (Pods& pods : domain.versions) {
    const int leave = std::min(left, pods.ready);
    pods.ready -= leave;
    left -= leave;
    while (pods.warm_at.size() > static_cast<std::size_t>(pods.ready))
      pods.warm_at.erase(pods.warm_at.begin());
  }
  EDGETIDE_ASSERT(left == 0, "more are evicted than are Ready");
  drain(domain, count.count(), now);
}

void Fleet::outdate(std::size_t index) {
  Domain& domain = domains_[index];
  Pods& old = domain.of(Version::kOld);
  const Pods current = std::exchange(domain.of(Version::kCurrent), {});
  old.ready += current.ready;
  old.pending += current.pending;
  for (const Start& one : current.starting)
    old.starting.insert(first_later(old.starting, one.ready_at), one);
  for (const Instant warm_at : current.warm_at) insert_sorted(old.warm_at, warm_at);
}

void Fleet::roll_out(Instant now) {
  for (Domain& domain : domains_) roll_out(domain, now);
}

void Fleet::lose(std::size_t index, Instant now, Instant back_at) {
  advance(now);
  Domain& domain = domains_[index];
  domain.lost = true;
  domain.back_at = back_at;
  for (Pods& pods : domain.versions) pods = {.pending = pods.counts().all()};
  domain.drained_at.clear();
  domain.waits_since.reset();
}

void Fleet::give_machines(bool given, Instant now) {
  if (std::exchange(machines_, given) || !given) return;
  advance(now);
  for (Domain& domain : domains_) {
    start_waiting(domain, now);
    note_waiting(domain, now);
  }
}

DomainCounts Fleet::counts(std::size_t index) const {
  const Domain& domain = domains_[index];
  const VersionCounts all = sum(domain.versions);
  return {.specified = Replicas{domain.specified},
          .ready = Replicas{all.ready},
          .starting = Replicas{all.starting},
          .pending = Replicas{all.pending},
          .draining = Replicas{static_cast<int>(domain.drained_at.size())},
          .cold = cold(domain),
          .waits_since = domain.waits_since};
}

VersionCounts Fleet::counts(std::size_t index, Version version) const {
  return domains_[index].versions[static_cast<std::size_t>(version)].counts();
}

std::vector<Instant> Fleet::unready_since(std::size_t index) const {
  std::vector<Instant> since;
  for (const Pods& pods : domains_[index].versions)
    for (const Start& start : pods.starting) since.push_back(start.since);
  return since;
}

Replicas Fleet::cold(const Domain& domain) const {
  double lacking = 0;
  for (const Pods& pods : domain.versions)
    for (const Instant warm_at : pods.warm_at)
      lacking += static_cast<double>((warm_at - now_).count()) /
                 static_cast<double>(options_.warm_up.count());
  return Replicas{static_cast<int>(std::ceil(lacking))};
}

void Fleet::start(Domain& domain, Pods& pods, int count, Instant now) {
  if (domain.lost || !machines_ || options_.nodes) {
    pods.pending += count;
    return;
  }
  for (int i = 0; i < count; ++i) begin_start(pods, now, now);
}

void Fleet::begin_start(Pods& pods, Instant now, Instant since) {
  const Instant ready_at = now + start_up_time();
  pods.starting.insert(first_later(pods.starting, ready_at), {ready_at, since});
}

void Fleet::start_waiting(Domain& domain, Instant now) {
  for (Pods& pods : domain.versions) start(domain, pods, std::exchange(pods.pending, 0), now);
}

void Fleet::fail_starts(const Domain& domain, Pods& pods, Instant now) {
  const auto later = first_later(pods.starting, now);
  const std::vector<Start> failed(pods.starting.begin(), later);
  pods.starting.erase(pods.starting.begin(), later);
  if (domain.lost || !machines_) {
    pods.pending += static_cast<int>(failed.size());
    return;
  }
  for (const Start& one : failed) begin_start(pods, now, one.since);
}

void Fleet::place(Domain& domain, Instant now) {
  if (domain.lost || !machines_) return;
  while (!domain.coming.empty() && domain.coming.front().at <= now) {
    domain.room += domain.coming.front().room;
    domain.coming.erase(domain.coming.begin());
  }
  for (Pods& pods : domain.versions) {
    const VersionCounts all = sum(domain.versions);
    const int stands = all.ready + all.starting + static_cast<int>(domain.drained_at.size());
    const int started = std::clamp(domain.room - stands, 0, pods.pending);
    for (int i = 0; i < started; ++i) begin_start(pods, now, now);
    pods.pending -= started;
  }
  int on_their_way = 0;
  for (const Coming& coming : domain.coming) on_their_way += coming.room;
  const int ordered = std::min(sum(domain.versions).pending - on_their_way,
                               options_.nodes->most.count() - domain.room - on_their_way);
  if (ordered > 0) domain.coming.push_back({now + options_.nodes->provision, ordered});
}

void Fleet::note_waiting(Domain& domain, Instant now) {
  if (sum(domain.versions).pending == 0 || domain.lost) return domain.waits_since.reset();
  if (!domain.waits_since) domain.waits_since = now;
}

void Fleet::roll_out(Domain& domain, Instant now) {
  const auto next = [&] {
    return next_step(domain.specified, domain.of(Version::kCurrent).counts(),
                     domain.of(Version::kOld).counts());
  };
  for (auto step = next(); !step.changes_nothing(); step = next()) {
    resize(domain, Version::kCurrent, step.current, now);
    resize(domain, Version::kOld, step.old, now);
  }
}

void Fleet::resize(Domain& domain, Version version, int by, Instant now) {
  if (by > 0) start(domain, domain.of(version), by, now);
  if (by < 0) remove(domain, domain.of(version), -by, now);
  if (options_.nodes) place(domain, now);
  note_waiting(domain, now);
}

void Fleet::remove(Domain& domain, Pods& pods, int count, Instant now) {
  const int pending = std::min(count, pods.pending);
  pods.pending -= pending;
  const int starting = std::min<int>(count - pending, static_cast<int>(pods.starting.size()));
  pods.starting.resize(pods.starting.size() - static_cast<std::size_t>(starting));
  const int ready = count - pending - starting;
  pods.ready -= ready;
  pods.warm_at.resize(pods.warm_at.size() -
                      std::min(pods.warm_at.size(), static_cast<std::size_t>(ready)));
  drain(domain, ready, now);
}

void Fleet::drain(Domain& domain, int count, Instant now) {
  domain.drained_at.insert(domain.drained_at.end(), static_cast<std::size_t>(count),
                           now + options_.drain);
}

Seconds Fleet::start_up_time() {
  const auto between = [&](Seconds least, Seconds most) {
    return Seconds{static_cast<Seconds::rep>(random_.uniform(
        static_cast<double>(least.count()), static_cast<double>(most.count() + 1)))};
  };
  const StartUp& times = options_.start_up;
  Seconds usual = between(times.container_least, times.container_most);
  if (!options_.nodes) usual += between(times.machine_least, times.machine_most);
  return Seconds{std::llround(static_cast<double>(usual.count()) * slowness_)};
}

}  // namespace edgetide::simulation
