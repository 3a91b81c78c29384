#include "simulation/summary.h"

#include <algorithm>

#include "edgetide/core/grouped.h"
#include "simulation/floor.h"
#include "simulation/text.h"

namespace edgetide::simulation {
namespace {

constexpr std::size_t kFigureColumns = 17;

std::string times(Ratio ratio) { return fixed(ratio.count(), 2) + " x"; }

std::string worst_text(const Unserved& unserved) {
  if (unserved.worst <= Viewers{0}) return "0";
  return grouped(unserved.worst.count()) + " at " + clock_text(unserved.worst_at).substr(0, 5);
}

/// A row from the same figure of both scores.
template <typename Figure>
SummaryRow row(std::string label, const Comparison& comparison, Figure figure, bool part = false) {
  return {.label = std::move(label),
          .figures = {figure(comparison.edgetide.score), figure(comparison.unreserved.score),
                      figure(comparison.hpa.score)},
          .part = part};
}

/// Whether a zone could go, and the others would carry the viewers as the pool promises.
bool survives_a_zone(const model::EdgePool& pool, const Frame& frame) {
  Replicas largest{0};
  for (const DomainCounts& domain : frame.domains) largest = std::max(largest, domain.ready);
  return total_ready(frame.domains) - largest >= survivors_for(pool, frame.wanting);
}

std::string viewer_minutes(const Unserved& unserved) { return grouped(unserved.viewer_minutes); }

}  // namespace

double unprotected_minutes(const Scenario& scenario, const Recording& recording) {
  const Instant until = scenario.zone_loss ? scenario.zone_loss->at : scenario.to;
  const auto unprotected = std::ranges::count_if(recording.frames, [&](const Frame& frame) {
    return frame.at < until && !survives_a_zone(scenario.pool, frame);
  });
  return static_cast<double>(unprotected * scenario.step.count()) / 60;
}

std::vector<SummaryRow> summary_rows(const Comparison& comparison) {
  std::vector<SummaryRow> rows{
      row("Shortfall, viewer-minutes", comparison,
          [](const Score& score) { return viewer_minutes(score.evening); }),
      row(
          "of all viewing", comparison,
          [](const Score& score) { return percent(score.evening.share()); }, /*part=*/true),
      row(
          "around kick-off", comparison,
          [](const Score& score) { return viewer_minutes(score.kick_off); }, /*part=*/true)};
  if (comparison.scenario.zone_loss) {
    rows.push_back(row(
        "while a zone was lost", comparison,
        [](const Score& score) { return viewer_minutes(*score.zone_loss); },
        /*part=*/true));
  }
  rows.push_back(row("Minutes short", comparison,
                     [](const Score& score) { return fixed(score.evening.minutes, 1); }));
  rows.push_back(row("Most viewers short at once", comparison,
                     [](const Score& score) { return worst_text(score.evening); }));
  const auto unprotected = [&](const Recording& recording) {
    return fixed(unprotected_minutes(comparison.scenario, recording), 1);
  };
  rows.push_back({.label = "Minutes a loss would hurt",
                  .figures = {unprotected(comparison.edgetide), unprotected(comparison.unreserved),
                              unprotected(comparison.hpa)}});
  rows.push_back(row("Replica-minutes paid", comparison,
                     [](const Score& score) { return grouped(score.cost.replica_minutes); }));
  rows.push_back(row("Cost against a clairvoyant", comparison,
                     [](const Score& score) { return times(score.cost.ratio()); }));
  const double promise = comparison.edgetide.score.clairvoyant_promise_minutes;
  rows.push_back(row(
      "one that survives a zone", comparison,
      [promise](const Score& score) {
        return times(Ratio{promise > 0 ? score.cost.replica_minutes / promise : 0});
      },
      /*part=*/true));
  return rows;
}

std::string evening_text(const Scenario& scenario, const Recording& recording) {
  const auto most = std::ranges::max_element(recording.frames, {}, &Frame::wanting);
  std::string text = clock_text(scenario.from).substr(0, 5) + " to " +
                     clock_text(scenario.to).substr(0, 5) + " UTC";
  if (most != recording.frames.end()) {
    text += ", at most " + grouped(most->wanting.count()) + " viewers at " +
            clock_text(most->at).substr(0, 5);
  }
  return text + ", seed " + std::to_string(scenario.seed);
}

std::string summary_text(const Comparison& comparison) {
  const auto rows = summary_rows(comparison);
  std::size_t width = 0;
  for (const SummaryRow& figure : rows)
    width = std::max(width, figure.label.size() + (figure.part ? 2 : 0));
  const auto line = [&](std::string_view label, const auto& figures) {
    std::string text = left_aligned(label, width);
    for (const auto& figure : figures) text += right_aligned(figure, kFigureColumns);
    return text + "\n";
  };
  std::string text = comparison.scenario.title + ":\n" +
                     evening_text(comparison.scenario, comparison.edgetide) + "\n\n" +
                     line("", kComparedNames);
  for (const SummaryRow& figure : rows) {
    text += line((figure.part ? "  " : "") + figure.label, figure.figures);
  }
  return text;
}

std::string comparison_text() {
  return "'No zone reserve' is Edgetide for a pool that promises to survive nothing: what "
         "foresight "
         "alone costs. A zone's loss would hurt while the other zones do not carry the viewers "
         "within the pool's target utilization; until the evening's own loss is counted. The "
         "clairvoyant fleet knows the evening beforehand, starts replicas in no "
         "time, uses them "
         "fully and loses no zone: nothing can cost less without turning viewers away. The one "
         "that "
         "survives a zone keeps the pool's promises at every moment: target utilization, spare "
         "replicas, and enough Ready replicas after the loss of any one zone.";
}

}  // namespace edgetide::simulation
