#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "edgetide/forecast/bitrate_meter.h"
#include "edgetide/forecast/event_watch.h"
#include "edgetide/forecast/forecast_state.h"
#include "edgetide/forecast/load_watch.h"
#include "edgetide/model/demand_history.h"
#include "edgetide/planning/capacity_outlook.h"
#include "edgetide/planning/dry_run.h"
#include "edgetide/ports/state_store.h"

namespace edgetide::controller {

/// The last outlook on capacity, and what it was made for.
struct Ahead {
  std::optional<model::CapacityOutlook> outlook;
  model::CapacityOutlook::Most soon;  ///< Of the next hour and what orders for it take.
  Instant made{};
  std::int64_t generation = 0;
  std::size_t events = 0;  ///< Digest of those that are near.
  std::optional<model::Pause> pause;
  Replicas standing;
  std::size_t rebuilt = 0;  ///< Digest of the domains whose part the others carry.
  std::size_t room = 0;     ///< Digest of what the cluster has room for.
};

/// Whether the writes before a large rise would be accepted.
struct Rehearsal {
  Instant due{};
  std::string refusal;  ///< By whom and why; empty when they would, or none was due.
};

/// What it is that was learned from.
enum class Grounds {
  kNone,  ///< Nothing was learned.
  kKept,  ///< What was kept over a restart, and what came since: it lowers nothing.
  kPast,  ///< The past as its source tells it, or what was kept a moment ago.
};

/// What is known of a pool between two looks.
struct PoolState {
  std::unique_ptr<forecast::ForecastState> learned;  ///< nullptr on no grounds.
  Grounds grounds = Grounds::kNone;
  forecast::EventWatch events;
  forecast::BitrateMeter bitrate;
  forecast::LoadWatch loads;
  model::PlanMemory memory;
  std::optional<Seconds> lead_time;  ///< In force at the last look.
  planning::ShadowFleet shadow;      ///< In DryRun.
  Ahead ahead;
  Rehearsal rehearsal;
  std::string uid;  ///< Whose state it is: a pool of the same name may be another.
  std::optional<std::uint64_t> query;  ///< Digest of how viewers are counted, once it is known.
  std::string source;                  ///< Whose pool it is, for the watch on mass changes.
  bool source_answers = false;         ///< As of the last look.
  Instant history_due{};               ///< When a failed reading of the past is tried again.
  std::optional<Instant> past_wanted;  ///< Since when it is being read.
  Instant keep_due{};                  ///< When it is next kept.
  model::DemandHistory unkept;         ///< Demand since then.
  std::string history_problem;
  bool told = false;     ///< A report has told of it.
  int failed_looks = 0;  ///< One after the other, with a write that did not go through.

  [[nodiscard]] ports::StateStore::Owner owner(const ObjectKey& pool) const;
  /// What is planned by: on no grounds, of a pool that nothing is known of.
  [[nodiscard]] const forecast::ForecastState& planned_by() const;
};

}  // namespace edgetide::controller
