#include "kube/calendar_text.h"

#include "kube/metric_sources.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

/// The entry of a ConfigMap's answer.
Result<std::string> entry_of(const std::string& body, const std::string& key) {
  const auto object = json::parse(body);
  if (!object.ok()) return object.error();
  const json::Value* entries = json::find(*object, "data");
  if (entries != nullptr && entries->is_object() && entries->contains(key)) {
    const json::Value& entry = entries->at(key);
    if (entry.is_string()) return entry.get<std::string>();
  }
  return Error{.code = ErrorCode::kNotFound, .message = "no entry \"" + key + "\" in its data"};
}

}  // namespace

Result<std::string> calendar_text(Client& client, const EventCalendarResource& calendar) {
  const std::string kind = calendar.in_secret ? "secrets" : "configmaps";
  const auto body = client.send({.target = collection_path("v1", kind, calendar.key.name_space) +
                                           "/" + percent_encode(calendar.source)});
  if (!body.ok()) return body.error();
  if (!calendar.in_secret) return entry_of(*body, calendar.source_key);
  const auto data = decode_secret(*body);
  if (!data.ok()) return data.error();
  const auto entry = data->find(calendar.source_key);
  if (entry != data->end()) return entry->second;
  return Error{.code = ErrorCode::kNotFound, .message = "no entry \"" + calendar.source_key + "\""};
}

}  // namespace edgetide::kube
