#include "cli/backtest_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "edgetide/core/grouped.h"
#include "report/folding.h"
#include "report/text_report.h"

namespace edgetide::cli {
namespace {

using std::chrono::minutes;

/// Of a page that is to stay below two megabytes with the charts of nine policies.
constexpr std::size_t kMostBytes = 600'000;
/// Times, numbers and names of a line, beside its texts.
constexpr std::size_t kBytesBeside = 100;
constexpr std::size_t kTitleColumns = 11;

template <typename... Args>
void line(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
  text += report::folded(fmt::format(format, std::forward<Args>(args)...), kTitleColumns);
}

std::string summary_of(const backtest::Reasons& reasons) {
  std::string text = "peak expected " + grouped(reasons.median.count()) + ", prepared for " +
                     grouped(reasons.quantile.count()) + " viewers, by " +
                     std::string{model::to_string(reasons.basis)};
  if (!reasons.limited_by.empty()) text += ", " + reasons.limited_by;
  return text;
}

/// \pre `minute` has reasons and is not the first
std::string report_of(const BacktestInputs& inputs, const backtest::Replay& replay,
                      std::size_t minute) {
  const auto& reasons = *replay.reasons[minute];
  const auto& fleet = replay.fleet[minute];
  const double demand = replay.demand[minute];
  std::string text;
  line(text, "Wanted     {}",
       std::isfinite(demand) ? grouped(demand) + " viewers in this minute" : "not recorded");
  line(text, "Standing   {} Ready, for {} viewers; {} with those on the way", fleet.ready.count(),
       grouped(backtest::serving_capacity(inputs.pool, fleet.ready).count()), fleet.total.count());
  line(text, "Forecast   peak {} at the confidence asked for, {} as likely as not",
       grouped(reasons.quantile.count()), grouped(reasons.median.count()));
  line(text, "Sizing     by {}", model::to_string(reasons.basis));
  const char* title = "Guards";
  for (const auto& verdict : reasons.verdicts) {
    line(text, "{:<10} {} {} -> {}  {}: {}", title, verdict.guard, verdict.before.count(),
         verdict.after.count(), verdict.reason, verdict.detail);
    title = "";
  }
  return text;
}

web::LoggedDecision logged(const BacktestInputs& inputs, const backtest::Replay& replay,
                           std::size_t minute) {
  const Replicas from = replay.decisions[minute - 1];
  const Replicas to = replay.decisions[minute];
  return {.at = inputs.window.from + minutes{minute},
          .pool = {},
          .action = to > from ? model::Action::kScaleUp : model::Action::kScaleDown,
          .from = from,
          .to = to,
          .summary = summary_of(*replay.reasons[minute]),
          .report = report_of(inputs, replay, minute)};
}

std::string note(const std::string& policy, std::size_t kept, std::size_t all) {
  if (all == 0) return "Of " + policy + ".";
  std::string text = "Of " + policy + ". Each opens what it was decided by.";
  if (kept < all) {
    text += " The newest of " + grouped(static_cast<double>(all)) +
            "; --decisions FILE has every minute.";
  }
  return text;
}

}  // namespace

void add_decisions(web::Page& page, const std::string& policy, const BacktestInputs& inputs,
                   const backtest::Replay& replay) {
  std::size_t changes = 0;
  std::size_t bytes = 0;
  for (std::size_t minute = replay.decisions.size(); minute-- > 1;) {
    if (replay.decisions[minute] == replay.decisions[minute - 1]) continue;
    if (!replay.reasons[minute]) continue;
    ++changes;
    if (bytes >= kMostBytes) continue;
    page.decisions.push_back(logged(inputs, replay, minute));
    const auto& newest = page.decisions.back();
    bytes += newest.summary.size() + newest.report.size() + kBytesBeside;
  }
  std::ranges::reverse(page.decisions);
  const bool tells = !replay.reasons.empty() && replay.reasons.front();
  page.decisions_note = tells ? note(policy, page.decisions.size(), changes)
                              : policy + " tells no reasons: none of its decisions stand here.";
}

}  // namespace edgetide::cli
