#include "kube/codec_parts.h"

#include <limits>

namespace edgetide::kube {
namespace {

constexpr std::int64_t kAnyInteger = std::numeric_limits<std::int64_t>::max();

/// Labels are the API server's to judge; what is not a string cannot be one.
Labels read_labels(Fields& metadata) {
  Labels labels;
  metadata.free_members(
      "labels", 1000,
      [&](const std::string& name, const json::Value& value, const std::string& path) {
        if (value.is_string()) {
          labels.emplace(name, value.get<std::string>());
        } else {
          metadata.findings().add(path, json::excerpt(value) + " is not a string");
        }
      });
  return labels;
}

}  // namespace

ObjectMeta read_meta(Fields& object, std::string_view kind) {
  (void)object.choice<bool>("apiVersion", {{kApiVersion, true}});
  (void)object.choice<bool>("kind", {{kind, true}});
  object.ignore("status");

  Fields metadata = object.required_object("metadata");
  ObjectMeta meta;
  meta.key.name = metadata.required_text("name", TextKind::kObjectName).value_or("");
  meta.key.name_space = metadata.text("namespace", TextKind::kNamespace).value_or("");
  meta.uid = metadata.text("uid", TextKind::kFree).value_or("");
  meta.generation = metadata.integer("generation", {0, kAnyInteger}).value_or(0);
  meta.labels = read_labels(metadata);
  for (const std::string_view unused :
       {"annotations", "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp",
        "finalizers", "generateName", "managedFields", "ownerReferences", "resourceVersion",
        "selfLink"}) {
    metadata.ignore(unused);
  }
  return meta;
}

std::map<std::string, std::string> read_queries(Fields& queries) {
  std::map<std::string, std::string> found;
  for (const std::string_view name :
       {"viewers", "egress", "requests", "connections", "handshakes"}) {
    if (auto query = queries.text(name, TextKind::kFree)) found.emplace(name, std::move(*query));
  }
  return found;
}

std::optional<std::string> read_time_zone(Fields& fields, std::string_view key,
                                          const DecodeOptions& options) {
  auto zone = fields.text(key, TextKind::kTimeZone);
  if (!zone || options.local_time == nullptr) return zone;
  const auto offsets = options.local_time->offsets(*zone);
  if (offsets.ok()) return zone;
  fields.add_problem(key, offsets.error().message);
  return std::nullopt;
}

Selector read_pools(Fields& spec) {
  Fields pools = spec.required_object("pools");
  Labels labels;
  pools.free_members(
      "matchLabels", 16,
      [&](const std::string& name, const json::Value& value, const std::string& path) {
        const auto problem = value.is_string()
                                 ? text_problem(TextKind::kLabelValue, value.get<std::string>())
                                 : std::optional{json::excerpt(value) + " is not a string"};
        if (problem) {
          pools.findings().add(path, *problem);
        } else {
          labels.emplace(name, value.get<std::string>());
        }
      });
  return Selector::from_labels(labels);
}

}  // namespace edgetide::kube
