#pragma once

#include <span>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "kube/client.h"

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

/// "edgepools.edgetide.io", the definition's metadata.name.
[[nodiscard]] std::string crd_name(const CrdFile& file);

/// Creates the definition in the cluster or brings it up to this version, by server-side apply.
/// What others own of it stays theirs.
[[nodiscard]] Result<void> apply_crd(Client& client, const CrdFile& file);

}  // namespace edgetide::kube
