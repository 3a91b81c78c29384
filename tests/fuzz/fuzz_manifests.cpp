// Whatever file people give to `edgetide plan -f`: objects, or problems with their place.
#include <cstdint>
#include <string_view>

#include "edgetide/core/assert.h"
#include "kube/manifests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide::kube;
  Manifests manifests;
  add_manifests(manifests, {reinterpret_cast<const char*>(data), size}, "file", "default", nullptr);
  for (const std::string& problem : manifests.problems) {
    EDGETIDE_ASSERT(problem.find("file:") == 0, "a problem has a place");
  }
  return 0;
}
