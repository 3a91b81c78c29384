#include "kube/crds.h"

#include "kube/codecs.h"
#include "kube/paths.h"

namespace edgetide::kube {

std::string crd_stream() {
  std::string stream;
  for (const CrdFile& file : crd_files()) {
    if (!stream.empty()) stream += "---\n";
    stream += file.text;
  }
  return stream;
}

std::string crd_name(const CrdFile& file) {
  const std::string_view plural = file.name.substr(0, file.name.rfind('.'));
  const std::string_view group = kApiVersion.substr(0, kApiVersion.find('/'));
  return std::string{plural} + "." + std::string{group};
}

Result<void> apply_crd(Client& client, const CrdFile& file) {
  const std::string path =
      collection_path("apiextensions.k8s.io/v1", "customresourcedefinitions", "");
  const auto applied = client.send(
      {.method = http::Method::kPatch,
       .target = path + "/" + percent_encode(crd_name(file)) + "?fieldManager=edgetide&force=true",
       .body = std::string{file.text},
       .content_type = "application/apply-patch+yaml"});
  if (!applied.ok()) return applied.error();
  return {};
}

}  // namespace edgetide::kube
