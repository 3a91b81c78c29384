#pragma once

#include <compare>
#include <functional>
#include <string>

namespace edgetide {

/// A namespaced object's name, which is how everything is looked up and logged.
struct ObjectKey {
  std::string name_space;
  std::string name;

  auto operator<=>(const ObjectKey&) const = default;

  /// "video/live-edge"
  [[nodiscard]] std::string text() const { return name_space + "/" + name; }
};

}  // namespace edgetide

template <>
struct std::hash<edgetide::ObjectKey> {
  std::size_t operator()(const edgetide::ObjectKey& key) const noexcept {
    return std::hash<std::string>{}(key.name_space) * 31 + std::hash<std::string>{}(key.name);
  }
};
