#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "simulation/random.h"

namespace edgetide::simulation {

/// How long a replica takes from its order until it serves: a machine is brought up, then the
/// container pulled, started and warmed. Both are drawn evenly from their range. As published: 3 to
/// 5 minutes for a machine from a cluster autoscaler with stock images, under one from the fastest;
/// about five for a container that needs a new one.
struct StartUp {
  Seconds machine_least{120};
  Seconds machine_most{240};
  Seconds container_least{45};
  Seconds container_most{120};
};

/// What the nodes of a failure domain hold, in replicas. A replica on a node that is there takes
/// its container's time alone; one without a node waits, and nodes for those that wait come while
/// there may be more of them.
struct NodeRoom {
  Replicas at_first;
  Replicas most;           ///< With all nodes that can be had.
  Seconds provision{240};  ///< From when a replica waits until its node is there.
};

/// What stands in one failure domain at a moment.
struct DomainCounts {
  Replicas specified;  ///< Asked for.
  Replicas ready;      ///< Serving.
  Replicas starting;   ///< On a machine, not serving yet.
  Replicas pending;    ///< Ordered, but there is no machine or node for it; costs nothing.
  Replicas draining;   ///< Taken out of service, finishing what it has begun.
  Replicas cold;       ///< Of the Ready ones, what their young caches do not carry yet.
  /// Since when the longest pending replica has found no node; nothing while none is pending, or
  /// the domain is lost.
  std::optional<Instant> waits_since;
  /// Of one workload, on the nodes of a lost domain: said to be there until they are evicted.
  Replicas dead;
  bool gone = false;  ///< Of one workload: lost, and nothing is said to be there any more.
};

/// An edge fleet in virtual time. Every call that takes `now` first lets the fleet reach it; time
/// never goes back.
class Fleet {
 public:
  struct Options {
    std::size_t domains = 3;
    StartUp start_up;
    Seconds drain{120};
    Seconds warm_up{0};             ///< From Ready until a cache is full; it fills evenly.
    std::optional<NodeRoom> nodes;  ///< Without, each start brings its machine.
    std::uint64_t seed = 1;
  };
  explicit Fleet(const Options& options);

  /// Replicas that serve from the beginning, with full caches and on nodes. \pre nothing has been
  /// ordered yet.
  void begin_with(std::size_t domain, Replicas count);

  /// Lets starts and drains that are due by `now` finish, and lost domains return.
  void advance(Instant now);
  /// Asks for so many replicas. More are started; of fewer, those leave first that serve least: the
  /// pending, then the newest starting, then the newest ready, which drain.
  void specify(std::size_t domain, Replicas count, Instant now);
  /// All of the domain dies at once. What is specified stays and is started anew when its machines
  /// come back.
  void lose(std::size_t domain, Instant now, Instant back_at);

  /// From now on starts take so many times as long.
  void start_slower(double times) { slowness_ = times; }
  /// While starts fail, what would become Ready starts anew.
  void let_starts_fail(bool fail) { starts_fail_ = fail; }
  /// While there are none, whatever is ordered waits; what waits is started with the first.
  void give_machines(bool given, Instant now);

  [[nodiscard]] std::size_t size() const { return domains_.size(); }
  [[nodiscard]] bool lost(std::size_t domain) const { return domains_[domain].lost; }
  [[nodiscard]] DomainCounts counts(std::size_t domain) const;
  /// Since when each of those starting has been on its machine: a start that fails begins anew
  /// there.
  [[nodiscard]] std::vector<Instant> unready_since(std::size_t domain) const;

 private:
  struct Start {
    Instant ready_at;
    Instant since;  ///< It is on its machine.
  };

  /// Nodes on their way.
  struct Coming {
    Instant at;
    int room;
  };

  struct Domain {
    int specified = 0;
    int ready = 0;
    int pending = 0;
    std::vector<Start> starting;      ///< By `ready_at`.
    std::vector<Instant> drained_at;  ///< Of those draining, earliest first.
    std::vector<Instant> warm_at;     ///< Of those Ready with young caches, earliest first.
    bool lost = false;
    Instant back_at{};
    int room = 0;                ///< On the nodes that are there,
    std::vector<Coming> coming;  ///< and on those that are on their way, earliest first.
    std::optional<Instant> waits_since;
  };

  [[nodiscard]] Replicas cold(const Domain& domain) const;
  void start(Domain& domain, int count, Instant now);
  void begin_start(Domain& domain, Instant now, Instant since);
  /// Has those that are due start anew.
  void fail_starts(Domain& domain, Instant now);
  /// Has those that wait started as far as there is room, and nodes ordered for the others.
  void place(Domain& domain, Instant now);
  static void note_waiting(Domain& domain, Instant now);
  void remove(Domain& domain, int count, Instant now);
  [[nodiscard]] Seconds start_up_time();

  Options options_;
  Random random_;
  double slowness_ = 1;
  bool machines_ = true;
  bool starts_fail_ = false;
  Instant now_{};  ///< That was reached last.
  std::vector<Domain> domains_;
};

/// Sums over domains.
[[nodiscard]] Replicas total_ready(std::span<const DomainCounts> domains);
/// Ready ones by what their caches carry.
[[nodiscard]] Replicas total_serving(std::span<const DomainCounts> domains);
[[nodiscard]] Replicas total_specified(std::span<const DomainCounts> domains);
/// What is paid for: ready and starting.
[[nodiscard]] Replicas total_paid(std::span<const DomainCounts> domains);

}  // namespace edgetide::simulation
