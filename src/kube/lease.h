#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "edgetide/core/ids.h"
#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "json/json.h"

namespace edgetide::kube {

/// A coordination.k8s.io/v1 Lease, in the fields that an election lives by.
struct Lease {
  std::string holder;  ///< Identity of who acts; empty when it was given back.
  Seconds duration{15};
  std::int64_t transitions = 0;  ///< Grows with every change of holder: the holder's epoch.
  std::string acquired;          ///< RFC 3339; for people, as the next: clocks differ.
  std::string renewed;
  std::string resource_version;  ///< Empty for one that does not exist yet.

  bool operator==(const Lease&) const = default;
};

/// kInvalid for an object that is no Lease or carries values out of range; an absent holder is an
/// empty one.
[[nodiscard]] Result<Lease> decode_lease(const json::Value& object);

/// The body of a create, or of an update under the precondition of `resource_version`.
[[nodiscard]] json::Value encode_lease(const ObjectKey& key, const Lease& lease);

}  // namespace edgetide::kube
