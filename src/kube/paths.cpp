#include "kube/paths.h"

namespace edgetide::kube {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kHex[byte >> 4];
    encoded += kHex[byte & 15];
  }
  return encoded;
}

std::string group_path(std::string_view api_version) {
  const auto slash = api_version.find('/');
  if (slash == std::string_view::npos) return "/api/" + percent_encode(api_version);
  return "/apis/" + percent_encode(api_version.substr(0, slash)) + "/" +
         percent_encode(api_version.substr(slash + 1));
}

std::string collection_path(std::string_view api_version, std::string_view plural,
                            std::string_view name_space) {
  std::string path = group_path(api_version);
  if (!name_space.empty()) path += "/namespaces/" + percent_encode(name_space);
  return path + "/" + percent_encode(plural);
}

}  // namespace edgetide::kube
