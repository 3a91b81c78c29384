#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/model/edge_pool.h"
#include "edgetide/model/event_calendar.h"
#include "simulation/audience.h"
#include "simulation/fault.h"
#include "simulation/gateway_load.h"
#include "simulation/pool_fleet.h"

namespace edgetide::simulation {

/// One failure domain dies whole and comes back empty. Which one is not said: it is the one with
/// the most Ready replicas at that moment, the worst loss for whoever runs the fleet.
struct ZoneLoss {
  Instant at;
  Seconds lasts{20 * 60};

  [[nodiscard]] Instant back_at() const { return at + lasts; }
};

/// A span of time worth watching: who wants to watch, what was announced, what runs, what fails.
struct Scenario {
  std::string title;
  std::uint64_t seed = 1;
  Instant from;
  Instant to;
  Seconds step{15};  ///< The resolution of everything that is counted.

  model::EdgePool pool;
  model::EventCalendar calendar;  ///< What people announced: no extra time, no late kick-off.
  Audience audience;              ///< What really comes, before `from` too.
  BitsPerSecond bitrate{5e6};     ///< What a viewer takes.
  /// What a viewer opens; nothing where connections and handshakes are not lived through.
  std::optional<ConnectionHabits> connections;
  /// Pools that are drawn from, the nearest first: `pool` draws from the first, each from the next.
  std::vector<model::EdgePool> farther;
  Seconds scrape_delay{30};  ///< The age of the newest sample that can be read.

  StartUp start_up;
  Seconds drain{120};
  /// By pool, of each of its failure domains; every start of another pool brings its machine.
  std::map<ObjectKey, NodeRoom> nodes;
  /// By pool of one workload, over what the scheduler spreads it. Of another such pool nobody
  /// knows where it stands: it is a single failure domain.
  std::map<ObjectKey, Zones> zones;
  std::optional<ZoneLoss> zone_loss;
  std::vector<Fault> faults;

  Match tonight;  ///< The match that the evening is about.
};

/// The failure domains of one of the scenario's pools: its own, or "zone-1" and so on, over which
/// the scheduler spreads its one workload, each as large as that may be.
[[nodiscard]] std::vector<model::FailureDomain> failure_domains(const Scenario& scenario,
                                                                const model::EdgePool& pool);

struct SportEveningOptions {
  std::uint64_t seed = 1;
  bool zone_loss = true;
};

/// A knockout match on a Wednesday evening that goes to extra time and penalties, 15 to 50 minutes
/// past its announced end, after eight weeks of ordinary evenings and a dozen matches of its class;
/// with the loss of a zone for the twenty minutes in which the most is watched.
[[nodiscard]] Scenario sport_evening(const SportEveningOptions& options);

/// The same evening for a pool that promises to survive nothing: what foresight alone costs.
[[nodiscard]] Scenario without_reserve(Scenario scenario);

/// When the span of that length begins in which the most is watched: what is lost then is missed
/// most. The scenario's start when it is shorter than the span.
[[nodiscard]] Instant busiest_span(const Scenario& scenario, Seconds length);

}  // namespace edgetide::simulation
