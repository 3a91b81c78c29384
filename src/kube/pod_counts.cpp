#include "kube/pod_counts.h"

#include <algorithm>

#include "json/large.h"

namespace edgetide::kube {
namespace {

bool has_condition(simdjson::dom::element status, std::string_view type) {
  const auto conditions = json::array_at(status, "conditions");
  if (!conditions) return false;
  return std::ranges::any_of(*conditions, [&](simdjson::dom::element condition) {
    return json::string_at(condition, "type") == type &&
           json::string_at(condition, "status") == "True";
  });
}

Pod::State state_of(simdjson::dom::element metadata, simdjson::dom::element pod) {
  if (json::string_at(metadata, "deletionTimestamp")) return Pod::State::kLeaving;
  const auto status = json::at(pod, "status");
  if (!status) return Pod::State::kStarting;
  const auto phase = json::string_at(*status, "phase").value_or("");
  if (phase == "Succeeded" || phase == "Failed") return Pod::State::kLeaving;
  // A drain, a preemption or a taint is about to take it.
  if (has_condition(*status, "DisruptionTarget")) return Pod::State::kLeaving;
  return has_condition(*status, "Ready") ? Pod::State::kReady : Pod::State::kStarting;
}

}  // namespace

Result<Pod> decode_pod(simdjson::dom::element pod) {
  const auto metadata = json::at(pod, "metadata");
  if (!metadata) return Error{.code = ErrorCode::kInvalid, .message = "a pod without metadata"};
  Pod trimmed{.state = state_of(*metadata, pod)};
  if (const auto labels = json::object_at(*metadata, "labels")) {
    for (const auto& [key, value] : *labels) {
      if (value.is_string()) trimmed.labels.emplace(key, std::string_view{value});
    }
  }
  return trimmed;
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
  return counts;
}

}  // namespace edgetide::kube
