#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "client_fake_transport.h"
#include "json/json.h"

namespace edgetide::kube {

/// What a server answers: items of lists and bodies of objects, by the end of their path.
struct Answers {
  std::map<std::string, json::Value> lists;
  std::map<std::string, json::Value> objects;
  std::function<void(const http::Request&)> before = nullptr;  ///< Each answer; may throw.
};

/// A cluster whose requests are answered by path, but for scales, of whose writes nobody hears;
/// whose watches stay silent, and which streams no lists.
class ListedTransport final : public http::Transport {
 public:
  ListedTransport(testing::FakeTransport::Script& script, Answers answers)
      : script_(script), answers_(std::move(answers)) {}
  ListedTransport(testing::FakeTransport::Script& script, json::Value pools)
      : ListedTransport(script, Answers{.lists = {{"/edgepools", std::move(pools)}}}) {}

  Result<http::Response> send(const http::Request& request) override {
    if (answers_.before) answers_.before(request);
    const std::lock_guard lock(script_.mutex);
    script_.sent.push_back(request);
    if (request.method == http::Method::kPut)
      return Error{.code = ErrorCode::kTimeout, .message = "no complete answer in time"};
    for (const auto& [end, object] : answers_.objects) {
      if (request.target.ends_with(end))
        return http::Response{.status = 200, .body = json::dump(object)};
    }
    return http::Response{.status = 404};
  }

  Result<http::Response> stream(const http::Request& request, http::BodySink& sink,
                                std::chrono::milliseconds, std::stop_token stop) override {
    if (request.target.find("sendInitialEvents") != std::string::npos)
      return http::Response{.status = 422};
    sink.on_open();
    if (request.target.find("watch=1") != std::string::npos) {
      std::unique_lock lock(script_.mutex);
      script_.changed.wait(lock, stop, [] { return false; });
      return Error{.code = ErrorCode::kCancelled, .message = "cancelled"};
    }
    json::Value items = json::Value::array();
    for (const auto& [end, listed] : answers_.lists) {
      if (request.target.find(end) != std::string::npos) items = listed;
    }
    const json::Value list{
        {"kind", "List"}, {"metadata", {{"resourceVersion", "200"}}}, {"items", items}};
    sink.on_bytes(json::dump(list));
    return http::Response{.status = 200};
  }

 private:
  testing::FakeTransport::Script& script_;
  Answers answers_;
};

inline const json::Value kKinds{
    {"resources",
     {{{"name", "deployments"}, {"namespaced", true}, {"kind", "Deployment"}},
      {{"name", "deployments/scale"}, {"kind", "Scale"}}}}};

}  // namespace edgetide::kube
