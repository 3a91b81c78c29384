#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "edgetide/ports/pool_repository.h"
#include "kube/local_time.h"
#include "kube/node_domains.h"
#include "kube/room_finder.h"
#include "kube/status_codec.h"
#include "kube/target_watches.h"
#include "kube/watched.h"

namespace edgetide::kube {

/// What is kept of an EdgePool.
struct KeptPool {
  /// The last version that could be used, with the uid, generation and labels of the present one
  /// only while `problems` is empty; nullptr when there never was one.
  std::shared_ptr<const model::EdgePool> good;
  std::vector<std::string> problems;  ///< Of the present version, a line each.
  std::int64_t generation = 0;        ///< Of the present version.
  Labels labels;                      ///< Of the present version.
  Labels pause;                       ///< Its annotations that may pause it.
  /// From its status: as it was before this replica wrote there, if it does.
  StatusRecord record;
};

struct PoolDecoding {
  const LocalTime& local_time;
  bool status_is_ours = true;  ///< What others write there is not read again.
};

/// Reads an EdgePool; `before` is the version that stood, or nullptr.
[[nodiscard]] Result<KeptPool> decode_kept_pool(simdjson::dom::element object,
                                                const KeptPool* before,
                                                const PoolDecoding& decoding);

struct PoolRepositoryOptions {
  std::vector<std::string> namespaces;  ///< Empty for all.
  LocalTime local_time;
  std::function<bool()> writes_status;  ///< Whether this replica does, at this moment.
  TargetWatchesOptions targets;         ///< Its on_change is taken over.
  bool node_room = false;               ///< As RoomFinderOptions::nodes.
  /// Told of a pool whose spec, labels or targets may have changed, or that came or went.
  std::function<void(const ObjectKey&)> on_change;
  /// Told of a new version with problems.
  std::function<void(const ObjectKey&, const KeptPool&)> on_unusable;
};

/// EdgePools from a watch, their fleets from the watches of their targets.
class PoolRepository final : public ports::PoolRepository {
 public:
  PoolRepository(Client& client, PoolRepositoryOptions options);

  void start();

  std::vector<ObjectKey> keys() override;
  Result<model::EdgePool> find(const ObjectKey& key) override;
  std::vector<model::DomainObservation> fleet(const model::EdgePool& pool) override;
  model::Room room(const model::EdgePool& pool) override { return rooms_.room(pool); }
  Result<void> scale(const model::EdgePool& pool, const ports::ScaleOrder& order) override;
  std::vector<Result<void>> scale_all(const model::EdgePool& pool,
                                      std::span<const ports::ScaleOrder> orders) override;
  Result<void> rehearse(const model::EdgePool& pool, const ports::ScaleOrder& order) override;

  /// nullptr when there is no such pool.
  [[nodiscard]] std::shared_ptr<const KeptPool> kept(const ObjectKey& key) const;
  /// Calls `look` with every pool.
  void visit(const std::function<void(const ObjectKey&, const KeptPool&)>& look) const;
  /// The usable pools of a namespace, by name.
  [[nodiscard]] std::vector<std::shared_ptr<const model::EdgePool>> usable_in(
      const std::string& name_space) const;
  /// Another number whenever what `usable_in` says has changed.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  /// Brings the watches of targets in line with the pools, if those have changed. Called by keys()
  /// and find().
  void follow_targets();
  /// Reads the scales of all targets, as far as the time allows.
  void read_ahead(std::chrono::milliseconds at_most);

  [[nodiscard]] std::vector<Reflector*> reflectors() const;
  [[nodiscard]] const TargetWatches& targets() const { return targets_; }
  [[nodiscard]] const RoomFinder& rooms() const { return rooms_; }
  [[nodiscard]] const NodeDomains& node_domains() const { return node_domains_; }

 private:
  using Pools = Watched<KeptPool>;

  /// The pool with no domain above what its autoscaler allows.
  [[nodiscard]] model::EdgePool within_autoscalers(model::EdgePool pool);
  void pool_changed(const ObjectKey& key, const Pools::Ptr& before, const Pools::Ptr& after);
  void target_changed(const TargetKey& key);

  PoolRepositoryOptions options_;
  TargetWatches targets_;
  std::mutex following_;
  std::atomic<bool> targets_changed_{true};
  std::atomic<std::uint64_t> version_{0};
  std::mutex keys_mutex_;
  std::atomic<bool> keys_changed_{true};
  std::vector<ObjectKey> keys_;  ///< Sorted.
  mutable std::mutex mutex_;
  std::map<TargetKey, std::vector<ObjectKey>> pools_of_;
  RoomFinder rooms_;
  NodeDomains node_domains_;
  std::vector<std::unique_ptr<Pools>> pools_;  // last: their threads call back
};

}  // namespace edgetide::kube
