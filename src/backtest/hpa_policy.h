#pragma once

#include <optional>

#include "edgetide/backtest/hpa.h"
#include "edgetide/backtest/policy.h"

namespace edgetide::backtest {

/// Replicas whose target share carries the viewers; one at least, as no peer scales to zero.
[[nodiscard]] Replicas at_target(const World& world, Viewers viewers, double target);

/// The HPA that several peers stand on. \pre `world` outlives it
class HpaPolicy final : public Policy {
 public:
  /// The settings' bounds are the pool's, and its metric the viewers.
  HpaPolicy(const World& world, const HpaSettings& settings);

  Replicas decide(const Moment& moment) override;
  /// The same with a second metric, of which the larger counts: as KEDA's cron scaler gives one.
  [[nodiscard]] Replicas decide(const Moment& moment, Replicas at_least);

 private:
  const World& world_;
  double target_;
  Seconds sync_;
  Hpa hpa_;
  std::optional<Instant> synced_;
  Replicas stands_;
};

}  // namespace edgetide::backtest
