// Every text is refused with its place, or is values whose JSON can be printed.
#include <cstdint>
#include <string_view>

#include "edgetide/core/assert.h"
#include "json/json.h"
#include "yaml/to_json.h"
#include "yaml/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  const auto documents = yaml::load_all({reinterpret_cast<const char*>(data), size}, "f.yaml");
  if (!documents) {
    EDGETIDE_ASSERT(documents.error().text().starts_with("f.yaml:"), "an error names its place");
    return 0;
  }
  for (const yaml::Value& document : *documents) {
    const auto located = yaml::to_json(document);
    EDGETIDE_ASSERT(json::parse(json::dump(located.value)).ok(), "what was loaded is JSON");
  }
  return 0;
}
