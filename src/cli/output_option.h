#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/settings.h"

namespace edgetide::cli {

/// --output, which every command that prints has; without it the first of the formats.
[[nodiscard]] inline config::Option output_option(std::vector<std::string> formats,
                                                  std::string help = "How to print.") {
  std::string usual = formats.front();
  return {.name = "output",
          .help = std::move(help),
          .value_name = "FORMAT",
          .default_value = std::move(usual),
          .short_name = 'o',
          .choices = std::move(formats)};
}

}  // namespace edgetide::cli
