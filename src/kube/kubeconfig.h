#pragma once

#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "kube/access.h"

namespace edgetide::kube {

struct KubeconfigOptions {
  std::vector<std::string> files;  ///< In order of precedence; at least one.
  bool may_be_missing = false;  ///< A list from KUBECONFIG: files that do not exist are left out.
  std::string context;          ///< Empty for the current-context.
  std::string cluster;          ///< Empty for the context's,
  std::string user;             ///< and the same.
};

/// Reads the way into a cluster from kubeconfig files, as kubectl merges them: of clusters, users
/// and contexts of one name, and of current-contexts, the first file's holds; a relative path
/// counts from the file it stands in; inline data beat a file.
///
/// Understood: server (with a path prefix), certificate-authority(-data), tls-server-name,
/// insecure-skip-tls-verify, client-certificate(-data), client-key(-data), token, tokenFile, and
/// the context's namespace. Anything else that says how to connect or who to be is refused by its
/// name, never left out in silence: exec, auth-provider, proxy-url, username, password, as, ...
///
/// Errors are kInvalid or kNotFound with "file:line:column: path: message" for each problem.
[[nodiscard]] Result<Access> load_kubeconfig(const KubeconfigOptions& options);

}  // namespace edgetide::kube
