#pragma once

#include <span>
#include <string>
#include <string_view>

namespace edgetide::kube {

/// A file of manifests/crds, as it was when the program was built.
struct CrdFile {
  std::string_view name;  ///< "edgepools.yaml"
  std::string_view text;
};

/// By name.
[[nodiscard]] std::span<const CrdFile> crd_files();

/// All of them as one YAML stream, for `kubectl apply -f -`.
[[nodiscard]] std::string crd_stream();

}  // namespace edgetide::kube
