#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/capacity_outlook.h"
#include "edgetide/model/pause.h"
#include "edgetide/model/plan_report.h"
#include "json/json.h"
#include "kube/status_codec.h"

namespace edgetide::kube {

/// What an EdgePool tells of the last decision on it, for who reads it once. Whatever is absent is
/// not known: never zero.
struct PoolStatus {
  struct Demand {
    std::string freshness;  ///< "Fresh"; empty before the first decision.
    std::optional<Viewers> viewers;
    std::optional<Instant> at;
    std::string message;  ///< What was wrong with the reading.
  };
  struct Forecast {
    std::string stage;  ///< "Weekly"
    std::optional<Viewers> peak;
    std::optional<Viewers> median;
    std::optional<Instant> at;
    std::string event;
  };
  struct Sizing {
    std::string basis;    ///< "Forecast", "Event/video/final"
    std::string binding;  ///< The resource that runs out first.
    std::optional<Viewers> planned;
    std::optional<Viewers> planned_after_loss;
    std::optional<HandshakesPerSecond> of_arrivals;
    std::optional<HandshakesPerSecond> of_reconnects;
    std::optional<Replicas> serving;
    std::optional<Replicas> survivors;  ///< To be left after the loss.
  };
  struct Domain {
    std::string name;
    std::optional<Replicas> ready;
    std::optional<Replicas> starting;
    std::optional<Replicas> specified;
    std::optional<Replicas> desired;
    std::optional<Replicas> reserve_missing;
    std::string message;  ///< Why the counts are not known.
  };
  struct Condition {
    std::string type;
    std::string status;  ///< "True", "False", "Unknown"
    std::string reason;
    std::string message;
  };

  ObjectKey key;
  std::string mode;                      ///< As it is written now: "DryRun", "Enforce".
  std::int64_t generation = 0;           ///< As it is written now,
  std::int64_t observed_generation = 0;  ///< and as it was decided upon; zero before that.
  std::optional<Instant> decided_at;
  std::string summary;
  Demand demand;
  Forecast forecast;
  Sizing sizing;
  std::vector<model::GuardVerdict> verdicts;
  std::vector<Domain> domains;
  std::optional<Replicas> specified;
  std::optional<Replicas> ready;
  std::optional<Replicas> desired;
  std::optional<model::Shortfall> shortfall;
  std::vector<model::ShortfallAhead> shortfalls_ahead;  ///< Of the next two days, by start.
  std::optional<model::Pause>
      pause;  ///< By the annotations as they are now; also one that is over.
  std::vector<Condition> conditions;
  StatusRecord record;
};

/// Reads an EdgePool as the API server sends it; what cannot be understood is left out.
[[nodiscard]] PoolStatus decode_pool_status(const json::Value& pool_object);

/// The condition of that type; nullptr when the status has none.
[[nodiscard]] const PoolStatus::Condition* find_condition(const PoolStatus& status,
                                                          std::string_view type);

/// Ready replicas that the reserve lacks, over all domains; nothing while that is not known.
[[nodiscard]] std::optional<Replicas> reserve_missing(const PoolStatus& status);

}  // namespace edgetide::kube
