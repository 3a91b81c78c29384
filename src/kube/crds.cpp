#include "kube/crds.h"

namespace edgetide::kube {

std::string crd_stream() {
  std::string stream;
  for (const CrdFile& file : crd_files()) {
    if (!stream.empty()) stream += "---\n";
    stream += file.text;
  }
  return stream;
}

}  // namespace edgetide::kube
