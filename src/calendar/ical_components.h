#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edgetide/core/result.h"
#include "yaml/yaml.h"

/// The form of an iCalendar text, RFC 5545 section 3.1: lines, folded, in components.
namespace edgetide::calendar {

using yaml::Position;
using yaml::Problem;

/// One line: NAME;PARAMETER=VALUE:value. Names are in upper case.
struct ICalProperty {
  std::string name;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string value;
  Position position;

  /// The value of a parameter; nullptr for none.
  [[nodiscard]] const std::string* parameter(std::string_view wanted) const;
};

/// What stands between BEGIN:NAME and END:NAME.
struct ICalComponent {
  std::string name;
  Position position;
  std::vector<ICalProperty> properties;
  std::vector<ICalComponent> parts;

  /// The first of this name; nullptr for none.
  [[nodiscard]] const ICalProperty* property(std::string_view wanted) const;
};

struct ICalLimits {
  static constexpr std::size_t kMostBytes = 4u << 20;
  static constexpr std::size_t kMostLineBytes = 64u << 10;
  static constexpr std::size_t kMostDepth = 4;
};

/// The VCALENDARs of a text, and every line that has no place in them. What is left without its END
/// is closed, so that what else is wrong can be told, too.
struct ICalComponents {
  std::vector<ICalComponent> calendars;
  std::vector<Problem> problems;
};

/// kTooLarge above 4 MiB.
[[nodiscard]] Result<ICalComponents> read_components(std::string_view text,
                                                     std::string_view file_name);

}  // namespace edgetide::calendar
