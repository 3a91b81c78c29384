#include "kube/pause_writer.h"

#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/paths.h"
#include "kube/pause_annotations.h"

namespace edgetide::kube {
namespace {

constexpr int kMostTries = 5;

/// The same pool in what a person has seen of it: its identity, spec and pause.
bool same_to_people(const json::Value& seen, const json::Value& now) {
  for (const char* path : {"metadata.uid", "metadata.generation"}) {
    const json::Value* before = json::find(seen, path);
    const json::Value* after = json::find(now, path);
    if (before == nullptr || after == nullptr || *before != *after) return false;
  }
  return read_pause(seen).pause == read_pause(now).pause;
}

}  // namespace

Result<void> write_pause(Client& client, const ObjectKey& pool, const PauseChange& change) {
  const std::string path =
      collection_path(kApiVersion, "edgepools", pool.name_space) + "/" + percent_encode(pool.name);
  const std::string query =
      std::string{"?fieldManager=edgetide-cli"} + (change.dry_run ? "&dryRun=All" : "");
  json::Value current = change.seen;
  for (int tried = 1;; ++tried) {
    json::Value patch = pause_patch(change.pause);
    if (const json::Value* version = json::find(current, "metadata.resourceVersion"))
      patch["metadata"]["resourceVersion"] = *version;
    const auto written = client.send({.method = http::Method::kPatch,
                                      .target = path + query,
                                      .body = json::dump(patch),
                                      .content_type = "application/merge-patch+json"});
    if (written.ok()) return {};
    if (written.error().code != ErrorCode::kConflict || tried == kMostTries) return written.error();
    auto now = get_object(client, path);
    if (!now.ok()) return now.error();
    if (!same_to_people(change.seen, *now)) {
      return Error{.code = ErrorCode::kConflict,
                   .message = "was changed meanwhile by somebody else; look at it again",
                   .context = "EdgePool " + pool.text()};
    }
    current = *std::move(now);
  }
}

}  // namespace edgetide::kube
