#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/text_table.h"
#include "edgetide/core/lower_case.h"
#include "edgetide/core/nearest.h"
#include "report/alert_rules.h"
#include "report/reasons.h"
#include "report/structured_report.h"
#include "report/words.h"
#include "yaml/yaml.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What is told of: everything, or what has one of the words that were given.
class Wanted {
 public:
  explicit Wanted(std::vector<std::string> words) : words_(std::move(words)) {}

  [[nodiscard]] bool all() const { return words_.empty(); }
  [[nodiscard]] bool has(std::string_view reason) const {
    return all() || std::ranges::find(words_, reason) != words_.end();
  }
  /// A word that nothing has; nothing when there is none.
  [[nodiscard]] std::optional<std::string> unknown(const std::vector<std::string>& known) const {
    for (const std::string& word : words_) {
      if (std::ranges::find(known, word) == known.end()) return word;
    }
    return std::nullopt;
  }

 private:
  std::vector<std::string> words_;
};

/// What an alert is named, how bad it is and what it says.
struct AlertText {
  std::string name;
  std::string severity;
  std::string summary;
  std::string runbook;
};

/// Of the chart's rules. Text that is not theirs would be a fault of the build: it is left out.
std::vector<AlertText> alerts() {
  std::vector<AlertText> all;
  const auto text = [](const yaml::Value* object, std::string_view key) {
    const yaml::Value* found = object != nullptr ? object->find(key) : nullptr;
    const std::string* words = found != nullptr ? found->as_string() : nullptr;
    return words != nullptr ? *words : std::string{};
  };
  const auto documents = yaml::load_all(report::alert_rules(), "alerts.yaml");
  if (!documents.ok() || documents->empty()) return all;
  const yaml::Value* groups = documents->front().find("groups");
  if (groups == nullptr) return all;
  for (const yaml::Value& group : groups->items()) {
    const yaml::Value* rules = group.find("rules");
    if (rules == nullptr) continue;
    for (const yaml::Value& rule : rules->items()) {
      const yaml::Value* notes = rule.find("annotations");
      if (rule.find("alert") == nullptr) continue;
      all.push_back({text(&rule, "alert"), text(rule.find("labels"), "severity"),
                     text(notes, "summary"), text(notes, "runbook_url")});
    }
  }
  return all;
}

std::vector<std::string> all_words() {
  std::vector<std::string> words;
  for (const auto& one : report::verdict_reasons()) words.emplace_back(one.reason);
  for (const auto& one : report::shortfall_reasons()) words.emplace_back(one.reason);
  for (const auto& one : report::condition_reasons()) {
    words.emplace_back(one.reason);
    words.emplace_back(one.type);
  }
  for (const auto& one : report::event_reasons()) words.emplace_back(one.reason);
  for (const auto& one : report::words()) words.emplace_back(one.word);
  for (const auto& one : alerts()) words.push_back(one.name);
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  std::erase_if(words, [](const std::string& word) { return word.find(' ') != word.npos; });
  return words;
}

Json reasons_json(std::span<const report::ReasonText> reasons, const Wanted& wanted) {
  Json items = Json::array();
  for (const auto& [reason, meaning, remedy] : reasons) {
    if (!wanted.has(reason)) continue;
    items.push_back({{"reason", reason}, {"meaning", meaning}});
    if (!remedy.empty()) items.back()["remedy"] = remedy;
  }
  return items;
}

Json json_of(const Wanted& wanted) {
  Json conditions = Json::array();
  for (const auto& [type, status, reason, meaning] : report::condition_reasons()) {
    if (wanted.has(type) || wanted.has(reason))
      conditions.push_back(
          {{"type", type}, {"status", status}, {"reason", reason}, {"meaning", meaning}});
  }
  Json events = Json::array();
  for (const auto& [reason, regarding, warning, meaning] : report::event_reasons()) {
    if (wanted.has(reason))
      events.push_back({{"reason", reason},
                        {"regarding", regarding},
                        {"type", warning ? "Warning" : "Normal"},
                        {"meaning", meaning}});
  }
  Json others = Json::array();
  for (const auto& [word, where, meaning] : report::words()) {
    if (wanted.has(word))
      others.push_back({{"word", word}, {"where", where}, {"meaning", meaning}});
  }
  Json rules = Json::array();
  for (const auto& [name, severity, summary, runbook] : alerts()) {
    if (wanted.has(name))
      rules.push_back(
          {{"name", name}, {"severity", severity}, {"summary", summary}, {"runbook", runbook}});
  }
  return {{"apiVersion", "edgetide.io/v1alpha1"},
          {"kind", "ReasonList"},
          {"verdicts", reasons_json(report::verdict_reasons(), wanted)},
          {"shortfalls", reasons_json(report::shortfall_reasons(), wanted)},
          {"conditions", std::move(conditions)},
          {"events", std::move(events)},
          {"words", std::move(others)},
          {"alerts", std::move(rules)}};
}

/// A paragraph each, as people read it.
std::string text_of(const Wanted& wanted) {
  std::string text;
  const auto tell = [&](const std::string& head, std::string_view meaning,
                        std::string_view remedy = "") {
    text += (text.empty() ? "" : "\n") + head + "\n" + wrapped(std::string(meaning), "  ");
    if (!remedy.empty()) text += wrapped(std::string(remedy), "  -> ");
  };
  for (const auto& [reason, meaning, remedy] : report::verdict_reasons()) {
    if (wanted.has(reason)) tell(std::string(reason), meaning, remedy);
  }
  for (const auto& [reason, meaning, remedy] : report::shortfall_reasons()) {
    if (wanted.has(reason)) tell(std::string(reason) + ", of a shortfall", meaning, remedy);
  }
  for (const auto& [type, status, reason, meaning] : report::condition_reasons()) {
    if (wanted.has(type) || wanted.has(reason))
      tell(
          "condition " + std::string(type) + " " + std::string(status) + ", " + std::string(reason),
          meaning);
  }
  for (const auto& [reason, regarding, warning, meaning] : report::event_reasons()) {
    if (wanted.has(reason))
      tell("Event " + std::string(reason) + " of an " + std::string(regarding), meaning);
  }
  for (const auto& [word, where, meaning] : report::words()) {
    if (wanted.has(word)) tell(std::string(word) + ", of " + std::string(where), meaning);
  }
  for (const auto& [name, severity, summary, runbook] : alerts()) {
    if (wanted.has(name)) tell("alert " + name + ", " + severity, summary, runbook);
  }
  return text;
}

/// The words as they are spelled, where people left capitals out.
std::vector<std::string> as_spelled(const std::vector<std::string>& given,
                                    const std::vector<std::string>& known) {
  std::vector<std::string> all;
  for (const auto& word : given) {
    const std::size_t before = all.size();
    for (const auto& one : known)
      if (lower_case(one) == lower_case(word)) all.push_back(one);
    if (all.size() == before) all.push_back(word);
  }
  return all;
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto words = all_words();
  const Wanted wanted(as_spelled(settings.arguments(), words));
  if (const auto unknown = wanted.unknown(words)) {
    const auto meant = nearest(*unknown, words);
    return fail(console, {.code = ErrorCode::kNotFound,
                          .message = "no word of ours" +
                                     (meant ? "; did you mean " + *meant + "?" : std::string{}),
                          .context = *unknown});
  }
  const std::string format = settings.text("output");
  if (format == "text") {
    console.out << text_of(wanted);
  } else {
    const Json list = json_of(wanted);
    console.out << (format == "yaml" ? report::to_yaml(list) : list.dump(2) + "\n");
  }
  return Exit::kOk;
}

}  // namespace

Command reasons_command() {
  return {.name = "reasons",
          .summary = "what a word in any output or alert means, and what helps",
          .usage = "reasons [WORD]... [-o text|json|yaml]",
          .about =
              "Tells what the words mean that verdicts, shortfalls, conditions, Events, tables and "
              "alerts give, and\nwhat helps: all of them, or those that are named. A basis is "
              "asked for "
              "without its event: Event.\nTouches no cluster.",
          .options = {output_option({"text", "json", "yaml"})},
          .examples = {"edgetide reasons MaximumReached", "edgetide reasons RedundancyMet",
                       "edgetide reasons Forecast EdgetideDemandStale", "edgetide reasons -o json"},
          .max_arguments = 100,
          .words = all_words(),
          .run = run};
}

}  // namespace edgetide::cli
