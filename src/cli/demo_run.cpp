#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/demo_command.h"
#include "cli/demo_page.h"
#include "cli/demo_stage.h"
#include "cli/demo_summary.h"
#include "cli/live_run.h"
#include "cli/version.h"
#include "report/structured_report.h"
#include "simulation/closed_loop.h"
#include "simulation/text.h"
#include "telemetry/metrics.h"

namespace edgetide::cli {
namespace {

namespace fs = std::filesystem;
bool can_write(const fs::path& path) {
  std::error_code ignored;
  const bool existed = fs::exists(path, ignored);
  const bool opened = std::ofstream(path, std::ios::app).good();
  if (opened && !existed) fs::remove(path, ignored);
  return opened;
}

/// Where the page will go, if it can be written there.
fs::path page_path(const DemoOptions& options) {
  constexpr const char* kName = "edgetide-demo.html";
  if (options.report) return *options.report;
  if (can_write(kName)) return kName;
  std::error_code ignored;
  return fs::temp_directory_path(ignored) / kName;
}

Exit cannot_write(const Console& console, const fs::path& page) {
  static_cast<void>(fail(
      console, {ErrorCode::kUnavailable, "the report cannot be written there", page.string()}));
  return Exit::kFailed;
}

bool wants_color(const DemoOptions& options, const Console& console, int descriptor) {
  if (options.color != DemoOptions::Color::kAuto) {
    return options.color == DemoOptions::Color::kAlways;
  }
  const auto asks = [&](const char* name) {
    return !console.environment(name).value_or("").empty();
  };
  if (asks("NO_COLOR")) return false;
  if (asks("CLICOLOR_FORCE") && console.environment("CLICOLOR_FORCE") != "0") return true;
  return isatty(descriptor) != 0 && console.environment("TERM").value_or("dumb") != "dumb";
}

std::unique_ptr<DemoStage> stage_for(const DemoOptions& options, const Console& console,
                                     const std::string& pace) {
  const bool text = options.output == DemoOptions::Output::kText;
  std::ostream& out = text ? console.out : console.err;
  const int descriptor = text ? STDOUT_FILENO : STDERR_FILENO;
  const StageOptions look{.color = wants_color(options, console, descriptor), .pace = pace};
  if (can_redraw(descriptor, console.environment("TERM").value_or("dumb"))) {
    return live_stage(out, descriptor, look);
  }
  return line_stage(out, look);
}

bool write_page(const fs::path& path, const simulation::Comparison& comparison) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << web::page_html(demo_page(comparison));
  file.close();
  return file.good();
}

void print_summary(const DemoOptions& options, const Console& console,
                   const simulation::Comparison& comparison, const fs::path& page) {
  std::error_code ignored;
  const fs::path full = fs::absolute(page, ignored);
  if (options.output == DemoOptions::Output::kText) {
    console.out << '\n'
                << simulation::summary_text(comparison) << "\nReport: " << full.string() << '\n';
    return;
  }
  const auto summary = demo_summary(comparison, full.string());
  if (options.output == DemoOptions::Output::kJson) {
    console.out << summary.dump(2) << '\n';
  } else {
    console.out << report::to_yaml(summary);
  }
}

}  // namespace

Exit run_demo(const DemoOptions& options, const Console& console) {
  const SignalsNoted signals;
  const Pace pace(options.speed);
  std::ostream& told = options.output == DemoOptions::Output::kText ? console.out : console.err;
  told << "Edgetide demo: one live-sport evening, " << pace.text() << std::endl;
  const fs::path page = page_path(options);
  if (!can_write(page)) return cannot_write(console, page);

  auto live = LivePage::start(options.serve, told);
  if (!live.ok()) return fail(console, live.error());
  const auto scenario =
      simulation::sport_evening({.seed = options.seed, .zone_loss = options.zone_loss});
  telemetry::Metrics metrics(kVersion);
  simulation::ClosedLoop evening(scenario, simulation::PolicyKind::kEdgetide, &metrics);
  const auto stage = stage_for(options, console, pace.text());
  while (!SignalsNoted::any() && evening.step()) {
    const Instant now = evening.recording().frames.back().at;
    stage->show({scenario, evening.recording(), evening.last_decision()});
    live->show([&] {
      return live_page(scenario, evening.recording(),
                       simulation::to_string(simulation::PolicyKind::kEdgetide));
    });
    pace.wait_until(now + scenario.step - scenario.from);
  }
  stage->close();
  if (SignalsNoted::any()) {
    return interrupted(console, evening.recording().frames.back().at);
  }

  const auto unreserved =
      simulation::run(simulation::without_reserve(scenario), simulation::PolicyKind::kEdgetide);
  const auto hpa = simulation::run(scenario, simulation::PolicyKind::kHpa60);
  const simulation::Comparison comparison{scenario, evening.recording(), unreserved, hpa};
  if (!write_page(page, comparison)) return cannot_write(console, page);
  print_summary(options, console, comparison, page);
  live->stay([&] { return demo_page(comparison); }, told);
  return Exit::kOk;
}

}  // namespace edgetide::cli
