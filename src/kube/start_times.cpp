#include "kube/start_times.h"

#include <algorithm>

namespace edgetide::kube {
namespace {

constexpr std::size_t kFewest = 10;
constexpr std::size_t kMost = 50;

}  // namespace

void StartTimes::Followed::add(Seconds time) {
  if (last.size() < kMost) return last.push_back(time);
  last[oldest] = time;
  oldest = (oldest + 1) % kMost;
}

void StartTimes::note(const std::shared_ptr<const Pod>& before,
                      const std::shared_ptr<const Pod>& after) {
  if (!after || !after->start_time || (before && before->start_time)) return;
  const std::lock_guard lock(mutex_);
  const auto add_under = [&](const Label& label) {
    const auto targets = followed_.find(label);
    if (targets == followed_.end()) return;
    for (auto& [target, followed] : targets->second)
      if (followed.selector.matches(after->labels)) followed.add(*after->start_time);
  };
  add_under({});
  for (const auto& label : after->labels) add_under(label);
}

std::optional<Seconds> StartTimes::slow_start(const TargetKey& target, const Selector& selector) {
  Label label;
  if (const auto wanted = selector.wanted_label()) label = Label{wanted->first, wanted->second};
  std::vector<Seconds> times;
  {
    const std::lock_guard lock(mutex_);
    const auto [known, is_new] = labels_.try_emplace(target, label);
    if (!is_new && known->second != label) {
      followed_[known->second].erase(target);
      known->second = label;
    }
    Followed& followed = followed_[label][target];
    if (followed.selector != selector) followed = {.selector = selector, .last = {}};
    times = followed.last;
  }
  if (times.size() < kFewest) return std::nullopt;
  const auto rank = (times.size() * 95 + 99) / 100;
  const auto slow = times.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(times, slow);
  return *slow;
}

void StartTimes::forget_all_but(const std::set<TargetKey>& targets) {
  const auto is_gone = [&](const auto& entry) { return !targets.contains(entry.first); };
  const std::lock_guard lock(mutex_);
  for (auto& [label, followed] : followed_) std::erase_if(followed, is_gone);
  std::erase_if(followed_, [](const auto& entry) { return entry.second.empty(); });
  std::erase_if(labels_, is_gone);
}

}  // namespace edgetide::kube
