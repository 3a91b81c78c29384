#include "kube/label_index.h"

#include <functional>
#include <string_view>

namespace edgetide::kube {
namespace {

std::size_t digest_of(std::string_view key, std::string_view value) {
  const std::hash<std::string_view> digest;
  return digest(key) * 31 + digest(value);
}

}  // namespace

void LabelIndex::add(const Labels& labels) {
  for (const auto& [key, value] : labels) by_label_[digest_of(key, value)].push_back(all_.size());
  all_.push_back(&labels);
}

std::vector<std::size_t> LabelIndex::selected(const Selector& selector) const {
  std::vector<std::size_t> found;
  const auto take = [&](std::size_t number) {
    if (selector.matches(*all_[number])) found.push_back(number);
  };
  if (const auto wanted = selector.wanted_label()) {
    const auto near = by_label_.find(digest_of(wanted->first, wanted->second));
    if (near == by_label_.end()) return found;
    for (const std::size_t number : near->second) take(number);
  } else {
    for (std::size_t number = 0; number < all_.size(); ++number) take(number);
  }
  return found;
}

}  // namespace edgetide::kube
