#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "edgetide/model/demand_history.h"
#include "edgetide/ports/state_store.h"
#include "store/database.h"

namespace edgetide::store {

/// What waits for the disk, and how it stands there: one table each.
struct Rows {
  struct State {
    std::string owner_id;
    ports::StateStore::Kept kept;
  };
  struct Demand {
    std::string owner_id;
    std::vector<model::DemandSample> samples;  ///< In rising order of time; not empty.
  };
  struct Decision {
    Instant at;
    ObjectKey pool;
    std::string summary;
    std::string writes;
    std::string report;
  };

  std::map<ObjectKey, State> states;
  std::map<ObjectKey, Demand> demand;
  std::deque<Decision> decisions;

  [[nodiscard]] bool empty() const { return states.empty() && demand.empty() && decisions.empty(); }
};

/// How much stays.
struct Retention {
  std::int64_t largest_bytes;  ///< Of the database.
  Seconds span;                ///< Of states and decisions.
  Seconds demand_span;
};

/// Creates the tables that are missing and limits the file's size.
[[nodiscard]] Result<void> lay_out(Database& database, const Retention& retention);

[[nodiscard]] Result<void> insert(Database& database, const Rows& rows);

/// What is over its time, and the oldest tenth of decisions and demand when nine tenths of the
/// space are used.
[[nodiscard]] Result<void> drop_old(Database& database, const Retention& retention, Instant now);

/// Nothing where the owner has none, or it cannot be read.
[[nodiscard]] std::optional<ports::StateStore::Kept> read_state(
    Database& database, const ports::StateStore::Owner& owner);

/// Oldest first, viewers to seven digits; what cannot be read is left out.
[[nodiscard]] std::vector<model::DemandSample> read_demand(Database& database,
                                                           const ports::StateStore::Owner& owner);

}  // namespace edgetide::store
