#include "kube/decoding.h"

namespace edgetide::kube {

Result<json::Value> to_value(simdjson::dom::element object) {
  auto value = json::parse(simdjson::minify(object), {.refuse_duplicates = false});
  if (!value.ok()) return value;
  if (const auto metadata = value->find("metadata");
      metadata != value->end() && metadata->is_object())
    metadata->erase("managedFields");
  return value;
}

}  // namespace edgetide::kube
