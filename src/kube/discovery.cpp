#include "kube/discovery.h"

#include "json/large.h"
#include "kube/autoscaler.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

constexpr std::chrono::seconds kAnswerKept{600};
constexpr std::chrono::seconds kRefusalKept{30};

/// What an APIResourceList says of one kind.
struct Resource {
  std::string plural;
  bool namespaced = false;
  bool scalable = false;
};

/// An entry named "x" is a resource; one named "x/scale" its subresource, of kind Scale.
Resource resource_of_kind(simdjson::dom::array resources, std::string_view kind) {
  Resource found;
  for (const simdjson::dom::element resource : resources) {
    const auto name = json::string_at(resource, "name").value_or("");
    if (name.find('/') != std::string_view::npos) continue;
    if (json::string_at(resource, "kind") != kind) continue;
    found.plural = name;
    found.namespaced = json::bool_at(resource, "namespaced").value_or(false);
  }
  for (const simdjson::dom::element resource : resources) {
    if (json::string_at(resource, "name") == found.plural + "/scale") found.scalable = true;
  }
  return found;
}

Error unusable(ErrorCode code, std::string message, const std::string& api_version,
               const std::string& kind) {
  return {.code = code, .message = std::move(message), .context = api_version + " " + kind};
}

}  // namespace

Result<std::string> Discovery::scalable_plural(const std::string& api_version,
                                               const std::string& kind) {
  const auto key = std::make_pair(api_version, kind);
  const auto now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    const auto known = answers_.find(key);
    if (known != answers_.end() && now < known->second.until) return known->second.plural;
  }
  auto plural = ask(api_version, kind);
  const auto until = now + (plural.ok() ? kAnswerKept : kRefusalKept);
  const bool settled = plural.ok() || plural.error().code == ErrorCode::kNotFound ||
                       plural.error().code == ErrorCode::kInvalid;
  if (settled) {
    const std::lock_guard lock(mutex_);
    answers_.insert_or_assign(key, Answer{.plural = plural, .until = until});
  }
  return plural;
}

Result<std::string> Discovery::ask(const std::string& api_version, const std::string& kind) {
  const auto body = client_.send({.target = group_path(api_version)});
  if (!body.ok()) {
    if (body.error().code != ErrorCode::kNotFound) return body.error();
    return unusable(ErrorCode::kNotFound, "the server serves no such API version", api_version,
                    kind);
  }
  Resource found;
  const auto read = json::visit_large(*body, {}, [&](simdjson::dom::element root) -> Result<void> {
    if (const auto list = json::array_at(root, "resources")) found = resource_of_kind(*list, kind);
    return {};
  });
  if (!read.ok()) return read.error();
  if (found.plural.empty())
    return unusable(ErrorCode::kNotFound, "the server serves no such kind", api_version, kind);
  if (!found.namespaced)
    return unusable(ErrorCode::kInvalid, "is not namespaced, so no pool can scale it", api_version,
                    kind);
  if (!found.scalable && autoscaler_kind(api_version, kind) == nullptr)
    return unusable(ErrorCode::kInvalid, "has no scale subresource", api_version, kind);
  return found.plural;
}

}  // namespace edgetide::kube
