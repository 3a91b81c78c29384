#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/explanation.h"
#include "cli/text_table.h"
#include "edgetide/core/grouped.h"
#include "report/structured_report.h"
#include "report/text_report.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using kube::PoolStatus;

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

std::string right(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string count_text(const std::optional<Replicas>& replicas) {
  return replicas ? std::to_string(replicas->count()) : "?";
}

/// "(30s old)"; nothing for what has no time, or one to come.
std::string old_text(const std::optional<Instant>& at, Instant now) {
  return at && *at <= now ? " (" + report::age_text(*at, now) + " old)" : "";
}

std::string head_text(const PoolStatus& status, Instant now) {
  std::string text = status.key.text() + "  " + status.mode;
  if (status.decided_at) text += ", decided " + report::age_text(*status.decided_at, now) + " ago";
  return text + ": " + count_text(status.ready) + " Ready, " + count_text(status.desired) +
         " decided\n" + (status.summary.empty() ? "" : wrapped(status.summary, "  "));
}

std::string inputs_text(const Explanation& explanation, Instant now) {
  std::size_t width = 0;
  for (const auto& input : explanation.inputs) width = std::max(width, input.name.size());
  width = std::min<std::size_t>(width, 24);
  std::string text = "\nINPUTS\n";
  for (const auto& input : explanation.inputs)
    text += wrapped(input.value + old_text(input.at, now), "  " + padded(input.name, width) + "  ");
  return text;
}

std::string numbers_text(const Explanation& explanation) {
  std::size_t width = 0;
  std::size_t unit_width = 0;
  for (const auto& number : explanation.numbers) {
    width = std::max(width, grouped(number.value).size());
    unit_width = std::max(unit_width, number.unit.size());
  }
  std::string text = "\nNUMBERS\n";
  if (explanation.numbers.empty())
    text += wrapped("none: neither demand nor a forecast to size by; what stands is held", "  ");
  for (const auto& number : explanation.numbers)
    text += wrapped(number.meaning, "  " + right(grouped(number.value), width) + " " +
                                        padded(number.unit, unit_width) + "  ");
  return text;
}

std::string limits_text(const PoolStatus& status) {
  std::string text = "\nLIMITS, each of which wins over those before\n";
  if (status.verdicts.empty()) return text + "  none: the size is what the numbers ask for\n";
  for (const model::GuardVerdict& verdict : status.verdicts)
    text += wrapped(std::to_string(verdict.before.count()) + " -> " +
                        std::to_string(verdict.after.count()) + "  " + verdict.reason + ": " +
                        verdict.detail,
                    "  " + padded(verdict.guard, 17) + " ");
  return text;
}

/// Where the scheduler places what is ordered as a whole.
std::string spread_text(const PoolStatus& status) {
  TextTable table({"DOMAIN", "READY", "STARTING", "RESERVE LACKS"});
  for (const PoolStatus::Domain& domain : status.domains)
    table.add({domain.name, count_text(domain.ready), count_text(domain.starting),
               count_text(domain.reserve_missing)});
  return "\n" + table.text();
}

std::string domains_text(const PoolStatus& status) {
  TextTable table({"DOMAIN", "ORDERED", "READY", "STARTING", "DECIDED", "RESERVE LACKS"});
  for (const PoolStatus::Domain& domain : status.domains)
    table.add({domain.name, count_text(domain.specified), count_text(domain.ready),
               count_text(domain.starting), count_text(domain.desired),
               count_text(domain.reserve_missing)});
  return "\n" + table.text();
}

std::string changes_text(const Explanation& explanation) {
  std::string text = "\nWHAT WOULD CHANGE IT\n";
  for (const std::string& change : explanation.changes) text += wrapped(change, "  - ");
  return text;
}

Json json_of(const Explanation& explanation) {
  const PoolStatus& status = explanation.status;
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "PoolExplanation"},
            {"namespace", status.key.name_space},
            {"name", status.key.name},
            {"mode", status.mode},
            {"inputs", Json::array()},
            {"numbers", Json::array()},
            {"limits", Json::array()},
            {"changes", explanation.changes}};
  if (status.decided_at) json["decidedAt"] = to_string(*status.decided_at);
  if (status.ready) json["ready"] = status.ready->count();
  if (status.desired) json["desired"] = status.desired->count();
  json["summary"] = status.summary;
  for (const auto& [name, value, at] : explanation.inputs) {
    Json input{{"name", name}, {"value", value}};
    if (at) input["time"] = to_string(*at);
    json["inputs"].push_back(std::move(input));
  }
  for (const auto& [value, unit, meaning] : explanation.numbers)
    json["numbers"].push_back({{"value", value}, {"unit", unit}, {"meaning", meaning}});
  for (const model::GuardVerdict& verdict : status.verdicts)
    json["limits"].push_back({{"guard", verdict.guard},
                              {"before", verdict.before.count()},
                              {"after", verdict.after.count()},
                              {"reason", verdict.reason},
                              {"detail", verdict.detail}});
  return json;
}

}  // namespace

std::string print_explanation(const Explanation& explanation, const std::string& format,
                              Instant now) {
  if (format == "json") return json_of(explanation).dump(2) + "\n";
  if (format == "yaml") return report::to_yaml(json_of(explanation));
  return head_text(explanation.status, now) + inputs_text(explanation, now) +
         numbers_text(explanation) + limits_text(explanation.status) +
         (explanation.spread_by_scheduler ? spread_text(explanation.status)
                                          : domains_text(explanation.status)) +
         changes_text(explanation);
}

}  // namespace edgetide::cli
