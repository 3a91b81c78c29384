#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "kube/access.h"

namespace edgetide::kube {

/// What a pod is told about its API server.
struct PodEnvironment {
  std::string
      service_host;  ///< KUBERNETES_SERVICE_HOST; a name or an address, IPv6 without brackets.
  std::string service_port;  ///< KUBERNETES_SERVICE_PORT
  /// Where token, ca.crt and namespace are mounted.
  std::string mount = "/var/run/secrets/kubernetes.io/serviceaccount";
};

/// The access of the pod's service account. kNotFound outside of a pod, kInvalid in a pod whose
/// mounts are incomplete: a missing CA is never replaced by trust in everybody.
[[nodiscard]] Result<Access> load_in_cluster(const PodEnvironment& pod);

/// By flags, each empty where it is not given.
struct AccessOptions {
  std::string kubeconfig;  ///< A file: then nothing else is looked at.
  std::string context;     ///< Of the kubeconfig; its current-context without.
  std::string cluster;     ///< Of the kubeconfig; the context's without.
  std::string user;        ///< Of the kubeconfig; the context's without.
  std::string as;          ///< As Credential::as.
  std::vector<std::string> as_groups;
  std::optional<std::chrono::milliseconds> request_timeout;  ///< Of each of a command's requests.
};

/// The first of: the flag's file, the files in KUBECONFIG, the pod's service account,
/// ~/.kube/config. An access that is there and cannot be used is an error, not skipped. kInvalid
/// for groups without whom to act as, which the API server would refuse.
[[nodiscard]] Result<Access> find_access(const AccessOptions& options);

}  // namespace edgetide::kube
