#include "http/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace edgetide::http {
namespace {

Error invalid(std::string message) {
  return {.code = ErrorCode::kInvalid, .message = std::move(message)};
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

bool is_host_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_';
}

/// Takes "host", "1.2.3.4" or "[::1]" off the front.
std::optional<std::string> take_host(std::string_view& text) {
  if (take_prefix(text, "[")) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    std::string host(text.substr(0, end));
    text.remove_prefix(end + 1);
    return is_ip_address(host) ? std::optional(host) : std::nullopt;
  }
  const auto end = std::ranges::find_if_not(text, is_host_character);
  std::string host(text.begin(), end);
  text.remove_prefix(host.size());
  return host.empty() ? std::nullopt : std::optional(host);
}

bool is_visible(char c) { return c > ' ' && c != 0x7f; }

/// RFC 9110: what a header's name may be made of.
bool is_token_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

}  // namespace

Result<Origin> parse_origin(std::string_view base_url) {
  Origin origin;
  if (take_prefix(base_url, "https://")) {
    origin.secure = true;
  } else if (!take_prefix(base_url, "http://")) {
    return invalid("the URL does not begin with http:// or https://");
  }
  origin.port = origin.secure ? 443 : 80;
  if (base_url.find('@') != std::string_view::npos) {
    return invalid("the URL holds credentials; give them as a Secret or token instead");
  }
  const auto host = take_host(base_url);
  if (!host) return invalid("the URL has no usable host");
  origin.host = *host;
  origin.is_address = is_ip_address(*host);
  if (take_prefix(base_url, ":")) {
    const auto [end, error] =
        std::from_chars(base_url.data(), base_url.data() + base_url.size(), origin.port);
    if (error != std::errc{} || origin.port < 1 || origin.port > 65535) {
      return invalid("the URL's port is not a number from 1 to 65535");
    }
    base_url.remove_prefix(static_cast<std::size_t>(end - base_url.data()));
  }
  while (base_url.ends_with('/')) base_url.remove_suffix(1);
  if (!base_url.empty() && base_url.front() != '/') {
    return invalid("the URL has something other than a path after its host");
  }
  if (base_url.find_first_of("?#") != std::string_view::npos ||
      !std::ranges::all_of(base_url, is_visible)) {
    return invalid("the URL's path holds a query, a fragment or a blank");
  }
  origin.path = base_url;
  return origin;
}

Result<void> check_request(const Request& request) {
  if (!request.target.starts_with('/') || !std::ranges::all_of(request.target, is_visible)) {
    return invalid("the request's target is not a percent-encoded path");
  }
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || !std::ranges::all_of(name, is_token_character)) {
      return invalid("'" + name + "' is no header name");
    }
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos) {
      return invalid("the value of header " + name + " has a line break");
    }
  }
  return {};
}

}  // namespace edgetide::http
