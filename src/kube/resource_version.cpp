#include "kube/resource_version.h"

#include <algorithm>

namespace edgetide::kube {
namespace {

bool is_ordered(std::string_view version) {
  return !version.empty() && version.front() != '0' &&
         std::ranges::all_of(version, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<int> compare_versions(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (!is_ordered(a) || !is_ordered(b)) return std::nullopt;
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a < b ? -1 : 1;
}

}  // namespace edgetide::kube
