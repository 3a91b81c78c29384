#pragma once

#include <string>
#include <vector>

#include "edgetide/model/event_class.h"

namespace edgetide::cli {

using Classes = std::vector<model::EventClass>;

/// What each class has learned, as "text" or "wide", tables; or its "name".
[[nodiscard]] std::string print_classes(const Classes& classes, const std::string& format);

/// EventClasses with what they have learned, as `classes import` reads them: a stream of "yaml", or
/// a "json" List.
[[nodiscard]] std::string print_class_manifests(const Classes& classes, const std::string& format);

}  // namespace edgetide::cli
