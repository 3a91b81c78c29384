#include "cli/history_output.h"

#include <nlohmann/json.hpp>

#include "cli/text_table.h"

namespace edgetide::cli {

std::string print_recent(const kube::PoolStatus& pool, const std::string& format) {
  TextTable table({"TIME", "ACTION", "FROM", "TO", "BECAUSE OF"});
  auto decisions = nlohmann::ordered_json::array();
  for (const auto& [at, action, from, to, reason] : pool.record.decisions) {
    table.add(
        {to_string(at), action, std::to_string(from.count()), std::to_string(to.count()), reason});
    decisions.push_back({{"at", to_string(at)},
                         {"action", action},
                         {"from", from.count()},
                         {"to", to.count()},
                         {"reason", reason}});
  }
  if (format == "text") return decisions.empty() ? "" : table.text();
  const nlohmann::ordered_json history{{"apiVersion", "edgetide.io/v1alpha1"},
                                       {"kind", "DecisionHistory"},
                                       {"namespace", pool.key.name_space},
                                       {"name", pool.key.name},
                                       {"decisions", std::move(decisions)}};
  return history.dump(2) + "\n";
}

}  // namespace edgetide::cli
