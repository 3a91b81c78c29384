// Every text is refused, or is an amount whose canonical text is the same amount.
#include <cstdint>
#include <string_view>

#include "edgetide/core/assert.h"
#include "kube/quantity.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide::kube;
  const auto read = parse_quantity({reinterpret_cast<const char*>(data), size});
  if (!read.ok()) return 0;
  EDGETIDE_ASSERT(read->whole >= 0 && read->billionths >= 0 && read->billionths < 1'000'000'000,
                  "an amount is in its range");
  // A large amount with billionths takes more digits than a text may have.
  const std::string text = to_string(*read);
  if (text.size() > 20) return 0;
  const auto again = parse_quantity(text);
  EDGETIDE_ASSERT(again.ok() && *again == *read, "canonical text reads back");
  return 0;
}
