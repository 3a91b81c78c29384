#include "cli/ahead_output.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/text_table.h"
#include "json/json.h"
#include "report/structured_report.h"
#include "report/text_report.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using app::Needed;
using report::grouped;

std::string count_text(Replicas replicas) { return std::to_string(replicas.count()); }

/// "56-74", or one number where both are the same.
std::string range_text(const std::string& low, const std::string& high) {
  return low == high ? low : low + "-" + high;
}

std::string short_text(const Needed& needed) {
  return needed.missing > Replicas{0} ? count_text(needed.missing) : "";
}

/// "20:15", with the day where it is another than the first one's.
std::string clock_text_of(Instant at, Instant first) {
  const std::string text = to_string(at);
  const std::string clock = text.substr(11, 5);
  return text.substr(0, 10) == to_string(first).substr(0, 10) ? clock
                                                              : text.substr(5, 5) + " " + clock;
}

std::string table(const PoolAhead& ahead) {
  const auto& look = ahead.look;
  std::string text = look.pool.key.text() + "  " + std::string(model::to_string(look.pool.mode)) +
                     "  " + to_string(look.report.at) + "\n";
  if (ahead.steps.empty()) return text + wrapped(app::unforeseen(look), "nothing is foreseen: ");
  TextTable table({"UTC", "IN", "VIEWERS", "UP TO", "REPLICAS", "UP TO", "SHORT", "EVENT"});
  for (const app::StepAhead& step : ahead.steps) {
    table.add({clock_text_of(step.at, look.report.at), report::time_until(step.at, look.report.at),
               grouped(step.likely.viewers.count()), grouped(step.high.viewers.count()),
               count_text(step.likely.replicas), count_text(step.high.replicas),
               short_text(step.high), step.event});
  }
  return text + table.text();
}

Json needed_json(const Needed& needed) {
  return {{"viewers", std::llround(needed.viewers.count())},
          {"replicas", needed.replicas.count()},
          {"missingReplicas", needed.missing.count()}};
}

Json ahead_json(const PoolAhead& ahead) {
  const auto& look = ahead.look;
  Json json{{"namespace", look.pool.key.name_space},
            {"name", look.pool.key.name},
            {"mode", model::to_string(look.pool.mode)},
            {"time", to_string(look.report.at)},
            {"leadTimeSeconds", look.pool.lead_time.count()}};
  if (ahead.steps.empty()) json["unforeseen"] = app::unforeseen(look);
  json["steps"] = Json::array();
  for (const auto& [at, likely, high, event] : ahead.steps) {
    Json step{
        {"time", to_string(at)}, {"likely", needed_json(likely)}, {"high", needed_json(high)}};
    if (!event.empty()) step["event"] = event;
    json["steps"].push_back(std::move(step));
  }
  return json;
}

Json effect_json(const PoolEffect& one) {
  const auto& [pool, effect] = one;
  Json json{{"event", effect.event.name},
            {"start", to_string(effect.event.start)},
            {"end", to_string(effect.event.end())},
            {"pool", {{"namespace", pool.name_space}, {"name", pool.name}}},
            {"peakAt", to_string(effect.at)},
            {"bringsViewers", std::llround(effect.brings.count())},
            {"bringsViewersHigh", std::llround(effect.brings_high.count())},
            {"without", needed_json(effect.without)},
            {"likely", needed_json(effect.likely)},
            {"high", needed_json(effect.high)}};
  if (!effect.event.event_class.empty()) json["class"] = effect.event.event_class;
  return json;
}

std::string effects_csv(const std::vector<PoolEffect>& effects) {
  std::string text =
      "start,event,class,namespace,pool,brings_viewers,brings_viewers_high,replicas_without,"
      "replicas,replicas_high,missing_replicas\n";
  for (const auto& [pool, effect] : effects) {
    text +=
        csv_row({to_string(effect.event.start), effect.event.name, effect.event.event_class,
                 pool.name_space, pool.name, json::number_text(std::round(effect.brings.count())),
                 json::number_text(std::round(effect.brings_high.count())),
                 count_text(effect.without.replicas), count_text(effect.likely.replicas),
                 count_text(effect.high.replicas), count_text(effect.high.missing)});
  }
  return text;
}

std::string effects_table(const std::vector<PoolEffect>& effects, Instant now) {
  TextTable table({"EVENT", "IN", "POOL", "BRINGS", "REPLICAS", "SHORT"});
  for (const auto& [pool, effect] : effects) {
    table.add({effect.event.name, report::time_until(effect.event.start, now), pool.text(),
               range_text(grouped(effect.brings.count()), grouped(effect.brings_high.count())),
               count_text(effect.without.replicas) + " -> " +
                   range_text(count_text(effect.likely.replicas), count_text(effect.high.replicas)),
               short_text(effect.high)});
  }
  return table.text();
}

std::string printed(const Json& items, const char* kind, const std::string& format) {
  const Json list{{"apiVersion", "edgetide.io/v1alpha1"}, {"kind", kind}, {"items", items}};
  return format == "json" ? list.dump(2) + "\n" : report::to_yaml(list);
}

}  // namespace

std::string print_ahead(const std::vector<PoolAhead>& pools, const std::string& format) {
  std::string text;
  Json items = Json::array();
  for (const PoolAhead& pool : pools) {
    text += (text.empty() ? "" : "\n") + table(pool);
    items.push_back(ahead_json(pool));
  }
  return format == "text" ? text : printed(items, "PlanAheadList", format);
}

std::string print_effects(const std::vector<PoolEffect>& effects, const std::string& format,
                          Instant now) {
  if (format == "text") return effects_table(effects, now);
  if (format == "csv") return effects_csv(effects);
  Json items = Json::array();
  for (const PoolEffect& effect : effects) items.push_back(effect_json(effect));
  return printed(items, "EventEffectList", format);
}

}  // namespace edgetide::cli
