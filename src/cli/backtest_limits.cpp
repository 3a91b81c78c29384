#include "cli/backtest_limits.h"

#include <algorithm>

#include "edgetide/core/grouped.h"
#include "edgetide/model/fleet.h"
#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/recommender.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

std::string counted(Replicas replicas) { return grouped(replicas.count()); }

/// Far more than a fleet that was meant for the audience would lack.
constexpr double kOtherUnit = 100;

/// "12 replicas"; where sizing counted no further, that it is more than it counts to.
std::string taken_text(Viewers viewers, const model::EdgePool& pool) {
  const Replicas taken = replicas_taken_by(viewers, pool);
  return taken < sizing::kMostReplicas ? counted(taken)
                                       : "more than " + counted(sizing::kMostReplicas);
}

}  // namespace

Replicas largest_fleet(const model::EdgePool& pool) {
  if (pool.domains.empty()) return pool.replicas.max;
  return std::min(pool.replicas.max, model::total(model::domain_limits(pool)));
}

std::int64_t minutes_at_limit(std::span<const Replicas> decisions, const model::EdgePool& pool) {
  const Replicas most = largest_fleet(pool);
  return std::ranges::count_if(decisions, [&](Replicas asked) { return asked >= most; });
}

Replicas replicas_taken_by(Viewers viewers, const model::EdgePool& pool) {
  const auto sized = sizing::recommend({.planned = viewers, .after_loss = viewers}, pool, {});
  return sized ? sized->with_redundancy : Replicas{0};
}

std::string limits_text(const BacktestInputs& inputs, const BacktestResults& results) {
  const auto minutes = static_cast<double>(inputs.window.minutes());
  std::string who;
  std::optional<Viewers> prepared_for;
  for (const BacktestRow& row : results.rows) {
    if (row.minutes_at_limit == 0) continue;
    const Ratio share{static_cast<double>(row.minutes_at_limit) / minutes};
    who += (who.empty() ? "" : ", ") + row.policy + " in " + simulation::percent(share);
    if (row.prepared_for)
      prepared_for = std::max(prepared_for.value_or(Viewers{0}), *row.prepared_for);
  }
  if (who.empty()) return "";
  const Replicas most = largest_fleet(inputs.pool);
  const bool by_domains = most < inputs.pool.replicas.max;
  std::string text =
      std::string(by_domains ? "The domains' maxReplicas, together " : "spec.replicas.max, ") +
      counted(most) + ", was reached by " + who + " of the minutes. The highest demand, " +
      grouped(results.highest.count()) + " viewers, takes " +
      taken_text(results.highest, inputs.pool) + " replicas with the reserve";
  if (prepared_for)
    text += "; prepared for were up to " + grouped(prepared_for->count()) + ", which take " +
            taken_text(*prepared_for, inputs.pool);
  if (replicas_taken_by(results.highest, inputs.pool).count() > kOtherUnit * most.count())
    return text + ". Does the series count viewers, as spec.capacity.viewers does?";
  return text + ".";
}

std::string reserve_text(const BacktestInputs& inputs, const BacktestResults& results) {
  const auto& redundancy = inputs.pool.redundancy;
  std::string promised =
      redundancy.survive == model::Survive::kFailureDomain ? "the loss of a failure domain" : "";
  if (redundancy.spare > Replicas{0})
    promised += (promised.empty() ? "" : ", ") + counted(redundancy.spare) + " spare";
  if (promised.empty()) return "";
  const backtest::Cost kept{
      .replica_minutes = results.reserve_kept_minutes,
      .clairvoyant_minutes = results.rows.front().score.cost.clairvoyant_minutes};
  const auto keeps = [](const BacktestRow& row) { return row.policy.starts_with("edgetide"); };
  const auto keepers = std::ranges::count_if(results.rows, keeps);
  const bool all_do = keepers == std::ssize(results.rows);
  return "The reserve that the pool promises (" + promised + ") has its price, which " +
         (keepers == 0 ? "none of these pays"
          : all_do     ? "edgetide pays"
                       : "edgetide pays and the others do not") +
         ": a clairvoyant that keeps it takes " + grouped(kept.replica_minutes) +
         " replica-minutes, cost " + simulation::fixed(kept.ratio().count(), 4) + ".";
}

}  // namespace edgetide::cli
