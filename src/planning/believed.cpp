#include "believed.h"

#include <algorithm>

#include "edgetide/core/grouped.h"
#include "edgetide/sizing/recommender.h"
#include "words.h"

namespace edgetide::planning {

model::Observation believed(const model::PlanReport& report) {
  model::Observation observation = report.observation;
  double& viewers = observation.demand.viewers.value;
  if (report.doubted_fall) viewers = std::max(viewers, report.doubted_fall->believed.count());
  return observation;
}

void size_for_believed(DemandSizing& sized, const model::EdgePool& pool,
                       const model::PlanReport& report) {
  const model::Observation observation = believed(report);
  const Viewers there{observation.demand.viewers.value};
  const auto need = sizing::recommend({.planned = there, .after_loss = there}, pool, observation);
  if (!need) return;
  sized.survivors_needed = std::max(sized.survivors_needed, need->survivors);
  sized.serving_needed = std::max(sized.serving_needed, need->serving);
}

std::string viewers_gone_by(const model::PlanReport& report) {
  if (!report.doubted_fall) return known_viewers(report.observation.demand);
  return "the " + grouped(report.doubted_fall->believed.count()) +
         " viewers who are believed to be there";
}

}  // namespace edgetide::planning
