// Both readers take or refuse every text without harm, and printing what was read cannot fail.
#include <cstdint>
#include <string_view>

#include "edgetide/core/assert.h"
#include "json/json.h"
#include "json/large.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto value = json::parse(text)) {
    EDGETIDE_ASSERT(json::parse(json::dump(*value)).ok(), "what was printed reads back");
    static_cast<void>(json::find(*value, text.substr(0, 40)));
    static_cast<void>(json::get_int(*value, "a.b[0]", -5, 5));
  }
  static_cast<void>(json::visit_large(text, {}, [](simdjson::dom::element root) -> Result<void> {
    static_cast<void>(json::string_at(root, "a"));
    return {};
  }));
  return 0;
}
