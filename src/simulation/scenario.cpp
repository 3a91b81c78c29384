#include "simulation/scenario.h"

#include <algorithm>
#include <utility>

#include "simulation/random.h"

namespace edgetide::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

/// A Wednesday.
constexpr sys_days kTonight{std::chrono::year{2026} / 5 / 13};
constexpr int kWeeksOfHistory = 8;
constexpr Viewers kPrimeTime{45'000};
constexpr double kUsualUplift = 420'000;
/// Ninety minutes, the break, and what is usually added.
constexpr Seconds kAnnounced = minutes{110};

/// One use of the seed each.
enum Use : std::uint64_t { kMatches = 11, kAudienceNoise = 12 };

/// Matches of one class differ by some 15 % in what they bring, and begin up to two minutes late.
Match drawn_match(Random& random, Instant announced) {
  const double size = 1 + .15 * random.normal();
  const Seconds late{random.below(121)};
  const bool extra_time = random.uniform() < .25;
  return {.kick_off = announced + late,
          .uplift = Viewers{kUsualUplift * std::max(.5, size)},
          .extra_time = extra_time};
}

struct Season {
  std::vector<model::StreamEvent> announced;
  std::vector<Match> played;

  void add(Random& random, Instant start) {
    played.push_back(drawn_match(random, start));
    announced.push_back({.name = "video/match-" + std::to_string(played.size()),
                         .event_class = "football-knockout",
                         .start = start,
                         .duration = kAnnounced});
  }
};

/// One match in the middle of each week, and on every other weekend one more.
Season drawn_season(std::uint64_t seed) {
  Random random(derived_seed(seed, kMatches));
  Season season;
  for (int week = kWeeksOfHistory; week > 0; --week) {
    const sys_days wednesday = kTonight - days{7 * week};
    season.add(random, wednesday + days{random.below(3) - 1} + hours{20});
    if (week % 2 == 0) season.add(random, wednesday + days{3 + random.below(2)} + hours{18});
  }
  season.add(random, kTonight + hours{20});
  season.played.back().extra_time = true;
  season.announced.back().name = "video/semi-final";
  return season;
}

model::FailureDomain zone(const std::string& name) {
  return {.name = name,
          .target = {.api_version = "apps/v1", .kind = "Deployment", .name = "live-edge-" + name},
          .max_replicas = Replicas{160}};
}

/// Servers of 25 Gbit/s, of which a viewer at 5 Mbit/s takes a five-thousandth.
model::EdgePool live_edge() {
  model::EdgePool pool;
  pool.key = {.name_space = "video", .name = "live-edge"};
  pool.uid = "simulated";
  pool.generation = 1;
  pool.mode = model::Mode::kEnforce;
  pool.domains = {zone("zone-a"), zone("zone-b"), zone("zone-c")};
  pool.demand = {.source = "simulated", .queries = {{"viewers", "viewers"}}};
  pool.capacity = {.viewers = Viewers{5000}, .target_utilization = Ratio{.75}};
  pool.lead_time = Seconds{330};  // the 95th percentile of StartUp
  // The demo loses a zone for certain: as sure of what that leaves as of the whole.
  pool.redundancy = {.survive = model::Survive::kFailureDomain,
                     .spare = Replicas{2},
                     .confidence = pool.confidence};
  pool.replicas = {.min = Replicas{6}, .max = Replicas{480}};
  return pool;
}

}  // namespace

std::vector<model::FailureDomain> failure_domains(const Scenario& scenario,
                                                  const model::EdgePool& pool) {
  const auto zones = scenario.zones.find(pool.key);
  if (zones == scenario.zones.end()) return pool.domains;
  std::vector<model::FailureDomain> domains(zones->second.count, pool.domains.front());
  for (std::size_t i = 0; i < domains.size(); ++i)
    domains[i].name = "zone-" + std::to_string(i + 1);
  return domains;
}

Scenario sport_evening(const SportEveningOptions& options) {
  Season season = drawn_season(options.seed);
  const Match tonight = season.played.back();
  Scenario scenario{.title = "A semi-final with extra time",
                    .seed = options.seed,
                    .from = kTonight + hours{18} + minutes{30},
                    .to = kTonight + hours{23} + minutes{30},
                    .pool = live_edge(),
                    .calendar = model::EventCalendar{std::move(season.announced)},
                    .audience = Audience{derived_seed(options.seed, kAudienceNoise),
                                         kPrimeTime,
                                         {.matches = std::move(season.played)}},
                    .tonight = tonight};
  if (options.zone_loss) {
    const Seconds lasts = ZoneLoss{}.lasts;
    scenario.zone_loss = ZoneLoss{.at = busiest_span(scenario, lasts), .lasts = lasts};
  }
  return scenario;
}

Scenario without_reserve(Scenario scenario) {
  scenario.pool.redundancy = {.survive = model::Survive::kNone, .spare = Replicas{0}};
  return scenario;
}

Instant busiest_span(const Scenario& scenario, Seconds length) {
  Instant busiest = scenario.from;
  double watched = 0;  // in [at, at + length), relative to the first span
  double most = 0;
  for (Instant at = scenario.from; at + length < scenario.to; at += scenario.step) {
    watched += (scenario.audience.at(at + length) - scenario.audience.at(at)).count();
    if (watched <= most) continue;
    most = watched;
    busiest = at + scenario.step;
  }
  return busiest;
}

}  // namespace edgetide::simulation
