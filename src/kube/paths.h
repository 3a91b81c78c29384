#pragma once

#include <string>
#include <string_view>

namespace edgetide::kube {

/// The text with everything but letters, digits and "-._~" percent-encoded.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// "/apis/apps/v1" for "apps/v1", "/api/v1" for the core group's "v1".
[[nodiscard]] std::string group_path(std::string_view api_version);

/// "/apis/apps/v1/namespaces/video/deployments"; "/apis/apps/v1/deployments" without a namespace.
[[nodiscard]] std::string collection_path(std::string_view api_version, std::string_view plural,
                                          std::string_view name_space);

}  // namespace edgetide::kube
