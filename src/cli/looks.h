#pragma once

#include <string>
#include <vector>

#include "app/single_look.h"
#include "config/settings.h"
#include "kube/local_time.h"

namespace edgetide::cli {

/// The machine's time zones, for what objects say of them.
[[nodiscard]] const kube::LocalTime& local_time();

/// Options that say which pools are looked at: a cluster's, or those of files with recorded demand.
[[nodiscard]] std::vector<config::Option> look_options();

struct Looks {
  std::vector<app::Look> each;
  /// What looks at files cannot tell of, and what the files tell in vain, a line each.
  std::vector<std::string> remarks;
};

/// One look at each of these pools, or at all where there are none. kInvalid for options of files
/// without -f. \pre the command has look_options()
[[nodiscard]] Result<Looks> take_looks(const config::Settings& settings,
                                       const std::vector<std::string>& pools);

}  // namespace edgetide::cli
