// Every text is refused, or is a selector whose canonical text is the same selector.
#include <cstdint>
#include <string_view>

#include "edgetide/core/assert.h"
#include "kube/selector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide::kube;
  const auto read = Selector::parse({reinterpret_cast<const char*>(data), size});
  if (!read.ok()) return 0;
  (void)read->matches({{"app", "edge"}, {"zone", "a"}});
  const auto again = Selector::parse(read->text());
  EDGETIDE_ASSERT(again.ok() && *again == *read, "canonical text reads back");
  return 0;
}
