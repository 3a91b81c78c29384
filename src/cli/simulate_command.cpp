#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/night_page.h"
#include "cli/output_option.h"
#include "cli/progress.h"
#include "cli/record_inputs.h"
#include "cli/scenario_file.h"
#include "simulation/closed_loop.h"
#include "simulation/shrink.h"
#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;
using simulation::fixed;
using simulation::grouped;
using simulation::PolicyKind;
using simulation::Recording;
using simulation::right_aligned;
using simulation::Runner;
using simulation::Scenario;

constexpr std::size_t kBreachesShown = 10;

using Run = NightRun;

bool is_edgetide(const Run& run) { return run.runner.kind == PolicyKind::kEdgetide; }

std::vector<config::Option> options() {
  using Kind = config::Option::Kind;
  return {{.name = "seed",
           .help = "What chance is drawn from, in place of the file's seed.",
           .kind = Kind::kInteger,
           .value_name = "N",
           .min = 0},
          {.name = "seeds",
           .help = "So many seeds, one after another, each told in a line.",
           .kind = Kind::kInteger,
           .value_name = "M",
           .default_value = "1",
           .min = 1,
           .max = 100'000},
          {.name = "policy",
           .help = "Who runs the fleet, NAME[:KNOB=VALUE] with commas between: a policy of "
                   "backtest, or hpa60, an HPA that looks every 15 s.",
           .kind = Kind::kList,
           .value_name = "POLICIES",
           .default_value = "edgetide"},
          {.name = "set",
           .help = "A field of the pool, stronger than its file: spec.replicas.max=40.",
           .kind = Kind::kList,
           .value_name = "FIELD=VALUE"},
          {.name = "report",
           .help = "Also a page with charts of the night, one HTML file; of one seed.",
           .value_name = "FILE"},
          output_option({"text", "json"})};
}

/// Ours as the operator runs it, with the confidence that was asked for; anybody else's.
struct AskedRunner {
  Runner runner;
  std::optional<double> confidence;
};

Result<std::vector<AskedRunner>> runners_of(const config::Settings& settings) {
  std::vector<AskedRunner> runners;
  for (const std::string& text : settings.list("policy")) {
    if (text == "hpa60") {
      runners.push_back({PolicyKind::kHpa60, std::nullopt});
      continue;
    }
    auto choices = backtest::parse_policies(text);
    if (!choices.ok()) return wrong("--policy", choices.error().message);
    for (auto& choice : *choices) {
      if (choice.kind->name != "edgetide") {
        runners.push_back({Runner(std::move(choice)), std::nullopt});
        continue;
      }
      runners.push_back({PolicyKind::kEdgetide, std::nullopt});
      for (const auto& [knob, percent] : choice.knobs) runners.back().confidence = percent / 100;
    }
  }
  return runners;
}

std::string time_text(Instant at) { return clock_text(at).substr(0, 5); }

std::string unserved_text(const backtest::Unserved& unserved) {
  std::string text = grouped(unserved.viewer_minutes) + " viewer-minutes, " +
                     fixed(100 * unserved.share().count(), 3) + " %";
  if (unserved.worst > Viewers{0}) {
    text +=
        "; most at once " + grouped(unserved.worst.count()) + " at " + time_text(unserved.worst_at);
  }
  return text;
}

void print_programme(const Run& run, std::ostream& out) {
  struct Line {
    Instant at;
    std::string text;
  };
  std::vector<Line> lines;
  for (const auto& mark : run.recording.marks) lines.push_back({mark.at, mark.text});
  for (const auto& fault : run.scenario.faults) {
    const std::string name{simulation::name_of(fault.kind)};
    lines.push_back({fault.from, name + " for " + to_string(fault.lasts)});
  }
  std::ranges::stable_sort(lines, {}, &Line::at);
  for (const auto& line : lines) out << "  " << time_text(line.at) << "  " << line.text << '\n';
  if (!lines.empty()) out << '\n';
}

void print_text(const Run& run, std::ostream& out) {
  const auto& [scenario, runner, recording] = run;
  const auto& score = recording.score;
  const auto busiest = std::ranges::max_element(recording.frames, {}, &simulation::Frame::wanting);
  out << scenario.title << "\n  " << time_text(scenario.from) << " to " << time_text(scenario.to)
      << " UTC, at most " << grouped(busiest->wanting.count()) << " viewers at "
      << time_text(busiest->at) << ", seed " << scenario.seed << "\n\n";
  print_programme(run, out);
  out << simulation::to_string(runner) << '\n';
  out << "  unserved             " << unserved_text(score.evening) << '\n';
  if (score.zone_loss) out << "  while a zone is lost " << unserved_text(*score.zone_loss) << '\n';
  out << "  cost                 " << fixed(score.cost.ratio().count(), 2)
      << " x a clairvoyant fleet, " << fixed(score.promise_cost_ratio().count(), 2)
      << " x one that keeps the same promises\n";
  out << "  decisions            " << recording.looks << " looks, " << recording.decisions.size()
      << " that wrote\n";
  if (!is_edgetide(run)) return;
  out << "  promises             "
      << (recording.breaches.empty()
              ? std::string("all kept")
              : grouped(static_cast<double>(recording.breaches.size())) + " times broken")
      << '\n';
  for (const auto& breach : recording.breaches) {
    if (&breach - recording.breaches.data() == kBreachesShown) {
      out << "    and more\n";
      break;
    }
    out << "    " << to_string(breach.at) << "  " << breach.rule << ": " << breach.detail << '\n';
  }
  if (!recording.breaches.empty())
    out << "  shortest             " << simulation::told(simulation::shortest_failing(run.scenario))
        << '\n';
}

std::string verdict_of(const Run& run) {
  if (!is_edgetide(run)) return "";
  const auto& breaches = run.recording.breaches;
  if (breaches.empty()) return "  promises kept";
  return "  BROKEN: " + breaches.front().rule + " at " + to_string(breaches.front().at) +
         "; shortest: " + simulation::told(simulation::shortest_failing(run.scenario));
}

void print_line(const Run& run, std::ostream& out) {
  const auto& score = run.recording.score;
  out << "seed " << right_aligned(std::to_string(run.scenario.seed), 6) << "  "
      << simulation::left_aligned(simulation::to_string(run.runner), 11)
      << right_aligned(fixed(100 * score.evening.share().count(), 3), 8) << " % unserved  cost "
      << fixed(score.cost.ratio().count(), 2) << verdict_of(run) << '\n';
}

Json unserved_json(const backtest::Unserved& unserved) {
  return {{"viewerMinutes", unserved.viewer_minutes},
          {"share", unserved.share().count()},
          {"minutesShort", unserved.minutes},
          {"mostAtOnce", unserved.worst.count()}};
}

Json json_of(const Run& run) {
  const auto& score = run.recording.score;
  Json breaches = Json::array();
  for (const auto& breach : run.recording.breaches) {
    breaches.push_back(
        {{"at", to_string(breach.at)}, {"rule", breach.rule}, {"detail", breach.detail}});
  }
  Json json{{"title", run.scenario.title},
            {"seed", run.scenario.seed},
            {"policy", simulation::to_string(run.runner)},
            {"unserved", unserved_json(score.evening)},
            {"replicaMinutes", score.cost.replica_minutes},
            {"costRatio", score.cost.ratio().count()},
            {"promiseCostRatio", score.promise_cost_ratio().count()},
            {"looks", run.recording.looks},
            {"writes", run.recording.decisions.size()},
            {"breaches", std::move(breaches)}};
  if (score.zone_loss) json["unservedWhileZoneLost"] = unserved_json(*score.zone_loss);
  return json;
}

/// Every seed under every policy.
Result<std::vector<Run>> live_through(const config::Settings& settings, const Console& console) {
  const auto runners = runners_of(settings);
  if (!runners.ok()) return runners.error();
  const std::string path = settings.arguments().front();
  const auto first_seed = settings.integer("seed");
  const auto seeds = static_cast<std::uint64_t>(*settings.integer("seeds"));
  Progress progress(console.err, stderr_is_terminal(console.environment("TERM").value_or("")));
  std::vector<Run> runs;
  for (std::uint64_t i = 0; i < seeds; ++i) {
    std::optional<std::uint64_t> seed;
    if (first_seed) seed = static_cast<std::uint64_t>(*first_seed) + i;
    if (!first_seed && i > 0) seed = runs.front().scenario.seed + i;
    for (const auto& [runner, confidence] : *runners) {
      auto scenario = read_scenario_file(path, settings.list("set"), seed);
      if (!scenario.ok()) return scenario.error();
      progress.show("seed " + std::to_string(scenario->seed),
                    static_cast<double>(i) / static_cast<double>(seeds));
      if (confidence) scenario->pool.confidence = *confidence;
      auto recording = simulation::run(*scenario, runner);
      if (seeds > 1) recording.frames.clear();
      runs.push_back({*std::move(scenario), runner, std::move(recording)});
    }
  }
  return runs;
}

bool write_report(const std::string& path, const std::vector<Run>& runs) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << web::page_html(night_page(runs));
  file.close();
  return file.good();
}

Exit run(const config::Settings& settings, const Console& console) {
  if (settings.arguments().empty()) {
    return fail(console, wrong("SCENARIO.yaml", "required; examples/scenarios has some"));
  }
  const std::string report = settings.text("report");
  if (!report.empty() && *settings.integer("seeds") > 1)
    return fail(console, wrong("--report", "is of one seed, and has no place beside --seeds"));
  const auto runs = live_through(settings, console);
  if (!runs.ok()) return fail(console, runs.error());
  const auto broken =
      std::ranges::count_if(*runs, [](const Run& one) { return !one.recording.breaches.empty(); });
  if (settings.text("output") == "json") {
    Json all = Json::array();
    for (const Run& one : *runs) all.push_back(json_of(one));
    console.out << Json{{"apiVersion", "edgetide.io/v1alpha1"},
                        {"kind", "Simulation"},
                        {"runs", std::move(all)}}
                       .dump(2)
                << '\n';
  } else if (*settings.integer("seeds") > 1) {
    for (const Run& one : *runs) print_line(one, console.out);
    console.out << runs->size() << " runs, " << broken << " with a broken promise\n";
  } else {
    for (const Run& one : *runs) {
      if (&one != runs->data()) console.out << '\n';
      print_text(one, console.out);
    }
  }
  if (!report.empty() && !write_report(report, *runs)) {
    console.err << "edgetide: " << report << ": the page cannot be written there\n";
    return Exit::kFailed;
  }
  return broken == 0 ? Exit::kOk : Exit::kFailed;
}

}  // namespace

Command simulate_command() {
  return {
      .name = "simulate",
      .summary = "lives through a night that you describe",
      .usage = "simulate SCENARIO.yaml [options]",
      .about =
          "Runs the operator's own reconciler on a pool, an audience, a calendar and faults in "
          "virtual\ntime, and holds it to its promises at every step: nothing lowered in doubt, "
          "nothing out of\nbounds, the reserve there or a shortfall reported. The same seed "
          "gives the same night. Exit\ncode 1 when a promise was broken.",
      .options = options(),
      .examples =
          {"edgetide simulate examples/scenarios/cup-final.yaml   # a final, and a zone lost",
           "edgetide simulate night.yaml --seeds 100              # a hundred such nights",
           "edgetide simulate night.yaml --policy edgetide,hpa:target=0.6,surge,clairvoyant",
           "edgetide simulate night.yaml --set spec.redundancy.survive=None -o json"},
      .max_arguments = 1,
      .run = run};
}

}  // namespace edgetide::cli
