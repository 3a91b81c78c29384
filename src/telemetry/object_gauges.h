#pragma once

#include <prometheus/family.h>
#include <prometheus/gauge.h>

#include <map>

#include "edgetide/core/ids.h"

namespace edgetide::telemetry {

/// One series an object: those of objects that are gone are removed.
template <typename Value>
void set_all(prometheus::Family<prometheus::Gauge>& family, const char* label,
             std::map<ObjectKey, prometheus::Gauge*>& series,
             const std::map<ObjectKey, Value>& values) {
  std::erase_if(series, [&](const auto& one) {
    if (values.contains(one.first)) return false;
    family.Remove(one.second);
    return true;
  });
  for (const auto& [object, value] : values) {
    auto& one = series[object];
    if (one == nullptr) one = &family.Add({{"namespace", object.name_space}, {label, object.name}});
    one->Set(static_cast<double>(value));
  }
}

}  // namespace edgetide::telemetry
