#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/night_figures.h"
#include "cli/simulate_output.h"
#include "report/structured_report.h"
#include "simulation/shrink.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;

Json shortfalls_json(const std::vector<simulation::ToldShortfall>& told) {
  Json shortfalls = Json::array();
  for (const auto& [from, to, missing, causes, detail] : simulation::stretches_of(told))
    shortfalls.push_back({{"from", to_string(from)},
                          {"to", to_string(to)},
                          {"cause", causes.front()},
                          {"causes", causes},
                          {"missingReplicas", missing.count()},
                          {"message", detail}});
  return shortfalls;
}

Json unknown_reserves_json(const std::vector<simulation::UnknownReserve>& told) {
  Json reserves = Json::array();
  for (const auto& [from, to, reason, unread] : told)
    reserves.push_back({{"from", to_string(from)},
                        {"to", to_string(to)},
                        {"reason", reason},
                        {"unreadDomains", unread}});
  return reserves;
}

Json reserves_json(const std::vector<simulation::MissingReserve>& told) {
  Json reserves = Json::array();
  for (const auto& [from, to, missing, parts] : told) {
    Json domains = Json::array();
    for (const auto& part : parts)
      domains.push_back({{"domain", part.domain}, {"missingReplicas", part.missing.count()}});
    reserves.push_back({{"from", to_string(from)},
                        {"to", to_string(to)},
                        {"missingReplicas", missing.count()},
                        {"domains", std::move(domains)}});
  }
  return reserves;
}

Json tiers_json(const NightRun& run) {
  Json tiers = Json::array();
  for (std::size_t i = 0; i < run.scenario.farther.size(); ++i) {
    const Fetched fetched = fetched_from(i, run.recording);
    const auto& tier = run.recording.farther[i];
    tiers.push_back({{"pool", run.scenario.farther[i].key.text()},
                     {"unservedShare", fetched.missed},
                     {"mostBitsPerSecond", fetched.most.count()},
                     {"leastReady", fetched.least_ready.count()},
                     {"mostReady", fetched.most_ready.count()},
                     {"replicaMinutes", tier.cost.cost.replica_minutes},
                     {"costRatio", tier.cost.cost.ratio().count()},
                     {"promiseCostRatio", tier.cost.promise_cost_ratio().count()},
                     {"shortfalls", shortfalls_json(tier.shortfalls)}});
  }
  return tiers;
}

Json unserved_json(const backtest::Unserved& unserved) {
  Json json{{"viewerMinutes", unserved.viewer_minutes},
            {"share", unserved.share().count()},
            {"minutesShort", unserved.minutes},
            {"mostAtOnce", unserved.worst.count()}};
  if (unserved.worst > Viewers{0}) json["mostAt"] = to_string(unserved.worst_at);
  return json;
}

/// What happens whoever runs the fleet.
Json marks_json(const std::vector<simulation::Mark>& marks) {
  Json all = Json::array();
  for (const auto& mark : marks) all.push_back({{"at", to_string(mark.at)}, {"text", mark.text}});
  return all;
}

/// Of a recorded audience.
Json unrecorded_json(const simulation::Scenario& scenario) {
  Json gaps = Json::array();
  for (const auto& [from, to] : scenario.audience.unrecorded(scenario.from, scenario.to))
    gaps.push_back({{"from", to_string(from)}, {"to", to_string(to)}});
  return gaps;
}

Json fault_json(std::string_view kind, Instant start, Seconds lasts) {
  return {{"kind", kind}, {"start", to_string(start)}, {"durationSeconds", lasts.count()}};
}

/// As scenarios have them, to the second, with the failure domain that they struck; by time.
Json faults_json(const NightRun& run) {
  const auto& [scenario, runner, recording] = run;
  std::vector<std::pair<Instant, Json>> all;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const auto& fault = scenario.faults[i];
    Json& one = all.emplace_back(fault.from, fault_json(simulation::name_of(fault.kind), fault.from,
                                                        fault.lasts))
                    .second;
    if (const auto* measure = simulation::measure_of(fault.kind))
      one[std::string(measure->field)] = simulation::measured(fault, *measure);
    if (fault.unavailable < 1) one["maxUnavailablePercent"] = std::llround(100 * fault.unavailable);
    if (const auto struck = recording.struck.find(i); struck != recording.struck.end())
      one["domain"] = struck->second;
  }
  if (const auto& loss = scenario.zone_loss) {
    Json& lost = all.emplace_back(loss->at, fault_json("ZoneLost", loss->at, loss->lasts)).second;
    if (!recording.lost_zone.empty()) lost["domain"] = recording.lost_zone;
  }
  std::ranges::stable_sort(all, {}, &std::pair<Instant, Json>::first);
  Json faults = Json::array();
  for (auto& [start, fault] : all) faults.push_back(std::move(fault));
  return faults;
}

Json run_json(const NightRun& run) {
  const auto& score = run.recording.score;
  Json json{{"title", run.scenario.title},
            {"pool", run.scenario.pool.key.text()},
            {"from", to_string(run.scenario.from)},
            {"to", to_string(run.scenario.to)},
            {"seed", run.scenario.seed},
            {"policy", simulation::to_string(run.runner)},
            {"programme", marks_json(run.recording.marks)},
            {"faults", faults_json(run)},
            {"notRecorded", unrecorded_json(run.scenario)},
            {"unserved", unserved_json(score.evening)},
            {"replicaMinutes", score.cost.replica_minutes},
            {"costRatio", score.cost.ratio().count()},
            {"promiseCostRatio", score.promise_cost_ratio().count()},
            {"looks", run.recording.looks},
            {"writes", run.recording.writes}};
  if (score.zone_loss) json["unservedWhileZoneLost"] = unserved_json(*score.zone_loss);
  if (const auto* most = most_handshakes(run.recording))
    json["mostHandshakesPerSecond"] = most->let_in->handshakes.count();
  if (!run.scenario.farther.empty() && !run.recording.frames.empty())
    json["upstreams"] = tiers_json(run);
  if (!makes_promises(run)) return json;
  json["shortfalls"] = shortfalls_json(run.recording.shortfalls);
  json["reserveMissing"] = reserves_json(run.recording.missing_reserves);
  json["reserveUnknown"] = unknown_reserves_json(run.recording.unknown_reserves);
  if (const auto told = told_at_worst(run.recording))
    json["toldAtWorst"] = {
        {"cause", told->cause}, {"from", to_string(told->from)}, {"to", to_string(told->to)}};
  if (const auto* instead = told_instead(run.recording)) {
    json["toldInstead"] = {{"at", to_string(score.evening.worst_at)},
                           {"condition", instead->type},
                           {"reason", instead->reason},
                           {"message", instead->message}};
  }
  json["timesBroken"] = run.recording.times_broken;
  Json& breaches = json["breaches"] = Json::array();
  for (const auto& breach : run.recording.breaches)
    breaches.push_back(
        {{"at", to_string(breach.at)}, {"rule", breach.rule}, {"detail", breach.detail}});
  if (!breaches.empty())
    json["shortest"] = simulation::told(simulation::shortest_failing(run.scenario));
  return json;
}

}  // namespace

std::string simulation_document(const std::vector<NightRun>& runs, const std::string& format) {
  Json all = Json::array();
  for (const NightRun& run : runs) all.push_back(run_json(run));
  const Json json{
      {"apiVersion", "edgetide.io/v1alpha1"}, {"kind", "Simulation"}, {"runs", std::move(all)}};
  return report::document(json, format);
}

}  // namespace edgetide::cli
