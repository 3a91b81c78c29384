#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"
#include "simulation/domain_counts.h"
#include "simulation/random.h"
#include "simulation/rollout.h"

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
  /// So many more or fewer are asked for, and are of that version.
  void change(std::size_t domain, Version version, int by, Instant now);
  /// So many that are Ready leave for good, the longest Ready first, and as many fewer are asked
  /// for: their controller asks anew. \pre no fewer are Ready
  void evict(std::size_t domain, Replicas count, Instant now);
  /// All that stands is of the old version from now on.
  void outdate(std::size_t domain);
  /// Goes on with rollouts, of each domain as a Deployment of its own.
  void roll_out(Instant now);
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
  [[nodiscard]] VersionCounts counts(std::size_t domain, Version version) const;
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

  /// The pods of one version.
  struct Pods {
    int ready = 0;
    int pending = 0;
    std::vector<Start> starting;   ///< By `ready_at`.
    std::vector<Instant> warm_at;  ///< Of those Ready with young caches, earliest first.

    [[nodiscard]] VersionCounts counts() const {
      return {ready, static_cast<int>(starting.size()), pending};
    }
  };

  struct Domain {
    int specified = 0;
    std::array<Pods, kVersions> versions;
    std::vector<Instant> drained_at;  ///< Of those draining, earliest first.
    bool lost = false;
    Instant back_at{};
    int room = 0;                ///< On the nodes that are there,
    std::vector<Coming> coming;  ///< and on those that are on their way, earliest first.
    std::optional<Instant> waits_since;

    [[nodiscard]] Pods& of(Version version) { return versions[static_cast<std::size_t>(version)]; }
  };

  [[nodiscard]] Replicas cold(const Domain& domain) const;
  void advance(Domain& domain, Instant now);
  void start(Domain& domain, Pods& pods, int count, Instant now);
  void begin_start(Pods& pods, Instant now, Instant since);
  /// Has those start that wait for a machine.
  void start_waiting(Domain& domain, Instant now);
  /// Has those that are due start anew.
  void fail_starts(const Domain& domain, Pods& pods, Instant now);
  /// Has those that wait started as far as there is room, and nodes ordered for the others.
  void place(Domain& domain, Instant now);
  static void note_waiting(Domain& domain, Instant now);
  void roll_out(Domain& domain, Instant now);
  void resize(Domain& domain, Version version, int by, Instant now);
  void remove(Domain& domain, Pods& pods, int count, Instant now);
  void drain(Domain& domain, int count, Instant now);
  [[nodiscard]] Seconds start_up_time();

  Options options_;
  Random random_;
  double slowness_ = 1;
  bool machines_ = true;
  bool starts_fail_ = false;
  Instant now_{};  ///< That was reached last.
  std::vector<Domain> domains_;
};

}  // namespace edgetide::simulation
