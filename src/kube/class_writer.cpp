#include "kube/class_writer.h"

#include "kube/codecs.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

using std::chrono::duration_cast;
using std::chrono::minutes;

constexpr const char* kApply = "application/apply-patch+yaml";

std::string class_path(const std::string& name) {
  return collection_path(kApiVersion, "eventclasses", "") + "/" + percent_encode(name);
}

std::string query(const std::string& manager, bool dry_run) {
  return "?fieldManager=" + manager + "&force=true" + (dry_run ? "&dryRun=All" : "");
}

Result<void> patch(Client& client, const std::string& target, const json::Value& body,
                   const char* type) {
  const auto done = client.send({.method = http::Method::kPatch,
                                 .target = target,
                                 .body = json::dump(body),
                                 .content_type = type});
  if (!done.ok()) return done.error();
  return {};
}

}  // namespace

json::Value encode_event_class(const model::EventClass& event_class) {
  json::Value spec = json::Value::object();
  if (!event_class.family.empty()) spec["family"] = event_class.family;
  if (event_class.prior_peak)
    spec["priorPeakViewers"] = json::number_text(event_class.prior_peak->count());
  spec["priorSpread"] = json::number_text(event_class.prior_spread);
  if (event_class.ramp_up)
    spec["rampUpMinutes"] = duration_cast<minutes>(*event_class.ramp_up).count();
  if (event_class.overrun)
    spec["overrunMinutes"] = duration_cast<minutes>(*event_class.overrun).count();
  return {{"apiVersion", kApiVersion},
          {"kind", "EventClass"},
          {"metadata", {{"name", event_class.name}}},
          {"spec", std::move(spec)}};
}

Result<void> put_event_class(Client& client, const model::EventClass& event_class, bool dry_run) {
  const std::string path = class_path(event_class.name);
  auto done =
      patch(client, path + query("edgetide-cli", dry_run), encode_event_class(event_class), kApply);
  // In a dry run there may be no class yet whose status could be written.
  if (!done.ok() || dry_run || event_class.learned.last_events.empty()) return done;
  return patch(client, path + "/status" + query("edgetide", false),
               encode_event_class_status(event_class.name, event_class.learned), kApply);
}

Result<void> reset_event_class(Client& client, const json::Value& seen, bool dry_run) {
  json::Value body{{"status", nullptr}};
  if (const json::Value* version = json::find(seen, "metadata.resourceVersion"))
    body["metadata"]["resourceVersion"] = *version;
  const auto name = json::get_string(seen, "metadata.name");
  if (!name.ok()) return name.error();
  return patch(
      client,
      class_path(*name) + "/status?fieldManager=edgetide-cli" + (dry_run ? "&dryRun=All" : ""),
      body, "application/merge-patch+json");
}

}  // namespace edgetide::kube
