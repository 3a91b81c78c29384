#include "kube/lease.h"

#include <limits>

namespace edgetide::kube {
namespace {

constexpr std::int64_t kLongestDuration = 24 * 3600;
constexpr std::int64_t kMostTransitions = std::numeric_limits<std::int32_t>::max();

/// The text at the path; empty when there is none.
std::string text_at(const json::Value& object, std::string_view path) {
  const auto text = json::get_string(object, path);
  return text.ok() ? *text : std::string{};
}

}  // namespace

Result<Lease> decode_lease(const json::Value& object) {
  const auto version = json::get_string(object, "metadata.resourceVersion");
  if (text_at(object, "kind") != "Lease" || !version.ok())
    return Error{.code = ErrorCode::kInvalid, .message = "the answer is not a Lease"};
  Lease lease{.holder = text_at(object, "spec.holderIdentity"),
              .acquired = text_at(object, "spec.acquireTime"),
              .renewed = text_at(object, "spec.renewTime"),
              .resource_version = *version};
  const auto duration = json::get_int(object, "spec.leaseDurationSeconds", 1, kLongestDuration);
  if (duration.ok()) {
    lease.duration = Seconds{*duration};
  } else if (duration.error().code != ErrorCode::kNotFound) {
    return duration.error();
  }
  const auto transitions = json::get_int(object, "spec.leaseTransitions", 0, kMostTransitions);
  if (transitions.ok()) {
    lease.transitions = *transitions;
  } else if (transitions.error().code != ErrorCode::kNotFound) {
    return transitions.error();
  }
  return lease;
}

json::Value encode_lease(const ObjectKey& key, const Lease& lease) {
  json::Value object{{"apiVersion", "coordination.k8s.io/v1"},
                     {"kind", "Lease"},
                     {"metadata", {{"name", key.name}, {"namespace", key.name_space}}},
                     {"spec",
                      {{"holderIdentity", lease.holder},
                       {"leaseDurationSeconds", lease.duration.count()},
                       {"leaseTransitions", lease.transitions},
                       {"acquireTime", lease.acquired},
                       {"renewTime", lease.renewed}}}};
  if (!lease.resource_version.empty())
    object["metadata"]["resourceVersion"] = lease.resource_version;
  return object;
}

}  // namespace edgetide::kube
