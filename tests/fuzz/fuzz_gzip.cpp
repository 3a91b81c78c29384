// Packed files: refused, or no more than was asked for; never more than that in memory.
#include <cstdint>
#include <string_view>

#include "calendar/gzip.h"
#include "edgetide/core/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  constexpr std::size_t kMost = 1 << 16;
  const auto text = calendar::gunzip({reinterpret_cast<const char*>(data), size}, kMost);
  if (text) {
    EDGETIDE_ASSERT(text->size() <= kMost, "no more than was asked for");
  } else {
    EDGETIDE_ASSERT(text.error().message.starts_with("cannot be unpacked: "),
                    "it says what is wrong");
  }
  return 0;
}
