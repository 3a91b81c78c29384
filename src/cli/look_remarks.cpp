#include "cli/look_remarks.h"

#include <algorithm>

#include "report/time_text.h"

namespace edgetide::cli {

std::string remark_on_last_sample(Instant last, Instant now) {
  return "as of " + to_string(last) + ", the last sample of --demand, " +
         report::age_text(last, now) + " ago; --at names another moment";
}

std::string remark_on_unmatched(const kube::Manifests& manifests) {
  const auto carried = [&](const kube::StreamEventResource& event) {
    return std::ranges::any_of(manifests.pools, [&](const model::EdgePool& pool) {
      return event.key.name_space == pool.key.name_space && event.pools.matches(pool.labels);
    });
  };
  std::size_t unmatched = 0;
  std::string first;
  for (const auto& event : manifests.events) {
    if (carried(event)) continue;
    if (unmatched++ == 0) first = event.key.text();
  }
  if (unmatched == 0) return "";
  return std::to_string(unmatched) + " of " + std::to_string(manifests.events.size()) +
         " StreamEvents match no pool of these files by namespace and spec.pools, such as " + first;
}

std::vector<std::string> remarks_on_fuller_domains(const std::vector<model::EdgePool>& pools,
                                                   Replicas per_domain) {
  std::vector<std::string> remarks;
  for (const auto& pool : pools) {
    for (const auto& domain : pool.domains) {
      if (per_domain <= domain.max_replicas) continue;
      remarks.push_back("--replicas: " + std::to_string(per_domain.count()) +
                        " in each domain are more than the " +
                        std::to_string(domain.max_replicas.count()) + " that " + domain.name +
                        " of " + pool.key.text() + " may hold");
    }
  }
  return remarks;
}

std::vector<std::string> remarks_on_spread(const std::vector<app::Look>& looks) {
  std::vector<std::string> remarks;
  for (const auto& look : looks) {
    const auto* spread = model::spread_of(look.report.observation);
    const bool promised = look.pool.redundancy.survive == model::Survive::kFailureDomain;
    if (promised && !look.pool.topology_key.empty() && spread == nullptr)
      remarks.push_back(look.pool.key.text() +
                        ": files do not tell in which failure domains the scheduler puts its "
                        "replicas: sized for the viewers alone, without a reserve for a loss; "
                        "--zones says over how many");
  }
  return remarks;
}

}  // namespace edgetide::cli
