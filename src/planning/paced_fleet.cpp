#include "paced_fleet.h"

#include <algorithm>

namespace edgetide::planning {
namespace {

constexpr Replicas kUnlimited{1'000'000};

}  // namespace

Replicas PacedFleet::most_by(const model::ScalingPolicy& policy, Seconds since_now) const {
  const auto made = begun_ ? until_ / policy.period + 1 : 0;
  const auto changes = since_now / policy.period + 1 - made;
  long size = size_.count();
  if (policy.type == model::ScalingPolicy::Type::kPods) {
    size += changes * policy.value;
  } else {
    for (auto change = changes; change > 0 && size > 0 && size < kUnlimited.count(); --change)
      size = (size * (100 + policy.value) + 99) / 100;
  }
  return Replicas{static_cast<int>(std::min<long>(size, kUnlimited.count()))};
}

Replicas PacedFleet::most_at(Seconds since_now) const {
  if (rules_.select == model::ScalingRules::Select::kDisabled) return size_;
  if (rules_.policies.empty()) return kUnlimited;
  const bool fastest = rules_.select == model::ScalingRules::Select::kMax;
  Replicas most = fastest ? size_ : kUnlimited;
  for (const auto& policy : rules_.policies) {
    const Replicas by = most_by(policy, since_now);
    most = fastest ? std::max(most, by) : std::min(most, by);
  }
  return most;
}

}  // namespace edgetide::planning
