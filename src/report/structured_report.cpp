#include "report/structured_report.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "edgetide/core/lower_case.h"
#include "edgetide/model/unknown_spread.h"
#include "edgetide/model/window_peak.h"

namespace edgetide::report {
namespace {

using Json = nlohmann::ordered_json;

Json reading_json(const model::Reading& reading) {
  Json json{{"freshness", model::to_string(reading.freshness)}};
  if (reading.has_value()) {
    json["value"] = reading.value;
    json["time"] = to_string(reading.at);
  }
  if (!reading.detail.empty()) json["detail"] = reading.detail;
  return json;
}

Json demand_json(const model::DemandReadings& demand) {
  Json json{{"viewers", reading_json(demand.viewers)}};
  const auto add = [&](const char* name, const std::optional<model::Reading>& reading) {
    if (reading) json[name] = reading_json(*reading);
  };
  add("egress", demand.egress);
  add("requests", demand.requests);
  add("connections", demand.connections);
  add("handshakes", demand.handshakes);
  if (demand.bitrate) json["bitsPerSecondPerViewer"] = demand.bitrate->count();
  return json;
}

Json forecast_json(const model::WindowPeak& peak) {
  Json json{{"stage", model::to_string(peak.stage)}};
  if (!model::has_numbers(peak)) return json;
  json["medianViewers"] = peak.median.count();
  json["peakViewers"] = peak.quantile.count();
  json["at"] = to_string(peak.at);
  json["windowEnd"] = to_string(peak.window_end);
  if (!peak.event.empty()) {
    json["event"] = peak.event;
    json["eventUpliftViewers"] = peak.event_uplift.count();
    json["eventGuessed"] = peak.event_guessed;
  }
  if (peak.outweighed_by != model::Forecaster::kEdgetide)
    json["outweighedBy"] = model::to_string(peak.outweighed_by);
  return json;
}

Json accuracy_json(const std::vector<model::ForecastAccuracy>& accuracy) {
  Json json = Json::array();
  for (const auto& record : accuracy) {
    json.push_back({{"forecaster", model::to_string(record.forecaster)},
                    {"windowSeconds", record.window.count()},
                    {"coverage", record.coverage.count()},
                    {"pinballLossViewers", record.pinball.count()}});
  }
  return json;
}

Json sizing_json(const model::PlanReport& report) {
  const model::Sizing& sizing = report.sizing;
  Json needs = Json::array();
  for (const auto& need : sizing.needs) {
    needs.push_back({{"resource", model::to_string(need.resource)},
                     {"load", need.load},
                     {"usableCapacityPerReplica", need.usable_capacity},
                     {"replicas", need.replicas.count()}});
  }
  Json json{{"basis", model::to_string(sizing.basis)},
            {"plannedViewers", sizing.planned.count()},
            {"plannedViewersAfterLoss", sizing.planned_after_loss.count()},
            {"needs", std::move(needs)},
            {"bindingResource", model::to_string(sizing.binding)},
            {"servingReplicas", sizing.serving.count()}};
  if (!model::spread_unknown(report)) json["survivingReplicas"] = sizing.survivors.count();
  if (sizing.of_arrivals.count() > 0)
    json["arrivalHandshakesPerSecond"] = sizing.of_arrivals.count();
  if (sizing.of_reconnects.count() > 0)
    json["reconnectHandshakesPerSecond"] = sizing.of_reconnects.count();
  json["replicasWithRedundancy"] = sizing.with_redundancy.count();
  json["missingReplicas"] = sizing.missing.count();
  return json;
}

void add_reserve(Json& domain, const model::PlanReport& report, std::size_t index) {
  if (index < report.spare_viewers.size())
    domain["spareViewers"] = report.spare_viewers[index].count();
  if (index < report.reserve_missing.size())
    domain["reserveMissing"] = report.reserve_missing[index].count();
}

/// Where the scheduler has put the replicas of the one workload.
void add_spread(Json& workload, const model::Spread& spread, const model::PlanReport& report) {
  if (spread.max_skew) workload["maxSkew"] = *spread.max_skew;
  if (!spread.unknown.empty()) workload["spreadUnknown"] = spread.unknown;
  workload["failureDomains"] = Json::array();
  for (std::size_t i = 0; i < spread.domains.size(); ++i) {
    const auto& [name, ready, cold, starting] = spread.domains[i];
    Json domain{{"name", name}, {"ready", ready.count()}, {"starting", starting.count()}};
    add_reserve(domain, report, i);
    workload["failureDomains"].push_back(std::move(domain));
  }
}

Json domains_json(const model::PlanReport& report) {
  Json domains = Json::array();
  for (std::size_t i = 0; i < report.plan.domains.size(); ++i) {
    const auto& plan = report.plan.domains[i];
    const auto& seen = report.observation.domains[i];
    Json domain{{"name", plan.name}, {"known", seen.known}};
    if (seen.known) {
      domain["specified"] = seen.specified.count();
      domain["ready"] = seen.ready.count();
      domain["starting"] = seen.starting.count();
      domain["desired"] = plan.to.count();
      if (seen.start_time) domain["startSeconds"] = seen.start_time->count();
    } else {
      domain["detail"] = seen.detail;
    }
    if (!seen.spread) add_reserve(domain, report, i);
    if (seen.spread) add_spread(domain, *seen.spread, report);
    domains.push_back(std::move(domain));
  }
  return domains;
}

Json verdicts_json(const std::vector<model::GuardVerdict>& verdicts) {
  Json json = Json::array();
  for (const auto& verdict : verdicts) {
    json.push_back({{"guard", verdict.guard},
                    {"before", verdict.before.count()},
                    {"after", verdict.after.count()},
                    {"reason", verdict.reason},
                    {"detail", verdict.detail}});
  }
  return json;
}

Json conditions_json(const std::vector<model::Condition>& conditions) {
  Json json = Json::array();
  for (const auto& condition : conditions) {
    json.push_back({{"type", condition.type},
                    {"status", model::to_string(condition.status)},
                    {"reason", condition.reason},
                    {"message", condition.message}});
  }
  return json;
}

void append_yaml(std::string& text, const Json& value, std::size_t indent);

/// After "key:" or "-": a scalar on the same line, anything larger on lines of its own.
void append_yaml_value(std::string& text, const Json& value, std::size_t indent) {
  if (value.is_structured() && !value.empty()) {
    text += '\n';
    append_yaml(text, value, indent);
  } else {
    text += ' ' + value.dump() + '\n';
  }
}

/// Quoted unless it is a name that can be nothing else: "50" would be read as a number.
std::string yaml_key(const std::string& key) {
  constexpr std::array kWords{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  const auto is_in_names = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
  };
  const std::string lower = lower_case(key);
  const bool is_name =
      !key.empty() && is_letter(key.front()) && std::ranges::all_of(key, is_in_names) &&
      std::ranges::none_of(kWords, [&](const char* word) { return lower == word; });
  return is_name ? key : Json(key).dump();
}

void append_yaml(std::string& text, const Json& value, std::size_t indent) {
  const std::string margin(indent, ' ');
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      text += margin + yaml_key(key) + ':';
      append_yaml_value(text, member, indent + 2);
    }
  } else if (value.is_array()) {
    for (const auto& element : value) {
      // The element's own lines, the first of which begins with the dash.
      std::string lines;
      append_yaml(lines, element, indent + 2);
      text += margin + "- " + lines.substr(indent + 2);
    }
  } else {
    text += margin + value.dump() + '\n';
  }
}

Json drawn_json(const model::DrawnLoad& load) {
  return {{"total", load.total().count()},
          {"forViewers", load.for_viewers.count()},
          {"forLive", load.for_live.count()},
          {"forColdCaches", load.for_cold_caches.count()}};
}

Json outlook_json(const model::CapacityOutlook& outlook) {
  Json shortfalls = Json::array();
  for (const auto& ahead : outlook.shortfalls) {
    Json json{{"start", to_string(ahead.start)},
              {"peak", to_string(ahead.peak)},
              {"end", to_string(ahead.end)},
              {"actBy", to_string(ahead.act_by)},
              {"requiredReplicas", ahead.required.count()},
              {"availableReplicas", ahead.available.count()},
              {"viewers", ahead.viewers.count()}};
    if (ahead.egress) json["egressBitsPerSecond"] = ahead.egress->count();
    if (!ahead.event.empty()) json["event"] = ahead.event;
    json["cause"] = ahead.cause;
    json["message"] = ahead.detail;
    shortfalls.push_back(std::move(json));
  }
  Json json{{"until", to_string(outlook.until)},
            {"most",
             {{"at", to_string(outlook.most.at)},
              {"viewers", outlook.most.viewers.count()},
              {"requiredReplicas", outlook.most.required.count()},
              {"availableReplicas", outlook.most.available.count()}}},
            {"shortfalls", std::move(shortfalls)}};
  if (!outlook.unknown.empty()) json["unknown"] = outlook.unknown;
  return json;
}

}  // namespace

nlohmann::ordered_json json_report(const model::PlanReport& report) {
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "PlanReport"},
            {"pool", {{"namespace", report.pool.name_space}, {"name", report.pool.name}}},
            {"mode", model::to_string(report.mode)},
            {"time", to_string(report.at)},
            {"summary", report.summary},
            {"action", model::to_string(report.plan.action)},
            {"replicas", report.plan.total_from().count()},
            {"desiredReplicas", report.plan.total_to().count()},
            {"leadTimeSeconds", report.lead_time.count()},
            {"demand", demand_json(report.observation.demand)},
            {"forecast", forecast_json(report.peak)},
            {"accuracy", accuracy_json(report.accuracy)},
            {"sizing", sizing_json(report)},
            {"verdicts", verdicts_json(report.verdicts)},
            {"domains", domains_json(report)},
            {"contended", report.contended},
            {"conditions", conditions_json(report.conditions)}};
  if (report.service.judged > Seconds{0}) {
    json["service"] = {{"judgedSeconds", report.service.judged.count()},
                       {"shortSeconds", report.service.short_for.count()}};
  }
  if (report.shortfall) {
    json["shortfall"] = {{"requiredReplicas", report.shortfall->required.count()},
                         {"grantedReplicas", report.shortfall->granted.count()},
                         {"at", to_string(report.shortfall->at)},
                         {"cause", report.shortfall->cause},
                         {"message", report.shortfall->detail}};
  }
  if (report.draws) json["drawsBitsPerSecond"] = drawn_json(*report.draws);
  if (report.drawn) json["drawnBitsPerSecond"] = drawn_json(*report.drawn);
  if (report.outlook) json["outlook"] = outlook_json(*report.outlook);
  if (!report.violations.empty()) {
    Json violations = Json::array();
    for (const auto& violation : report.violations) {
      violations.push_back({{"rule", violation.rule}, {"detail", violation.detail}});
    }
    json["violations"] = std::move(violations);
  }
  return json;
}

std::string json_line(const model::PlanReport& report) { return json_report(report).dump(); }

std::string to_yaml(const nlohmann::ordered_json& value) {
  std::string text;
  append_yaml(text, value, 0);
  return text;
}

std::string document(const nlohmann::ordered_json& value, const std::string& format) {
  return format == "yaml" ? to_yaml(value) : value.dump(2) + "\n";
}

}  // namespace edgetide::report
