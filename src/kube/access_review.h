#pragma once

#include <memory>
#include <string>

#include "edgetide/core/result.h"
#include "http/server.h"
#include "kube/access.h"
#include "kube/client.h"

namespace edgetide::kube {

/// Asks the API server whose a token is (TokenReview) and whether they may `get` a path that is no
/// resource (SubjectAccessReview). Safe for use from several threads at once.
class AccessReviewer {
 public:
  AccessReviewer(std::unique_ptr<http::Transport> transport, Credential credential,
                 std::string user_agent);

  /// Waits for the answers, for four seconds each at most. Never kUnknown: that is an error, and
  /// so is a refusal of the questions themselves.
  [[nodiscard]] Result<http::Admission> review(const std::string& token, const std::string& path);

 private:
  Client client_;  ///< Without a write permit: a review changes nothing.
};

}  // namespace edgetide::kube
