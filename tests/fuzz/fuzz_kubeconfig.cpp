// Every kubeconfig is refused with its place, or names a server.
#include "kube/kubeconfig.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  const fuzz::MemoryFile file(data, size);
  const auto access = kube::load_kubeconfig({.files = {file.path()}});
  if (access.ok()) {
    EDGETIDE_ASSERT(!access->endpoint.base_url.empty(), "a server");
  } else {
    EDGETIDE_ASSERT(!access.error().text().empty(), "a reason");
  }
  return 0;
}
