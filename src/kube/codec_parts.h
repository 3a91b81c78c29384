#pragma once

#include <map>
#include <string>

#include "edgetide/core/ids.h"
#include "kube/codecs.h"
#include "kube/validation.h"

/// What the codecs of our kinds have in common.
namespace edgetide::kube {

/// The most replicas that any field may name.
inline constexpr std::int64_t kMostReplicas = 100'000;

struct ObjectMeta {
  ObjectKey key;
  std::string uid;
  std::int64_t generation = 0;
  Labels labels;
};

/// Reads apiVersion, kind and metadata, and knows `status`. A wrong kind is a problem.
[[nodiscard]] ObjectMeta read_meta(Fields& object, std::string_view kind);

/// "viewers", "egress", "requests", "connections", "handshakes" under `queries`, whichever are
/// there.
[[nodiscard]] std::map<std::string, std::string> read_queries(Fields& queries);

/// The zone's name under `key`, checked for existence where the options can tell.
[[nodiscard]] std::optional<std::string> read_time_zone(Fields& fields, std::string_view key,
                                                        const DecodeOptions& options);

/// How fast a pool may change, under `behavior` and `pacing`.
void read_pace(Fields& spec, model::EdgePool& pool);

/// The labels under `pools`, which is required.
[[nodiscard]] Selector read_pools(Fields& spec);

}  // namespace edgetide::kube
