#include "paced_fleet.h"

#include <algorithm>

namespace edgetide::planning {
namespace {

constexpr Replicas kUnlimited{1'000'000};

}  // namespace

PacedFleet::Look PacedFleet::before(std::size_t look) const {
  return look == 0 ? Look{.ordered = standing_.total, .risen = Replicas{0}} : looks_[look - 1];
}

void PacedFleet::add(Replicas ordered) {
  const auto [stood, risen] = before(looks_.size());
  looks_.push_back({ordered, risen + std::max(Replicas{0}, ordered - stood)});
}

/// As guards count it: what stands, less what was added within the period.
Replicas PacedFleet::at_period_start(Seconds period) const {
  const std::size_t look = looks_.size();
  const auto [stood, risen] = before(look);
  const auto looks =
      static_cast<std::size_t>((period + standing_.review - Seconds{1}) / standing_.review);
  if (looks <= look) return stood - (risen - looks_[look - looks].risen);
  Replicas start = stood - risen;
  const Instant then = standing_.now + static_cast<int>(look) * standing_.review;
  for (const auto& change : standing_.changes) {
    if (change.change > 0 && then - change.at < period) start -= Replicas{change.change};
  }
  return start;
}

Replicas PacedFleet::most_by(const model::ScalingPolicy& policy) const {
  const long start = at_period_start(policy.period).count();
  const bool pods = policy.type == model::ScalingPolicy::Type::kPods;
  const long most = pods ? start + policy.value : (start * (100 + policy.value) + 99) / 100;
  return Replicas{static_cast<int>(std::min<long>(most, kUnlimited.count()))};
}

Replicas PacedFleet::most_of_next() const {
  const Replicas stood = before(looks_.size()).ordered;
  if (rules_.select == model::ScalingRules::Select::kDisabled) return stood;
  Replicas most = at_period_start(pacing_.interval) + pacing_.step;
  if (!rules_.policies.empty()) {
    const bool fastest = rules_.select == model::ScalingRules::Select::kMax;
    Replicas by_rules = fastest ? Replicas{0} : kUnlimited;
    for (const auto& policy : rules_.policies) {
      by_rules =
          fastest ? std::max(by_rules, most_by(policy)) : std::min(by_rules, most_by(policy));
    }
    most = std::min(most, by_rules);
  }
  return std::max(stood, std::min(most, kUnlimited));
}

Replicas PacedFleet::most_at(Seconds since_now) {
  const std::size_t look = look_at(since_now);
  while (looks_.size() <= look) add(most_of_next());
  return looks_[look].ordered;
}

void PacedFleet::order(Replicas size, Seconds since_now) {
  const std::size_t look = look_at(since_now);
  (void)most_at(since_now);
  std::vector<Look> planned(looks_.begin() + static_cast<std::ptrdiff_t>(settled_), looks_.end());
  looks_.resize(settled_);
  for (const Look& one : planned) {
    if (looks_.size() < look) add(std::min(one.ordered, size));
  }
  add(size);
  settled_ = look + 1;
}

}  // namespace edgetide::planning
