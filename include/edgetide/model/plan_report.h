#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/small_vector.h"
#include "edgetide/model/capacity_outlook.h"
#include "edgetide/model/doubted_fall.h"
#include "edgetide/model/dry_run.h"
#include "edgetide/model/edge_pool.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/forecast.h"
#include "edgetide/model/observation.h"
#include "edgetide/model/scaling_plan.h"
#include "edgetide/model/upstream.h"

namespace edgetide::model {

enum class Resource { kViewers, kEgress, kRequests, kConnections, kHandshakes };

[[nodiscard]] std::string_view to_string(Resource resource);  ///< "viewers", "egress", ...

/// What one resource asks for at the planned peak.
struct ResourceNeed {
  Resource resource = Resource::kViewers;
  double load = 0;             ///< Planned, in the resource's unit.
  double usable_capacity = 0;  ///< Of one replica at target utilization, same unit.
  Replicas replicas;           ///< ceil(load / usable_capacity)
};

/// Of a pool: mostly viewers and egress.
using ResourceNeeds = SmallVector<ResourceNeed, 2>;

/// What decided the size that was asked for.
enum class SizingBasis { kDemand, kForecast, kEvent, kRedundancy, kMinimum, kHold };

[[nodiscard]] std::string_view to_string(SizingBasis basis);  ///< "Forecast", ...

/// How the planned peak became replicas, term by term.
struct Sizing {
  Viewers planned;             ///< The demand that is prepared for,
  Viewers planned_after_loss;  ///< and that which is left to carry after the loss.
  ResourceNeeds needs;         ///< One for each resource with capacity and load.
  Resource binding = Resource::kViewers;
  /// Handshakes that are planned for beside those of viewers who stay: by those who come, where
  /// they do fastest, and by those who come back after the loss.
  HandshakesPerSecond of_arrivals;
  HandshakesPerSecond of_reconnects;
  Replicas serving;          ///< Carries `planned` with nothing lost.
  Replicas survivors;        ///< To be left after the loss: for `planned_after_loss`, and spare.
  Replicas with_redundancy;  ///< Leaves them after the loss that must be survived.
  Fleet per_domain;          ///< The same, spread.
  Replicas missing;          ///< What the domains' limits keep from being placed.
  SizingBasis basis = SizingBasis::kDemand;
};

/// A guard's word on the plan: what it changed and why.
struct GuardVerdict {
  std::string guard;   ///< "stabilization"
  Replicas before;     ///< Total replicas that came in
  Replicas after;      ///< and that it let through.
  std::string reason;  ///< CamelCase, from the documented list: "WithinStabilizationWindow".
  std::string detail;  ///< A sentence with the numbers.
};

/// A promise that a finished plan would have broken; the plan was replaced by holding.
struct Violation {
  std::string rule;
  std::string detail;
};

/// A failure domain of which nothing serves: none of its replicas is Ready, or it cannot be read;
/// or one that is rebuilt although some do.
struct DomainOutage {
  std::size_t domain = 0;  ///< In the pool's order.
  Instant since{};
  Replicas standing;     ///< Asked for there, as last seen.
  bool rebuilt = false;  ///< It lasts long enough that the others are to carry what does not serve.
  Replicas serving{0};   ///< Of those asked for.
};

enum class ConditionStatus { kTrue, kFalse, kUnknown };

[[nodiscard]] std::string_view to_string(ConditionStatus status);  ///< "True", ...

struct Condition {
  std::string type;  ///< "RedundancyMet"
  ConditionStatus status = ConditionStatus::kUnknown;
  std::string reason;
  std::string message;
};

/// Everything that went into one decision and came out of it: what status, metrics, logs, the dry
/// run and the dashboard are made from.
struct PlanReport {
  ObjectKey pool;
  Mode mode = Mode::kDryRun;
  Instant at{};
  Seconds lead_time{};  ///< That was planned with, declared or measured.
  Observation observation;
  WindowPeak peak;
  Sizing sizing;
  std::vector<GuardVerdict> verdicts;  ///< In order of application; only those that changed
                                       ///< something or had to say something.
  std::vector<Violation> violations;   ///< Empty unless this program has a bug.
  ScalingPlan plan;
  std::optional<DoubtedFall> doubted_fall;  ///< What is told of the viewers is not believed.
  std::optional<Shortfall> shortfall;
  std::optional<CapacityOutlook> outlook;  ///< Nothing while nothing can be said of the days ahead.
  std::vector<DomainOutage> outages;
  std::optional<DrawnLoad> draws;  ///< What it will fetch from its upstream; nothing without one.
  std::optional<DrawnLoad> drawn;  ///< What others will fetch from it; nothing without any.
  std::optional<Pause> pause;      ///< In force.
  bool contended = false;          ///< Somebody else keeps lowering the targets.
  bool mass_change = false;        ///< Many pools of the source want less at once, or lately did.
  /// By failure domain: what it could still take in beyond its reserve. Empty while that is not
  /// known.
  std::vector<Viewers> spare_viewers;
  /// By failure domain: Ready replicas that its part of the reserve lacks. Empty while that is not
  /// known.
  Fleet reserve_missing;
  std::vector<ForecastAccuracy> accuracy;  ///< What was forecast, held against what came.
  ServiceRecord service;                   ///< Since the operator first saw the pool.
  std::optional<DryRunWorth> dry_run;      ///< Of the time since the last look; in DryRun.
  std::vector<Condition> conditions;
  std::string summary;  ///< One sentence: what and why.
};

/// What makes a decision another than the one before: its kind and the state of its conditions, not
/// its numbers.
[[nodiscard]] std::string gist(const PlanReport& report);

/// The condition of that type. \pre it exists.
[[nodiscard]] const Condition& condition(const PlanReport& report, std::string_view type);

}  // namespace edgetide::model
