#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "json/json.h"
#include "kube/access.h"
#include "kube/client.h"
#include "kube/cluster.h"

namespace edgetide::kube::testing {

/// The real API server that with_control_plane started, as its administrator.
class KubeApi {
 public:
  /// The one that EDGETIDE_TEST_KUBECONFIG names, with our CRDs installed.
  static KubeApi& instance();

  [[nodiscard]] const Access& access() const { return access_; }
  [[nodiscard]] Client& client() { return *client_; }
  /// A client of its own, as somebody else or by another way.
  [[nodiscard]] static Client connect(const Access& access);

  json::Value get(const std::string& path);
  json::Value create(const std::string& collection, const json::Value& object);
  json::Value merge(const std::string& path, const json::Value& patch);
  void remove(const std::string& path);
  /// kubectl with these arguments; fails the test unless it succeeds.
  void kubectl(const std::string& arguments);

  /// A new namespace, so that tests do not meet.
  std::string make_namespace();
  /// A Deployment whose pods the fake nodes of one zone run.
  void make_deployment(const std::string& name_space, const std::string& name, int replicas);
  void make_pool(const std::string& name_space, const std::string& name,
                 const std::vector<std::string>& deployments);

 private:
  KubeApi();

  Access access_;
  std::unique_ptr<Client> client_;
  int namespaces_ = 0;
};

/// The rules of time of a test: UTC alone.
[[nodiscard]] LocalTime utc_only();

/// Waits for up to half a minute.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);

[[nodiscard]] std::string deployments_in(const std::string& name_space);
[[nodiscard]] std::string pools_in(const std::string& name_space);

}  // namespace edgetide::kube::testing
