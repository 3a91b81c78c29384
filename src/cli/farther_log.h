#pragma once

#include <vector>

#include "edgetide/ports/report_sink.h"
#include "simulation/closed_loop.h"

namespace edgetide::cli {

/// Notes what is decided on the pools that others draw from while a night goes by.
class FartherLog final : public ports::ReportSink {
 public:
  /// What a decision saw of a failure domain, and what it left.
  struct Domain {
    bool known = false;
    Replicas ready;
    Replicas starting;
    Replicas desired;
  };
  struct Look {
    Instant at;
    std::vector<Domain> domains;  ///< As the pool has them.
  };
  struct Tier {
    ObjectKey key;
    std::vector<Look> looks;
    std::vector<simulation::Decision> decisions;  ///< Those that wrote, or tried to.
  };

  explicit FartherLog(const simulation::Scenario& scenario);

  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override;
  void forget(const ObjectKey&) override {}

  /// As the scenario has them.
  [[nodiscard]] const std::vector<Tier>& tiers() const { return tiers_; }

 private:
  std::vector<Tier> tiers_;
};

}  // namespace edgetide::cli
