#include "kube/codec_parts.h"

namespace edgetide::kube {
namespace {

model::ScalingPolicy read_policy(const json::Value& item, const std::string& path,
                                 Findings& findings) {
  using Type = model::ScalingPolicy::Type;
  Fields fields{item, path, findings};
  model::ScalingPolicy policy;
  if (fields.present() && !fields.has("type")) fields.add_problem("type", "required");
  policy.type = fields.choice<Type>("type", {{"Pods", Type::kPods}, {"Percent", Type::kPercent}})
                    .value_or(policy.type);
  if (const auto value = fields.required_integer("value", {1, kMostReplicas})) {
    policy.value = static_cast<int>(*value);
  }
  if (const auto period = fields.required_integer("periodSeconds", {1, 1800})) {
    policy.period = Seconds{*period};
  }
  return policy;
}

void read_rules(Fields& behavior, std::string_view key, model::ScalingRules& rules) {
  using Select = model::ScalingRules::Select;
  Fields fields = behavior.object(key);
  if (const auto window = fields.integer("stabilizationWindowSeconds", {0, 3600})) {
    rules.stabilization_window = Seconds{*window};
  }
  rules.select = fields
                     .choice<Select>("selectPolicy", {{"Max", Select::kMax},
                                                      {"Min", Select::kMin},
                                                      {"Disabled", Select::kDisabled}})
                     .value_or(rules.select);
  fields.list("policies", {0, 8}, [&](const json::Value& item, const std::string& path) {
    rules.policies.push_back(read_policy(item, path, fields.findings()));
  });
}

}  // namespace

void read_pace(Fields& spec, model::EdgePool& pool) {
  {
    Fields behavior = spec.object("behavior");
    read_rules(behavior, "scaleUp", pool.behavior.scale_up);
    read_rules(behavior, "scaleDown", pool.behavior.scale_down);
  }
  {
    Fields pacing = spec.object("pacing");
    if (const auto step = pacing.integer("stepReplicas", {1, kMostReplicas}))
      pool.pacing.step = Replicas{static_cast<int>(*step)};
    if (const auto seconds = pacing.integer("intervalSeconds", {1, 1800}))
      pool.pacing.interval = Seconds{*seconds};
  }
}

}  // namespace edgetide::kube
