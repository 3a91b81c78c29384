#pragma once

#include <string>
#include <vector>

#include "cli/night_page.h"

namespace edgetide::cli {

/// One night for people: what happened in it, and how it went; under several, a table that compares
/// them and what each did. \pre at least one run, all of one seed
[[nodiscard]] std::string night_text(const std::vector<NightRun>& runs);

/// Many nights for people: a line each, with the shortest that breaks its promise, and over all of
/// them what each policy left unserved and cost. \pre at least one run
[[nodiscard]] std::string seeds_text(const std::vector<NightRun>& runs);

/// `kind: Simulation`, as "json" or "yaml": every run with its score, its shortfalls, how often a
/// promise was broken and the first hundred times of each pool.
[[nodiscard]] std::string simulation_document(const std::vector<NightRun>& runs,
                                              const std::string& format);

}  // namespace edgetide::cli
