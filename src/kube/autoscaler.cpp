#include "kube/autoscaler.h"

#include <algorithm>
#include <array>
#include <limits>

#include "json/json.h"

namespace edgetide::kube {
namespace {

constexpr std::array kKinds = {
    AutoscalerKind{.api_version = "autoscaling/v2",
                   .kind = "HorizontalPodAutoscaler",
                   .minimum = "minReplicas",
                   .maximum = "maxReplicas",
                   .least = Replicas{1},
                   .most = std::nullopt},
    AutoscalerKind{.api_version = "keda.sh/v1alpha1",
                   .kind = "ScaledObject",
                   .minimum = "minReplicaCount",
                   .maximum = "maxReplicaCount",
                   .least = Replicas{0},
                   .most = Replicas{100}},
};

/// The number at spec.`field`, or `absent` when there is none.
Result<Replicas> replicas_at(const json::Value& object, std::string_view field,
                             std::optional<Replicas> absent) {
  const auto count = json::get_int(object, "spec." + std::string{field}, 0,
                                   std::numeric_limits<std::int32_t>::max());
  if (count.ok()) return Replicas{static_cast<int>(*count)};
  if (count.error().code == ErrorCode::kNotFound && absent) return *absent;
  return count.error();
}

/// KEDA takes a workload without version and kind for a Deployment.
std::string text_or(const json::Value& object, std::string_view path, std::string absent) {
  const auto text = json::get_string(object, path);
  return text.ok() && !text->empty() ? *text : std::move(absent);
}

}  // namespace

const AutoscalerKind* autoscaler_kind(std::string_view api_version, std::string_view kind) {
  const auto found = std::ranges::find_if(kKinds, [&](const AutoscalerKind& known) {
    return known.api_version == api_version && known.kind == kind;
  });
  return found == kKinds.end() ? nullptr : &*found;
}

std::string replicas_field(const AutoscalerKind* kind) {
  return "spec." + std::string{kind == nullptr ? "replicas" : kind->minimum};
}

Result<Autoscaler> decode_autoscaler(const AutoscalerKind& kind, std::string_view body) {
  const auto root = json::parse(body, {.max_bytes = 1u << 20, .refuse_duplicates = false});
  if (!root.ok()) return root.error();
  const auto said = json::get_string(*root, "kind");
  const auto version = json::get_string(*root, "metadata.resourceVersion");
  const auto workload = json::get_string(*root, "spec.scaleTargetRef.name");
  if (!said.ok() || *said != kind.kind || !version.ok() || !workload.ok())
    return Error{.code = ErrorCode::kInvalid,
                 .message = "the answer is not a " + std::string{kind.kind}};
  const auto minimum = replicas_at(*root, kind.minimum, kind.least);
  const auto maximum = replicas_at(*root, kind.maximum, kind.most);
  if (!minimum.ok()) return minimum.error();
  if (!maximum.ok()) return maximum.error();
  return Autoscaler{
      .minimum = *minimum,
      .maximum = *maximum,
      .workload = {.api_version = text_or(*root, "spec.scaleTargetRef.apiVersion", "apps/v1"),
                   .kind = text_or(*root, "spec.scaleTargetRef.kind", "Deployment"),
                   .name = *workload},
      .resource_version = *version};
}

}  // namespace edgetide::kube
