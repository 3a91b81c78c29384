#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "simulation/closed_loop.h"

namespace edgetide::cli {

/// What was fetched from a farther tier over the night.
struct Fetched {
  double missed = 0;  ///< Of all that was to be fetched.
  BitsPerSecond most;
  Instant most_at;
  Replicas least_ready;
  Replicas most_ready;
};

/// \param tier as the scenario has them. \pre the recording has frames
[[nodiscard]] Fetched fetched_from(std::size_t tier, const simulation::Recording& recording);

/// When the gateways took the most handshakes; nullptr where nothing is told of connections, or the
/// recording has no frames.
[[nodiscard]] const simulation::Frame* most_handshakes(const simulation::Recording& recording);

/// What was told when most were unserved.
struct ToldAtWorst {
  std::string cause;
  Instant from;  ///< Of the shortfall,
  Instant to;    ///< with what other causes it had.
};

/// Nothing when no shortfall was told then, or nobody was unserved.
[[nodiscard]] std::optional<ToldAtWorst> told_at_worst(const simulation::Recording& recording);

/// What was told instead, when most were unserved and no shortfall was reported; nullptr when
/// nothing was, or one was reported then.
[[nodiscard]] const model::Condition* told_instead(const simulation::Recording& recording);

/// "none reported; RedundancyMet was ReserveMissing at 20:31" of a night without a shortfall; of
/// others "none at 20:31, when most were unserved; RedundancyMet was ReserveMissing", or empty.
[[nodiscard]] std::string instead_text(const simulation::Recording& recording);

/// "20:03 to 20:11  MaximumReached and DomainLost, 12 replicas missing at most"
[[nodiscard]] std::string shortfall_text(const simulation::ShortfallStretch& told);

/// "20:31 to 20:40, at most 7: zone-a 4, zone-b 3"
[[nodiscard]] std::string reserve_text(const simulation::MissingReserve& told);

/// "20:05 to 20:13, zone-a unread", or "20:55 to 21:15, DemandUnknown"
[[nodiscard]] std::string unknown_reserve_text(const simulation::UnknownReserve& told);

/// "TargetsUnknown in zone-a for 8m": by its place among the scenario's.
[[nodiscard]] std::string fault_text(const simulation::Scenario& scenario,
                                     const simulation::Recording& recording, std::size_t fault);

/// "20:31"
[[nodiscard]] std::string time_text(Instant at);

}  // namespace edgetide::cli
