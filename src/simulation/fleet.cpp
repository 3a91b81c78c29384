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

Replicas counted(const auto& all) { return Replicas{static_cast<int>(all.size())}; }

/// The first that is not ready by `now`.
auto first_later(auto& starting, Instant now) {
  return std::ranges::upper_bound(starting, now, {}, [](const auto& one) { return one.ready_at; });
}

template <typename Part>
Replicas sum(std::span<const DomainCounts> domains, Part part) {
  Replicas total;
  for (const DomainCounts& domain : domains) total += part(domain);
  return total;
}

}  // namespace

Fleet::Fleet(const Options& options)
    : options_(options), random_(options.seed), domains_(options.domains) {}

void Fleet::begin_with(std::size_t domain, Replicas count) {
  domains_[domain].specified = count.count();
  domains_[domain].ready = count.count();
  if (options_.nodes) domains_[domain].room = std::max(options_.nodes->at_first, count).count();
}

void Fleet::advance(Instant now) {
  for (Domain& domain : domains_) {
    if (domain.lost && now >= domain.back_at) {
      domain.lost = false;
      start(domain, std::exchange(domain.pending, 0), domain.back_at);
    }
    if (starts_fail_) fail_starts(domain, now);
    const auto later = first_later(domain.starting, now);
    if (options_.warm_up > Seconds{0}) {
      for (auto one = domain.starting.begin(); one != later; ++one)
        insert_sorted(domain.warm_at, one->ready_at + options_.warm_up);
    }
    domain.ready += static_cast<int>(later - domain.starting.begin());
    domain.starting.erase(domain.starting.begin(), later);
    take_due(domain.drained_at, now);
    take_due(domain.warm_at, now);
    if (options_.nodes) place(domain, now);
    note_waiting(domain, now);
  }
  now_ = now;
}

void Fleet::specify(std::size_t index, Replicas count, Instant now) {
  EDGETIDE_ASSERT(count >= Replicas{0}, "a fleet of less than nothing");
  advance(now);
  Domain& domain = domains_[index];
  const int change = count.count() - domain.specified;
  domain.specified = count.count();
  if (change > 0) start(domain, change, now);
  if (change < 0) remove(domain, -change, now);
  if (options_.nodes) place(domain, now);
  note_waiting(domain, now);
}

void Fleet::lose(std::size_t index, Instant now, Instant back_at) {
  advance(now);
  Domain& domain = domains_[index];
  domain.lost = true;
  domain.back_at = back_at;
  domain.pending = domain.specified;
  domain.ready = 0;
  domain.starting.clear();
  domain.drained_at.clear();
  domain.warm_at.clear();
  domain.waits_since.reset();
}

void Fleet::give_machines(bool given, Instant now) {
  if (std::exchange(machines_, given) || !given) return;
  advance(now);
  for (Domain& domain : domains_) {
    start(domain, std::exchange(domain.pending, 0), now);
    note_waiting(domain, now);
  }
}

DomainCounts Fleet::counts(std::size_t index) const {
  const Domain& domain = domains_[index];
  return {.specified = Replicas{domain.specified},
          .ready = Replicas{domain.ready},
          .starting = counted(domain.starting),
          .pending = Replicas{domain.pending},
          .draining = counted(domain.drained_at),
          .cold = cold(domain),
          .waits_since = domain.waits_since};
}

std::vector<Instant> Fleet::unready_since(std::size_t index) const {
  std::vector<Instant> since;
  for (const Start& start : domains_[index].starting) since.push_back(start.since);
  return since;
}

Replicas Fleet::cold(const Domain& domain) const {
  double lacking = 0;
  for (const Instant warm_at : domain.warm_at)
    lacking += static_cast<double>((warm_at - now_).count()) /
               static_cast<double>(options_.warm_up.count());
  return Replicas{static_cast<int>(std::ceil(lacking))};
}

void Fleet::start(Domain& domain, int count, Instant now) {
  if (domain.lost || !machines_ || options_.nodes) {
    domain.pending += count;
    return;
  }
  for (int i = 0; i < count; ++i) begin_start(domain, now, now);
}

void Fleet::begin_start(Domain& domain, Instant now, Instant since) {
  const Instant ready_at = now + start_up_time();
  domain.starting.insert(first_later(domain.starting, ready_at), {ready_at, since});
}

void Fleet::fail_starts(Domain& domain, Instant now) {
  const auto later = first_later(domain.starting, now);
  const std::vector<Start> failed(domain.starting.begin(), later);
  domain.starting.erase(domain.starting.begin(), later);
  if (domain.lost || !machines_) {
    domain.pending += counted(failed).count();
    return;
  }
  for (const Start& one : failed) begin_start(domain, now, one.since);
}

void Fleet::place(Domain& domain, Instant now) {
  if (domain.lost || !machines_) return;
  while (!domain.coming.empty() && domain.coming.front().at <= now) {
    domain.room += domain.coming.front().room;
    domain.coming.erase(domain.coming.begin());
  }
  const auto stands = static_cast<int>(domain.starting.size() + domain.drained_at.size());
  const int started = std::clamp(domain.room - domain.ready - stands, 0, domain.pending);
  for (int i = 0; i < started; ++i) begin_start(domain, now, now);
  domain.pending -= started;
  int on_their_way = 0;
  for (const Coming& coming : domain.coming) on_their_way += coming.room;
  const int ordered = std::min(domain.pending - on_their_way,
                               options_.nodes->most.count() - domain.room - on_their_way);
  if (ordered > 0) domain.coming.push_back({now + options_.nodes->provision, ordered});
}

void Fleet::note_waiting(Domain& domain, Instant now) {
  if (domain.pending == 0 || domain.lost) return domain.waits_since.reset();
  if (!domain.waits_since) domain.waits_since = now;
}

void Fleet::remove(Domain& domain, int count, Instant now) {
  const int pending = std::min(count, domain.pending);
  domain.pending -= pending;
  const int starting = std::min<int>(count - pending, static_cast<int>(domain.starting.size()));
  domain.starting.resize(domain.starting.size() - static_cast<std::size_t>(starting));
  const int ready = count - pending - starting;
  domain.ready -= ready;
  domain.warm_at.resize(domain.warm_at.size() -
                        std::min(domain.warm_at.size(), static_cast<std::size_t>(ready)));
  domain.drained_at.insert(domain.drained_at.end(), static_cast<std::size_t>(ready),
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

Replicas total_ready(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.ready; });
}

Replicas total_serving(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.ready - domain.cold; });
}

Replicas total_specified(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.specified; });
}

Replicas total_paid(std::span<const DomainCounts> domains) {
  return sum(domains, [](const DomainCounts& domain) { return domain.ready + domain.starting; });
}

}  // namespace edgetide::simulation
