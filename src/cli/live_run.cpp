#include "cli/live_run.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "simulation/text.h"

namespace edgetide::cli {
namespace {

using std::chrono::steady_clock;

constexpr double kSlowest = 1;
constexpr double kFastest = 100'000;
constexpr std::chrono::milliseconds kLongestSleep{50};
constexpr std::chrono::milliseconds kBetweenPages{500};

volatile std::sig_atomic_t stop_signal = 0;

void note_signal(int signal) { stop_signal = signal; }

/// "300" or "300x"; nothing when it is no number within the limits.
std::optional<double> parse_factor(std::string text) {
  if (text.ends_with('x')) text.pop_back();
  double factor = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), factor);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(factor >= kSlowest && factor <= kFastest)) return std::nullopt;
  return factor;
}

}  // namespace

SignalsNoted::SignalsNoted() {
  stop_signal = 0;
  struct sigaction noted {};
  noted.sa_handler = note_signal;
  sigaction(SIGINT, &noted, &interrupt_);
  sigaction(SIGTERM, &noted, &terminate_);
}

SignalsNoted::~SignalsNoted() {
  sigaction(SIGINT, &interrupt_, nullptr);
  sigaction(SIGTERM, &terminate_, nullptr);
}

bool SignalsNoted::any() { return stop_signal != 0; }

Result<Speed> speed_of(const std::string& text) {
  if (text == "max") return Speed{};
  if (const auto factor = parse_factor(text)) return Speed{factor};
  return Error{.code = ErrorCode::kInvalid,
               .message = "'" + text + "' is no speed; legal are 1 to 100000 and max",
               .context = "--speed"};
}

config::Option speed_option() {
  return {.name = "speed",
          .help = "How many times faster than life, 1 to 100000, or max for as fast as it goes.",
          .value_name = "FACTOR",
          .default_value = "300"};
}

config::Option serve_option(const std::string& what) {
  return {.name = "serve",
          .help = "Also show " + what +
                  " in a browser, on this port of the loopback address (0 chooses one), until "
                  "Ctrl-C.",
          .kind = config::Option::Kind::kInteger,
          .value_name = "PORT",
          .min = 0,
          .max = 65535};
}

void Pace::wait_until(Seconds passed) const {
  if (!speed_) return;
  const std::chrono::duration<double> wall{static_cast<double>(passed.count()) / *speed_};
  const auto due = began_ + std::chrono::duration_cast<steady_clock::duration>(wall);
  while (!SignalsNoted::any() && steady_clock::now() < due) {
    std::this_thread::sleep_until(std::min(due, steady_clock::now() + kLongestSleep));
  }
}

std::string Pace::text() const {
  return speed_ ? simulation::fixed(*speed_, 0) + " x life" : "as fast as it goes";
}

Result<LivePage> LivePage::start(std::optional<int> port, std::ostream& told) {
  if (!port) return LivePage(nullptr);
  auto server = PageServer::start(*port);
  if (!server.ok()) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = "port " + std::to_string(*port) +
                            " cannot be had: " + server.error().message + "; 0 chooses a free one",
                 .context = "--serve"};
  }
  told << "Live page: " << (*server)->url() << std::endl;
  return LivePage(*std::move(server));
}

void LivePage::show(const std::function<web::Page()>& page) {
  const auto now = steady_clock::now();
  if (!server_ || now < next_) return;
  next_ = now + kBetweenPages;
  server_->show(page());
}

void LivePage::stay(const std::function<web::Page()>& page, std::ostream& told) {
  if (!server_) return;
  server_->show(page());
  told << "The page stays at " << server_->url() << " until Ctrl-C." << std::endl;
  while (!SignalsNoted::any()) std::this_thread::sleep_for(kBetweenPages);
}

Exit interrupted(const Console& console, Instant at) {
  console.err << "edgetide: interrupted at " << clock_text(at)
              << " of the evening; no report was written\n";
  return Exit::kInterrupted;
}

}  // namespace edgetide::cli
