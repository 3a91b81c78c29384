#pragma once

#include <simdjson.h>

#include "edgetide/core/result.h"
#include "json/json.h"

namespace edgetide::kube {

/// An object of a list or a watch as a value that outlives its visit, without managedFields, which
/// are the larger half of most objects and of no use here.
[[nodiscard]] Result<json::Value> to_value(simdjson::dom::element object);

}  // namespace edgetide::kube
