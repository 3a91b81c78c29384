#pragma once

#include <string>
#include <vector>

#include "http/transport.h"

namespace edgetide::kube {

/// Who we are to the API server. At most one of token and token file is set; neither means that
/// the client certificate in the TLS options, if any, is all there is.
struct Credential {
  std::string token;
  std::string token_file;  ///< Read again once a minute, and at once after a 401.
  std::string as;          ///< Whom to act as, where that is allowed to us; empty for ourselves,
  std::vector<std::string> as_groups;  ///< and in which groups.
};

/// The files that the TLS options of an endpoint were read from, to be read again; empty where the
/// text stood inline or is not there.
struct TlsFiles {
  std::string ca;
  std::string certificate;
  std::string key;

  [[nodiscard]] bool none() const { return ca.empty() && certificate.empty() && key.empty(); }
};

/// Where an API server is and how to be let in: what a kubeconfig or a pod's mounts come down to.
struct Access {
  http::Endpoint endpoint;
  TlsFiles tls_files;
  Credential credential;
  std::string name_space;  ///< Of the context or the pod; "default" when it names none.
  std::string origin;      ///< Where this was read, for people: "/root/.kube/config, context prod".
  std::vector<std::string> warnings;  ///< For every start: what is risky or was left out.
};

}  // namespace edgetide::kube
