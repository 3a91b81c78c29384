#pragma once

#include "cli/farther_log.h"
#include "web/page.h"

namespace edgetide::cli {

/// A chart for each failure domain of the pools that are drawn from, with its redundancy floor, and
/// the decisions on them among those of the night's own pool. Nothing on a night of one pool.
void add_farther(web::Page& page, const simulation::Scenario& scenario,
                 const simulation::Recording& recording, const FartherLog& log);

}  // namespace edgetide::cli
