#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/quantity.h"

namespace edgetide::model {

/// A limit that stands outside of the pool.
struct RoomLimit {
  Replicas replicas;   ///< The most that can stand, those that do included.
  std::string detail;  ///< Who says so, in words: "ResourceQuota edge leaves 3 of 64 requests.cpu".
};

/// What the cluster has room for. What is not known limits nothing, and is never zero.
struct Room {
  /// By domain: the most that its nodes hold. Empty, or nothing at a domain, where that is not
  /// known, or where more nodes come when they are needed.
  std::vector<std::optional<Replicas>> on_nodes;
  std::optional<RoomLimit> nodes;  ///< Of all domains together, which may share nodes.
  std::optional<RoomLimit> quota;  ///< Of all domains together, by the tightest ResourceQuota.
  std::string unknown;             ///< What is not known and why; empty when all of it is.
};

/// The most that the domain's nodes hold; nothing where they are no limit.
[[nodiscard]] inline std::optional<Replicas> on_nodes(const Room& room, std::size_t domain) {
  return domain < room.on_nodes.size() ? room.on_nodes[domain] : std::nullopt;
}

}  // namespace edgetide::model
