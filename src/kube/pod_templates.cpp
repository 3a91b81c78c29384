#include "kube/pod_templates.h"

#include "json/large.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

/// The pods' spec in the template of the first object of a list.
std::optional<simdjson::dom::element> template_in(simdjson::dom::element list) {
  const auto items = json::array_at(list, "items");
  if (!items || items->size() == 0) return std::nullopt;
  std::optional<simdjson::dom::element> part = items->at(0).value();
  for (const char* key : {"spec", "template", "spec"}) {
    if (part) part = json::at(*part, key);
  }
  return part;
}

}  // namespace

PodTemplates::PodTemplates(Client& client)
    : client_(client),
      discovery_(client),
      answers_([this](const TargetKey& key) { return ask(key); }) {}

PodTemplates::Shape PodTemplates::ask(const TargetKey& key) {
  const auto& [api_version, kind, name] = key.target;
  const auto plural = discovery_.scalable_plural(api_version, kind);
  if (!plural.ok()) return plural.error();
  const auto body =
      client_.send({.target = collection_path(api_version, *plural, key.name_space) +
                              "?fieldSelector=metadata.name%3D" + percent_encode(name)});
  if (!body.ok()) return body.error();
  std::shared_ptr<const PodShape> shape;
  const auto read = json::visit_large(*body, {}, [&](simdjson::dom::element list) -> Result<void> {
    if (const auto spec = template_in(list))
      shape = std::make_shared<const PodShape>(read_pod_shape(*spec));
    return {};
  });
  if (!read.ok()) return read.error();
  if (shape) return shape;
  return Error{.code = ErrorCode::kNotFound,
               .message = "no pod stands yet, and no template tells what a replica takes",
               .context = kind + " " + key.name_space + "/" + name};
}

}  // namespace edgetide::kube
