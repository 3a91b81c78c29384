#pragma once

#include <string>
#include <vector>

#include "cli/night_programme.h"
#include "simulation/closed_loop.h"
#include "web/page.h"

namespace edgetide::cli {

/// As charts have them; those before or after what is drawn stand at its edge.
[[nodiscard]] std::vector<web::Mark> marks_of(const std::vector<Happening>& all, Instant from,
                                              Instant to);

/// Without series: the night's steps, marks and lost zone.
[[nodiscard]] web::Chart empty_chart(const simulation::Scenario& scenario,
                                     const simulation::Recording& recording);

/// Viewers, and how many of them the replicas carry; where the policy forecasts, also the peak that
/// it expected one window before. Marks and lost zones as they came.
[[nodiscard]] web::Chart capacity_chart(const simulation::Scenario& scenario,
                                        const simulation::Recording& recording,
                                        const std::string& policy);

/// A chart for each failure domain: Ready, starting and desired replicas, and the
/// redundancy floor.
[[nodiscard]] std::vector<web::Chart> domain_charts(const simulation::Scenario& scenario,
                                                    const simulation::Recording& recording);

/// A chart for each pool that is drawn from: what is fetched, and what its replicas carry.
[[nodiscard]] std::vector<web::Chart> tier_charts(const simulation::Scenario& scenario,
                                                  const simulation::Recording& recording);

/// Viewers without a server at each step.
[[nodiscard]] web::Series unserved_series(const simulation::Scenario& scenario,
                                          const simulation::Recording& recording,
                                          const std::string& policy);

/// A decision with its whole report.
[[nodiscard]] web::LoggedDecision logged(const simulation::Decision& decision);

/// The decisions that changed the fleet, each with its whole report.
[[nodiscard]] std::vector<web::LoggedDecision> decision_log(const simulation::Recording& recording);

}  // namespace edgetide::cli
