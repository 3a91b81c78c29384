#include "cli/ahead_output.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/text_table.h"
#include "edgetide/core/grouped.h"
#include "json/json.h"
#include "report/structured_report.h"
#include "report/text_report.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using app::Needed;

std::string count_text(Replicas replicas) { return std::to_string(replicas.count()); }

/// "56-74", or one number where both are the same.
std::string range_text(const std::string& low, const std::string& high) {
  return low == high ? low : low + "-" + high;
}

/// Where a load is not known, nothing is known to be missing rather than known not to be.
std::string short_text(const Needed& needed, bool all_known) {
  if (needed.missing > Replicas{0}) return count_text(needed.missing);
  return all_known ? "" : "?";
}

/// "20:15", with the day where it is another than the first one's.
std::string clock_text_of(Instant at, Instant first) {
  const std::string text = to_string(at);
  const std::string clock = text.substr(11, 5);
  return text.substr(0, 10) == to_string(first).substr(0, 10) ? clock
                                                              : text.substr(5, 5) + " " + clock;
}

std::string table(const PoolAhead& ahead, std::optional<std::size_t> columns) {
  const auto& look = ahead.look;
  std::string text = look.pool.key.text() + "  " + std::string(model::to_string(look.pool.mode)) +
                     "  " + to_string(look.report.at) + "\n";
  if (ahead.steps.empty()) return text + wrapped(app::unforeseen(look), "nothing is foreseen: ");
  text += "each line: the highest of the " + to_string(ahead.step) + " from its time on\n";
  const auto unknown = app::unknown_loads(look);
  if (!unknown.empty()) text += wrapped(text_of(unknown), "! ");
  TextTable table({"UTC", "IN", "VIEWERS", "UP TO", "REPLICAS", "UP TO", "SHORT", "EVENT"});
  for (const app::StepAhead& step : ahead.steps) {
    table.add({clock_text_of(step.at, look.report.at), report::time_until(step.at, look.report.at),
               grouped(step.likely.viewers.count()), grouped(step.high.viewers.count()),
               count_text(step.likely.replicas), count_text(step.high.replicas),
               short_text(step.high, unknown.empty()), step.event});
  }
  return text + table.text(columns);
}

Json needed_json(const Needed& needed) {
  return {{"viewers", std::llround(needed.viewers.count())},
          {"replicas", needed.replicas.count()},
          {"missingReplicas", needed.missing.count()}};
}

/// Resources that the sizes do not count in.
void add_unknown(Json& json, const std::vector<sizing::UnknownLoad>& unknown) {
  for (const auto& [resource, why] : unknown)
    json["unknownLoads"].push_back({{"resource", model::to_string(resource)}, {"message", why}});
}

Json ahead_json(const PoolAhead& ahead) {
  const auto& look = ahead.look;
  Json json{{"namespace", look.pool.key.name_space},          {"name", look.pool.key.name},
            {"mode", model::to_string(look.pool.mode)},       {"time", to_string(look.report.at)},
            {"leadTimeSeconds", look.pool.lead_time.count()}, {"stepSeconds", ahead.step.count()}};
  add_unknown(json, app::unknown_loads(look));
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
  const auto& [pool, effect, unknown] = one;
  Json json{{"event", effect.event.name},
            {"start", to_string(effect.event.start)},
            {"end", to_string(effect.event.end())},
            {"pool", {{"namespace", pool.name_space}, {"name", pool.name}}}};
  if (!effect.event.event_class.empty()) json["class"] = effect.event.event_class;
  if (effect.event.expected_peak)
    json["expectedPeakViewers"] = std::llround(effect.event.expected_peak->count());
  add_unknown(json, unknown);
  if (!effect.makes) return json;
  const auto& [at, brings, brings_high, without, without_high, likely, high, guessed] =
      *effect.makes;
  json["peakAt"] = to_string(at);
  json["bringsViewers"] = std::llround(brings.count());
  json["bringsViewersHigh"] = std::llround(brings_high.count());
  json["guessed"] = guessed;
  json["without"] = needed_json(without);
  json["withoutHigh"] = needed_json(without_high);
  json["likely"] = needed_json(likely);
  json["high"] = needed_json(high);
  return json;
}

std::string effects_csv(const std::vector<PoolEffect>& effects) {
  std::string text =
      "start,event,class,namespace,pool,brings_viewers,brings_viewers_high,replicas_without,"
      "replicas_without_high,replicas,replicas_high,missing_replicas_without,missing_replicas,"
      "guessed\n";
  const auto missing_text = [](const Needed& needed, bool all_known) {
    return needed.missing > Replicas{0} || all_known ? count_text(needed.missing) : "";
  };
  for (const auto& [pool, effect, unknown] : effects) {
    std::vector<std::string> row{to_string(effect.event.start), effect.event.name,
                                 effect.event.event_class, pool.name_space, pool.name};
    std::vector<std::string> told(9);
    if (const auto& made = effect.makes)
      told = {json::number_text(std::round(made->brings.count())),
              json::number_text(std::round(made->brings_high.count())),
              count_text(made->without.replicas),
              count_text(made->without_high.replicas),
              count_text(made->likely.replicas),
              count_text(made->high.replicas),
              missing_text(made->without_high, unknown.empty()),
              missing_text(made->high, unknown.empty()),
              made->guessed ? "true" : "false"};
    row.insert(row.end(), told.begin(), told.end());
    text += csv_row(row);
  }
  return text;
}

std::string replicas_text(const Needed& likely, const Needed& high) {
  return range_text(count_text(likely.replicas), count_text(high.replicas));
}

/// "22"; "20 -> 22" where 20 would be missing without it.
std::string short_with_it(const app::EventEffect::Difference& made, bool all_known) {
  if (made.without_high.missing <= Replicas{0}) return short_text(made.high, all_known);
  return count_text(made.without_high.missing) + " -> " + count_text(made.high.missing);
}

/// Events of which nobody knows how large they are, once each.
std::string guesses_text(const std::vector<PoolEffect>& effects) {
  std::vector<std::string> names;
  for (const auto& [pool, effect, unknown] : effects) {
    if (!effect.makes || !effect.makes->guessed) continue;
    if (std::ranges::find(names, effect.event.name) == names.end())
      names.push_back(effect.event.name);
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  if (names.empty()) return text;
  return wrapped(text +
                     (names.size() == 1 ? " is a guess: no event like it is"
                                        : " are guesses: no events like them are") +
                     " known, and nobody says how many come (expectedPeakViewers)",
                 "! ");
}

std::string effects_table(const std::vector<PoolEffect>& effects, Instant now,
                          std::optional<std::size_t> columns) {
  TextTable table({"EVENT", "IN", "POOL", "BRINGS", "REPLICAS", "SHORT"});
  for (const auto& [pool, effect, unknown] : effects) {
    const auto& made = effect.makes;
    table.add(
        {effect.event.name, report::time_until(effect.event.start, now), pool.text(),
         made ? range_text(grouped(made->brings.count()), grouped(made->brings_high.count())) : "?",
         made ? replicas_text(made->without, made->without_high) + " -> " +
                    replicas_text(made->likely, made->high)
              : "?",
         made ? short_with_it(*made, unknown.empty()) : "?"});
  }
  return table.text(columns) + guesses_text(effects);
}

/// The same with when it is and what it is like.
std::string effects_wide_table(const std::vector<PoolEffect>& effects,
                               std::optional<std::size_t> columns) {
  TextTable table(
      {"EVENT", "CLASS", "START", "PEAK AT", "POOL", "BRINGS", "WITHOUT", "REPLICAS", "SHORT"});
  for (const auto& [pool, effect, unknown] : effects) {
    const auto& made = effect.makes;
    table.add(
        {effect.event.name, effect.event.event_class, to_string(effect.event.start),
         made ? to_string(made->at) : "?", pool.text(),
         made ? range_text(grouped(made->brings.count()), grouped(made->brings_high.count())) : "?",
         made ? replicas_text(made->without, made->without_high) : "?",
         made ? replicas_text(made->likely, made->high) : "?",
         made ? short_with_it(*made, unknown.empty()) : "?"});
  }
  return table.text(columns);
}

/// Each once, whatever the number of its pools.
std::string effects_names(const std::vector<PoolEffect>& effects) {
  std::string text;
  std::set<std::string> named;
  for (const PoolEffect& one : effects) {
    if (named.insert(one.effect.event.name).second) text += one.effect.event.name + "\n";
  }
  return text;
}

std::string printed(const Json& items, const char* kind, const std::string& format) {
  const Json list{{"apiVersion", "edgetide.io/v1alpha1"}, {"kind", kind}, {"items", items}};
  return report::document(list, format);
}

}  // namespace

std::string print_ahead(const std::vector<PoolAhead>& pools, const std::string& format,
                        std::optional<std::size_t> columns) {
  std::string text;
  Json items = Json::array();
  for (const PoolAhead& pool : pools) {
    text += (text.empty() ? "" : "\n") + table(pool, columns);
    items.push_back(ahead_json(pool));
  }
  return format == "text" ? text : printed(items, "PlanAheadList", format);
}

std::string print_effects(const std::vector<PoolEffect>& effects, const std::string& format,
                          Instant now, std::optional<std::size_t> columns) {
  if (format == "text") return effects_table(effects, now, columns);
  if (format == "wide") return effects_wide_table(effects, columns);
  if (format == "csv") return effects_csv(effects);
  if (format == "name") return effects_names(effects);
  Json items = Json::array();
  for (const PoolEffect& effect : effects) items.push_back(effect_json(effect));
  return printed(items, "EventEffectList", format);
}

}  // namespace edgetide::cli
