#pragma once

#include <vector>

#include "cli/farther_log.h"
#include "simulation/closed_loop.h"
#include "web/page.h"

namespace edgetide::cli {

/// A scenario as it went under somebody.
struct NightRun {
  simulation::Scenario scenario;
  simulation::Runner runner;
  simulation::Recording recording;
};

/// Of what other policies do nothing is promised.
[[nodiscard]] inline bool makes_promises(const NightRun& run) {
  return run.runner.kind == simulation::PolicyKind::kEdgetide;
}

/// One night under one or several: figures and what each carried, and of the first its failure
/// domains and its decisions; those of the pools that it draws from are in `log`. \pre at least one
/// run, all with their frames
[[nodiscard]] web::Page night_page(const std::vector<NightRun>& runs, const FartherLog& log);

}  // namespace edgetide::cli
