#include "cli/demo_summary.h"

#include <nlohmann/json.hpp>

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;

Json unserved_json(const simulation::Unserved& unserved) {
  Json json{{"viewerMinutes", unserved.viewer_minutes},
            {"ratio", unserved.share().count()},
            {"minutes", unserved.minutes},
            {"worstViewers", unserved.worst.count()}};
  if (unserved.worst > Viewers{0}) json["worstAt"] = to_string(unserved.worst_at);
  return json;
}

Json policy_json(simulation::PolicyKind policy, const simulation::Score& score) {
  Json json{{"policy", to_string(policy)},
            {"shortfall", unserved_json(score.evening)},
            {"shortfallAroundKickOff", unserved_json(score.kick_off)}};
  if (score.zone_loss) json["shortfallDuringZoneLoss"] = unserved_json(*score.zone_loss);
  json["replicaMinutes"] = score.replica_minutes;
  json["costAgainstClairvoyant"] = score.cost_ratio().count();
  json["costAgainstClairvoyantSurvivingZoneLoss"] = score.promise_cost_ratio().count();
  return json;
}

}  // namespace

Json demo_summary(const simulation::Comparison& comparison, const std::string& page) {
  const auto& [scenario, edgetide, hpa] = comparison;
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "DemoSummary"},
            {"scenario", scenario.title},
            {"seed", scenario.seed},
            {"from", to_string(scenario.from)},
            {"to", to_string(scenario.to)},
            {"kickOff", to_string(scenario.tonight.kick_off)},
            {"viewerMinutes", edgetide.score.evening.wanted_viewer_minutes},
            {"clairvoyantReplicaMinutes", edgetide.score.clairvoyant_minutes},
            {"report", page}};
  if (scenario.zone_loss) json["zoneLostAt"] = to_string(scenario.zone_loss->at);
  json["policies"] = Json::array({policy_json(simulation::PolicyKind::kEdgetide, edgetide.score),
                                  policy_json(simulation::PolicyKind::kHpa60, hpa.score)});
  return json;
}

}  // namespace edgetide::cli
