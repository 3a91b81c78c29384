#include "kube/status_codec.h"

#include <algorithm>
#include <cmath>

#include "edgetide/core/assert.h"
#include "edgetide/model/reasons.h"
#include "edgetide/model/unknown_spread.h"
#include "edgetide/model/window_peak.h"
#include "kube/codecs.h"

namespace edgetide::kube {
namespace {

using json::Value;

// The longest texts that the schema takes: a status refused for its length would be lost whole.
constexpr std::size_t kLongestMessage = 1024, kLongestConditionMessage = 4096;
constexpr std::size_t kLongestName = 512, kMostDomains = 64;

/// Whole numbers, for people and routers; nothing for what is not a count.
Value whole(double number) {
  constexpr double kMost = 1e15;
  if (!std::isfinite(number) || number < 0) return nullptr;
  return static_cast<std::int64_t>(std::min(number, kMost));
}
Value viewers_up(Viewers viewers) { return whole(std::ceil(viewers.count())); }
Value bits(BitsPerSecond rate) { return whole(std::ceil(rate.count())); }
Value viewers_down(Viewers viewers) { return whole(std::floor(viewers.count())); }

/// Sets what there is: an absent field is one without an answer, never null or zero.
void set(Value& object, const char* key, Value value) {
  if (!value.is_null()) object[key] = std::move(value);
}
void set_text(Value& object, const char* key, const std::string& text, std::size_t longest) {
  if (!text.empty()) object[key] = clipped(text, longest);
}

Value demand_json(const model::DemandReadings& readings) {
  const auto& viewers = readings.viewers;
  Value demand{{"freshness", model::to_string(viewers.freshness)}};
  if (viewers.has_value()) {
    set(demand, "viewers", viewers_up(Viewers{viewers.value}));
    demand["time"] = to_string(viewers.at);
  }
  set_text(demand, "message", viewers.detail, kLongestMessage);
  if (readings.bitrate) set(demand, "bitsPerSecondPerViewer", bits(*readings.bitrate));
  return demand;
}

Value drawn_json(const model::DrawnLoad& drawn) {
  Value json = Value::object();
  set(json, "bitsPerSecond", bits(drawn.total()));
  set(json, "forViewersBitsPerSecond", bits(drawn.for_viewers));
  set(json, "forLiveBitsPerSecond", bits(drawn.for_live));
  set(json, "forColdCachesBitsPerSecond", bits(drawn.for_cold_caches));
  return json;
}

Value forecast_json(const model::WindowPeak& peak) {
  Value forecast{{"stage", model::to_string(peak.stage)}};
  if (!model::has_numbers(peak)) return forecast;
  set(forecast, "peakViewers", viewers_up(peak.quantile));
  set(forecast, "medianViewers", viewers_up(peak.median));
  forecast["at"] = to_string(peak.at);
  set_text(forecast, "event", peak.event, kLongestName);
  return forecast;
}

Value sizing_json(const model::PlanReport& report) {
  Value sizing{{"basis", clipped(basis_text(report), kLongestName)},
               {"bindingResource", model::to_string(report.sizing.binding)},
               {"servingReplicas", report.sizing.serving.count()}};
  if (!model::spread_unknown(report)) sizing["survivingReplicas"] = report.sizing.survivors.count();
  set(sizing, "plannedViewers", viewers_up(report.sizing.planned));
  set(sizing, "plannedViewersAfterLoss", viewers_up(report.sizing.planned_after_loss));
  const auto set_handshakes = [&](const char* key, HandshakesPerSecond opened) {
    if (opened.count() > 0) set(sizing, key, whole(std::ceil(opened.count())));
  };
  set_handshakes("arrivalHandshakesPerSecond", report.sizing.of_arrivals);
  set_handshakes("reconnectHandshakesPerSecond", report.sizing.of_reconnects);
  return sizing;
}

/// What is told of a failure domain, whoever decides where its replicas stand.
Value with_reserve(Value domain, const model::PlanReport& report, std::size_t index) {
  if (index < report.spare_viewers.size())
    set(domain, "spareViewers", viewers_down(report.spare_viewers[index]));
  if (index < report.reserve_missing.size())
    domain["reserveMissing"] = report.reserve_missing[index].count();
  return domain;
}

Value domain_json(const model::PlanReport& report, std::size_t index) {
  const model::DomainObservation& seen = report.observation.domains[index];
  Value domain{{"name", seen.name}};
  if (!seen.known) {
    set_text(domain, "message", seen.detail, kLongestMessage);
    return domain;
  }
  domain.update({{"ready", seen.ready.count()}, {"starting", seen.starting.count()}});
  domain["specified"] = seen.specified.count();
  if (seen.start_time) domain["startSeconds"] = seen.start_time->count();
  if (index < report.plan.domains.size()) domain["desired"] = report.plan.domains[index].to.count();
  return with_reserve(std::move(domain), report, index);
}

Value domains_json(const model::PlanReport& report) {
  Value domains = Value::array();
  const model::Spread* spread = model::spread_of(report.observation);
  if (spread == nullptr) {
    for (std::size_t i = 0; i < report.observation.domains.size(); ++i)
      domains.push_back(domain_json(report, i));
    return domains;
  }
  for (std::size_t i = 0; i < std::min(spread->domains.size(), kMostDomains); ++i) {
    const auto& [name, ready, cold, starting] = spread->domains[i];
    Value domain{{"name", name}, {"ready", ready.count()}, {"starting", starting.count()}};
    domains.push_back(with_reserve(std::move(domain), report, i));
  }
  return domains;
}

Value verdicts_json(const model::PlanReport& report) {
  constexpr std::size_t kMost = 16;
  Value verdicts = Value::array();
  for (const model::GuardVerdict& verdict : report.verdicts) {
    if (verdicts.size() == kMost) break;
    Value item{{"guard", verdict.guard},
               {"before", verdict.before.count()},
               {"after", verdict.after.count()},
               {"reason", verdict.reason}};
    set_text(item, "message", verdict.detail, kLongestMessage);
    verdicts.push_back(std::move(item));
  }
  return verdicts;
}

Value shortfall_json(const model::Shortfall& shortfall) {
  Value json{{"requiredReplicas", shortfall.required.count()},
             {"grantedReplicas", shortfall.granted.count()},
             {"missingReplicas", shortfall.required.count() - shortfall.granted.count()},
             {"at", to_string(shortfall.at)},
             {"cause", shortfall.cause}};
  set_text(json, "message", shortfall.detail, kLongestMessage);
  return json;
}

Value shortfalls_ahead_json(const model::CapacityOutlook& outlook) {
  Value list = Value::array();
  for (const auto& ahead : outlook.shortfalls) {
    Value json{{"requiredReplicas", ahead.required.count()},
               {"availableReplicas", ahead.available.count()},
               {"missingReplicas", ahead.missing().count()},
               {"start", to_string(ahead.start)},
               {"peak", to_string(ahead.peak)},
               {"end", to_string(ahead.end)},
               {"actBy", to_string(ahead.act_by)},
               {"cause", ahead.cause}};
    set(json, "viewers", viewers_up(ahead.viewers));
    if (ahead.egress) set(json, "egressBitsPerSecond", whole(std::ceil(ahead.egress->count())));
    set_text(json, "event", ahead.event, kLongestName);
    set_text(json, "message", ahead.detail, kLongestMessage);
    list.push_back(std::move(json));
  }
  return list;
}

Value decisions_json(const StatusRecord& record) {
  Value decisions = Value::array();
  for (const auto& [at, action, from, to, reason, dry_run] : record.decisions) {
    Value json{{"time", to_string(at)}, {"action", action}, {"from", from.count()}};
    json.update({{"to", to.count()}, {"reason", clipped(reason, kLongestName)}});
    if (dry_run) json["dryRun"] = *dry_run;
    decisions.push_back(std::move(json));
  }
  return decisions;
}

Value use_json(const model::FleetUse& use) {
  Value json = Value::object();
  set(json, "replicaSeconds", whole(use.replica_seconds));
  set(json, "shortViewerSeconds", whole(use.short_viewer_seconds));
  json["shortSeconds"] = use.short_for.count();
  return json;
}

Value dry_run_json(const StatusRecord& record) {
  return {{"since", to_string(*record.dry_run_since)},
          {"judgedSeconds", record.dry_run.judged.count()},
          {"standing", use_json(record.dry_run.standing)},
          {"planned", use_json(record.dry_run.planned)},
          {"message", worth_text(record.dry_run)}};
}

/// One state for all that people can get wrong in a spec.
model::Condition spec_valid(const std::vector<std::string>& problems) {
  std::string text;
  for (const std::string& problem : problems) text += (text.empty() ? "" : "; ") + problem;
  const bool valid = problems.empty();
  return {.type = "SpecValid",
          .status = valid ? model::ConditionStatus::kTrue : model::ConditionStatus::kFalse,
          .reason = valid ? model::reason::kSpecAccepted : model::reason::kInvalidSpec,
          .message = valid ? "the spec can be followed" : text};
}

/// How the conditions are stamped.
struct Stamp {
  std::int64_t generation = 0;
  Instant now;
};

Value condition_json(const model::Condition& condition, Stamp stamp, StatusRecord& record) {
  const std::string status{model::to_string(condition.status)};
  StatusRecord::ConditionState& state = record.conditions[condition.type];
  if (state.status != status) state = {.status = status, .last_transition = stamp.now};
  return {{"type", condition.type},
          {"status", status},
          {"observedGeneration", stamp.generation},
          {"lastTransitionTime", to_string(state.last_transition)},
          {"reason", condition.reason},
          {"message", clipped(condition.message, kLongestConditionMessage)}};
}

Value apply_body(const ObjectKey& pool, Value status) {
  return {{"apiVersion", kApiVersion},
          {"kind", "EdgePool"},
          {"metadata", {{"name", pool.name}, {"namespace", pool.name_space}}},
          {"status", std::move(status)}};
}

void set_record(Value& status, const StatusRecord& record) {
  if (record.last_scale_up) status["lastScaleUpTime"] = to_string(*record.last_scale_up);
  if (record.last_scale_down) status["lastScaleDownTime"] = to_string(*record.last_scale_down);
  if (!record.decisions.empty()) status["recentDecisions"] = decisions_json(record);
  if (record.leader_epoch > 0) status["leaderEpoch"] = record.leader_epoch;
  if (record.dry_run_since) status["dryRun"] = dry_run_json(record);
}

}  // namespace

Value encode_status(const StatusInputs& inputs, StatusRecord& record) {
  const model::PlanReport& report = inputs.report;
  const Stamp stamp{.generation = inputs.pool.generation, .now = report.at};
  Value status{
      {"observedGeneration", stamp.generation}, {"time", to_string(report.at)},
      {"mode", model::to_string(report.mode)},  {"demand", demand_json(report.observation.demand)},
      {"forecast", forecast_json(report.peak)}, {"sizing", sizing_json(report)},
      {"verdicts", verdicts_json(report)}};
  set_text(status, "summary", report.summary, kLongestMessage);

  status["domains"] = domains_json(report);
  if (model::all_domains_known(report.observation)) {
    status["specified"] = model::total_specified(report.observation).count();
    status["ready"] = model::total_ready(report.observation).count();
    status["desired"] = report.plan.total_to().count();
  }
  if (report.draws) status["draws"] = drawn_json(*report.draws);
  if (report.drawn) status["drawn"] = drawn_json(*report.drawn);
  if (report.pause) status["pausedUntil"] = to_string(report.pause->until);
  if (report.pause && report.pause->replicas)
    status["pausedReplicas"] = report.pause->replicas->count();
  if (report.shortfall) status["shortfall"] = shortfall_json(*report.shortfall);
  if (report.outlook && !report.outlook->shortfalls.empty())
    status["shortfallsAhead"] = shortfalls_ahead_json(*report.outlook);

  status["conditions"] = Value::array();
  for (const model::Condition& condition : report.conditions) {
    status["conditions"].push_back(condition_json(condition, stamp, record));
  }
  status["conditions"].push_back(condition_json(spec_valid(inputs.spec_problems), stamp, record));
  set_record(status, record);
  return apply_body(inputs.pool.key, std::move(status));
}

Value encode_refused_status(const ObjectKey& pool, std::int64_t generation,
                            const std::vector<std::string>& spec_problems, Instant now,
                            StatusRecord& record) {
  EDGETIDE_ASSERT(!spec_problems.empty(), "a refused spec has a problem");
  const Stamp stamp{.generation = generation, .now = now};
  model::Condition active = spec_valid(spec_problems);
  active.type = "ScalingActive";
  Value status{{"observedGeneration", generation},
               {"time", to_string(now)},
               {"summary", "nothing is decided: the spec cannot be followed"}};
  status["conditions"] = Value::array({condition_json(active, stamp, record),
                                       condition_json(spec_valid(spec_problems), stamp, record)});
  set_record(status, record);
  return apply_body(pool, std::move(status));
}

std::string clipped(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  std::size_t end = longest - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

}  // namespace edgetide::kube
