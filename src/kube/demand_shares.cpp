#include "kube/demand_shares.h"

#include <algorithm>
#include <utility>

#include "edgetide/core/assert.h"

namespace edgetide::kube {

void Weights::add(std::optional<double> weight) {
  ++all;
  if (!weight) return;
  ++known;
  above0 += *weight > 0 ? 1 : 0;
  sum += *weight;
}

void Weights::take_out(std::optional<double> weight) {
  --all;
  if (!weight) return;
  --known;
  above0 -= *weight > 0 ? 1 : 0;
  sum = above0 == 0 ? 0 : sum - *weight;  // what rounding leaves is nobody
}

double Weights::share_of(std::optional<double> weight) const {
  EDGETIDE_ASSERT(all > 0, "a share is one of some");
  if (sum <= 0) return 1 / static_cast<double>(all);
  const double mean = sum / static_cast<double>(known);
  return weight.value_or(mean) / (sum + static_cast<double>(all - known) * mean);
}

void DemandShares::note(const ObjectKey& pool, Viewers demand) {
  const std::lock_guard lock(mutex_);
  demand_[pool] = demand.count();
  set(pool, demand.count());
}

void DemandShares::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  demand_.erase(pool);
  set(pool, std::nullopt);
}

/// After as many changes as a group has members its sum is made anew, so that rounding never adds
/// up; one that nobody asked for meanwhile is dropped.
void DemandShares::set(const ObjectKey& pool, std::optional<double> weight) {
  const auto found = groups_.find(pool.name_space);
  if (found == groups_.end()) return;
  std::erase_if(found->second, [&](Group& group) {
    const auto member = group.members.find(pool);
    if (member == group.members.end()) return false;
    group.weights.take_out(member->second);
    member->second = weight;
    group.weights.add(weight);
    if (++group.changes <= group.members.size()) return false;
    group.weights = {};
    for (const auto& [key, each] : group.members) group.weights.add(each);
    group.changes = 0;
    return !std::exchange(group.asked_for, false);
  });
}

double DemandShares::share(const model::EdgePool& pool, const Selector& selector) {
  const std::string& name_space = pool.key.name_space;
  const auto version = pools_.version();  // first: what changes from here on makes it old
  std::unique_lock lock(mutex_);
  Group* group = find(name_space, selector, version);
  if (group == nullptr) {
    lock.unlock();
    auto listed = made(name_space, selector, version);
    lock.lock();
    for (auto& [key, weight] : listed.members) {
      weight = weight_of(key);
      listed.weights.add(weight);
    }
    Groups& groups = groups_[name_space];
    std::erase_if(groups, [&](const Group& other) {
      return other.version != version || other.selector == selector;
    });
    groups.push_back(std::move(listed));
    group = &groups.back();
  }
  group->asked_for = true;
  const auto own = weight_of(pool.key);
  Weights weights = group->weights;
  if (!group->members.contains(pool.key)) weights.add(own);
  return weights.share_of(own);
}

std::optional<double> DemandShares::weight_of(const ObjectKey& pool) const {
  const auto known = demand_.find(pool);
  return known == demand_.end() ? std::nullopt : std::optional(known->second);
}

DemandShares::Group* DemandShares::find(const std::string& name_space, const Selector& selector,
                                        std::uint64_t version) {
  const auto known = groups_.find(name_space);
  if (known == groups_.end()) return nullptr;
  const auto same = std::ranges::find_if(known->second, [&](const Group& group) {
    return group.version == version && group.selector == selector;
  });
  return same == known->second.end() ? nullptr : &*same;
}

DemandShares::Group DemandShares::made(const std::string& name_space, const Selector& selector,
                                       std::uint64_t version) const {
  Group group{.selector = selector, .version = version};
  for (const auto& pool : pools_.usable_in(name_space)) {
    if (selector.matches(pool->labels)) group.members.emplace(pool->key, std::nullopt);
  }
  return group;
}

}  // namespace edgetide::kube
