#pragma once

#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "http/transport.h"

namespace edgetide::http {

/// A base URL taken apart.
struct Origin {
  bool secure = false;
  std::string host;         ///< IPv6 without brackets.
  int port = 0;             ///< The scheme's own when the URL names none.
  std::string path;         ///< Of the base, without a slash at its end: "" or "/k8s/clusters/c-1".
  bool is_address = false;  ///< `host` is an IP address, not a name.
};

/// kInvalid for anything but http(s)://host[:port][/path]; never repeats what may be a password.
[[nodiscard]] Result<Origin> parse_origin(std::string_view base_url);

/// What keeps the request from being sent: a target that does not begin with '/' or has blanks or
/// control characters, a header name that is no token, a header value with a line break.
[[nodiscard]] Result<void> check_request(const Request& request);

}  // namespace edgetide::http
