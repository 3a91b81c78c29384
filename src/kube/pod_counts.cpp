#include "kube/pod_counts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "json/large.h"

namespace edgetide::kube {
namespace {

/// The condition of that type, if that is its status.
std::optional<simdjson::dom::element> condition_that_is(std::string_view wanted,
                                                        simdjson::dom::element status,
                                                        std::string_view type) {
  const auto conditions = json::array_at(status, "conditions");
  if (!conditions) return std::nullopt;
  for (const simdjson::dom::element condition : *conditions) {
    if (json::string_at(condition, "type") == type &&
        json::string_at(condition, "status") == wanted) {
      return condition;
    }
  }
  return std::nullopt;
}

std::optional<simdjson::dom::element> true_condition(simdjson::dom::element status,
                                                     std::string_view type) {
  return condition_that_is("True", status, type);
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

/// The last time that it became Ready; nothing when it is not.
std::optional<Instant> ready_since(simdjson::dom::element pod) {
  const auto status = json::at(pod, "status");
  const auto ready = status ? true_condition(*status, "Ready") : std::nullopt;
  return ready ? instant_at(*ready, "lastTransitionTime") : std::nullopt;
}

/// The last time that it ceased to be Ready, or its kubelet first said that it is not; before that,
/// when it was given its node.
std::optional<Instant> not_ready_since(simdjson::dom::element pod) {
  const auto status = json::at(pod, "status");
  if (!status) return std::nullopt;
  const auto ready = condition_that_is("False", *status, "Ready");
  const auto word = ready ? ready : true_condition(*status, "PodScheduled");
  return word ? instant_at(*word, "lastTransitionTime") : std::nullopt;
}

/// From creation to the last time that it became Ready.
std::optional<Seconds> time_to_ready(simdjson::dom::element metadata, simdjson::dom::element pod) {
  const auto created = instant_at(metadata, "creationTimestamp");
  const auto served = ready_since(pod);
  if (!created || !served || *served < *created) return std::nullopt;
  return *served - *created;
}

/// The scheduler's word that no node takes it in.
std::optional<model::Unschedulable> lack_of_node(simdjson::dom::element pod) {
  const auto status = json::at(pod, "status");
  const auto word = status ? condition_that_is("False", *status, "PodScheduled") : std::nullopt;
  if (!word || json::string_at(*word, "reason") != "Unschedulable") return std::nullopt;
  const auto since = instant_at(*word, "lastTransitionTime");
  if (!since) return std::nullopt;
  return model::Unschedulable{
      .replicas = Replicas{1},
      .since = *since,
      .all_since = *since,
      .detail = std::string{json::string_at(*word, "message").value_or("")}};
}

/// The earlier of the two tells since when, and why.
void add(std::optional<model::Unschedulable>& all, const model::Unschedulable& one) {
  const Replicas sum = (all ? all->replicas : Replicas{0}) + one.replicas;
  const Instant last = all ? std::max(all->all_since, one.all_since) : one.all_since;
  if (!all || one.since < all->since) all = one;
  all->replicas = sum;
  all->all_since = last;
}

}  // namespace

Result<Pod> decode_pod(simdjson::dom::element pod, const Pod* before) {
  const auto metadata = json::at(pod, "metadata");
  if (!metadata) return Error{.code = ErrorCode::kInvalid, .message = "a pod without metadata"};
  Pod trimmed{.state = state_of(*metadata, pod)};
  trimmed.has_served = trimmed.state == Pod::State::kReady;
  if (trimmed.has_served) trimmed.ready_since = ready_since(pod);
  const auto created = instant_at(*metadata, "creationTimestamp");
  trimmed.created = created.value_or(Instant{});
  if (trimmed.state == Pod::State::kStarting) trimmed.lacks_node = lack_of_node(pod);
  if (const auto spec = json::at(pod, "spec")) {
    const auto node = json::string_at(*spec, "nodeName").value_or("");
    const bool known = before != nullptr && before->node && *before->node == node;
    if (known) trimmed.node = before->node;
    if (!known && !node.empty()) trimmed.node = std::make_shared<const std::string>(node);
    if (trimmed.state == Pod::State::kStarting && trimmed.node) {
      const auto since = not_ready_since(pod);
      trimmed.unready_since = since ? since : created;
    }
  }
  if (before != nullptr) {
    trimmed.start_time = before->start_time;
    trimmed.shape = before->shape;
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

Result<Pod> decode_shaped_pod(simdjson::dom::element pod, const Pod* before,
                              Shared<PodShape>& shapes) {
  auto decoded = decode_pod(pod, before);
  if (!decoded.ok() || decoded->shape) return decoded;
  if (const auto spec = json::at(pod, "spec"))
    decoded->shape = shapes.copy_of(read_pod_shape(*spec));
  return decoded;
}

Replicas PodCounts::cold(Seconds warm_up, Instant now) const {
  if (warm_up <= Seconds{0}) return Replicas{0};
  double lacking = ready.count() - static_cast<double>(ready_since.size());
  for (const Instant since : ready_since) {
    const auto age = std::max(Seconds{0}, now - since);
    if (age >= warm_up) continue;
    lacking += static_cast<double>((warm_up - age).count()) / static_cast<double>(warm_up.count());
  }
  return Replicas{static_cast<int>(std::ceil(lacking - 1e-9))};
}

namespace {

PodCounts counts_of(const Store<Pod>& pods, const Selector& selector) {
  PodCounts counts;
  Instant youngest{};
  std::vector<PlacedReplica> placed;
  pods.visit([&](const ObjectKey&, const Pod& pod) {
    if (!selector.matches(pod.labels)) return;
    switch (pod.state) {
      case Pod::State::kReady: counts.ready += Replicas{1}; break;
      case Pod::State::kStarting: counts.starting += Replicas{1}; break;
      case Pod::State::kLeaving: counts.leaving += Replicas{1}; break;
    }
    if (pod.ready_since) counts.ready_since.push_back(*pod.ready_since);
    if (pod.unready_since) counts.unready_since.push_back(*pod.unready_since);
    if (pod.node && pod.state != Pod::State::kLeaving)
      placed.push_back({pod.node, pod.state == Pod::State::kReady, pod.ready_since});
    if (pod.lacks_node) add(counts.unschedulable, *pod.lacks_node);
    if (!pod.shape || (counts.shape && pod.created < youngest)) return;
    counts.shape = pod.shape;
    youngest = pod.created;
  });
  if (!placed.empty())
    counts.placed = std::make_shared<const std::vector<PlacedReplica>>(std::move(placed));
  return counts;
}

}  // namespace

PodCounts PodCounter::count(const Store<Pod>& pods, const Selector& selector) {
  Label label;
  if (const auto wanted = selector.wanted_label()) label = Label{wanted->first, wanted->second};
  // Held all along: a change that is made meanwhile is noted afterwards, and never missed.
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = counted_[label].try_emplace(selector.text());
  if (is_new) entry->second = {.selector = selector, .counts = counts_of(pods, selector)};
  return entry->second.counts;
}

void PodCounter::note(const std::shared_ptr<const Pod>& before,
                      const std::shared_ptr<const Pod>& after) {
  const std::lock_guard lock(mutex_);
  for (const auto& pod : {before, after}) {
    if (!pod) continue;
    drop(counted_[{}], *pod);
    for (const auto& label : pod->labels) {
      if (const auto counts = counted_.find(label); counts != counted_.end())
        drop(counts->second, *pod);
    }
  }
}

void PodCounter::drop(Counts& counts, const Pod& pod) {
  std::erase_if(counts,
                [&](const auto& entry) { return entry.second.selector.matches(pod.labels); });
}

void PodCounter::forget() {
  const std::lock_guard lock(mutex_);
  counted_.clear();
}

}  // namespace edgetide::kube
