#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/transport.h"
#include "json/json.h"

namespace edgetide::testing {

/// As much of a Kubernetes API server as the operator speaks to: collections with one order of
/// versions, lists, watches that end soon, scale subresources, and writes that are taken as they
/// come. Where a real one can be had, it is used instead (tests/contract, tests/e2e); this one can
/// be watched by ThreadSanitizer, since no byte leaves the process. Safe for use from several
/// threads.
class MemoryApiServer {
 public:
  /// Puts an object in place of the one of its name; its metadata gets the next version.
  /// \param collection "/apis/edgetide.io/v1alpha1/edgepools", the way it is listed
  void put(const std::string& collection, json::Value object);
  void remove(const std::string& collection, const std::string& name);

  /// A scale of so many replicas at "…/deployments/NAME/scale", with as many Ready pods.
  void put_target(const std::string& name, int replicas);
  [[nodiscard]] int replicas(const std::string& name);
  /// Requests of that method so far.
  [[nodiscard]] int requests(http::Method method);

  [[nodiscard]] Result<http::Response> answer(const http::Request& request);
  [[nodiscard]] Result<http::Response> watch(const http::Request& request, http::BodySink& sink,
                                             std::stop_token stop);

 private:
  struct Change {
    std::string collection;
    int version = 0;
    std::string line;  ///< As a watch tells it.
  };

  // With the lock held:
  void store(const std::string& collection, json::Value object, const char* type);
  void fill_pods(const std::string& target, int replicas);
  [[nodiscard]] json::Value list(const std::string& collection) const;
  /// The same as the events with which a watch begins.
  [[nodiscard]] std::string streamed_list(const std::string& collection) const;
  [[nodiscard]] http::Response scale(const http::Request& request, const std::string& target);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  int version_ = 1;
  std::map<std::string, std::map<std::string, json::Value>> collections_;
  std::vector<Change> changes_;
  std::map<http::Method, int> requests_;
};

/// One client's way to the server; the server outlives it.
class MemoryTransport final : public http::Transport {
 public:
  explicit MemoryTransport(MemoryApiServer& server) : server_(server) {}

  Result<http::Response> send(const http::Request& request) override {
    return server_.answer(request);
  }
  Result<http::Response> stream(const http::Request& request, http::BodySink& sink,
                                std::chrono::milliseconds, std::stop_token stop) override {
    return server_.watch(request, sink, std::move(stop));
  }

 private:
  MemoryApiServer& server_;
};

}  // namespace edgetide::testing
