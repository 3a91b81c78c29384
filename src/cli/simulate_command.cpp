#include <algorithm>
#include <functional>
#include <ostream>

#include "cli/commands.h"
#include "cli/demo_page.h"
#include "cli/farther_charts.h"
#include "cli/live_run.h"
#include "cli/night_page.h"
#include "cli/output_file.h"
#include "cli/output_option.h"
#include "cli/policies_text.h"
#include "cli/progress.h"
#include "cli/record_inputs.h"
#include "cli/scenario_file.h"
#include "cli/simulate_output.h"
#include "simulation/closed_loop.h"
#include "simulation/night.h"

namespace edgetide::cli {
namespace {

using simulation::PolicyKind;
using simulation::Runner;
using Run = NightRun;

config::Option speed_of_what_is_served() {
  auto speed = speed_option();
  speed.help = "With --serve: how many times faster than life, 1 to 100000, or max.";
  return speed;
}

std::vector<config::Option> options() {
  using Kind = config::Option::Kind;
  return {{.name = "seed",
           .help = "What chance is drawn from, in place of the file's seed.",
           .kind = Kind::kInteger,
           .value_name = "N",
           .min = 0},
          {.name = "seeds",
           .help = "So many seeds, one after another, each told in a line, and all in a table.",
           .kind = Kind::kInteger,
           .value_name = "M",
           .default_value = "1",
           .min = 1,
           .max = 100'000},
          {.name = "draw-faults",
           .help = "Also faults drawn by the seed: up to four; a lost zone, a drain, a rollout.",
           .kind = Kind::kFlag},
          {.name = "policy",
           .help = "Who runs the fleet, NAME[:KNOB=VALUE] with commas between; 'list' tells of "
                   "them.",
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
          serve_option("the first policy's night"),
          speed_of_what_is_served(),
          output_option({"text", "json", "yaml"})};
}

/// "edgetide, hpa60" and "--policy edgetide --policy hpa60" alike.
Result<std::vector<Runner>> runners_of(const config::Settings& settings) {
  std::vector<Runner> runners;
  for (const std::string& text : settings.list("policy")) {
    auto choices = backtest::parse_policies(text);
    if (!choices.ok()) return wrong("--policy", choices.error().message);
    for (auto& choice : *choices) runners.emplace_back(std::move(choice));
  }
  return runners;
}

/// As sure as the policy is asked to be, of what a loss leaves no more than of the whole.
void be_as_sure_as_asked(model::EdgePool& pool, const backtest::Knobs& knobs) {
  const auto percent = knobs.find("confidence");
  if (percent == knobs.end()) return;
  pool.confidence = percent->second / 100;
  pool.redundancy.confidence = std::min(pool.redundancy.confidence, pool.confidence);
}

/// How the first run is lived through: at once, or watched.
using FirstRun = std::function<simulation::Recording(const simulation::Scenario&, const Runner&)>;

/// At its pace, shown as it goes; ends early when a signal comes.
simulation::Recording watched(const simulation::Scenario& scenario, const Runner& runner,
                              const Pace& pace, LivePage& page, FartherLog& log) {
  simulation::ClosedLoop night(scenario, runner, &log);
  while (!SignalsNoted::any() && night.step()) {
    page.show([&] {
      auto now = live_page(scenario, night.recording(), simulation::to_string(runner));
      add_farther(now, scenario, night.recording(), log);
      return now;
    });
    pace.wait_until(night.recording().frames.back().at + scenario.step - scenario.from);
  }
  return night.recording();
}

/// Every seed under every policy.
Result<std::vector<Run>> live_through(const config::Settings& settings, const Console& console,
                                      const FirstRun& first_run) {
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
    for (const Runner& runner : *runners) {
      std::vector<std::string> remarks;
      auto scenario = read_scenario_file(path, settings.list("set"), seed, remarks);
      if (!scenario.ok()) return scenario.error();
      if (runs.empty())
        for (const std::string& remark : remarks) console.err << "edgetide: " << remark << '\n';
      if (!scenario->farther.empty() && runner.kind != PolicyKind::kEdgetide)
        return wrong("--policy", simulation::to_string(runner) +
                                     " runs one pool, and the night has spec.upstreams");
      if (settings.flag("draw-faults")) simulation::add_drawn_faults(*scenario);
      progress.show("seed " + std::to_string(scenario->seed),
                    static_cast<double>(i) / static_cast<double>(seeds));
      if (runner.kind == PolicyKind::kEdgetide)
        be_as_sure_as_asked(scenario->pool, runner.choice.knobs);
      auto recording =
          runs.empty() ? first_run(*scenario, runner) : simulation::run(*scenario, runner);
      if (SignalsNoted::any()) return runs;
      if (seeds > 1) recording.frames.clear();
      runs.push_back({*std::move(scenario), runner, std::move(recording)});
    }
  }
  return runs;
}

Exit print(const config::Settings& settings, const std::vector<Run>& runs, std::ostream& out) {
  const auto broken =
      std::ranges::count_if(runs, [](const Run& one) { return !one.recording.breaches.empty(); });
  const std::string format = settings.text("output");
  if (format != "text") {
    out << simulation_document(runs, format);
  } else if (*settings.integer("seeds") > 1) {
    out << seeds_text(runs);
    const auto promising = std::ranges::count_if(runs, makes_promises);
    out << runs.size() << " runs, " << broken << " with a broken promise"
        << (promising < std::ssize(runs) ? "; of other policies nothing is promised" : "") << '\n';
  } else {
    out << night_text(runs);
  }
  return broken == 0 ? Exit::kOk : Exit::kFailed;
}

/// With --serve: the first run as it goes, and the page of all of them until Ctrl-C.
Exit serve(const config::Settings& settings, const Console& console) {
  const SignalsNoted signals;
  const auto speed = speed_of(settings.text("speed"));
  if (!speed.ok()) return fail(console, speed.error());
  auto page = LivePage::start(static_cast<int>(*settings.integer("serve")), console.err);
  if (!page.ok()) return fail(console, page.error());
  const Pace pace(*speed);
  std::optional<FartherLog> log;
  const auto runs = live_through(settings, console, [&](const auto& scenario, const auto& runner) {
    return watched(scenario, runner, pace, *page, log.emplace(scenario));
  });
  if (!runs.ok()) return fail(console, runs.error());
  if (SignalsNoted::any()) return Exit::kInterrupted;
  const Exit exit = print(settings, *runs, console.out);
  console.out << std::flush;
  page->stay([&] { return night_page(*runs, *log); }, console.err);
  return exit;
}

Exit run(const config::Settings& settings, const Console& console) {
  if (settings.list("policy") == std::vector<std::string>{"list"}) {
    console.out << print_policies(settings.text("output"));
    return Exit::kOk;
  }
  if (settings.arguments().empty()) {
    return fail(console, wrong("SCENARIO.yaml", "required; examples/scenarios has some"));
  }
  const std::string report = settings.text("report");
  const bool served = settings.integer("serve").has_value();
  for (const auto& [option, asked] :
       {std::pair{"--report", !report.empty()}, {"--serve", served}}) {
    if (asked && *settings.integer("seeds") > 1)
      return fail(console, wrong(option, "is of one seed, and has no place beside --seeds"));
  }
  if (!served && settings.origin("speed") != config::Origin::kDefault)
    return fail(console, wrong("--speed", "is of a night that is watched, beside --serve"));
  if (served && !report.empty())
    return fail(console, wrong("--report", "has no place beside --serve, whose page can be saved"));
  if (served) return serve(settings, console);
  OutputFile page;
  if (!page.open(report, console)) return Exit::kFailed;
  std::optional<FartherLog> log;
  const auto runs = live_through(settings, console, [&](const auto& scenario, const auto& runner) {
    return simulation::run(scenario, runner, &log.emplace(scenario));
  });
  if (!runs.ok()) return fail(console, runs.error());
  const Exit exit = print(settings, *runs, console.out);
  if (page.is_open()) page.stream() << web::page_html(night_page(*runs, *log));
  return page.close(console) ? exit : Exit::kFailed;
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
           "edgetide simulate night.yaml --seeds 100 --draw-faults # with other faults in each",
           "edgetide simulate night.yaml --policy edgetide,hpa:target=0.6,surge,clairvoyant",
           "edgetide simulate night.yaml --serve 8080 --speed 600 # watch it in a browser",
           "edgetide simulate night.yaml --set spec.redundancy.survive=None -o json",
           "edgetide simulate --policy list"},
      .max_arguments = 1,
      .run = run};
}

}  // namespace edgetide::cli
