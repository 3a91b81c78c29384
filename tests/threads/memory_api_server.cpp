#include "threads/memory_api_server.h"

#include <chrono>
#include <cstdlib>
#include <utility>

namespace edgetide::testing {
namespace {

constexpr std::string_view kDeployments = "/apis/apps/v1/namespaces/video/deployments";
constexpr std::string_view kPods = "/api/v1/namespaces/video/pods";

/// How long a watch lasts, so that many begin and end.
constexpr std::chrono::milliseconds kWatchLasts{1'200};

std::string path_of(const http::Request& request) {
  return request.target.substr(0, request.target.find('?'));
}

/// The number after "NAME=" in the query; zero when it is not there.
int number_in(const http::Request& request, std::string_view name) {
  const auto at = request.target.find(std::string{name} + "=");
  return at == std::string::npos ? 0 : std::atoi(request.target.c_str() + at + name.size() + 1);
}

http::Response body_of(const json::Value& value) {
  return {.status = 200, .body = json::dump(value)};
}

http::Response refusal(int code, const char* reason) {
  return {.status = code,
          .body = json::dump({{"kind", "Status"}, {"code", code}, {"reason", reason}})};
}

json::Value pod(const std::string& target, int number) {
  return {{"metadata",
           {{"namespace", "video"},
            {"name", target + "-" + std::to_string(number)},
            {"creationTimestamp", "2026-01-01T00:00:00Z"},
            {"labels", {{"app", target}}}}},
          {"status",
           {{"phase", "Running"},
            {"conditions",
             {{{"type", "Ready"},
               {"status", "True"},
               {"lastTransitionTime", "2026-01-01T00:00:30Z"}}}}}}};
}

}  // namespace

void MemoryApiServer::store(const std::string& collection, json::Value object, const char* type) {
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  const std::string name = object["metadata"]["name"];
  changes_.push_back({.collection = collection,
                      .version = version_,
                      .line = json::dump({{"type", type}, {"object", object}}) + "\n"});
  if (std::string_view{type} == "DELETED") {
    collections_[collection].erase(name);
  } else {
    collections_[collection].insert_or_assign(name, std::move(object));
  }
  changed_.notify_all();
}

void MemoryApiServer::put(const std::string& collection, json::Value object) {
  const std::lock_guard lock(mutex_);
  store(collection, std::move(object), "MODIFIED");
}

void MemoryApiServer::remove(const std::string& collection, const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = collections_[collection].find(name);
  if (found == collections_[collection].end()) return;
  json::Value gone = found->second;
  store(collection, std::move(gone), "DELETED");
}

void MemoryApiServer::fill_pods(const std::string& target, int replicas) {
  auto& pods = collections_[std::string{kPods}];
  for (int number = 0; number < replicas; ++number) {
    json::Value wanted = pod(target, number);
    if (!pods.contains(wanted["metadata"]["name"])) store(std::string{kPods}, wanted, "ADDED");
  }
  for (int number = replicas; pods.contains(target + "-" + std::to_string(number)); ++number) {
    json::Value gone = pods.at(target + "-" + std::to_string(number));
    store(std::string{kPods}, std::move(gone), "DELETED");
  }
}

void MemoryApiServer::put_target(const std::string& name, int replicas) {
  const std::lock_guard lock(mutex_);
  store(std::string{kDeployments},
        {{"metadata", {{"namespace", "video"}, {"name", name}}},
         {"spec", {{"replicas", replicas}, {"selector", {{"matchLabels", {{"app", name}}}}}}}},
        "MODIFIED");
  fill_pods(name, replicas);
}

int MemoryApiServer::replicas(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return collections_.at(std::string{kDeployments}).at(name)["spec"]["replicas"];
}

int MemoryApiServer::requests(http::Method method) {
  const std::lock_guard lock(mutex_);
  return requests_[method];
}

json::Value MemoryApiServer::list(const std::string& collection) const {
  json::Value items = json::Value::array();
  if (const auto found = collections_.find(collection); found != collections_.end())
    for (const auto& [name, object] : found->second) items.push_back(object);
  return {{"kind", "List"},
          {"metadata", {{"resourceVersion", std::to_string(version_)}}},
          {"items", std::move(items)}};
}

std::string MemoryApiServer::streamed_list(const std::string& collection) const {
  std::string lines;
  const json::Value all = list(collection);
  for (const json::Value& item : all["items"])
    lines += json::dump({{"type", "ADDED"}, {"object", item}}) + "\n";
  json::Value metadata = all["metadata"];
  metadata["annotations"] = {{"k8s.io/initial-events-end", "true"}};
  return lines + json::dump({{"type", "BOOKMARK"}, {"object", {{"metadata", metadata}}}}) + "\n";
}

http::Response MemoryApiServer::scale(const http::Request& request, const std::string& target) {
  const auto found = collections_[std::string{kDeployments}].find(target);
  if (found == collections_[std::string{kDeployments}].end()) return refusal(404, "NotFound");
  if (request.method == http::Method::kPut) {
    const json::Value wanted = *json::parse(request.body, {});
    if (wanted["metadata"]["resourceVersion"] != found->second["metadata"]["resourceVersion"])
      return refusal(409, "Conflict");
    json::Value changed = found->second;
    changed["spec"]["replicas"] = wanted["spec"]["replicas"];
    store(std::string{kDeployments}, changed, "MODIFIED");
    fill_pods(target, changed["spec"]["replicas"]);
  }
  const json::Value& now = collections_[std::string{kDeployments}].at(target);
  return body_of(
      {{"kind", "Scale"},
       {"metadata", now["metadata"]},
       {"spec", now["spec"]},
       {"status", {{"replicas", now["spec"]["replicas"]}, {"selector", "app=" + target}}}});
}

Result<http::Response> MemoryApiServer::answer(const http::Request& request) {
  const std::lock_guard lock(mutex_);
  ++requests_[request.method];
  const std::string path = path_of(request);
  if (path == "/apis/apps/v1") {
    return body_of({{"resources",
                     {{{"name", "deployments"}, {"kind", "Deployment"}, {"namespaced", true}},
                      {{"name", "deployments/scale"}, {"kind", "Scale"}, {"namespaced", true}}}}});
  }
  if (path.ends_with("/scale")) {
    const auto name = path.substr(kDeployments.size() + 1);
    return scale(request, name.substr(0, name.find('/')));
  }
  if (request.method == http::Method::kGet) return body_of(list(path));
  return body_of(json::Value::object());  // statuses and Events
}

Result<http::Response> MemoryApiServer::watch(const http::Request& request, http::BodySink& sink,
                                              std::stop_token stop) {
  const std::string path = path_of(request);
  std::unique_lock lock(mutex_);
  ++requests_[request.method];
  if (request.target.find("watch=1") == std::string::npos) {
    const http::Response whole = body_of(list(path));
    lock.unlock();
    sink.on_open();
    sink.on_bytes(whole.body);
    return http::Response{.status = 200};
  }
  int seen = number_in(request, "resourceVersion");
  std::size_t next = 0;
  sink.on_open();
  if (request.target.find("sendInitialEvents=true") != std::string::npos) {
    seen = version_;
    sink.on_bytes(streamed_list(path));
  }
  const auto until = std::chrono::steady_clock::now() + kWatchLasts;
  while (true) {
    for (; next < changes_.size(); ++next) {
      const Change change = changes_[next];
      if (change.collection != path || change.version <= seen) continue;
      seen = change.version;
      lock.unlock();
      const bool more = sink.on_bytes(change.line);
      lock.lock();
      if (!more) return http::Response{.status = 200};
    }
    if (!changed_.wait_until(lock, stop, until, [&] { return next < changes_.size(); })) break;
  }
  if (stop.stop_requested()) return Error{.code = ErrorCode::kCancelled, .message = "cancelled"};
  return http::Response{.status = 200};
}

}  // namespace edgetide::testing
