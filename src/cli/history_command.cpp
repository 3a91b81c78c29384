#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "store/store.h"

namespace edgetide::cli {
namespace {

std::vector<config::Option> options() {
  return {{.name = "data-dir",
           .help = "The operator's --data-dir, or a copy of it.",
           .value_name = "DIR"},
          {.name = "last",
           .help = "How many decisions, counted from the newest.",
           .kind = config::Option::Kind::kInteger,
           .value_name = "N",
           .default_value = "20",
           .min = 1,
           .max = 100'000},
          {.name = "output",
           .help = "How to print.",
           .value_name = "FORMAT",
           .default_value = "text",
           .short_name = 'o',
           .choices = {"text", "json"}}};
}

void print_json(const ObjectKey& pool, const std::vector<store::KeptDecision>& decisions,
                const Console& console) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& decision : decisions) {
    auto report = nlohmann::ordered_json::parse(decision.report, nullptr, false);
    if (report.is_discarded()) report = nullptr;
    all.push_back({{"at", to_string(decision.at)},
                   {"summary", decision.summary},
                   {"writes", decision.writes},
                   {"report", std::move(report)}});
  }
  const nlohmann::ordered_json history{{"apiVersion", "edgetide.io/v1alpha1"},
                                       {"kind", "DecisionHistory"},
                                       {"namespace", pool.name_space},
                                       {"name", pool.name},
                                       {"decisions", std::move(all)}};
  console.out << history.dump(2) << '\n';
}

void print_text(const std::vector<store::KeptDecision>& decisions, const Console& console) {
  for (const auto& decision : decisions) {
    console.out << to_string(decision.at) << "  " << decision.summary;
    if (!decision.writes.empty()) console.out << "; wrote " << decision.writes;
    console.out << '\n';
  }
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto slash =
      settings.arguments().empty() ? std::string::npos : settings.arguments().front().find('/');
  if (slash == std::string::npos || settings.text("data-dir").empty()) {
    return fail(console, {.code = ErrorCode::kInvalid,
                          .message = "history wants one NAMESPACE/POOL, and --data-dir"});
  }
  const std::string& name = settings.arguments().front();
  const ObjectKey pool{name.substr(0, slash), name.substr(slash + 1)};
  const auto decisions =
      store::read_decisions(settings.text("data-dir"), pool, *settings.integer("last"));
  if (!decisions.ok()) return fail(console, decisions.error());
  if (decisions->empty()) {
    return fail(console, {.code = ErrorCode::kNotFound,
                          .message = "no decision was kept",
                          .context = "EdgePool " + pool.text()});
  }
  settings.text("output") == "json" ? print_json(pool, *decisions, console)
                                    : print_text(*decisions, console);
  return Exit::kOk;
}

}  // namespace

Command history_command() {
  return {.name = "history",
          .summary = "what was decided for a pool, and why",
          .usage = "history NAMESPACE/POOL --data-dir DIR [options]",
          .about =
              "Reads the decisions that an operator with --data-dir has kept, newest first: those "
              "that\nwere acted on, and those that differ from the one before. -o json has the "
              "whole report of each.",
          .options = options(),
          .examples = {"edgetide history video/live-edge --data-dir /var/lib/edgetide",
                       "edgetide history video/live-edge --data-dir copy -o json --last 1"},
          .max_arguments = 1,
          .run = run};
}

}  // namespace edgetide::cli
