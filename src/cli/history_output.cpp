#include "cli/history_output.h"

#include <nlohmann/json.hpp>

#include "cli/text_table.h"
#include "report/structured_report.h"

namespace edgetide::cli {
namespace {

const char* written_text(const std::optional<bool>& dry_run) {
  if (!dry_run) return "not known";
  return *dry_run ? "no, DryRun" : "yes";
}

}  // namespace

std::string print_recent(const kube::PoolStatus& pool, const std::string& format) {
  TextTable table({"TIME", "ACTION", "FROM", "TO", "WRITTEN", "BECAUSE OF"});
  auto decisions = nlohmann::ordered_json::array();
  for (const auto& [at, action, from, to, reason, dry_run] : pool.record.decisions) {
    table.add({to_string(at), action, std::to_string(from.count()), std::to_string(to.count()),
               written_text(dry_run), reason});
    nlohmann::ordered_json decision{{"at", to_string(at)},
                                    {"action", action},
                                    {"from", from.count()},
                                    {"to", to.count()},
                                    {"reason", reason}};
    if (dry_run) decision["dryRun"] = *dry_run;
    decisions.push_back(std::move(decision));
  }
  if (format == "text") return decisions.empty() ? "" : table.text();
  const nlohmann::ordered_json history{{"apiVersion", "edgetide.io/v1alpha1"},
                                       {"kind", "DecisionHistory"},
                                       {"namespace", pool.key.name_space},
                                       {"name", pool.key.name},
                                       {"decisions", std::move(decisions)}};
  return format == "yaml" ? report::to_yaml(history) : history.dump(2) + "\n";
}

}  // namespace edgetide::cli
