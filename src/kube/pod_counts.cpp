#include "kube/pod_counts.h"

#include <algorithm>
#include <vector>

#include "json/large.h"

namespace edgetide::kube {
namespace {

/// The condition of that type, if it is True.
std::optional<simdjson::dom::element> true_condition(simdjson::dom::element status,
                                                     std::string_view type) {
  const auto conditions = json::array_at(status, "conditions");
  if (!conditions) return std::nullopt;
  for (const simdjson::dom::element condition : *conditions) {
    if (json::string_at(condition, "type") == type &&
        json::string_at(condition, "status") == "True") {
      return condition;
    }
  }
  return std::nullopt;
}

Pod::State state_of(simdjson::dom::element metadata, simdjson::dom::element pod) {
  if (json::string_at(metadata, "deletionTimestamp")) return Pod::State::kLeaving;
  const auto status = json::at(pod, "status");
  if (!status) return Pod::State::kStarting;
  const auto phase = json::string_at(*status, "phase").value_or("");
  if (phase == "Succeeded" || phase == "Failed") return Pod::State::kLeaving;
  // A drain, a preemption or a taint is about to take it.
  if (true_condition(*status, "DisruptionTarget")) return Pod::State::kLeaving;
  return true_condition(*status, "Ready") ? Pod::State::kReady : Pod::State::kStarting;
}

std::optional<Instant> instant_at(simdjson::dom::element object, std::string_view field) {
  const auto text = json::string_at(object, field);
  return text ? parse_instant(*text) : std::nullopt;
}

/// From creation to the last time that it became Ready.
std::optional<Seconds> time_to_ready(simdjson::dom::element metadata, simdjson::dom::element pod) {
  const auto status = json::at(pod, "status");
  const auto ready = status ? true_condition(*status, "Ready") : std::nullopt;
  if (!ready) return std::nullopt;
  const auto created = instant_at(metadata, "creationTimestamp");
  const auto served = instant_at(*ready, "lastTransitionTime");
  if (!created || !served || *served < *created) return std::nullopt;
  return *served - *created;
}

}  // namespace

Result<Pod> decode_pod(simdjson::dom::element pod, const Pod* before) {
  const auto metadata = json::at(pod, "metadata");
  if (!metadata) return Error{.code = ErrorCode::kInvalid, .message = "a pod without metadata"};
  Pod trimmed{.state = state_of(*metadata, pod)};
  trimmed.has_served = trimmed.state == Pod::State::kReady;
  if (before != nullptr) {
    trimmed.start_time = before->start_time;
    if (trimmed.has_served && !before->has_served)
      trimmed.start_time = time_to_ready(*metadata, pod);
    trimmed.has_served = trimmed.has_served || before->has_served;
  }
  if (const auto labels = json::object_at(*metadata, "labels")) {
    for (const auto& [key, value] : *labels) {
      if (value.is_string()) trimmed.labels.emplace(key, std::string_view{value});
    }
  }
  return trimmed;
}

void StartTimes::note(const std::shared_ptr<const Pod>& before,
                      const std::shared_ptr<const Pod>& after) {
  constexpr std::size_t kMost = 1000;
  if (!after || !after->start_time || (before && before->start_time)) return;
  const std::lock_guard lock(mutex_);
  started_.push_back(after);
  if (started_.size() > kMost) started_.pop_front();
}

std::optional<Seconds> StartTimes::slow_start(const Selector& selector) const {
  constexpr std::size_t kFewest = 10;
  constexpr std::size_t kMost = 50;
  std::vector<Seconds> times;
  {
    const std::lock_guard lock(mutex_);
    for (auto pod = started_.rbegin(); pod != started_.rend() && times.size() < kMost; ++pod) {
      if (selector.matches((*pod)->labels)) times.push_back(*(*pod)->start_time);
    }
  }
  if (times.size() < kFewest) return std::nullopt;
  const auto rank = (times.size() * 95 + 99) / 100;
  const auto slow = times.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(times, slow);
  return *slow;
}

PodCounts PodCounter::count(const Selector& selector) {
  const std::lock_guard lock(mutex_);
  // Read before the pods, so that a change in between is counted again and never missed.
  if (const auto revision = pods_.revision(); revision != revision_) {
    revision_ = revision;
    counted_.clear();
  }
  const auto [entry, is_new] = counted_.try_emplace(selector.text());
  if (!is_new) return entry->second;
  PodCounts& counts = entry->second;
  pods_.visit([&](const ObjectKey&, const Pod& pod) {
    if (!selector.matches(pod.labels)) return;
    if (pod.state == Pod::State::kReady) counts.ready += Replicas{1};
    if (pod.state == Pod::State::kStarting) counts.starting += Replicas{1};
  });
  counts.start_time = starts_.slow_start(selector);
  return counts;
}

}  // namespace edgetide::kube
