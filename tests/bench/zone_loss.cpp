// One failure domain lost at the worst minute of every day of a recorded audience: what is left
// unserved while it is gone, and what that costs beside the same night without redundancy.

#include <algorithm>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/lean_world.h"
#include "simulation/closed_loop.h"

namespace edgetide::bench {

/// What the command line changes.
struct Options {
  std::optional<double> after_loss;  ///< Coverage wanted after a loss, in place of the default.
  double target_utilization = .75;   ///< The default of the API; 1 leaves nothing to spare.
  std::vector<std::string> names{"worldcup98", "isp", "nyc-taxi"};
};

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Seconds kLost = minutes{20};
constexpr double kMostUnserved = 0.005;
constexpr double kMostCost = 1.5;

/// From three hours before the loss until two after it.
struct Night {
  double unserved = 0;  ///< Viewer-minutes, while the domain is gone,
  double wanted = 0;    ///< of so many.
  double paid = 0;      ///< Replica-minutes of the whole night.
};

/// Replicas serve 300 s after they were ordered, at the latest.
simulation::StartUp five_minutes() {
  return {.machine_least = Seconds{120},
          .machine_most = Seconds{200},
          .container_least = Seconds{45},
          .container_most = Seconds{100}};
}

model::EdgePool pool_of(const Recording& recording, const backtest::Window& window,
                        const Options& options, model::Survive survive) {
  model::EdgePool pool = lean_pool(recording, window);
  pool.mode = model::Mode::kEnforce;
  pool.uid = "bench";
  pool.capacity.target_utilization = Ratio{options.target_utilization};
  pool.redundancy.survive = survive;
  if (options.after_loss) pool.redundancy.confidence = *options.after_loss;
  pool.replicas = {.min = Replicas{3}, .max = Replicas{1200}};
  pool.lead_time = Seconds{300};
  return pool;
}

Night live(const Recording& recording, const backtest::Window& window, Instant lost,
           const Options& options, model::Survive survive) {
  const simulation::Scenario scenario{.title = recording.name,
                                      .from = lost - hours{3},
                                      .to = lost + hours{2},
                                      .pool = pool_of(recording, window, options, survive),
                                      .calendar = recording.calendar,
                                      .audience = simulation::Audience(recording.samples),
                                      .start_up = five_minutes(),
                                      .zone_loss = simulation::ZoneLoss{.at = lost, .lasts = kLost},
                                      .faults = {},
                                      .tonight = {.kick_off = lost, .uplift = Viewers{0}}};
  const auto score = simulation::run(scenario, simulation::PolicyKind::kEdgetide).score;
  return {.unserved = score.zone_loss->viewer_minutes,
          .wanted = score.zone_loss->wanted_viewer_minutes,
          .paid = score.cost.replica_minutes};
}

/// By day of the window, when the twenty minutes begin in which the most is watched; only those
/// with a whole night around them.
std::vector<Instant> worst_minutes(const Recording& recording, const backtest::Window& window) {
  const simulation::Audience audience(recording.samples);
  std::vector<Instant> worst;
  const auto first = std::chrono::floor<std::chrono::days>(window.from);
  for (Instant day = first; day < window.to; day += std::chrono::days{1}) {
    Instant at = day;
    double most = -1;
    for (Instant begin = day; begin < day + std::chrono::days{1}; begin += minutes{1}) {
      if (begin - hours{3} < window.from || begin + hours{2} > window.to) continue;
      double watched = 0;
      for (Seconds since{0}; since < kLost; since += minutes{4})
        watched += audience.at(begin + since).count();
      if (watched > most) {
        most = watched;
        at = begin;
      }
    }
    if (most > 0) worst.push_back(at);
  }
  return worst;
}

/// Of the process, by what the recordings asked for say: all bars met, one missed, or none there.
enum Exit { kMet = 0, kMissed = 1, kSkipped = 77 };

/// The worst day is held to what may stay unserved, the sum of them to what it may cost.
Exit measure(const Options& options) {
  bool met = true;
  bool any = false;
  std::printf("%-28s %5s %18s %18s %6s\n", "recording", "days", "unserved, all", "worst day",
              "cost");
  for (const auto& named : recordings()) {
    if (std::ranges::find(options.names, named.name) == options.names.end()) continue;
    const Recording recording = named.read();
    if (recording.windows.empty()) {
      std::printf("%-28s not there; see README.md\n", named.name.c_str());
      continue;
    }
    any = true;
    const auto& window = recording.windows.front();
    Night with, without;
    double worst_share = 0;
    std::string worst_day = "-";
    const auto days = worst_minutes(recording, window);
    for (const Instant lost : days) {
      const Night night = live(recording, window, lost, options, model::Survive::kFailureDomain);
      const Night bare = live(recording, window, lost, options, model::Survive::kNone);
      with.unserved += night.unserved;
      with.wanted += night.wanted;
      with.paid += night.paid;
      without.paid += bare.paid;
      without.unserved += bare.unserved;
      if (night.unserved / night.wanted > worst_share) {
        worst_share = night.unserved / night.wanted;
        worst_day = edgetide::to_string(lost);
      }
    }
    const double share = with.unserved / with.wanted;
    const double cost = with.paid / without.paid;
    met = met && worst_share <= kMostUnserved && cost <= kMostCost;
    std::printf("%-28s %5zu %16.3f %% %16.3f %% %6.3f  %s; without redundancy %.2f %%\n",
                recording.name.c_str(), days.size(), 100 * share, 100 * worst_share, cost,
                worst_day.c_str(), 100 * without.unserved / with.wanted);
    std::fflush(stdout);
  }
  if (!any) return kSkipped;
  return met ? kMet : kMissed;
}

Options options_of(std::span<char* const> words) {
  Options options;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const bool more = i + 1 < words.size();
    if (word == "--after-loss" && more) {
      options.after_loss = std::stod(words[++i]) / 100;
    } else if (word == "--target-utilization" && more) {
      options.target_utilization = std::stod(words[++i]) / 100;
    } else {
      names.emplace_back(word);
    }
  }
  if (!names.empty()) options.names = std::move(names);
  return options;
}

}  // namespace
}  // namespace edgetide::bench

int main(int count, char** words) {
  using namespace edgetide::bench;
  return measure(options_of({words + 1, words + count}));
}
