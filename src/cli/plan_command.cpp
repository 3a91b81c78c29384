#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/ahead_output.h"
#include "cli/commands.h"
#include "cli/looks.h"
#include "cli/output_option.h"
#include "cli/record_inputs.h"
#include "report/structured_report.h"
#include "report/text_report.h"

namespace edgetide::cli {
namespace {

constexpr Seconds kFarthestPlan = std::chrono::days{2};

void print(const std::vector<app::Look>& looks, const std::string& format, std::ostream& out) {
  if (format == "text") {
    for (const auto& look : looks) {
      out << (&look == &looks.front() ? "" : "\n") << report::text_report(look.report);
    }
    return;
  }
  nlohmann::ordered_json list{{"apiVersion", "edgetide.io/v1alpha1"},
                              {"kind", "PlanReportList"},
                              {"items", nlohmann::ordered_json::array()}};
  for (const auto& look : looks) list["items"].push_back(report::json_report(look.report));
  out << (format == "json" ? list.dump(2) + "\n" : report::to_yaml(list));
}

bool decided(const app::Look& look) {
  return look.report.plan.action != model::Action::kHold || look.report.shortfall.has_value();
}

bool lacks_ahead(const PoolAhead& pool) {
  return std::ranges::any_of(
      pool.steps, [](const app::StepAhead& step) { return step.high.missing > Replicas{0}; });
}

/// Few enough rows to read, in whole quarters or hours.
Seconds step_of(Seconds length) {
  for (const int minutes : {5, 15, 30}) {
    if (length / std::chrono::minutes{minutes} <= 24) return std::chrono::minutes{minutes};
  }
  return std::chrono::hours{1};
}

/// The steps of the time ahead that are asked for: all up to --ahead, or that of --at.
Result<std::vector<PoolAhead>> steps_asked_for(const std::vector<app::Look>& looks,
                                               const config::Settings& settings) {
  const auto at = moment_of(settings, "at");
  if (!at.ok()) return at.error();
  std::vector<PoolAhead> pools;
  for (const auto& look : looks) {
    const auto asked = settings.duration("ahead");
    const Seconds length = asked ? *asked : **at - look.report.at;
    if (length < Seconds{0} || length > kFarthestPlan)
      return wrong("--at", to_string(**at) + " is not within two days from now");
    const Seconds step = step_of(length);
    auto steps = app::steps_ahead(look, asked ? length : length + step, step);
    if (!asked && steps.size() > 1) steps.erase(steps.begin(), steps.end() - 1);
    pools.push_back({look, step, std::move(steps)});
  }
  return pools;
}

/// Whether what stands is told neither by a cluster nor by --replicas.
bool assumes_fleet(const config::Settings& settings) {
  return !settings.list("filename").empty() && settings.text("replicas").empty();
}

/// Of files --at is the moment of the decision; of a cluster one to come.
bool looks_ahead(const config::Settings& settings) {
  return settings.duration("ahead").has_value() ||
         (settings.list("filename").empty() && !settings.text("at").empty());
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto taken = take_looks(settings, settings.arguments());
  if (!taken.ok()) return fail(console, taken.error());
  const auto& looks = taken->each;
  if (looks.empty()) console.err << "edgetide: no EdgePools found\n";
  for (const std::string& remark : taken->remarks) console.err << "edgetide: " << remark << '\n';
  if (looks_ahead(settings)) {
    const auto ahead = steps_asked_for(looks, settings);
    if (!ahead.ok()) return fail(console, ahead.error());
    console.out << print_ahead(*ahead, settings.text("output"), console.columns);
    const bool tell = settings.flag("exit-code") && std::ranges::any_of(*ahead, lacks_ahead);
    return tell ? Exit::kDecided : Exit::kOk;
  }
  if (assumes_fleet(settings))
    console.err << "edgetide: without --replicas each pool is taken to run its replicas.min, all "
                   "Ready: its change and reserve are told from there\n";
  print(looks, settings.text("output"), console.out);
  const bool tell = settings.flag("exit-code") && std::ranges::any_of(looks, decided);
  return tell ? Exit::kDecided : Exit::kOk;
}

std::vector<config::Option> options() {
  auto all = look_options();
  const std::vector<config::Option> own{
      {.name = "ahead",
       .help = "Print what the time ahead will need instead, step by step.",
       .kind = config::Option::Kind::kDuration,
       .value_name = "DURATION",
       .min = 600,
       .max = kFarthestPlan.count()},
      {.name = "exit-code",
       .help = "Exit with 4 when a pool would be changed or has a shortfall; of the time ahead, "
               "when a step "
               "is short.",
       .kind = config::Option::Kind::kFlag},
      output_option({"text", "json", "yaml"}),
  };
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace

Command plan_command() {
  return {
      .name = "plan",
      .summary = "decide once, print why, change nothing",
      .usage = "plan [NAMESPACE/POOL]... [options]",
      .about =
          "Takes one look at each pool, as the operator would, and prints the whole "
          "decision: demand,\nforecast, sizing, what each guard said, and what would be "
          "written where. With --ahead, or --at a\nmoment to come, tells what the time ahead will "
          "need. Changes nothing.",
      .options = options(),
      .examples =
          {"edgetide plan                                  # every pool of the cluster",
           "edgetide plan video/live-edge -o yaml",
           "edgetide plan video/live-edge --ahead 6h       # what the coming hours will need",
           "edgetide plan -f examples/live-edge --demand viewers.csv --at 2026-12-05T19:30:00Z"},
      .max_arguments = 100,
      .names = Names::kPools,
      .run = run};
}

}  // namespace edgetide::cli
