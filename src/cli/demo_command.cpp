#include "cli/demo_command.h"

#include <limits>
#include <string>

#include "cli/live_run.h"
#include "cli/output_option.h"

namespace edgetide::cli {
namespace {

std::vector<config::Option> options() {
  return {
      speed_option(),
      {.name = "seed",
       .help = "Chooses the evening; the same seed gives the same one.",
       .kind = config::Option::Kind::kInteger,
       .value_name = "NUMBER",
       .default_value = "1",
       .min = 0,
       .max = std::numeric_limits<int>::max()},
      {.name = "no-zone-loss",
       .help = "Leave all zones alive.",
       .kind = config::Option::Kind::kFlag},
      serve_option("the evening"),
      {.name = "report",
       .help = "Where the HTML page goes; without it edgetide-demo.html, here or in the temporary "
               "directory.",
       .value_name = "PATH"},
      {.name = "color",
       .help = "Whether to use colours; NO_COLOR and CLICOLOR_FORCE are honoured.",
       .value_name = "WHEN",
       .default_value = "auto",
       .choices = {"auto", "always", "never"}},
      output_option({"text", "json", "yaml"},
                    "How the summary is printed; unless text, the evening goes to stderr.")};
}

DemoOptions::Color color_of(const std::string& text) {
  if (text == "always") return DemoOptions::Color::kAlways;
  return text == "never" ? DemoOptions::Color::kNever : DemoOptions::Color::kAuto;
}

DemoOptions::Output output_of(const std::string& text) {
  if (text == "json") return DemoOptions::Output::kJson;
  return text == "yaml" ? DemoOptions::Output::kYaml : DemoOptions::Output::kText;
}

Exit run(const config::Settings& settings, const Console& console) {
  const auto speed = speed_of(settings.text("speed"));
  if (!speed.ok()) return fail(console, speed.error());
  DemoOptions options{.speed = *speed,
                      .seed = static_cast<std::uint64_t>(*settings.integer("seed")),
                      .zone_loss = !settings.flag("no-zone-loss"),
                      .color = color_of(settings.text("color")),
                      .output = output_of(settings.text("output"))};
  if (const auto port = settings.integer("serve")) options.serve = static_cast<int>(*port);
  if (const auto path = settings.text("report"); !path.empty()) options.report = path;
  return run_demo(options, console);
}

}  // namespace

Command demo_command() {
  return {.name = "demo",
          .summary = "watch one sport evening on an embedded fleet",
          .usage = "demo [options]",
          .about =
              "Runs the operator's own reconciler over a live-sport evening of five hours on an "
              "embedded fleet,\n300 times faster than life: kick-off, half-time, extra time, the "
              "loss of a zone. Ends with what\nit gave and cost, the same evening under an HPA, "
              "and a page with the charts. Touches no cluster.",
          .options = options(),
          .examples = {"edgetide demo                           # about a minute",
                       "edgetide demo --speed max -o json       # the figures alone",
                       "edgetide demo --serve 8080              # watch it in a browser",
                       "edgetide demo --seed 7 --report cup.html"},
          .run = run};
}

}  // namespace edgetide::cli
