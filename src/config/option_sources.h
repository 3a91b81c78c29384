#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"

namespace edgetide::config {

/// What one source gives, by option name, not yet checked.
struct Given {
  struct Values {
    std::vector<std::string> values;
    std::string where;  ///< "--log-level", "EDGETIDE_LOG_LEVEL", "edgetide.yaml:3:12: log-level"
  };
  std::map<std::string, Values> values;
  std::vector<std::string> arguments;  ///< Command line only.
};

/// kInvalid for an unknown option (with the nearest known one), a missing value or a repeated
/// option that takes one value.
[[nodiscard]] Result<Given> from_flags(const std::vector<Option>& options,
                                       const std::vector<std::string>& arguments);

/// Lists are separated by commas. Unknown variables are other programs' business.
[[nodiscard]] Given from_environment(
    const std::vector<Option>& options,
    const std::function<std::optional<std::string>(const std::string&)>& environment);

/// A YAML object of option names; kInvalid for unknown names and values of a wrong type.
[[nodiscard]] Result<Given> from_file(const std::vector<Option>& options, const std::string& path);

}  // namespace edgetide::config
