#pragma once

#include <vector>

#include "app/single_look.h"
#include "config/settings.h"

namespace edgetide::cli {

/// Options that say which pools are looked at: a cluster's, or those of files with recorded demand.
[[nodiscard]] std::vector<config::Option> look_options();

/// One look at each of these pools, or at all where there are none. kInvalid for options of files
/// without -f. \pre the command has look_options()
[[nodiscard]] Result<std::vector<app::Look>> take_looks(const config::Settings& settings,
                                                        const std::vector<std::string>& pools);

}  // namespace edgetide::cli
