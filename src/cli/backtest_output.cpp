#include "cli/backtest_output.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/backtest_limits.h"
#include "cli/record_inputs.h"
#include "cli/text_table.h"
#include "edgetide/backtest/curve.h"
#include "edgetide/core/grouped.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/rate_text.h"
#include "edgetide/sizing/domain_allocation.h"
#include "json/json.h"
#include "report/structured_report.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using simulation::fixed;

/// Shares of the viewing for which curves are read off.
constexpr std::array kShortfalls{1e-2, 1e-3, 1e-4};

std::string share_text(Ratio share) { return fixed(100 * share.count(), 4) + " %"; }

void print_rows(const std::vector<BacktestRow>& rows, std::ostream& out) {
  TextTable table(
      {"policy", "shortfall", "short min.", "replica-min.", "cost", "moves", "rev./day"}, 1);
  for (const BacktestRow& row : rows) {
    const auto& score = row.score;
    table.add({row.policy, share_text(score.unserved.share()),
               grouped(score.unserved.short_minutes), grouped(score.cost.replica_minutes),
               fixed(score.cost.ratio().count(), 4), grouped(score.moves.moves),
               fixed(score.moves.reversals_per_day(), 1)});
  }
  out << table.text();
}

std::vector<backtest::Score> scores_of(const BacktestCurve& curve) {
  std::vector<backtest::Score> scores;
  for (const BacktestRow& point : curve.points) scores.push_back(point.score);
  return scores;
}

/// Of a curve that no two settings of which stand on either side of a shortfall: on which they are.
bool every_setting_leaves_less(const BacktestCurve& curve, double shortfall) {
  return curve.points.front().score.unserved.share().count() < shortfall;
}

void print_curve(const BacktestCurve& curve, std::ostream& out) {
  out << '\n';
  print_rows(curve.points, out);
  if (curve.points.size() < 2) return;
  std::string text = curve.label + ": cost at";
  for (const double shortfall : kShortfalls) {
    const auto cost = backtest::cost_at(scores_of(curve), Ratio{shortfall});
    text += (shortfall == kShortfalls.front() ? " " : ", ") + json::number_text(100 * shortfall) +
            " % short " +
            (cost                                          ? fixed(cost->count(), 3)
             : every_setting_leaves_less(curve, shortfall) ? "(every setting leaves less)"
                                                           : "(reached by no setting)");
  }
  out << wrapped(text, "");
}

void print_text(const BacktestInputs& inputs, const BacktestResults& results, std::ostream& out) {
  const auto& first = results.rows.front().score;
  out << wrapped("Backtest of " + inputs.pool_text + ", " + to_string(inputs.window.from) + " to " +
                     to_string(inputs.window.to) + ", lead " + to_string(inputs.pool.lead_time) +
                     ", delay " + to_string(inputs.delay),
                 "")
      << "Sized by " << model::to_string(inputs.sized_by) << ": a replica carries "
      << grouped(inputs.pool.capacity.viewers->count()) << " viewers"
      << (inputs.bitrate ? "; bitrate " + model::rate_text(*inputs.bitrate) + " a viewer" : "")
      << '\n'
      << wrapped(grouped(static_cast<double>(first.scored_minutes)) + " of " +
                     grouped(static_cast<double>(inputs.window.minutes())) +
                     " minutes with known demand, " +
                     grouped(first.unserved.wanted_viewer_minutes) +
                     " viewer-minutes; clairvoyant " + grouped(first.cost.clairvoyant_minutes) +
                     " replica-minutes",
                 "")
      << '\n';
  print_rows(results.rows, out);
  if (const auto limits = limits_text(inputs, results); !limits.empty())
    out << '\n' << wrapped(limits, "");
  if (const auto reserve = reserve_text(inputs, results); !reserve.empty())
    out << '\n' << wrapped(reserve, "");
  for (const BacktestCurve& curve : results.curves) print_curve(curve, out);
}

Json row_json(const BacktestRow& row) {
  const auto& [unserved, cost, moves, scored_minutes, most] = row.score;
  Json json{{"policy", row.policy},
            {"shortfallRatio", unserved.share().count()},
            {"unservedViewerMinutes", unserved.viewer_minutes},
            {"shortMinutes", unserved.short_minutes},
            {"worstViewers", unserved.worst.count()},
            {"replicaMinutes", cost.replica_minutes},
            {"costAgainstClairvoyant", cost.ratio().count()},
            {"mostReplicas", most.count()},
            {"minutesAtLimit", row.minutes_at_limit},
            {"moves", moves.moves},
            {"reversals", moves.reversals},
            {"reversalsPerDay", moves.reversals_per_day()}};
  if (unserved.worst > Viewers{0}) json["worstAt"] = to_string(unserved.worst_at);
  if (row.prepared_for) json["preparedForViewers"] = row.prepared_for->count();
  return json;
}

Json curve_json(const BacktestCurve& curve) {
  Json json{
      {"policy", curve.policy}, {"points", Json::array()}, {"costAtShortfall", Json::array()}};
  for (const BacktestRow& point : curve.points) json["points"].push_back(row_json(point));
  for (const double shortfall : kShortfalls) {
    const auto cost = backtest::cost_at(scores_of(curve), Ratio{shortfall});
    Json read_off{{"shortfallRatio", shortfall},
                  {"costAgainstClairvoyant", cost ? Json(cost->count()) : Json(nullptr)}};
    if (!cost && !curve.points.empty())
      read_off["everySettingLeaves"] =
          every_setting_leaves_less(curve, shortfall) ? "less" : "more";
    json["costAtShortfall"].push_back(std::move(read_off));
  }
  return json;
}

Json json_of(const BacktestInputs& inputs, const BacktestResults& results) {
  const auto& first = results.rows.front().score;
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "BacktestReport"},
            {"pool", inputs.pool.key.text()},
            {"from", to_string(inputs.window.from)},
            {"to", to_string(inputs.window.to)},
            {"leadSeconds", inputs.pool.lead_time.count()},
            {"delaySeconds", inputs.delay.count()},
            {"minutes", inputs.window.minutes()},
            {"scoredMinutes", first.scored_minutes},
            {"viewerMinutes", first.unserved.wanted_viewer_minutes},
            {"clairvoyantReplicaMinutes", first.cost.clairvoyant_minutes},
            {"clairvoyantWithReserveReplicaMinutes", results.reserve_kept_minutes},
            {"sizedBy", model::to_string(inputs.sized_by)},
            {"viewersPerReplica", inputs.pool.capacity.viewers->count()},
            {"limitReplicas", largest_fleet(inputs.pool).count()},
            {"highestViewers", results.highest.count()},
            {"highestTakesReplicas", replicas_taken_by(results.highest, inputs.pool).count()},
            {"policies", Json::array()}};
  if (inputs.bitrate) json["bitrateBitsPerSecond"] = inputs.bitrate->count();
  for (const BacktestRow& row : results.rows) json["policies"].push_back(row_json(row));
  if (!results.curves.empty()) json["curves"] = Json::array();
  for (const BacktestCurve& curve : results.curves) json["curves"].push_back(curve_json(curve));
  return json;
}

void print_csv(const BacktestResults& results, std::ostream& out) {
  const auto print = [&](const BacktestRow& row) {
    const auto& [unserved, cost, moves, scored_minutes, most] = row.score;
    out << row.policy << ',' << json::number_text(unserved.share().count()) << ','
        << json::number_text(unserved.short_minutes) << ','
        << json::number_text(cost.replica_minutes) << ','
        << json::number_text(cost.clairvoyant_minutes) << ','
        << json::number_text(cost.ratio().count()) << ',' << moves.moves << ',' << moves.reversals
        << ',' << json::number_text(moves.reversals_per_day()) << ',' << row.minutes_at_limit
        << '\n';
  };
  out << "policy,shortfall,short_minutes,replica_minutes,clairvoyant_replica_minutes,cost_ratio,"
         "moves,reversals,reversals_per_day,minutes_at_limit\n";
  for (const BacktestRow& row : results.rows) print(row);
  for (const BacktestCurve& curve : results.curves) {
    for (const BacktestRow& point : curve.points) print(point);
  }
}

}  // namespace

double reserve_kept_minutes(std::span<const double> demand, const model::EdgePool& pool,
                            const std::optional<model::Spread>& spread) {
  const auto limits =
      spread ? model::Fleet(spread->domains.size(), pool.replicas.max) : model::domain_limits(pool);
  const bool survives = pool.redundancy.survive == model::Survive::kFailureDomain;
  double minutes = 0;
  for (const double viewers : demand) {
    if (!std::isfinite(viewers)) continue;
    const Replicas left =
        backtest::clairvoyant_replicas(pool, Viewers{viewers}) + pool.redundancy.spare;
    if (!survives) {
      minutes += left.count();
      continue;
    }
    const auto kept = sizing::survive_one_domain(left, limits);
    minutes += (model::total(kept.per_domain) + kept.missing).count();
  }
  return minutes;
}

void print_backtest(const BacktestInputs& inputs, const BacktestResults& results,
                    const std::string& format, std::ostream& out) {
  if (format == "csv") return print_csv(results, out);
  if (format == "text") return print_text(inputs, results, out);
  out << report::document(json_of(inputs, results), format);
}

void write_decisions(const backtest::Window& window, const backtest::Replay& replay,
                     std::ostream& out) {
  out << "timestamp,desired,ready,starting,viewers,median,quantile,basis,limited_by\n";
  for (std::size_t i = 0; i < replay.decisions.size(); ++i) {
    const backtest::FleetMinute& fleet = replay.fleet[i];
    out << to_string(window.from + std::chrono::minutes{i}) << ',' << replay.decisions[i].count()
        << ',' << fleet.ready.count() << ',' << (fleet.total - fleet.ready).count() << ',';
    if (std::isfinite(replay.demand[i])) out << json::number_text(replay.demand[i]);
    if (const auto& reasons = replay.reasons[i]) {
      out << ',' << fixed(reasons->median.count(), 1) << ',' << fixed(reasons->quantile.count(), 1)
          << ',' << model::to_string(reasons->basis) << ',' << reasons->limited_by << '\n';
    } else {
      out << ",,,,\n";
    }
  }
}

}  // namespace edgetide::cli
