#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/ports/report_sink.h"

namespace edgetide::telemetry {

/// What metrics tell of one pool: its last report in numbers, and counts since its first.
struct PoolFacts {
  struct Demand {
    double viewers = 0;
    Instant at;
  };
  struct Peak {
    double quantile = 0;
    double median = 0;
  };
  /// A failure domain, or the one workload that is spread over several: each part of what is known
  /// stands in one place alone, so that sums over a pool are right.
  struct Domain {
    std::string name;
    std::optional<Replicas> desired;
    std::optional<Replicas> specified;
    std::optional<Replicas> ready;
    std::optional<Replicas> starting;
    std::optional<Seconds> start_time;
    std::optional<Viewers> spare;
    std::optional<Replicas> reserve_missing;
  };
  /// Of one cause, all that will be missing within the outlook.
  struct Ahead {
    std::string cause;
    Replicas missing;                     ///< The most of these,
    Viewers viewers;                      ///< viewers too many,
    std::optional<BitsPerSecond> egress;  ///< and what they take at that time.
    Instant peak;
    Instant start;   ///< The first,
    Instant end;     ///< the last,
    Instant act_by;  ///< and the first again.
  };
  struct Condition {
    std::string type;
    model::ConditionStatus status;
  };

  ObjectKey pool;
  bool demand_is_fresh = false;
  bool enforced = false;  ///< Decisions are carried out.
  bool contended = false;
  bool mass_change = false;
  bool demand_doubted = false;
  model::Forecaster outweighed_by = model::Forecaster::kEdgetide;
  std::optional<Demand> demand;
  std::optional<Peak> peak;
  std::optional<BitsPerSecond> bitrate;  ///< Of one viewer.
  std::optional<model::DrawnLoad> draws;
  std::optional<model::DrawnLoad> drawn;
  double confidence = 0;
  double confidence_after_loss = 0;
  Seconds lead_time{0};
  Replicas shortfall;                ///< Zero for none,
  std::string shortfall_cause;       ///< which has no cause.
  std::optional<Instant> pause_end;  ///< Nothing while it is not paused.
  std::vector<Ahead> ahead;          ///< Empty for none, or when it is not known.
  std::vector<Domain> domains;
  std::vector<model::ForecastAccuracy> accuracy;
  std::vector<Condition> conditions;

  std::optional<model::DryRunWorth> dry_run;  ///< Since the first report in DryRun.
  Seconds judged{0};
  Seconds short_for{0};
  std::map<std::string_view, std::uint64_t> decisions{
      {model::to_string(model::Action::kHold), 0},
      {model::to_string(model::Action::kScaleUp), 0},
      {model::to_string(model::Action::kScaleDown), 0}};        ///< By action.
  std::map<std::string_view, std::uint64_t> writes{{"ok", 0}};  ///< By result.
  std::uint64_t violations = 0;
};

/// `before` is what was told of the pool by its last report; nullptr when this is its first.
[[nodiscard]] PoolFacts facts_of(const model::EdgePool& pool, const model::PlanReport& report,
                                 const ports::ActOutcome& outcome, const PoolFacts* before);

}  // namespace edgetide::telemetry
