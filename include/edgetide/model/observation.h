#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/room.h"
#include "edgetide/model/spread.h"

namespace edgetide::model {

/// What became of a question about load. Only `kFresh` may ever lower capacity.
enum class Freshness {
  kFresh,      ///< A value young enough to act on.
  kStale,      ///< A value, but older than the source's limit.
  kPartial,    ///< A value that leaves some part of the fleet out.
  kMissing,    ///< No series answered.
  kInvalid,    ///< NaN, infinite or negative.
  kAmbiguous,  ///< Several series where one was expected.
  kFailed,     ///< The source could not be asked.
};

[[nodiscard]] std::string_view to_string(Freshness freshness);  ///< "Fresh", "Stale", ...

/// One answer. `value` means something only when has_value().
struct Reading {
  Freshness freshness = Freshness::kMissing;
  double value = 0;
  Instant at{};        ///< When the value was true, by the sample's own timestamp.
  std::string detail;  ///< What was wrong, for people; empty when fresh.

  [[nodiscard]] bool fresh() const { return freshness == Freshness::kFresh; }
  /// A number was read, if an old one or a part; never for missing, invalid, ambiguous or failed.
  [[nodiscard]] bool has_value() const {
    return fresh() || freshness == Freshness::kStale || freshness == Freshness::kPartial;
  }
};

/// The load on a pool, one reading a resource; absent resources have no query.
struct DemandReadings {
  Reading viewers;
  std::optional<Reading> egress;       ///< bit/s
  std::optional<Reading> requests;     ///< 1/s
  std::optional<Reading> connections;  ///< open ones
  std::optional<Reading> handshakes;   ///< TLS, 1/s
  /// Of `handshakes`, those of viewers who came of late; the others are of viewers who stay.
  HandshakesPerSecond handshakes_of_arrivals;
  /// Of one viewer, measured while the network was not congested; nothing while too little was.
  std::optional<BitsPerSecond> bitrate;
};

/// Replicas that the scheduler finds no node for.
struct Unschedulable {
  Replicas replicas;
  Instant since{};                     ///< The first of them;
  Instant all_since = Instant::max();  ///< all of them.
  std::string detail;                  ///< The scheduler's words.
};

/// What stands in one failure domain.
struct DomainObservation {
  std::string name;
  bool known = false;  ///< The target was found and read; otherwise the counts say nothing.
  Replicas specified;  ///< What its `spec.replicas` asks for.
  Replicas ready;      ///< Serving now.
  Replicas cold;       ///< Of the Ready ones, what their young caches do not carry yet.
  Replicas starting;   ///< Ordered and on the way: not serving, not to be ordered again.
  /// From creation to Ready, by the last starts; nothing while too few were seen.
  std::optional<Seconds> start_time;
  std::optional<Unschedulable> unschedulable;  ///< Of those starting.
  /// Since when each of those starting that has a node is not Ready, as far as that is known.
  std::vector<Instant> unready_since;
  std::optional<Spread> spread;  ///< Of a workload that the scheduler spreads over domains.
  std::string detail;            ///< Why it is not known, for people.
};

/// Everything a plan knows of the world, taken at one moment.
struct Observation {
  DemandReadings demand;
  std::vector<DomainObservation> domains;  ///< In the pool's order.
  std::string history_problem;  ///< Why nothing is known of the past; empty when it was read.
  Room room;
};

[[nodiscard]] Replicas total_specified(const Observation& observation);
[[nodiscard]] Replicas total_ready(const Observation& observation);
[[nodiscard]] bool all_domains_known(const Observation& observation);
/// Names of those whose target is not known.
[[nodiscard]] std::vector<std::string> unread_domains(const Observation& observation);
/// The failure domains and what stands in them: the pool's own, or those that its one workload is
/// spread over.
[[nodiscard]] std::vector<DomainReplicas> failure_domains(const Observation& observation);
/// How the pool's one workload is spread; nullptr where each domain has a target of its own.
[[nodiscard]] const Spread* spread_of(const Observation& observation);

}  // namespace edgetide::model
