#include "kube/scale_fields.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "json/large.h"
#include "kube/autoscaler.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

using simdjson::dom::element;

/// ".spec.replicas" as its names. The API allows no other notation in these paths.
ScaleFields::Path path_of(std::string_view text) {
  ScaleFields::Path path;
  if (text.starts_with('.')) text.remove_prefix(1);
  while (!text.empty()) {
    const auto end = std::min(text.find('.'), text.size());
    path.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return path;
}

/// Nothing when it is absent or null.
std::optional<element> value_at(element object, const ScaleFields::Path& path) {
  std::optional<element> value = object;
  for (const std::string& name : path) value = value ? json::at(*value, name) : std::nullopt;
  return value;
}

std::optional<Replicas> replicas_of(element value) {
  std::int64_t count = 0;
  if (value.get(count) != simdjson::SUCCESS) return std::nullopt;
  if (count < 0 || count > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  return Replicas{static_cast<int>(count)};
}

/// "zone in (a,b)", as Selector reads it.
std::optional<std::string> requirement(element expression) {
  const auto key = json::string_at(expression, "key");
  const auto op = json::string_at(expression, "operator");
  if (!key || !op) return std::nullopt;
  if (*op == "Exists") return std::string{*key};
  if (*op == "DoesNotExist") return "!" + std::string{*key};
  const auto values = json::array_at(expression, "values");
  if (!values || (*op != "In" && *op != "NotIn")) return std::nullopt;
  std::string list;
  for (const element value : *values) {
    if (!value.is_string()) return std::nullopt;
    list.append(list.empty() ? "" : ",").append(std::string_view{value});
  }
  return std::string{*key} + (*op == "In" ? " in (" : " notin (") + list + ")";
}

/// By key, as the server writes them; nothing for a LabelSelector that is not understood.
std::optional<std::string> selector_text(element selector) {
  std::multimap<std::string, std::string> parts;
  if (const auto labels = json::object_at(selector, "matchLabels")) {
    for (const auto& [name, value] : *labels) {
      if (!value.is_string()) return std::nullopt;
      const std::string key{name};
      parts.emplace(key, key + "=" + std::string{std::string_view{value}});
    }
  }
  if (const auto expressions = json::array_at(selector, "matchExpressions")) {
    for (const element expression : *expressions) {
      auto part = requirement(expression);
      if (!part) return std::nullopt;
      parts.emplace(json::string_at(expression, "key").value_or(""), *std::move(part));
    }
  }
  std::string text;
  for (const auto& [key, part] : parts) text.append(text.empty() ? "" : ",").append(part);
  return text;
}

std::optional<std::string> selector_of(element object, const ScaleFields& fields) {
  const auto value = fields.selector.empty() ? std::nullopt : value_at(object, fields.selector);
  if (fields.structured) {
    auto text = value ? selector_text(*value) : std::nullopt;
    return text && !text->empty() ? text : std::nullopt;
  }
  if (!value) return "";
  if (!value->is_string()) return std::nullopt;
  return std::string{std::string_view{*value}};
}

std::optional<ShownScale> scale_in(element object, const ScaleFields& fields) {
  const auto specified = value_at(object, fields.specified);
  const auto wanted = specified ? replicas_of(*specified) : std::nullopt;
  const auto existing = value_at(object, fields.existing);
  const auto standing = existing ? replicas_of(*existing) : Replicas{0};
  auto selector = selector_of(object, fields);
  if (!wanted || !standing || !selector) return std::nullopt;
  return ShownScale{*wanted, *standing, *std::move(selector)};
}

bool is_workload(const std::string& api_version, std::string_view kind) {
  constexpr std::array<std::string_view, 3> kKinds{"Deployment", "StatefulSet", "ReplicaSet"};
  return api_version == "apps/v1" && std::ranges::find(kKinds, kind) != kKinds.end();
}

}  // namespace

Result<std::optional<ScaleFields>> find_scale_fields(Client& client, const std::string& api_version,
                                                     const std::string& kind,
                                                     const std::string& plural) {
  if (is_workload(api_version, kind)) {
    return std::optional{ScaleFields{.specified = {"spec", "replicas"},
                                     .existing = {"status", "replicas"},
                                     .selector = {"spec", "selector"},
                                     .structured = true}};
  }
  const auto slash = api_version.find('/');
  const std::string group = api_version.substr(0, slash);
  // The groups of custom resources have a domain's name.
  const bool custom = slash != std::string::npos && group.find('.') != std::string::npos;
  if (!custom || autoscaler_kind(api_version, kind) != nullptr) return std::optional<ScaleFields>{};
  const auto definition =
      client.send({.target = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" +
                             percent_encode(plural + "." + group)});
  if (definition.ok()) return scale_fields_in(*definition, api_version.substr(slash + 1));
  const ErrorCode code = definition.error().code;
  if (code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout) return definition.error();
  return std::optional<ScaleFields>{};
}

std::optional<ScaleFields> scale_fields_in(std::string_view definition, std::string_view version) {
  std::optional<ScaleFields> found;
  const auto read = json::visit_large(definition, {}, [&](element root) -> Result<void> {
    const auto versions = value_at(root, {"spec", "versions"});
    simdjson::dom::array all;
    if (!versions || versions->get(all) != simdjson::SUCCESS) return {};
    for (const element one : all) {
      if (json::string_at(one, "name") != version) continue;
      const auto scale = value_at(one, {"subresources", "scale"});
      if (!scale) continue;
      const auto path = [&](const char* name) {
        return path_of(json::string_at(*scale, name).value_or(""));
      };
      found = ScaleFields{.specified = path("specReplicasPath"),
                          .existing = path("statusReplicasPath"),
                          .selector = path("labelSelectorPath")};
    }
    return {};
  });
  const bool complete = read.ok() && found && !found->specified.empty() && !found->existing.empty();
  return complete ? found : std::nullopt;
}

Result<ShownTarget> decode_target(element object, const std::optional<ScaleFields>& fields) {
  const auto metadata = json::at(object, "metadata");
  if (!metadata) return Error{.message = "no metadata"};
  return ShownTarget{
      .generation = json::int_at(*metadata, "generation").value_or(0),
      .resource_version = std::string{json::string_at(*metadata, "resourceVersion").value_or("")},
      .scale = fields ? scale_in(object, *fields) : std::nullopt};
}

}  // namespace edgetide::kube
