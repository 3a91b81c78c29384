#include <algorithm>
#include <cmath>

#include "cli/backtest_limits.h"
#include "cli/backtest_output.h"
#include "cli/backtest_page.h"
#include "cli/commands.h"
#include "cli/output_file.h"
#include "cli/output_option.h"
#include "cli/policies_text.h"
#include "cli/progress.h"

namespace edgetide::cli {
namespace {

struct OutputFiles {
  OutputFile decisions;
  OutputFile report;
};

/// What all points of its curve are settings of.
std::string along_text(backtest::PolicyChoice choice) {
  if (choice.kind->curve.empty()) return choice.text();
  const std::string& knob = choice.kind->knobs.front().name;
  choice.knobs.erase(knob);
  return choice.text() + " along " + knob;
}

/// Goes through every policy, and its curve when that is asked for.
class Run {
 public:
  Run(const BacktestInputs& inputs, OutputFiles& files, Progress& progress)
      : inputs_(inputs), files_(files), progress_(progress), world_(inputs.world()), page_(inputs) {
    learned_ = backtest::learn_past(world_);
    world_.learned = &learned_;
  }

  void policy(const backtest::PolicyChoice& choice) {
    const auto replay = replayed(choice);
    if (files_.decisions.is_open() && results_.rows.empty()) {
      write_decisions(inputs_.window, replay, files_.decisions.stream());
    }
    if (files_.report.is_open()) page_.add(choice.text(), replay);
    if (results_.rows.empty()) {
      results_.reserve_kept_minutes =
          reserve_kept_minutes(replay.demand, inputs_.pool, inputs_.spread);
      for (const double viewers : replay.demand)
        if (std::isfinite(viewers)) results_.highest = std::max(results_.highest, Viewers{viewers});
    }
    results_.rows.push_back(row_of(choice, replay));
  }

  void curve(const backtest::PolicyChoice& choice) {
    BacktestCurve curve{.policy = choice.text(), .label = along_text(choice), .points = {}};
    for (const auto& point : backtest::along_curve(choice)) {
      curve.points.push_back(row_of(point, replayed(point)));
    }
    results_.curves.push_back(std::move(curve));
  }

  /// Writes the page and hands out the results.
  const BacktestResults& finish() {
    if (files_.report.is_open()) {
      files_.report.stream() << web::page_html(std::move(page_).finish(results_));
    }
    return results_;
  }

 private:
  [[nodiscard]] BacktestRow row_of(const backtest::PolicyChoice& choice,
                                   const backtest::Replay& replay) const {
    BacktestRow row{.policy = choice.text(),
                    .score = replay.score,
                    .minutes_at_limit = minutes_at_limit(replay.decisions, inputs_.pool),
                    .prepared_for = {}};
    for (const auto& reasons : replay.reasons) {
      if (reasons)
        row.prepared_for = std::max(row.prepared_for.value_or(Viewers{0}), reasons->quantile);
    }
    return row;
  }

  backtest::Replay replayed(const backtest::PolicyChoice& choice) {
    const auto policy = choice.make(world_);
    const std::string name = choice.text();
    return backtest::replay(world_, *policy, [&](double done) { progress_.show(name, done); });
  }

  const BacktestInputs& inputs_;
  OutputFiles& files_;
  Progress& progress_;
  backtest::World world_;
  forecast::ForecastState learned_;
  BacktestResults results_;
  BacktestPage page_;
};

Exit run(const config::Settings& settings, const Console& console) {
  if (settings.text("policy") == "list") {
    console.out << print_policies(settings.text("output"));
    return Exit::kOk;
  }
  const auto inputs = read_backtest_inputs(settings, console);
  if (!inputs.ok()) return fail(console, inputs.error());
  OutputFiles files;
  if (!files.decisions.open(settings.text("decisions"), console) ||
      !files.report.open(settings.text("report"), console))
    return Exit::kFailed;
  for (const std::string& remark : inputs->remarks) console.err << "edgetide: " << remark << '\n';
  {
    const std::string term = console.environment("TERM").value_or("");
    Progress progress(console.err, stderr_is_terminal(term));
    Run backtest(*inputs, files, progress);
    for (const auto& choice : inputs->policies) backtest.policy(choice);
    for (const auto& choice : inputs->policies) {
      if (settings.flag("curve")) backtest.curve(choice);
    }
    print_backtest(*inputs, backtest.finish(), settings.text("output"), console.out);
  }
  const bool written = files.decisions.close(console) && files.report.close(console);
  return written ? Exit::kOk : Exit::kFailed;
}

std::vector<config::Option> options() {
  auto all = backtest_input_options();
  const std::vector<config::Option> own{
      {.name = "curve",
       .help = "Also every policy along its knob: what less shortfall costs.",
       .kind = config::Option::Kind::kFlag},
      {.name = "decisions",
       .help = "Where the first policy's decisions go, CSV that begins with timestamp,desired.",
       .value_name = "FILE"},
      {.name = "report", .help = "Where an HTML page with charts goes.", .value_name = "FILE"},
      output_option({"text", "json", "yaml", "csv"})};
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command backtest_command() {
  return {
      .name = "backtest",
      .summary = "replay recorded viewers: what would have been short, and what it cost",
      .usage = "backtest --series FILE --pool FILE [--calendar FILE] [options]",
      .about =
          "Decides every minute of a recording with the operator's own planner, knowing only what "
          "was known by\nthen, and scores what came of it, beside other autoscalers. What is asked "
          "for serves a lead time\nlater, fewer leave at once, and a replica serves its whole "
          "capacity. Touches no cluster.",
      .options = options(),
      .examples =
          {"edgetide backtest --series viewers.csv --calendar matches.csv --pool pool.yaml",
           "edgetide backtest --series may.csv --series june.csv --pool pool.yaml \\",
           "    --from 1998-06-08T00:00:00Z --policy edgetide,hpa:target=0.6 --report june.html",
           "edgetide backtest --series viewers.csv --pool pool.yaml --curve -o csv   # which "
           "confidence?",
           "edgetide backtest --policy list"},
      .run = run};
}

}  // namespace edgetide::cli
