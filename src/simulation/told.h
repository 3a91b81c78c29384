#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/plan_report.h"

/// What decisions told of a night, one after another.
namespace edgetide::simulation {

/// A shortfall for one cause.
struct ToldShortfall {
  Instant from;
  Instant to;             ///< The last decision that reported it.
  std::size_t looks = 0;  ///< That reported it.
  Replicas missing;       ///< At most.
  std::string cause;
  std::string detail;  ///< As it was told when the most were missing.
};

/// A shortfall as people live through it.
struct ShortfallStretch {
  Instant from;
  Instant to;
  Replicas missing;                 ///< At most.
  std::vector<std::string> causes;  ///< The one that was told the longest first.
  std::string detail;               ///< As it was told when the most were missing.
};

/// When the reserve was not there.
struct MissingReserve {
  struct Part {
    std::string domain;
    Replicas missing;
  };
  Instant from;
  Instant to;               ///< The last decision that told so.
  Replicas missing;         ///< At most,
  std::vector<Part> parts;  ///< and of which domains then.
};

/// When nobody knew whether it was there.
struct UnknownReserve {
  Instant from;
  Instant to;                       ///< The last decision that told so.
  std::string reason;               ///< Of `RedundancyMet`.
  std::vector<std::string> unread;  ///< Targets that could not be read; none where it is not they.
};

/// Adds what the report tells of a shortfall.
void note_shortfall(std::vector<ToldShortfall>& told, Instant now, const model::PlanReport& report);

/// Causes that change back and forth within five minutes, and those that are told for less than two
/// beside another, are of one stretch.
[[nodiscard]] std::vector<ShortfallStretch> stretches_of(const std::vector<ToldShortfall>& told);

/// Adds what the report tells of a reserve that is not there.
void note_missing_reserve(std::vector<MissingReserve>& told, Instant now,
                          const model::PlanReport& report);
void note_unknown_reserve(std::vector<UnknownReserve>& told, Instant now,
                          const model::PlanReport& report);

}  // namespace edgetide::simulation
