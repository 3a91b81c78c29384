#include "simulation/drawn_faults.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace edgetide::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// Its use of the seed.
constexpr std::uint64_t kMaintenance = 39;

constexpr std::array kOfMaintenance{FaultKind::kNodesDrained, FaultKind::kRollout};

double size_of(Random& random, FaultKind kind) {
  if (kind == FaultKind::kSlowStarts) return 1.5 + 3 * random.uniform();
  if (kind == FaultKind::kSamplesLate) return 30 + random.below(600);
  if (kind == FaultKind::kSamplesScaled) return random.chance(.5) ? 10 : .1;
  if (kind == FaultKind::kClockAhead)
    return std::array{-600, -45, 45, 600}[static_cast<std::size_t>(random.below(4))];
  return 1;
}

/// What people do to a fleet is drawn apart.
bool may_befall(const Scenario& scenario, FaultKind kind) {
  if (kind == FaultKind::kEgressMissing) return !scenario.farther.empty();
  if (kind == FaultKind::kConnectionsMissing) return scenario.connections.has_value();
  return std::ranges::find(kOfMaintenance, kind) == kOfMaintenance.end();
}

/// In the first four fifths, so that most are over before the night is.
Fault drawn_fault(Random& random, const Scenario& scenario) {
  std::vector<FaultKind> kinds;
  std::ranges::copy_if(kFaultKinds, std::back_inserter(kinds),
                       [&](FaultKind kind) { return may_befall(scenario, kind); });
  const FaultKind kind =
      kinds[static_cast<std::size_t>(random.below(static_cast<int>(kinds.size())))];
  const Seconds lasts = scenario.to - scenario.from;
  // On the steps of the scenario, so that what is to happen at a moment does.
  const Seconds begins = 15 * (random.between(lasts / 30, lasts * 4 / 5) / 15);
  return {.kind = kind,
          .from = scenario.from + begins,
          .lasts = 15 * (random.between(Seconds{60}, minutes{25}) / 15),
          .by = size_of(random, kind)};
}

}  // namespace

void draw_faults(Random& random, Scenario& scenario) {
  const int faults = random.below(5);
  for (int i = 0; i < faults; ++i) scenario.faults.push_back(drawn_fault(random, scenario));
}

void draw_maintenance(Scenario& scenario) {
  Random random(derived_seed(scenario.seed, kMaintenance));
  const Seconds latest = (scenario.to - scenario.from) * 4 / 5;
  for (const FaultKind kind : kOfMaintenance) {
    if (!random.chance(.1)) continue;
    scenario.faults.push_back({.kind = kind,
                               .from = scenario.from + 15 * (random.between({}, latest) / 15),
                               .lasts = 15 * (random.between(minutes{1}, hours{1}) / 15)});
    if (kind == FaultKind::kRollout) continue;
    scenario.faults.back().by = random.uniform(.1, 1);
    if (!random.chance(1. / 3)) scenario.faults.back().unavailable = random.uniform(.02, .5);
  }
}

}  // namespace edgetide::simulation
