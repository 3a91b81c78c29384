// What decisions cost and leave short on recorded audiences, policy by policy. See README.md beside
// this file, and docs/decision-quality.md for how to read the table.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "bench/coverage.h"
#include "bench/lean_world.h"
#include "edgetide/backtest/curve.h"
#include "edgetide/backtest/policy_list.h"
#include "edgetide/backtest/replay.h"

namespace {

using namespace edgetide;
using namespace edgetide::bench;

/// The windows of a recording for one lead, each with its pool and what was learned before it.
class Bench {
 public:
  Bench(const Recording& recording, Seconds lead) : recording_(recording) {
    for (const backtest::Window& window : recording.windows) {
      pools_.push_back(lean_pool(recording, window));
    }
    learned_.reserve(pools_.size());
    for (std::size_t i = 0; i < pools_.size(); ++i) {
      worlds_.push_back(world_of(recording, pools_[i], recording.windows[i], lead));
      learned_.push_back(backtest::learn_past(worlds_[i]));
      worlds_[i].learned = &learned_[i];
    }
  }

  /// A policy over all windows.
  struct Outcome {
    backtest::Score score;
    Coverage coverage;
  };
  [[nodiscard]] Outcome outcome(const backtest::PolicyChoice& choice) const {
    Outcome sum;
    for (const auto& world : worlds_) {
      const auto replay = backtest::replay(world, *choice.make(world));
      sum.score += replay.score;
      judge(recording_, world, replay, sum.coverage);
    }
    return sum;
  }

 private:
  const Recording& recording_;
  std::vector<model::EdgePool> pools_;
  std::vector<forecast::ForecastState> learned_;
  std::vector<backtest::World> worlds_;
};

void print_cost(std::optional<Ratio> cost) {
  if (cost) {
    std::printf(" %9.3f", cost->count());
  } else {
    std::printf(" %9s", "-");
  }
}

/// The reversals of the cheapest score that leaves no more short.
double reversals_at(const std::vector<backtest::Score>& curve, double shortfall) {
  const backtest::Score* best = nullptr;
  for (const auto& score : curve) {
    if (score.unserved.share().count() > shortfall) continue;
    if (best == nullptr || score.cost.ratio() < best->cost.ratio()) best = &score;
  }
  return best == nullptr ? NAN : best->moves.reversals_per_day();
}

std::string percent(double part, double whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * part / whole);
  return text;
}

void print_points(const std::vector<backtest::PolicyChoice>& choices,
                  const std::vector<Bench::Outcome>& outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& [score, coverage] = outcomes[i];
    std::printf("    %-28s short %8.4f %%  cost %6.3f  reversals a day %6.1f",
                choices[i].text().c_str(), 100 * score.unserved.share().count(),
                score.cost.ratio().count(), score.moves.reversals_per_day());
    if (coverage.judged > 0) {
      std::printf("  exceeded %s",
                  percent(coverage.judged - coverage.covered, coverage.judged).c_str());
    }
    std::printf("\n");
  }
}

/// What was asked for on the command line.
struct Request {
  std::vector<std::string> names;
  std::vector<std::string> policies;
  bool points = false;
  bool coarse = false;
};

std::vector<backtest::PolicyChoice> knobs_of(const backtest::PolicyKind& kind, bool coarse) {
  const auto all = backtest::along_curve({.kind = &kind, .knobs = {}});
  if (!coarse) return all;
  std::vector<backtest::PolicyChoice> every_other;
  for (std::size_t i = 0; i < all.size(); i += 2) every_other.push_back(all[i]);
  return every_other;
}

void print_policy(const Bench& bench, const backtest::PolicyKind& kind, const Request& request) {
  const std::clock_t began = std::clock();
  const auto choices = knobs_of(kind, request.coarse);
  std::vector<Bench::Outcome> outcomes;
  std::vector<backtest::Score> curve;
  for (const auto& choice : choices) {
    outcomes.push_back(bench.outcome(choice));
    curve.push_back(outcomes.back().score);
  }
  const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  std::printf("  %-13s", kind.name.c_str());
  if (curve.size() == 1) {
    std::printf("%s short at a cost of %.3f\n",
                percent(curve[0].unserved.share().count(), 1).c_str(),
                curve[0].cost.ratio().count());
    return;
  }
  for (const double short_of : {1e-2, 1e-3, 1e-4}) {
    print_cost(backtest::cost_at(curve, Ratio{short_of}));
  }
  std::printf(" %9.1f %9.1f\n", reversals_at(curve, 1e-3), seconds);
  if (request.points) print_points(choices, outcomes);
  std::fflush(stdout);
}

void print_coverage(const Bench& bench) {
  for (const char* confidence : {"95", "99"}) {
    const auto choice = backtest::parse_policies(std::string("forecast:confidence=") + confidence);
    const auto covered = bench.outcome(choice->front()).coverage;
    if (covered.judged == 0) continue;
    std::printf("  window's peak within its %s %%: %s", confidence,
                percent(covered.covered, covered.judged).c_str());
    if (covered.judged_in_events > 0) {
      std::printf(", in events %s",
                  percent(covered.covered_in_events, covered.judged_in_events).c_str());
    }
    std::printf("\n");
  }
}

bool any_of(const std::vector<std::string>& wanted, const std::string& name) {
  return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
}

void compare(const NamedRecording& named, const Request& request) {
  const Recording recording = named.read();
  if (recording.samples.empty()) {
    std::printf("%s: absent\n", named.name.c_str());
    return;
  }
  std::printf("%s: %s, lead %s\n", named.name.c_str(), recording.name.c_str(),
              to_string(named.lead).c_str());
  std::printf("  %-13s %9s %9s %9s %9s %9s\n", "cost at short", "1 %", "0.1 %", "0.01 %", "rev/day",
              "CPU s");
  const Bench bench(recording, named.lead);
  for (const auto& kind : backtest::policy_kinds()) {
    if (any_of(request.policies, kind.name)) print_policy(bench, kind, request);
  }
  if (any_of(request.policies, "forecast")) print_coverage(bench);
}

Request request_of(int argc, char** argv) {
  Request request;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--points") {
      request.points = true;
    } else if (word == "--coarse") {
      request.coarse = true;
    } else if (word == "--policy" && i + 1 < argc) {
      request.policies.emplace_back(argv[++i]);
    } else {
      request.names.push_back(word);
    }
  }
  return request;
}

}  // namespace

int main(int argc, char** argv) {
  const Request request = request_of(argc, argv);
  if (!std::filesystem::exists(traces_folder())) {
    std::printf("traces absent: %s\n", traces_folder().c_str());
    return 0;
  }
  for (const NamedRecording& named : every_recording()) {
    if (any_of(request.names, named.name)) compare(named, request);
  }
  return 0;
}
