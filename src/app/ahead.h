#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/single_look.h"
#include "edgetide/sizing/unknown_loads.h"

/// What a pool will be asked for in the time ahead, as far as can be told now: for people who plan
/// an evening. Decisions themselves are made by planning::plan when their time has come.
namespace edgetide::app {

/// How many replicas some viewers need, with the reserve.
struct Needed {
  Viewers viewers;
  Replicas replicas;  ///< That have to run, whether the limits let them or not.
  Replicas missing;   ///< Of these, what the limits do not let run.
};

/// One step of the time ahead.
struct StepAhead {
  Instant at;         ///< When it begins.
  Needed likely;      ///< For its highest demand, as likely more as less.
  Needed high;        ///< For demand well above that, as forecast::DayAhead means it.
  std::string event;  ///< That brings most of it; empty for none.
};

/// Steps from the moment of the look on. Empty while nothing can be forecast: see `unforeseen`.
[[nodiscard]] std::vector<StepAhead> steps_ahead(const Look& look, Seconds length, Seconds step);

/// What an announced event does to a pool.
struct EventEffect {
  struct Difference {
    Instant at;           ///< When it brings most.
    Viewers brings;       ///< Then, beyond what would be there without it,
    Viewers brings_high;  ///< and of what is there where demand is well above its path.
    Needed without;       ///< At the highest demand of its time, were it not announced,
    Needed without_high;  ///< and where demand is well above its path;
    Needed likely;        ///< as it is,
    Needed high;          ///< and where demand is well above its path.
    bool guessed;         ///< What it brings: see forecast::is_guessed.
  };

  model::StreamEvent event;
  std::optional<Difference> makes;  ///< Nothing while nothing can be forecast: see `unforeseen`.
};

/// Of every event that is not over and begins within `length`, by start.
[[nodiscard]] std::vector<EventEffect> event_effects(const Look& look, Seconds length);

/// Loads of the pool that are not known, and so count for nothing in what is needed.
[[nodiscard]] std::vector<sizing::UnknownLoad> unknown_loads(const Look& look);

/// Why nothing can be said of the time ahead; empty when it can.
[[nodiscard]] std::string unforeseen(const Look& look);

}  // namespace edgetide::app
