#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "cli/demo_command.h"
#include "cli/demo_page.h"
#include "cli/demo_stage.h"
#include "cli/demo_summary.h"
#include "cli/page_server.h"
#include "cli/version.h"
#include "report/structured_report.h"
#include "simulation/closed_loop.h"
#include "simulation/text.h"
#include "telemetry/metrics.h"

namespace edgetide::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

volatile std::sig_atomic_t stop_signal = 0;

void note_signal(int signal) { stop_signal = signal; }

/// While it lives, SIGINT and SIGTERM are noted instead of ending the process.
class SignalsNoted {
 public:
  SignalsNoted() {
    stop_signal = 0;
    struct sigaction noted {};
    noted.sa_handler = note_signal;
    sigaction(SIGINT, &noted, &interrupt_);
    sigaction(SIGTERM, &noted, &terminate_);
  }
  ~SignalsNoted() {
    sigaction(SIGINT, &interrupt_, nullptr);
    sigaction(SIGTERM, &terminate_, nullptr);
  }
  SignalsNoted(const SignalsNoted&) = delete;
  SignalsNoted& operator=(const SignalsNoted&) = delete;

  [[nodiscard]] static bool any() { return stop_signal != 0; }

 private:
  struct sigaction interrupt_ {};
  struct sigaction terminate_ {};
};

/// Holds virtual time to its speed.
class Pace {
 public:
  explicit Pace(std::optional<double> speed) : speed_(speed) {}

  /// Waits until so much virtual time may have passed, or a signal came.
  void wait_until(Seconds passed) const {
    if (!speed_) return;
    const std::chrono::duration<double> wall{static_cast<double>(passed.count()) / *speed_};
    const auto due = began_ + std::chrono::duration_cast<steady_clock::duration>(wall);
    while (!SignalsNoted::any() && steady_clock::now() < due) {
      std::this_thread::sleep_until(std::min(due, steady_clock::now() + kLongestSleep));
    }
  }

  [[nodiscard]] std::string text() const {
    return speed_ ? simulation::fixed(*speed_, 0) + " x life" : "as fast as it goes";
  }

 private:
  static constexpr std::chrono::milliseconds kLongestSleep{50};

  std::optional<double> speed_;
  steady_clock::time_point began_ = steady_clock::now();
};

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
  console.err << "edgetide: " << page.string() << ": the report cannot be written there\n";
  return Exit::kFailed;
}

bool wants_color(const DemoOptions& options, const Console& console, int descriptor) {
  if (options.color != DemoOptions::Color::kAuto) {
    return options.color == DemoOptions::Color::kAlways;
  }
  if (const auto no_color = console.environment("NO_COLOR"); no_color && !no_color->empty()) {
    return false;
  }
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

/// The evening in a browser, when that is asked for.
class LivePage {
 public:
  explicit LivePage(std::unique_ptr<PageServer> server) : server_(std::move(server)) {}

  void show(const simulation::Scenario& scenario, const simulation::Recording& recording) {
    const auto now = steady_clock::now();
    if (!server_ || now < next_) return;
    next_ = now + kBetweenPages;
    server_->show(live_demo_page(scenario, recording));
  }

  /// Leaves the finished page there until a signal comes.
  void stay(const simulation::Comparison& comparison, std::ostream& told) {
    if (!server_) return;
    server_->show(demo_page(comparison));
    told << "The page stays at " << server_->url() << " until Ctrl-C." << std::endl;
    while (!SignalsNoted::any()) std::this_thread::sleep_for(kBetweenPages);
  }

 private:
  static constexpr std::chrono::milliseconds kBetweenPages{500};

  std::unique_ptr<PageServer> server_;
  steady_clock::time_point next_{};
};

/// Null when no page is to be served.
Result<std::unique_ptr<PageServer>> serve(const DemoOptions& options, std::ostream& told) {
  if (!options.serve) return std::unique_ptr<PageServer>{};
  auto server = PageServer::start(*options.serve);
  if (server.ok()) told << "Live page: " << (*server)->url() << std::endl;
  return server;
}

Exit interrupted(const Console& console, Instant at) {
  console.err << "edgetide: interrupted at " << clock_text(at)
              << " of the evening; no report was written\n";
  return Exit::kInterrupted;
}

}  // namespace

Exit run_demo(const DemoOptions& options, const Console& console) {
  const SignalsNoted signals;
  const Pace pace(options.speed);
  std::ostream& told = options.output == DemoOptions::Output::kText ? console.out : console.err;
  told << "Edgetide demo: one live-sport evening, " << pace.text() << std::endl;
  const fs::path page = page_path(options);
  if (!can_write(page)) return cannot_write(console, page);

  auto server = serve(options, told);
  if (!server.ok()) return fail(console, server.error());
  LivePage live(std::move(*server));
  const auto scenario =
      simulation::sport_evening({.seed = options.seed, .zone_loss = options.zone_loss});
  telemetry::Metrics metrics(kVersion);
  simulation::ClosedLoop evening(scenario, simulation::PolicyKind::kEdgetide, &metrics);
  const auto stage = stage_for(options, console, pace.text());
  while (!SignalsNoted::any() && evening.step()) {
    const Instant now = evening.recording().frames.back().at;
    stage->show({scenario, evening.recording(), evening.last_decision()});
    live.show(scenario, evening.recording());
    pace.wait_until(now + scenario.step - scenario.from);
  }
  stage->close();
  if (SignalsNoted::any()) return interrupted(console, evening.recording().frames.back().at);

  const auto unreserved =
      simulation::run(simulation::without_reserve(scenario), simulation::PolicyKind::kEdgetide);
  const auto hpa = simulation::run(scenario, simulation::PolicyKind::kHpa60);
  const simulation::Comparison comparison{scenario, evening.recording(), unreserved, hpa};
  if (!write_page(page, comparison)) return cannot_write(console, page);
  print_summary(options, console, comparison, page);
  live.stay(comparison, told);
  return Exit::kOk;
}

}  // namespace edgetide::cli
