#include "paced_fleet.h"

#include <algorithm>

namespace edgetide::planning {
namespace {

constexpr Replicas kUnlimited{1'000'000};

}  // namespace

void PacedFleet::add(Replicas ordered) {
  Run& last = runs_.back();
  if (last.end > 0 && last.ordered == ordered) {
    ++last.end;
    return;
  }
  const Replicas risen = last.risen + std::max(Replicas{0}, ordered - last.ordered);
  runs_.push_back({last.end + 1, ordered, risen});
}

void PacedFleet::forget_from(std::size_t look) {
  while (runs_.size() > 1 && (runs_.end() - 2)->end >= look) runs_.pop_back();
  runs_.back().end = std::min(runs_.back().end, look);
}

/// As guards count it: what stands, less what was added within the period.
Replicas PacedFleet::at_period_start(Seconds period) const {
  const auto& [look, stood, risen] = runs_.back();
  const auto looks =
      static_cast<std::size_t>((period + standing_.review - Seconds{1}) / standing_.review);
  if (looks <= look) return stood - (risen - before(look - looks + 1).risen);
  Replicas start = stood - risen;
  const Instant then = standing_.now + static_cast<int>(look) * standing_.review;
  for (auto change = standing_.changes.rbegin(); change != standing_.changes.rend(); ++change) {
    if (then - change->at >= period) break;
    if (change->change > 0) start -= Replicas{change->change};
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
  const Replicas stood = runs_.back().ordered;
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
  while (looks() <= look) add(most_of_next());
  return before(look + 1).ordered;
}

/// Looked at no further than until it has, since nothing falls from decision to decision.
bool PacedFleet::reaches(Replicas total, Seconds since_now) {
  const std::size_t look = look_at(since_now);
  while (looks() <= look && runs_.back().ordered < total) add(most_of_next());
  return before(std::min(looks(), look + 1)).ordered >= total;
}

void PacedFleet::order(Replicas size, Seconds since_now) {
  const std::size_t look = look_at(since_now);
  // Each is as it would be without that order, up to the first that is more.
  std::size_t kept = std::clamp(look, settled_, looks());
  for (auto run = runs_.end() - 1; run->end > settled_; --run)
    if (run->ordered > size) kept = std::min(kept, std::max(settled_, (run - 1)->end));
  forget_from(kept);
  while (looks() < look && runs_.back().ordered < size) add(std::min(most_of_next(), size));
  add(size);
  runs_.back().end = std::max(looks(), look + 1);
  settled_ = look + 1;
}

}  // namespace edgetide::planning
