#include "cli/zones_option.h"

#include <algorithm>

#include "edgetide/model/even_spread.h"

namespace edgetide::cli {

std::vector<config::Option> zones_options() {
  return {{.name = "zones",
           .help = "Over how many failure domains the scheduler spreads a workload of "
                   "spec.topologyKey, evenly; without it no reserve for the loss of one is kept.",
           .kind = config::Option::Kind::kInteger,
           .value_name = "NUMBER",
           .min = 2,
           .max = 1000},
          {.name = "max-skew",
           .help = "With --zones: maxSkew of its topologySpreadConstraint, which is taken to be "
                   "DoNotSchedule. Default 1.",
           .kind = config::Option::Kind::kInteger,
           .value_name = "NUMBER",
           .min = 1,
           .max = 1000}};
}

Result<std::optional<model::Spread>> spread_of(const config::Settings& settings,
                                               const std::vector<model::EdgePool>& pools) {
  const auto wrong = [](const char* option, const char* why) {
    return Error{.code = ErrorCode::kInvalid, .message = why, .context = option};
  };
  const auto zones = settings.integer("zones");
  const auto skew = settings.integer("max-skew");
  if (!zones && skew) return wrong("--max-skew", "needs --zones");
  if (!zones) return std::optional<model::Spread>{};
  const bool any_spread = std::ranges::any_of(
      pools, [](const model::EdgePool& pool) { return !pool.topology_key.empty(); });
  if (!any_spread)
    return wrong("--zones",
                 "no pool has a spec.topologyKey: each failure domain of spec."
                 "failureDomains has a workload of its own");
  return std::optional(
      model::over_zones(static_cast<std::size_t>(*zones), static_cast<int>(skew.value_or(1))));
}

}  // namespace edgetide::cli
