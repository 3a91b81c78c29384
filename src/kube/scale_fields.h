#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/result.h"
#include "kube/client.h"

namespace edgetide::kube {

/// Where an object of one kind holds what the server makes its scale subresource of.
struct ScaleFields {
  using Path = std::vector<std::string>;

  Path specified;  ///< The replicas that are wanted.
  Path existing;   ///< Those that stand; zero where it is absent.
  Path selector;   ///< Of its pods; empty where the kind tells none.
  /// The selector is a LabelSelector, and not its text.
  bool structured = false;

  bool operator==(const ScaleFields&) const = default;
};

/// What a target's scale would say, read off the target itself.
struct ShownScale {
  Replicas specified;
  Replicas existing;
  std::string selector;

  bool operator==(const ShownScale&) const = default;
};

/// What the watch of a target shows.
struct ShownTarget {
  std::int64_t generation = 0;
  std::string resource_version;
  std::optional<ShownScale> scale;  ///< Nothing where only its scale subresource tells.
};

/// Of the workloads of apps/v1 as the API defines them, of a custom resource by its definition.
/// Nothing where neither says; so also for an autoscaler, whose workload tells of its pods, and
/// where the definition may not be read. Fails only when the server could not be asked.
[[nodiscard]] Result<std::optional<ScaleFields>> find_scale_fields(Client& client,
                                                                   const std::string& api_version,
                                                                   const std::string& kind,
                                                                   const std::string& plural);

/// What a CustomResourceDefinition says of one version of its kind; nothing without a scale
/// subresource, and for what is no definition.
[[nodiscard]] std::optional<ScaleFields> scale_fields_in(std::string_view definition,
                                                         std::string_view version);

/// Reads an object, whose scale is nothing where the fields are not as the server wants them: it
/// then has its own word for why there is none.
[[nodiscard]] Result<ShownTarget> decode_target(simdjson::dom::element object,
                                                const std::optional<ScaleFields>& fields);

}  // namespace edgetide::kube
