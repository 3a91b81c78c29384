#include "cli/accuracy_output.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/record_inputs.h"
#include "cli/text_table.h"
#include "edgetide/core/grouped.h"
#include "report/structured_report.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using backtest::RollingScore;
using simulation::fixed;

/// In 80 columns.
constexpr std::size_t kLevelsSideBySide = 2;
constexpr double kHalfAPoint = 0.005;
/// Of fewer a single one is more than that.
constexpr std::int64_t kWindowsToTellHalfAPoint = 200;

std::string name_of(const RollingScore& score) {
  switch (score.forecaster) {
    case model::Forecaster::kEdgetide: return "edgetide";
    case model::Forecaster::kSeasonal: return "seasonal";
    case model::Forecaster::kReaction: return "last";
  }
  return "";
}

const char* scope_of(const RollingScore& score) { return score.in_events ? "events" : "all"; }

std::string ratio_text(std::optional<double> ratio, const char* none) {
  return ratio ? fixed(*ratio, 4) : none;
}

void print_csv(const AccuracyReport& report, std::ostream& out) {
  out << "horizon_seconds,scope,forecaster,windows,mean_absolute_error,mase_seasonal,mase_last";
  for (const double level : report.levels) {
    out << ",coverage_" << percent_text(level) << ",pinball_" << percent_text(level);
  }
  out << '\n';
  for (const RollingScore& score : report.scores) {
    out << score.horizon.count() << ',' << scope_of(score) << ',' << name_of(score) << ','
        << score.windows << ',' << fixed(score.mean_error, 3) << ','
        << ratio_text(score.against_seasonal, "") << ',' << ratio_text(score.against_last, "");
    for (std::size_t i = 0; i < report.levels.size(); ++i) {
      out << ',' << fixed(score.coverage[i], 5) << ',' << fixed(score.pinball[i], 3);
    }
    out << '\n';
  }
}

Json ratio_json(std::optional<double> ratio) { return ratio ? Json(*ratio) : Json(nullptr); }

Json json_of(const AccuracyReport& report) {
  Json json{{"apiVersion", "edgetide.io/v1alpha1"},
            {"kind", "AccuracyReport"},
            {"from", to_string(report.window.from)},
            {"to", to_string(report.window.to)},
            {"everySeconds", report.every.count()},
            {"delaySeconds", report.delay.count()},
            {"scores", Json::array()}};
  for (const RollingScore& score : report.scores) {
    Json levels = Json::array();
    for (std::size_t i = 0; i < report.levels.size(); ++i) {
      levels.push_back({{"percent", percent_of(report.levels[i])},
                        {"coverageRatio", score.coverage[i]},
                        {"pinballViewers", score.pinball[i]}});
    }
    json["scores"].push_back({{"horizonSeconds", score.horizon.count()},
                              {"scope", scope_of(score)},
                              {"forecaster", name_of(score)},
                              {"windows", score.windows},
                              {"meanAbsoluteError", score.mean_error},
                              {"maseSeasonal", ratio_json(score.against_seasonal)},
                              {"maseLast", ratio_json(score.against_last)},
                              {"levels", levels}});
  }
  return json;
}

constexpr std::size_t kNames = 3;

TextTable::Row names_of(const RollingScore& score) {
  return {to_string(score.horizon), scope_of(score), name_of(score)};
}

/// "1,234.5"
std::string grouped_tenths(double number) {
  std::string text = fixed(number, 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > 3;) text.insert(at -= 3, ",");
  return text;
}

void print_errors(const AccuracyReport& report, std::ostream& out) {
  out << wrapped(
             "mean error: by how many viewers the peak was missed; vs seasonal, vs last: that by "
             "the mean error of these two, so that below 1 is better",
             "")
      << '\n';
  TextTable table(
      {"horizon", "scope", "forecaster", "windows", "mean error", "vs seasonal", "vs last"},
      kNames);
  for (const RollingScore& score : report.scores) {
    TextTable::Row row = names_of(score);
    row.insert(row.end(),
               {grouped(static_cast<double>(score.windows)), grouped_tenths(score.mean_error),
                ratio_text(score.against_seasonal, "-"), ratio_text(score.against_last, "-")});
    table.add(std::move(row));
  }
  out << table.text();
}

/// A few of the levels, from `first` on: what stayed within each, and its pinball loss.
void print_levels(const AccuracyReport& report, std::size_t first, std::ostream& out) {
  const std::size_t end = std::min(first + kLevelsSideBySide, report.levels.size());
  TextTable::Row header{"horizon", "scope", "forecaster"};
  for (std::size_t i = first; i < end; ++i) {
    const std::string level = percent_text(report.levels[i]);
    header.insert(header.end(), {"within " + level + " %", "loss " + level + " %"});
  }
  TextTable table(std::move(header), kNames);
  for (const RollingScore& score : report.scores) {
    TextTable::Row row = names_of(score);
    for (std::size_t i = first; i < end; ++i)
      row.insert(row.end(), {fixed(100 * score.coverage[i], 2) + " %", grouped(score.pinball[i])});
    table.add(std::move(row));
  }
  out << '\n' << table.text();
}

/// Of the levels that half a point was missed at: how many, and the one missed by most. A median
/// is judged by its error.
std::string coverage_verdict(const AccuracyReport& report, const RollingScore& score) {
  if (score.windows < kWindowsToTellHalfAPoint) return "too few windows to tell";
  std::size_t missed = 0;
  std::size_t worst = 0;
  const auto off = [&](std::size_t i) {
    return report.levels[i] > 0.5 ? std::abs(score.coverage[i] - report.levels[i]) : 0;
  };
  for (std::size_t i = 0; i < report.levels.size(); ++i) {
    if (off(i) > kHalfAPoint) ++missed;
    if (off(i) > off(worst)) worst = i;
  }
  if (missed == 0) return "yes";
  return "no: " + percent_text(report.levels[worst]) + " % kept " +
         fixed(100 * score.coverage[worst], 2) + " %" +
         (missed > 1 ? ", " + std::to_string(missed - 1) + " more" : "");
}

std::string verdict_against(std::optional<double> ratio) {
  if (!ratio) return "-";
  return *ratio < 1 ? "yes" : "no";
}

/// Whether this program's forecast keeps what it is asked for, and is worth more than none.
void print_verdicts(const AccuracyReport& report, std::ostream& out) {
  TextTable table({"horizon", "scope", "coverage to half a point", "beats seasonal", "beats last"});
  for (const RollingScore& score : report.scores) {
    if (score.forecaster != model::Forecaster::kEdgetide) continue;
    table.add({to_string(score.horizon), scope_of(score), coverage_verdict(report, score),
               verdict_against(score.against_seasonal), verdict_against(score.against_last)});
  }
  out << '\n' << table.text();
}

void print_text(const AccuracyReport& report, std::ostream& out) {
  out << "The highest demand of windows from " << to_string(report.window.from) << " to "
      << to_string(report.window.to) << ",\nforecast every " << to_string(report.every) << "\n\n";
  if (report.scores.empty()) {
    out << "Nothing could be judged: no window is known whole, now and a day or a week before.\n";
    return;
  }
  print_errors(report, out);
  out << '\n'
      << wrapped(
             "within: the share of windows whose peak stayed within what was forecast for the "
             "level, which should be the level; loss: the pinball loss there, the lower the better",
             "");
  for (std::size_t first = 0; first < report.levels.size(); first += kLevelsSideBySide)
    print_levels(report, first, out);
  print_verdicts(report, out);
}

}  // namespace

std::string print_accuracy(const AccuracyReport& report, const std::string& format) {
  if (format == "json" || format == "yaml") return report::document(json_of(report), format);
  std::ostringstream text;
  if (format == "csv") {
    print_csv(report, text);
  } else {
    print_text(report, text);
  }
  return text.str();
}

}  // namespace edgetide::cli
