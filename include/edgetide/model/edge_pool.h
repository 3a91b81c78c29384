#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/ids.h"
#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "edgetide/model/fleet.h"
#include "edgetide/model/pause.h"
#include "edgetide/model/redundancy.h"
#include "edgetide/model/upstream.h"

namespace edgetide::model {

enum class Mode {
  kDryRun,   ///< Decides, reports and alerts; writes nothing but status and Events.
  kEnforce,  ///< Also scales the targets.
};

/// An object with a scale subresource in the pool's namespace.
struct ScaleTarget {
  std::string api_version;  ///< "apps/v1"
  std::string kind;         ///< "Deployment"
  std::string name;

  auto operator<=>(const ScaleTarget&) const = default;
};

/// How more nodes come to a failure domain.
struct NodeSupply {
  bool expandable = false;  ///< A node autoscaler brings what is missing: nodes are no limit.
  /// A MachineDeployment of Cluster API whose maximum is how far it goes; empty name for none.
  ObjectKey machine_deployment;
};

/// A part of the fleet that one failure can take whole, such as a zone.
struct FailureDomain {
  std::string name;
  ScaleTarget target;
  Replicas max_replicas{10'000};  ///< What the domain can hold.
  NodeSupply nodes;
};

/// What one replica sustains for hours, not its burst. At least one resource is set.
struct CapacityPerReplica {
  std::optional<Viewers> viewers;
  std::optional<BitsPerSecond> egress;
  std::optional<RequestsPerSecond> requests;
  std::optional<Connections> connections;
  std::optional<HandshakesPerSecond> handshakes;
  Ratio target_utilization{0.75};  ///< In (0, 1]: the share of it that a plan may use.
};

/// Where the pool's load is read: queries by resource, its own or else those of the source.
struct DemandSpec {
  std::string source;  ///< Name of a MetricSource.
  std::map<std::string, std::string>
      queries;  ///< By "viewers", "egress", "requests", "connections", "handshakes".
  double handshakes_per_arrival = 2;  ///< TLS connections that a viewer opens on coming.
};

struct ReplicaBounds {
  Replicas min{1};
  Replicas max{10'000};
};

/// One limit on the speed of change: HPA's `behavior.*.policies[]`.
struct ScalingPolicy {
  enum class Type { kPods, kPercent };
  Type type = Type::kPercent;
  int value = 100;
  Seconds period{15};
};

/// How fast one direction may go, with the meaning HPA gives each word.
struct ScalingRules {
  enum class Select {
    kMax,       ///< The policy that allows the most change.
    kMin,       ///< The one that allows the least.
    kDisabled,  ///< No change in this direction.
  };
  Seconds stabilization_window{0};
  Select select = Select::kMax;
  std::vector<ScalingPolicy> policies;  ///< Empty: as fast as the plan asks.
};

struct Behavior {
  ScalingRules scale_up;
  ScalingRules scale_down{.stabilization_window = Seconds{120}};
};

/// How large a rise may be ordered at once, for the sake of what has to start it: machines, images,
/// caches. A larger one goes in steps.
struct Pacing {
  Replicas step{200};
  Seconds interval{60};  ///< From one step to the next.
};

enum class OnMissingDemand { kHold, kRaiseToForecast, kRaiseToMax };

/// A fleet of interchangeable edge servers and the guarantee that its owner wants of it.
struct EdgePool {
  ObjectKey key;
  std::string uid;
  std::int64_t generation = 0;
  std::map<std::string, std::string> labels;

  Mode mode = Mode::kDryRun;
  Tier tier = Tier::kEdge;
  std::optional<Upstream> upstream;
  std::vector<FailureDomain> domains;  ///< 1 to 16, names unique.
  /// Label of the nodes that tells failure domains apart, where the scheduler spreads the replicas
  /// of one workload over them: that workload is the only one of `domains` then. Empty where each
  /// failure domain has a target of its own.
  std::string topology_key;
  DemandSpec demand;
  CapacityPerReplica capacity;
  std::optional<BitsPerSecond> known_bitrate;  ///< Of one viewer, as its status last told.
  Seconds lead_time{300};         ///< From decision to serving, until it has been measured.
  Seconds least_lead_time{60};    ///< However fast the last starts were.
  Seconds warm_up{0};             ///< From Ready until a new replica's cache serves fully.
  double confidence = 0.995;      ///< Coverage wanted of the window's highest demand.
  std::string time_zone = "UTC";  ///< IANA name; the audience's days and weeks.
  RedundancyPolicy redundancy;
  ReplicaBounds replicas;
  Behavior behavior;
  Pacing pacing;
  OnMissingDemand on_missing_demand = OnMissingDemand::kHold;

  std::optional<Pause> pause;  ///< By annotation; in force until it ends.
  std::string
      pause_problem;  ///< Why the annotations say nothing; empty when they do, or are not there.
};

[[nodiscard]] std::string_view to_string(Mode mode);             ///< As in the API: "DryRun".
[[nodiscard]] std::string_view to_string(OnMissingDemand what);  ///< "RaiseToForecast"

/// What viewers open who arrive so fast, by what the pool declares of one.
[[nodiscard]] HandshakesPerSecond handshakes_of(ViewersPerSecond arriving, const EdgePool& pool);

/// The most replicas each domain can hold, in the pool's order.
[[nodiscard]] Fleet domain_limits(const EdgePool& pool);

}  // namespace edgetide::model
