#include "simulation/maintenance.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "simulation/text.h"

namespace edgetide::simulation {
namespace {

int share_of(Replicas whole, double share) {
  return static_cast<int>(std::ceil(whole.count() * share - 1e-9));
}

/// How many of `all`, evenly over the fault's time, are due by `now`: the first as it begins.
int due(const Fault& fault, int all, Instant now) {
  const auto before = (now - fault.from).count() * all / fault.lasts.count();
  return std::min(all, static_cast<int>(before) + 1);
}

/// How many more of a target the eviction API lets go.
Replicas may_go(const DomainCounts& target, double budget) {
  const Replicas least{target.specified.count() - share_of(target.specified, budget)};
  return std::max(Replicas{0}, target.ready - least);
}

}  // namespace

Maintenance::Maintenance(std::span<const Fault> faults, std::vector<std::string> domains,
                         Instant begins)
    : domains_(std::move(domains)), begins_(begins) {
  for (const Fault& fault : faults) {
    if (fault.kind == FaultKind::kNodesDrained) drains_.push_back({.fault = &fault, .domain = {}});
    if (fault.kind == FaultKind::kRollout) rollouts_.push_back({.fault = &fault});
  }
}

void Maintenance::act(PoolFleet& fleet, Instant now) {
  notes_.clear();
  for (Drain& one : drains_) {
    if (now < one.fault->from || one.over) continue;
    drain(one, fleet, now);
  }
  for (Rollout& one : rollouts_)
    if (now >= one.fault->from) roll_out(one, fleet, now);
  if (rollouts_.empty()) return;
  const bool did = std::exchange(rolls_out_, fleet.rolls_out());
  if (rolls_out_) rolled_until_ = now;
  if (did && !rolls_out_) notes_.push_back({.ends = true, .text = "the new version is rolled out"});
}

void Maintenance::begin(Drain& drain, const std::vector<DomainCounts>& domains, Instant now) {
  const auto fullest = std::ranges::max_element(domains, {}, &DomainCounts::ready);
  drain.domain = static_cast<std::size_t>(fullest - domains.begin());
  drain.planned = share_of(fullest->ready, drain.fault->by);
  // Those of before the night are gone and made anew.
  if (drain.fault->from < begins_)
    drain.evicted = std::max(0, due(*drain.fault, drain.planned, now) - 1);
  const std::string& name = domains_[*drain.domain];
  notes_.push_back(
      {.text = counted(Replicas{drain.planned}) + " of " + name + " on nodes to be drained",
       .fault = drain.fault,
       .domain = name});
}

void Maintenance::drain(Drain& drain, PoolFleet& fleet, Instant now) {
  const Standing standing = fleet.standing();
  const auto& domains = standing.domains();
  if (!drain.domain) begin(drain, domains, now);
  const Replicas wanted{due(*drain.fault, drain.planned, now) - drain.evicted};
  const Replicas ready = std::min(wanted, domains[*drain.domain].ready);
  const Replicas evicted = std::min(
      ready, may_go(standing.targets[fleet.target_of(*drain.domain)], drain.fault->unavailable));
  drain.held |= evicted < ready;
  if (evicted > Replicas{0}) {
    fleet.evict(*drain.domain, evicted, now);
    drain.evicted += evicted.count();
  }
  drain.over = drain.evicted >= drain.planned;
  if (drain.over && drain.planned > 0)
    notes_.push_back(
        {.ends = true, .text = "the nodes of " + domains_[*drain.domain] + " are drained"});
  if (drain.over || now < drain.fault->until()) return;
  drain.over = true;
  notes_.push_back({.ends = true, .text = progress(drain) + " when it is given up"});
}

std::string Maintenance::progress(const Drain& drain) const {
  return "the drain of " + domains_[*drain.domain] + " has evicted " +
         std::to_string(drain.evicted) + " of " + std::to_string(drain.planned) +
         (drain.held ? ", held by its budget," : "");
}

std::vector<Maintenance::Note> Maintenance::unfinished() const {
  std::vector<Note> notes;
  for (const Drain& one : drains_)
    if (one.domain && !one.over) notes.push_back({.text = progress(one) + " when the night ends"});
  if (rolls_out_)
    notes.push_back({.text = "the new version is not rolled out when the night ends"});
  return notes;
}

void Maintenance::roll_out(Rollout& rollout, PoolFleet& fleet, Instant now) {
  const int begun = due(*rollout.fault, static_cast<int>(fleet.targets()), now);
  for (; rollout.begun < begun; ++rollout.begun)
    fleet.begin_rollout(static_cast<std::size_t>(rollout.begun), now);
}

}  // namespace edgetide::simulation
