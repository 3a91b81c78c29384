#include "kube/metric_sources.h"

#include "json/large.h"
#include "kube/base64.h"
#include "kube/codecs.h"
#include "kube/decoding.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

ReflectorOptions watch_options() {
  ReflectorOptions options;
  options.name = "metricsources";
  options.collection = [path = collection_path(kApiVersion, "metricsources", "")] {
    return Result<std::string>(path);
  };
  return options;
}

Result<model::MetricSource> decode(simdjson::dom::element object, bool has_before,
                                   const std::function<void(const std::string&)>& on_problem) {
  const auto value = to_value(object);
  if (!value.ok()) return value.error();
  auto decoded = decode_metric_source(*value);
  if (decoded.ok()) return std::move(decoded.value);
  const Error error = to_error(decoded.problems, "MetricSource " + decoded.value.name);
  if (on_problem)
    on_problem(error.text() + (has_before ? "; the last good version holds" : "; left out"));
  return error;
}

}  // namespace

MetricSources::MetricSources(Client& client, std::function<void(const std::string&)> on_problem)
    : sources_(std::make_unique<Watched<model::MetricSource>>(
          client,
          [on_problem](simdjson::dom::element object, const model::MetricSource* before) {
            return decode(object, before != nullptr, on_problem);
          },
          Store<model::MetricSource>::OnChange{}, watch_options(), on_problem)) {}

std::map<std::string, model::MetricSource> MetricSources::all() const {
  std::map<std::string, model::MetricSource> all;
  sources_->store().visit([&](const ObjectKey& key, const model::MetricSource& source) {
    all.emplace(key.name, source);
  });
  return all;
}

Result<std::map<std::string, std::string>> decode_secret(std::string_view body) {
  std::map<std::string, std::string> data;
  const auto read = json::visit_large(body, {}, [&](simdjson::dom::element root) -> Result<void> {
    if (json::string_at(root, "kind") != "Secret")
      return Error{.code = ErrorCode::kInvalid, .message = "the answer is not a Secret"};
    const auto entries = json::object_at(root, "data");
    if (!entries) return {};
    for (const auto& [key, value] : *entries) {
      const auto bytes = value.is_string() ? decode_base64(std::string_view{value}) : std::nullopt;
      if (!bytes) {
        return Error{.code = ErrorCode::kInvalid,
                     .message = "data." + std::string{key} + " is not base64"};
      }
      data.emplace(key, *bytes);
    }
    return {};
  });
  if (!read.ok()) return read.error();
  return data;
}

Result<std::map<std::string, std::string>> read_secret(Client& client, const ObjectKey& key) {
  const std::string path =
      collection_path("v1", "secrets", key.name_space) + "/" + percent_encode(key.name);
  const auto body = client.send({.target = path});
  if (!body.ok()) return body.error();
  auto data = decode_secret(*body);
  if (data.ok()) return data;
  return Error{.code = data.error().code, .message = data.error().message, .context = path};
}

}  // namespace edgetide::kube
