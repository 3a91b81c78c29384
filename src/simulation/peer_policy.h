#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "edgetide/backtest/policy_list.h"
#include "simulation/policies.h"

namespace edgetide::simulation {

/// What a peer reads of the newest sample: nothing while the source tells nothing; part of the
/// viewers as all of them, since a peer knows no parts.
[[nodiscard]] std::optional<Viewers> told_to_peers(const World& world);

/// One workload over all domains is asked to be so large, and stays as it is while the API server
/// takes no writes. Where each domain has a target of its own, what a lost zone held is ordered
/// anew in the others at once, where a real cluster waits for evictions: in the peers' favour.
void place(World& world, Replicas total);

/// A policy of `backtest` in the closed loop: it decides once a minute on the samples that it could
/// read by then, within the pool's bounds. A source that tells nothing adds no sample.
class PeerPolicy final : public Policy {
 public:
  /// \pre `world` outlives it
  PeerPolicy(World& world, const backtest::PolicyChoice& choice);

  Seconds act() override;

 private:
  void hear();

  World& world_;
  std::vector<model::DemandSample> truth_;  ///< A minute each; for those who see what comes.
  std::vector<model::DemandSample> heard_;
  model::UtcOffsets offsets_;
  backtest::World asked_;  ///< The same world as the policy knows it.
  std::unique_ptr<backtest::Policy> policy_;
};

}  // namespace edgetide::simulation
