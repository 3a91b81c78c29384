#include "simulation/night.h"

#include <algorithm>
#include <array>
#include <utility>

#include "simulation/drawn_faults.h"
#include "simulation/random.h"

namespace edgetide::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// One use of the seed.
constexpr std::uint64_t kNight = 31;
constexpr std::uint64_t kPace = 32;
constexpr std::uint64_t kFaults = 33;
constexpr std::uint64_t kTiers = 34;
constexpr std::uint64_t kLoss = 35;
constexpr std::uint64_t kWorkload = 36;
constexpr std::uint64_t kProgramme = 37;
constexpr std::uint64_t kNodes = 38;
constexpr std::uint64_t kGateways = 40;

/// How many watch at the best hour of an ordinary day.
constexpr Viewers kOrdinary{45'000};

model::ScalingRules paced_fall(Random& random) {
  using Type = model::ScalingPolicy::Type;
  model::ScalingRules rules{.stabilization_window = Seconds{60 * random.below(6)}};
  if (random.chance(.5))
    rules.policies.push_back(
        {.type = Type::kPercent, .value = 5 + random.below(20), .period = Seconds{60}});
  if (random.chance(.3))
    rules.policies.push_back(
        {.type = Type::kPods, .value = 1 + random.below(10), .period = Seconds{120}});
  if (random.chance(.3)) rules.select = model::ScalingRules::Select::kMin;
  return rules;
}

model::ScalingRules slow_rise(Random& random) {
  model::ScalingRules rules{.stabilization_window = Seconds{15 * random.below(5)}};
  if (random.chance(.3))
    rules.policies.push_back(
        {.type = model::ScalingPolicy::Type::kPercent, .value = 20, .period = Seconds{60}});
  return rules;
}

void draw_pool(Random& random, model::EdgePool& pool) {
  const auto domains = static_cast<std::size_t>(1 + random.below(5));
  const model::FailureDomain first = pool.domains.front();
  pool.domains.clear();
  for (std::size_t i = 0; i < domains; ++i) {
    auto& domain = pool.domains.emplace_back(first);
    domain.name = std::string("zone-") + static_cast<char>('a' + i);
    domain.target.name = "live-edge-" + domain.name;
    domain.max_replicas = Replicas{40 + random.below(200)};
  }
  pool.redundancy.survive =
      random.chance(.7) ? model::Survive::kFailureDomain : model::Survive::kNone;
  pool.redundancy.spare = Replicas{random.below(4)};
  pool.redundancy.rebuild_after = random.between(Seconds{60}, Seconds{1200});
  pool.replicas = {.min = Replicas{1 + random.below(20)}, .max = Replicas{60 + random.below(500)}};
  pool.behavior = {.scale_up = slow_rise(random), .scale_down = paced_fall(random)};
  pool.confidence = std::array{.9, .99, .995, .999}[static_cast<std::size_t>(random.below(4))];
  pool.on_missing_demand =
      std::array{model::OnMissingDemand::kHold, model::OnMissingDemand::kRaiseToForecast,
                 model::OnMissingDemand::kRaiseToMax}[static_cast<std::size_t>(random.below(3))];
}

/// The match begins hours early or late, runs over, or was announced and is not played.
void mistake_the_calendar(Random& random, Scenario& scenario) {
  auto programme = scenario.audience.programme();
  Match& tonight = programme.matches.back();
  const double lot = random.uniform();
  if (lot < .2) tonight.kick_off += minutes{15 * (random.below(17) - 8)};
  if (lot >= .2 && lot < .35) tonight.uplift = Viewers{0};
  if (lot >= .35 && lot < .6) tonight.uplift = Viewers{tonight.uplift.count() * 2};
  tonight.extra_time = random.chance(.5);
  scenario.tonight = tonight;
  scenario.audience =
      Audience{derived_seed(scenario.seed, kNight), kOrdinary, std::move(programme)};
}

/// Something that all begin to watch at one moment, in the first four fifths of the night.
Premiere drawn_premiere(Random& random, const Scenario& scenario) {
  const Seconds lasts = scenario.to - scenario.from;
  return {.start = scenario.from + random.between(Seconds{0}, lasts * 4 / 5),
          .uplift = Viewers{50'000 + 1000. * random.below(250)},
          .duration = random.between(minutes{20}, hours{2})};
}

/// It is in the calendar, of three times one for another hour.
void announce(Random& random, Scenario& scenario, const Premiere& premiere) {
  const auto announced = scenario.calendar.events();
  std::vector<model::StreamEvent> events(announced.begin(), announced.end());
  const Seconds wrong = random.chance(1. / 3) ? minutes{15 * (random.below(17) - 8)} : minutes{0};
  events.push_back({.name = "video/premiere",
                    .event_class = "premiere",
                    .start = premiere.start + wrong,
                    .duration = premiere.duration});
  scenario.calendar = model::EventCalendar{std::move(events)};
}

/// Of ten nights each, one has a premiere beside the match, one a crowd that nobody announced, one
/// the programmes of every evening, and one an outage that cuts sessions off, all of which return.
void draw_programme(Scenario& scenario) {
  Random random(derived_seed(scenario.seed, kProgramme));
  auto programme = scenario.audience.programme();
  if (random.chance(.1)) {
    programme.premieres.push_back(drawn_premiere(random, scenario));
    announce(random, scenario, programme.premieres.back());
  }
  if (random.chance(.1)) programme.premieres.push_back(drawn_premiere(random, scenario));
  if (random.chance(.1))
    programme.prime_time = PrimeTime{.start = hours{19 + random.below(3)},
                                     .duration = minutes{90 + 30 * random.below(5)},
                                     .programme = minutes{30 + 30 * random.below(2)},
                                     .uplift = Viewers{20'000 + 1000. * random.below(130)}};
  if (random.chance(.1))
    programme.retry_storms.push_back(
        {.start = scenario.from + random.between(minutes{10}, scenario.to - scenario.from),
         .duration = random.between(Seconds{60}, minutes{15}),
         .share = Ratio{random.uniform(.2, .8)},
         .times = random.uniform(1, 2)});
  scenario.audience =
      Audience{derived_seed(scenario.seed, kNight), kOrdinary, std::move(programme)};
}

/// Of ten nights one has to wait for nodes, of which there may be too few.
void draw_nodes(Scenario& scenario) {
  Random random(derived_seed(scenario.seed, kNodes));
  if (!random.chance(.1)) return;
  const Replicas at_first{5 + random.below(40)};
  scenario.nodes[scenario.pool.key] = {.at_first = at_first,
                                       .most = at_first + Replicas{random.below(160)},
                                       .provision = random.between(Seconds{60}, minutes{10})};
}

/// Of two nights one rises in steps that its peak takes many of.
model::Pacing drawn_pace(Random& random) {
  model::Pacing pacing;
  if (random.chance(.5))
    pacing = {.step = Replicas{4 + random.below(40)},
              .interval = Seconds{15 * (1 + random.below(8))}};
  return pacing;
}

/// One that `near` draws from.
model::EdgePool farther_pool(const model::EdgePool& near, const std::string& name,
                             model::Tier tier) {
  model::EdgePool pool = near;
  pool.key.name = name;
  pool.uid = name;
  pool.tier = tier;
  pool.upstream.reset();
  pool.capacity = {.egress = BitsPerSecond{10e9},
                   .target_utilization = near.capacity.target_utilization};
  pool.replicas = {.min = Replicas{3}, .max = Replicas{200}};
  return pool;
}

/// Of ten nights one goes through an edge, a shield and an origin.
void draw_tiers(Scenario& scenario) {
  Random random(derived_seed(scenario.seed, kTiers));
  if (!random.chance(.1)) return;
  model::EdgePool& edge = scenario.pool;
  edge.capacity.egress = BitsPerSecond{25e9};
  edge.warm_up = Seconds{60 * random.below(4)};
  edge.lead_time += edge.warm_up;
  edge.upstream = {.name = "shield",
                   .fill = Ratio{.02 + .06 * random.uniform()},
                   .live_fill = BitsPerSecond{.06e9},
                   .cold_fill = BitsPerSecond{.5e9}};
  auto shield = farther_pool(edge, "shield", model::Tier::kShield);
  shield.upstream = {.name = "origin", .fill = Ratio{.2}, .live_fill = BitsPerSecond{.06e9}};
  scenario.farther = {shield, farther_pool(edge, "origin", model::Tier::kOrigin)};
}

/// Of ten nights one is of gateways, which bear connections and handshakes as well.
void draw_gateways(Scenario& scenario) {
  Random random(derived_seed(scenario.seed, kGateways));
  if (!random.chance(.1)) return;
  scenario.connections = ConnectionHabits{};
  const double viewers = scenario.pool.capacity.viewers->count();
  scenario.pool.capacity.connections = Connections{viewers * random.uniform(1.6, 3)};
  scenario.pool.capacity.handshakes = HandshakesPerSecond{viewers * random.uniform(.005, .03)};
  scenario.pool.redundancy.reconnect = Seconds{60 + random.below(60)};
}

/// Of three losses one lasts until after the domain's part has been rebuilt in the others.
void draw_length_of_loss(Scenario& scenario) {
  if (!scenario.zone_loss) return;
  Random random(derived_seed(scenario.seed, kLoss));
  if (!random.chance(1. / 3)) return;
  const auto& pool = scenario.pool;
  const Seconds rebuilt = std::max(pool.redundancy.rebuild_after, pool.lead_time) + pool.lead_time;
  scenario.zone_loss->lasts = 15 * (random.between(rebuilt, rebuilt + hours{1}) / 15);
}

/// Of seven nights one has a workload over all domains, which the scheduler spreads, of each pool.
/// Drawn last: another seed's night stays as it is.
void draw_workload(Scenario& scenario) {
  Random random(derived_seed(scenario.seed, kWorkload));
  if (!random.chance(1. / 7)) return;
  const Zones zones{.count = std::max<std::size_t>(2, scenario.pool.domains.size()),
                    .max_skew = 1 + random.below(3)};
  const auto spread = [&](model::EdgePool& pool) {
    pool.topology_key = "topology.kubernetes.io/zone";
    pool.domains.resize(1);
    pool.domains.front().max_replicas = Replicas{60 + random.below(500)};
    scenario.zones.emplace(pool.key, zones);
  };
  spread(scenario.pool);
  for (model::EdgePool& pool : scenario.farther) spread(pool);
}

}  // namespace

void add_drawn_faults(Scenario& scenario) {
  Random random(derived_seed(scenario.seed, kFaults));
  draw_faults(random, scenario);
  const bool may_lose_a_zone =
      !scenario.zone_loss && failure_domains(scenario, scenario.pool).size() > 1;
  if (may_lose_a_zone && random.chance(.3))
    scenario.zone_loss = ZoneLoss{.at = busiest_span(scenario, ZoneLoss{}.lasts)};
  if (may_lose_a_zone) draw_length_of_loss(scenario);
  draw_maintenance(scenario);
}

Scenario random_night(std::uint64_t seed) {
  Random random(derived_seed(seed, kNight));
  Scenario scenario = sport_evening({.seed = seed, .zone_loss = random.chance(.3)});
  scenario.title = "Night " + std::to_string(seed);
  draw_pool(random, scenario.pool);
  Random pace(derived_seed(seed, kPace));
  scenario.pool.pacing = drawn_pace(pace);
  draw_tiers(scenario);
  draw_gateways(scenario);
  mistake_the_calendar(random, scenario);
  draw_faults(random, scenario);
  draw_length_of_loss(scenario);
  if (random.chance(.2)) {
    scenario.pool.pause = {.until = scenario.from + random.between(minutes{30}, hours{4}),
                           .replicas = std::nullopt};
  }
  draw_workload(scenario);
  draw_programme(scenario);
  draw_nodes(scenario);
  draw_maintenance(scenario);
  return scenario;
}

}  // namespace edgetide::simulation
