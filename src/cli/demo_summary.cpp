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

Json policy_json(std::string_view policy, const simulation::Scenario& scenario,
                 const simulation::Recording& recording) {
  const simulation::Score& score = recording.score;
  Json json{{"policy", policy},
            {"shortfall", unserved_json(score.evening)},
            {"shortfallAroundKickOff", unserved_json(score.kick_off)}};
  if (score.zone_loss) json["shortfallDuringZoneLoss"] = unserved_json(*score.zone_loss);
  json["unprotectedMinutes"] = simulation::unprotected_minutes(scenario, recording);
  json["replicaMinutes"] = score.cost.replica_minutes;
  json["costAgainstClairvoyant"] = score.cost.ratio().count();
  return json;
}

}  // namespace

Json demo_summary(const simulation::Comparison& comparison, const std::string& page) {
  const auto& [scenario, edgetide, unreserved, hpa] = comparison;
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "DemoSummary"},
            {"scenario", scenario.title},
            {"seed", scenario.seed},
            {"from", to_string(scenario.from)},
            {"to", to_string(scenario.to)},
            {"kickOff", to_string(scenario.tonight.kick_off)},
            {"viewerMinutes", edgetide.score.evening.wanted_viewer_minutes},
            {"clairvoyantReplicaMinutes", edgetide.score.cost.clairvoyant_minutes},
            {"clairvoyantSurvivingReplicaMinutes", edgetide.score.clairvoyant_promise_minutes},
            {"report", page}};
  if (scenario.zone_loss) json["zoneLostAt"] = to_string(scenario.zone_loss->at);
  json["policies"] =
      Json::array({policy_json("Edgetide", scenario, edgetide),
                   policy_json("Edgetide without zone reserve", scenario, unreserved),
                   policy_json("HPA at 60 %", scenario, hpa)});
  return json;
}

}  // namespace edgetide::cli
