#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "yaml/yaml.h"

namespace edgetide::yaml {

/// A loaded document as JSON that still knows where in its file everything stood.
struct LocatedJson {
  nlohmann::json value;
  /// By path as in json/json.h ("spec.domains[0].name"); "" is the document.
  std::map<std::string, Position, std::less<>> positions;

  /// Where the path stands; for one that is absent, where the nearest thing around it does.
  [[nodiscard]] Position position_of(std::string_view path) const;
};

/// Same values, same order of list items; integers stay integers.
[[nodiscard]] LocatedJson to_json(const Value& value);

}  // namespace edgetide::yaml
