#include "kube/pod_shape.h"

#include <algorithm>
#include <cstdint>

#include "json/large.h"

namespace edgetide::kube {
namespace {

using simdjson::dom::element;

std::string text_at(element object, std::string_view key) {
  return std::string{json::string_at(object, key).value_or("")};
}

/// Calls `visit` with every item of a list, which may be absent.
template <typename Visit>
void for_each(element object, std::string_view key, Visit visit) {
  const auto items = json::array_at(object, key);
  if (!items) return;
  for (const element item : *items) visit(item);
}

/// A container's, or those of the pod as a whole. What is limited and not requested counts as
/// requested, as the API server has it.
Resources resources_of(element holder, std::string_view which) {
  const auto resources = json::at(holder, "resources");
  if (!resources) return {};
  Resources read;
  if (const auto amounts = json::at(*resources, which))
    read = read_resources(*amounts, Rounding::kUp);
  if (which != "requests") return read;
  if (const auto limits = json::at(*resources, "limits")) {
    for (const auto& [resource, amount] : read_resources(*limits, Rounding::kUp))
      read.try_emplace(resource, amount);
  }
  return read;
}

/// As the scheduler counts: containers and sidecars run at once; each other init container runs
/// beside the sidecars before it. The pod's own word, where it has one, is the last; its overhead
/// comes on top.
Resources effective(element spec, std::string_view which) {
  Resources running;
  for_each(spec, "containers",
           [&](element container) { add(running, resources_of(container, which)); });
  Resources sidecars;
  Resources starting;
  for_each(spec, "initContainers", [&](element container) {
    Resources own = resources_of(container, which);
    if (json::string_at(container, "restartPolicy") == "Always") {
      add(sidecars, own);
      raise_to(starting, sidecars);
    } else {
      add(own, sidecars);
      raise_to(starting, own);
    }
  });
  add(running, sidecars);
  raise_to(running, starting);
  for (const auto& [resource, amount] : resources_of(spec, which)) running[resource] = amount;
  if (const auto overhead = json::at(spec, "overhead"))
    add(running, read_resources(*overhead, Rounding::kUp));
  std::erase_if(running, [](const auto& amount) { return amount.second == 0; });
  return running;
}

void read_requirements(element term, std::string_view list, bool is_field, NodeTerm& requirements) {
  for_each(term, list, [&](element item) {
    NodeRequirement requirement{
        .key = text_at(item, "key"), .is_field = is_field, .op = text_at(item, "operator")};
    for_each(item, "values", [&](element value) {
      if (value.is_string()) requirement.values.emplace_back(std::string_view{value});
    });
    requirements.push_back(std::move(requirement));
  });
}

void read_node_affinity(element affinity, PodShape& shape) {
  const auto node = json::at(affinity, "nodeAffinity");
  const auto required =
      node ? json::at(*node, "requiredDuringSchedulingIgnoredDuringExecution") : std::nullopt;
  if (!required) return;
  shape.has_node_terms = true;
  for_each(*required, "nodeSelectorTerms", [&](element term) {
    NodeTerm requirements;
    read_requirements(term, "matchExpressions", false, requirements);
    read_requirements(term, "matchFields", true, requirements);
    if (!requirements.empty()) shape.node_terms.push_back(std::move(requirements));
  });
}

/// An anti-affinity by host is taken to keep the template's own pods apart, which is what they are
/// for.
bool keeps_off_hosts(element affinity) {
  const auto anti = json::at(affinity, "podAntiAffinity");
  bool keeps = false;
  if (anti) {
    for_each(*anti, "requiredDuringSchedulingIgnoredDuringExecution", [&](element term) {
      keeps = keeps || json::string_at(term, "topologyKey") == "kubernetes.io/hostname";
    });
  }
  return keeps;
}

bool takes_host_port(element spec) {
  bool takes = false;
  for_each(spec, "containers", [&](element container) {
    for_each(container, "ports", [&](element port) {
      takes = takes || json::int_at(port, "hostPort").value_or(0) > 0;
    });
  });
  return takes;
}

}  // namespace

Resources read_requests(element spec) { return effective(spec, "requests"); }

PodShape read_pod_shape(element spec) {
  PodShape shape{.requests = read_requests(spec), .limits = effective(spec, "limits")};
  if (const auto selector = json::object_at(spec, "nodeSelector")) {
    for (const auto& [key, value] : *selector) {
      if (value.is_string()) shape.node_selector.emplace(key, std::string_view{value});
    }
  }
  shape.one_a_node = takes_host_port(spec);
  if (const auto affinity = json::at(spec, "affinity")) {
    read_node_affinity(*affinity, shape);
    shape.one_a_node = shape.one_a_node || keeps_off_hosts(*affinity);
  }
  for_each(spec, "tolerations", [&](element item) {
    Toleration toleration{.key = text_at(item, "key"),
                          .value = text_at(item, "value"),
                          .effect = text_at(item, "effect")};
    if (const auto op = json::string_at(item, "operator")) toleration.op = *op;
    shape.tolerations.push_back(std::move(toleration));
  });
  for_each(spec, "topologySpreadConstraints", [&](element item) {
    const auto skew = json::int_at(item, "maxSkew").value_or(1);
    shape.spread.push_back({.topology_key = text_at(item, "topologyKey"),
                            .max_skew = static_cast<int>(std::clamp<std::int64_t>(skew, 1, 1'000)),
                            .binds = text_at(item, "whenUnsatisfiable") != "ScheduleAnyway",
                            .honors_taints = text_at(item, "nodeTaintsPolicy") == "Honor"});
  });
  shape.priority_class = text_at(spec, "priorityClassName");
  shape.has_deadline = json::int_at(spec, "activeDeadlineSeconds").has_value();
  return shape;
}

}  // namespace edgetide::kube
