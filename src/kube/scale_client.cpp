#include "kube/scale_client.h"

#include <limits>

#include "json/json.h"

namespace edgetide::kube {
namespace {

constexpr int kMostTries = 5;

/// The API leaves a zero out.
Result<Replicas> replicas_at(const json::Value& scale, std::string_view path) {
  const auto count = json::get_int(scale, path, 0, std::numeric_limits<std::int32_t>::max());
  if (count.ok()) return Replicas{static_cast<int>(*count)};
  if (count.error().code == ErrorCode::kNotFound) return Replicas{0};
  return count.error();
}

Error with_context(Error error, const ScaleClient::Target& target) {
  if (error.context.find(target.path) == std::string::npos)
    error.context = error.context.empty() ? target.path : target.path + ": " + error.context;
  return error;
}

Result<Scale> decoded(const ScaleClient::Target& target, std::string_view body) {
  if (target.autoscaler == nullptr) return decode_scale(body);
  auto autoscaler = decode_autoscaler(*target.autoscaler, body);
  if (!autoscaler.ok()) return autoscaler.error();
  return Scale{.specified = autoscaler->minimum,
               .resource_version = std::move(autoscaler->resource_version),
               .most = autoscaler->maximum,
               .workload = std::move(autoscaler->workload)};
}

/// A Scale in full.
Call put_scale(const ScaleClient::Target& target, const std::string& version, Replicas to) {
  const json::Value scale{{"apiVersion", "autoscaling/v1"},
                          {"kind", "Scale"},
                          {"metadata",
                           {{"name", target.name},
                            {"namespace", target.name_space},
                            {"resourceVersion", version}}},
                          {"spec", {{"replicas", to.count()}}}};
  return {.method = http::Method::kPut,
          .target = target.path,
          .body = json::dump(scale),
          .content_type = "application/json"};
}

/// A merge patch of the minimum alone, which the version makes conditional.
Call patch_minimum(const ScaleClient::Target& target, const std::string& version, Replicas to) {
  const json::Value patch{{"metadata", {{"resourceVersion", version}}},
                          {"spec", {{std::string{target.autoscaler->minimum}, to.count()}}}};
  return {.method = http::Method::kPatch,
          .target = target.path,
          .body = json::dump(patch),
          .content_type = "application/merge-patch+json"};
}

Error too_low(const ScaleClient::Target& target) {
  return {.code = ErrorCode::kInvalid,
          .message = "a " + std::string{target.autoscaler->kind} + "'s minimum is " +
                     std::to_string(target.autoscaler->least.count()) +
                     " or more: let the pool's replicas.min be no less than it has domains",
          .context = target.path};
}

Error moved(const ScaleClient::Target& target, Replicas from, Replicas found) {
  return {.code = ErrorCode::kConflict,
          .message = replicas_field(target.autoscaler) + " is " + std::to_string(found.count()) +
                     ", no longer " + std::to_string(from.count()) + ": somebody else changed it",
          .context = target.path};
}

}  // namespace

Result<Scale> decode_scale(std::string_view body) {
  const auto root = json::parse(body, {.max_bytes = 1u << 20, .refuse_duplicates = false});
  if (!root.ok()) return root.error();
  const auto kind = json::get_string(*root, "kind");
  const auto version = json::get_string(*root, "metadata.resourceVersion");
  if (!kind.ok() || *kind != "Scale" || !version.ok() || json::find(*root, "spec") == nullptr)
    return Error{.code = ErrorCode::kInvalid, .message = "the answer is not a Scale"};
  const auto specified = replicas_at(*root, "spec.replicas");
  const auto existing = replicas_at(*root, "status.replicas");
  if (!specified.ok()) return specified.error();
  if (!existing.ok()) return existing.error();
  const auto selector = json::get_string(*root, "status.selector");
  return Scale{.specified = *specified,
               .existing = *existing,
               .selector = selector.ok() ? *selector : "",
               .resource_version = *version};
}

Result<Scale> ScaleClient::read(const Target& target) {
  const auto body = client_.send({.target = target.path});
  if (!body.ok()) return with_context(body.error(), target);
  auto scale = decoded(target, *body);
  if (!scale.ok()) return with_context(scale.error(), target);
  return scale;
}

Result<Scale> ScaleClient::write(const Target& target, const Scale& known, Replicas to,
                                 std::string_view query) {
  if (target.autoscaler != nullptr && to < target.autoscaler->least) return too_low(target);
  auto call = target.autoscaler == nullptr ? put_scale(target, known.resource_version, to)
                                           : patch_minimum(target, known.resource_version, to);
  call.target += query;
  const auto body = client_.send(call);
  if (!body.ok()) return with_context(body.error(), target);
  auto written = decoded(target, *body);
  if (!written.ok()) return with_context(written.error(), target);
  return written;
}

Result<Scale> ScaleClient::change(const Target& target, Scale known, Replicas to) {
  const Replicas from = known.specified;
  for (int tried = 1;; ++tried) {
    auto written = write(target, known, to);
    if (written.ok() || written.error().code != ErrorCode::kConflict) return written;
    auto now = read(target);
    if (!now.ok()) return now.error();
    if (now->specified == to) return now;
    if (now->specified != from) return moved(target, from, now->specified);
    if (tried == kMostTries) return written.error();
    known = *std::move(now);
  }
}

}  // namespace edgetide::kube
