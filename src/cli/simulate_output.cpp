#include "cli/simulate_output.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "cli/night_figures.h"
#include "cli/night_programme.h"
#include "cli/text_table.h"
#include "edgetide/core/grouped.h"
#include "edgetide/model/rate_text.h"
#include "report/folding.h"
#include "simulation/shrink.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using simulation::fixed;

constexpr std::size_t kToldAtMost = 10;
constexpr std::size_t kToldOfATier = 3;
constexpr std::size_t kReservesToldAtMost = 5;

std::string share_text(const backtest::Unserved& unserved) {
  return fixed(100 * unserved.share().count(), 3) + " %";
}

std::string worst_text(const backtest::Unserved& unserved) {
  if (unserved.worst <= Viewers{0}) return "0";
  return grouped(unserved.worst.count()) + " at " + time_text(unserved.worst_at);
}

std::string unserved_text(const backtest::Unserved& unserved) {
  std::string text = grouped(unserved.viewer_minutes) + " viewer-minutes, " + share_text(unserved);
  if (unserved.worst > Viewers{0}) text += "; most at once " + worst_text(unserved);
  return text;
}

/// What the night is, and what happens in it whoever runs the fleet.
std::string programme_text(const NightRun& run, const std::vector<Happening>& shared) {
  const auto& [scenario, runner, recording] = run;
  const auto busiest = std::ranges::max_element(recording.frames, {}, &simulation::Frame::wanting);
  std::string text =
      wrapped(scenario.title, "") +
      wrapped(time_text(scenario.from) + " to " + time_text(scenario.to) + " UTC, at most " +
                  grouped(busiest->wanting.count()) + " viewers at " + time_text(busiest->at) +
                  ", seed " + std::to_string(scenario.seed),
              "  ") +
      "\n";
  for (const auto& one : shared) text += wrapped(one.text, "  " + time_text(one.at) + "  ");
  return shared.empty() ? text : text + "\n";
}

std::string happening_text(const Happening& one) { return time_text(one.at) + "  " + one.text; }

/// The column that figures stand in.
constexpr const char* kIndented = "                       ";

template <typename Told>
concept HasSize = requires(const Told& told) {
  told.missing;
};

/// A line each, the first behind its label: the first ones, of what has a size the largest.
template <typename Told>
std::string list_text(const std::string& label, std::vector<Told> told, std::size_t at_most,
                      std::string (*line)(const Told&)) {
  const std::size_t all = told.size();
  if constexpr (HasSize<Told>) {
    while (told.size() > at_most) {
      const auto least = std::ranges::min_element(told.rbegin(), told.rend(), {}, &Told::missing);
      told.erase(std::prev(least.base()));
    }
  }
  std::string text;
  for (std::size_t i = 0; i < told.size() && i < at_most; ++i) {
    text +=
        report::folded((i == 0 ? label : kIndented) + line(told[i]), report::width_of(kIndented));
  }
  if (all > at_most)
    text += std::string(kIndented) + "and " + std::to_string(all - at_most) + " more" +
            (HasSize<Told> ? ", none larger\n" : "\n");
  return text;
}

/// Of a night that breaks a promise.
std::string shortest_text(const NightRun& run) {
  return simulation::told(simulation::shortest_failing(run.scenario));
}

/// Keeping them is not serving everybody: with what was told when most were unserved.
std::string kept_text(const simulation::Recording& recording) {
  const auto told = told_at_worst(recording);
  if (!told) return "all kept";
  return "all kept: " + told->cause + " was told when most were unserved, in the shortfall from " +
         time_text(told->from) + " to " + time_text(told->to);
}

std::string promises_text(const NightRun& run) {
  const auto& breaches = run.recording.breaches;
  if (breaches.empty()) return wrapped(kept_text(run.recording), "  promises             ");
  const std::size_t times = run.recording.times_broken;
  std::string text =
      "  promises             " + grouped(static_cast<double>(times)) + " times broken\n";
  for (std::size_t i = 0; i < breaches.size() && i < kToldAtMost; ++i)
    text += wrapped(breaches[i].rule + ": " + breaches[i].detail,
                    "    " + to_string(breaches[i].at) + "  ");
  if (times > kToldAtMost)
    text += "    and " + grouped(static_cast<double>(times - kToldAtMost)) + " more\n";
  return text + wrapped(shortest_text(run), "  shortest             ");
}

/// Of a night's score, or of a tier's.
template <typename Score>
std::string cost_text(const Score& score) {
  return fixed(score.cost.ratio().count(), 2) + " x a clairvoyant fleet, " +
         fixed(score.promise_cost_ratio().count(), 2) + " x one that keeps the same promises";
}

std::string score_text(const simulation::Score& score) {
  std::string text = wrapped(unserved_text(score.evening), "  unserved             ");
  if (score.zone_loss) text += wrapped(unserved_text(*score.zone_loss), "  while a zone is lost ");
  return text + wrapped(cost_text(score), "  cost                 ");
}

/// Nothing for a night of one pool, or one that keeps no frames.
std::string tiers_text(const NightRun& run) {
  std::string text;
  const auto& tiers = run.recording.farther;
  if (run.recording.frames.empty()) return text;
  for (std::size_t i = 0; i < run.scenario.farther.size(); ++i) {
    const Fetched fetched = fetched_from(i, run.recording);
    text += wrapped(fixed(100 * fetched.missed, 3) + " % of what is fetched unserved; at most " +
                        model::rate_text(fetched.most) + " at " + time_text(fetched.most_at) +
                        ", " + std::to_string(fetched.least_ready.count()) + " to " +
                        std::to_string(fetched.most_ready.count()) + " Ready",
                    "  " + simulation::left_aligned(run.scenario.farther[i].key.name, 21)) +
            wrapped("cost " + cost_text(tiers[i].cost), kIndented) +
            list_text(std::string(kIndented) + "short ",
                      simulation::stretches_of(tiers[i].shortfalls), kToldOfATier, &shortfall_text);
  }
  return text;
}

/// Of a night that tells of them.
std::string handshakes_text(const NightRun& run) {
  const auto* most = most_handshakes(run.recording);
  const auto& of_one = run.scenario.pool.capacity.handshakes;
  if (most == nullptr || !of_one) return "";
  const double capacity = of_one->count() * simulation::total_serving(most->domains).count();
  return wrapped("at most " + grouped(most->let_in->handshakes.count()) + " a second at " +
                     time_text(most->at) + ", when those that served could take " +
                     grouped(capacity),
                 "  handshakes           ");
}

std::string deeds_text(const NightRun& run) {
  const auto& recording = run.recording;
  std::string text = "  decisions            " + std::to_string(recording.looks) + " looks, " +
                     std::to_string(recording.writes) + " that changed the fleet\n";
  text += handshakes_text(run) + tiers_text(run);
  if (!makes_promises(run)) return text;
  const auto told = simulation::stretches_of(recording.shortfalls);
  const std::string label = "  shortfalls           ";
  const std::string instead = instead_text(recording);
  text += list_text(label, told, kToldAtMost, &shortfall_text);
  if (!instead.empty()) text += wrapped(instead, told.empty() ? label : kIndented);
  text += list_text("  reserve missing      ", recording.missing_reserves, kReservesToldAtMost,
                    &reserve_text);
  text += list_text("  reserve unknown      ", recording.unknown_reserves, kReservesToldAtMost,
                    &unknown_reserve_text);
  return text + promises_text(run);
}

std::string compared_text(const std::vector<NightRun>& runs) {
  const bool zone = runs.front().recording.score.zone_loss.has_value();
  TextTable::Row header{"POLICY", "UNSERVED", "MOST AT ONCE"};
  if (zone) header.emplace_back("ZONE LOST");
  for (const char* column : {"COST", "SAME PROMISES"}) header.emplace_back(column);
  TextTable table(std::move(header));
  for (const auto& run : runs) {
    const auto& score = run.recording.score;
    TextTable::Row row{simulation::to_string(run.runner), share_text(score.evening),
                       worst_text(score.evening)};
    if (zone) row.push_back(share_text(*score.zone_loss));
    row.push_back(fixed(score.cost.ratio().count(), 2) + " x");
    row.push_back(fixed(score.promise_cost_ratio().count(), 2) + " x");
    table.add(std::move(row));
  }
  const std::string shares =
      zone ? "UNSERVED and ZONE LOST: of all viewing, and of that while a zone was lost."
           : "UNSERVED: of all viewing.";
  return table.text() + wrapped(shares +
                                    " COST: against a clairvoyant fleet; SAME PROMISES: against "
                                    "one that keeps the pool's promises, below 1 x of a policy "
                                    "that keeps too little in reserve for them.",
                                "");
}

/// One of many nights in a line, with the shortest that breaks its promise.
std::string run_line(const NightRun& run) {
  const auto& score = run.recording.score;
  std::string text = "seed " + simulation::right_aligned(std::to_string(run.scenario.seed), 6) +
                     "  " + simulation::left_aligned(simulation::to_string(run.runner), 11) +
                     simulation::right_aligned(fixed(100 * score.evening.share().count(), 3), 8) +
                     " % unserved  cost " + fixed(score.cost.ratio().count(), 2);
  if (!makes_promises(run)) return text;
  const auto& breaches = run.recording.breaches;
  if (breaches.empty()) return text + "  promises kept";
  return text + "  BROKEN: " + breaches.front().rule + " at " + to_string(breaches.front().at) +
         "; shortest: " + shortest_text(run);
}

/// The same policy over all seeds.
std::string over_seeds_text(const std::vector<NightRun>& runs) {
  std::map<std::string, std::vector<const simulation::Score*>> scores;
  for (const NightRun& run : runs)
    scores[simulation::to_string(run.runner)].push_back(&run.recording.score);
  TextTable table({"POLICY", "NIGHTS", "UNSERVED", "WORST NIGHT", "COST", "AT MOST"}, 1);
  for (const NightRun& run : runs) {
    auto policy = scores.extract(simulation::to_string(run.runner));
    if (policy.empty()) continue;
    const auto share_of = [](const auto* score) { return score->evening.share(); };
    const auto cost_of = [](const auto* score) { return score->cost.ratio(); };
    backtest::Unserved all;
    backtest::Cost paid;
    for (const auto* score : policy.mapped()) {
      all.viewer_minutes += score->evening.viewer_minutes;
      all.wanted_viewer_minutes += score->evening.wanted_viewer_minutes;
      paid.replica_minutes += score->cost.replica_minutes;
      paid.clairvoyant_minutes += score->cost.clairvoyant_minutes;
    }
    const auto* worst = std::ranges::max(policy.mapped(), {}, share_of);
    const auto* dearest = std::ranges::max(policy.mapped(), {}, cost_of);
    table.add({policy.key(), std::to_string(policy.mapped().size()), share_text(all),
               share_text(worst->evening), fixed(paid.ratio().count(), 2) + " x",
               fixed(dearest->cost.ratio().count(), 2) + " x"});
  }
  return table.text();
}

}  // namespace

std::string night_text(const std::vector<NightRun>& runs) {
  const auto shared = shared_happenings(runs);
  std::string text = programme_text(runs.front(), shared);
  if (runs.size() > 1) text += compared_text(runs) + "\n";
  for (const NightRun& run : runs) {
    if (&run != runs.data()) text += "\n";
    text += simulation::to_string(run.runner) + "\n";
    if (runs.size() == 1) text += score_text(run.recording.score);
    text += list_text("  there                ", own_happenings(run, shared), kToldAtMost,
                      &happening_text);
    text += deeds_text(run);
  }
  return text;
}

std::string seeds_text(const std::vector<NightRun>& runs) {
  std::string text;
  for (const NightRun& run : runs) text += run_line(run) + "\n";
  return text + "\n" + over_seeds_text(runs) + "\n";
}

}  // namespace edgetide::cli
