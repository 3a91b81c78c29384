#pragma once

#include <string>

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

struct AccessOptions {
  std::string kubeconfig;  ///< A file by flag: then nothing else is looked at.
  std::string context;     ///< By flag; a kubeconfig's current-context when empty.
};

/// The first of: the flag's file, the files in KUBECONFIG, the pod's service account,
/// ~/.kube/config. An access that is there and cannot be used is an error, not skipped.
[[nodiscard]] Result<Access> find_access(const AccessOptions& options);

}  // namespace edgetide::kube
