#include "kube/request_counts.h"

#include <algorithm>
#include <vector>

namespace edgetide::kube {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // '/'
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

/// What follows "/api/v1" or "/apis/apps/v1" and, where there is more, "/namespaces/video".
std::vector<std::string_view> below_group(std::vector<std::string_view> segments) {
  const std::size_t group = segments.empty() ? 0 : segments[0] == "api" ? 2 : 3;
  const std::size_t home = group + 2;
  const bool has_home = segments.size() > home && segments[group] == "namespaces";
  segments.erase(segments.begin(),
                 segments.begin() + static_cast<std::ptrdiff_t>(
                                        std::min(has_home ? home : group, segments.size())));
  return segments;
}

std::string_view verb_of(http::Method method, bool names_one, std::string_view query) {
  switch (method) {
    case http::Method::kGet:
      if (query.starts_with("watch=1")) return "watch";
      return names_one ? "get" : "list";
    case http::Method::kPost: return "create";
    case http::Method::kPut: return "update";
    case http::Method::kPatch: return "patch";
    case http::Method::kDelete: return "delete";
  }
  return "get";
}

}  // namespace

RequestKind kind_of_request(http::Method method, std::string_view target, int code) {
  const auto mark = std::min(target.find('?'), target.size());
  const auto query = mark < target.size() ? target.substr(mark + 1) : std::string_view{};
  const auto parts = below_group(segments_of(target.substr(0, mark)));
  std::string resource = parts.empty() ? "none" : std::string{parts[0]};
  if (parts.size() > 2) resource.append("/").append(parts[2]);
  const bool names_one = parts.size() != 1;
  return {.verb = std::string{verb_of(method, names_one, query)},
          .resource = std::move(resource),
          .code = code};
}

}  // namespace edgetide::kube
