#include "kube/quota_room.h"

#include <algorithm>
#include <array>

#include "json/large.h"

namespace edgetide::kube {
namespace {

using simdjson::dom::element;

/// Beyond what any fleet is asked for.
constexpr std::int64_t kMostPods = 1'000'000;

void read_scopes(element spec, std::vector<QuotaScope>& scopes) {
  if (const auto names = json::array_at(spec, "scopes")) {
    for (const element name : *names) {
      if (name.is_string()) scopes.push_back({.name = std::string{std::string_view{name}}});
    }
  }
  const auto selector = json::at(spec, "scopeSelector");
  const auto terms = selector ? json::array_at(*selector, "matchExpressions") : std::nullopt;
  if (!terms) return;
  for (const element term : *terms) {
    QuotaScope scope{.name = std::string{json::string_at(term, "scopeName").value_or("")},
                     .op = std::string{json::string_at(term, "operator").value_or("")}};
    if (const auto values = json::array_at(term, "values")) {
      for (const element value : *values) {
        if (value.is_string()) scope.values.emplace_back(std::string_view{value});
      }
    }
    scopes.push_back(std::move(scope));
  }
}

/// Neither cpu nor memory is asked for or limited.
bool is_best_effort(const PodShape& pod) {
  return std::ranges::none_of(std::array{"cpu", "memory"}, [&](const char* resource) {
    return amount_of(pod.requests, resource) > 0 || amount_of(pod.limits, resource) > 0;
  });
}

bool holds(const QuotaScope& scope, const PodShape& pod) {
  if (scope.name == "Terminating") return pod.has_deadline;
  if (scope.name == "NotTerminating") return !pod.has_deadline;
  if (scope.name == "BestEffort") return is_best_effort(pod);
  if (scope.name == "NotBestEffort") return !is_best_effort(pod);
  if (scope.name != "PriorityClass") return false;  // a scope of which nothing is known here
  const auto& own = pod.priority_class;
  const bool among = std::ranges::find(scope.values, own) != scope.values.end();
  if (scope.op == "In") return among;
  if (scope.op == "NotIn") return !among;
  return scope.op == "Exists" ? !own.empty() : own.empty();
}

/// What one more pod counts as where the shapes may differ.
Resources largest_usage(const Quota& quota, std::span<const PodShape* const> shapes) {
  Resources largest;
  for (const PodShape* shape : shapes) {
    if (counts(quota, *shape)) raise_to(largest, quota_usage(*shape));
  }
  return largest;
}

}  // namespace

Result<Quota> read_quota(element object) {
  const auto metadata = json::at(object, "metadata");
  if (!metadata) return Error{.code = ErrorCode::kInvalid, .message = "a quota without metadata"};
  Quota quota{.name = std::string{json::string_at(*metadata, "name").value_or("")}};
  if (const auto spec = json::at(object, "spec")) read_scopes(*spec, quota.scopes);
  if (const auto status = json::at(object, "status")) {
    if (const auto hard = json::at(*status, "hard"))
      quota.hard = read_resources(*hard, Rounding::kDown);
    if (const auto used = json::at(*status, "used"))
      quota.used = read_resources(*used, Rounding::kUp);
  }
  return quota;
}

bool counts(const Quota& quota, const PodShape& pod) {
  return std::ranges::all_of(quota.scopes,
                             [&](const QuotaScope& scope) { return holds(scope, pod); });
}

Resources quota_usage(const PodShape& pod) {
  Resources usage{{"pods", 1000}, {"count/pods", 1000}};
  for (const auto& [resource, amount] : pod.requests) {
    usage.emplace("requests." + resource, amount);
    usage.emplace(resource, amount);
  }
  for (const auto& [resource, amount] : pod.limits) usage.emplace("limits." + resource, amount);
  return usage;
}

std::optional<model::RoomLimit> quota_room(std::span<const Quota> quotas,
                                           std::span<const PodShape* const> shapes,
                                           Replicas standing) {
  std::optional<model::RoomLimit> least;
  for (const Quota& quota : quotas) {
    for (const auto& [resource, each] : largest_usage(quota, shapes)) {
      const auto hard = quota.hard.find(resource);
      const auto used = quota.used.find(resource);
      if (hard == quota.hard.end() || used == quota.used.end()) continue;
      const std::int64_t left = std::max<std::int64_t>(0, hard->second - used->second);
      const Replicas most = standing + Replicas{static_cast<int>(std::min(kMostPods, left / each))};
      if (least && least->replicas <= most) continue;
      least = {.replicas = most,
               .detail = "ResourceQuota " + quota.name + " leaves " + amount_text(left) + " of " +
                         amount_text(hard->second) + " " + resource + ", of which a pod takes " +
                         amount_text(each)};
    }
  }
  return least;
}

}  // namespace edgetide::kube
