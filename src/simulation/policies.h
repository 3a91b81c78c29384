#pragma once

#include <memory>
#include <optional>
#include <string>

#include "edgetide/backtest/policy_list.h"
#include "edgetide/controller/reconciler.h"
#include "edgetide/model/plan_report.h"
#include "edgetide/ports/report_sink.h"
#include "simulation/world.h"

namespace edgetide::simulation {

enum class PolicyKind {
  kEdgetide,  ///< The operator's own reconciler on the world's ports.
  kHpa60,     ///< An HPA at 60 % utilization; see backtest/hpa.h for what is modelled.
  kPeer,      ///< One of `backtest`'s, which decides once a minute on a total.
};

/// Who runs a fleet.
struct Runner {
  // One of the first two wherever a runner is asked for.
  Runner(PolicyKind of_kind) : kind(of_kind) {}  // NOLINT(google-explicit-constructor)
  /// The first two by their names "edgetide" and "hpa60".
  explicit Runner(backtest::PolicyChoice asked_for);

  PolicyKind kind;
  backtest::PolicyChoice choice;  ///< As it was asked for; nothing where a kind was.
};

/// "Edgetide", "Edgetide:confidence=90", "HPA at 60 %", "kpa:target=0.7".
[[nodiscard]] std::string to_string(const Runner& runner);

/// A decision that changed something, or tried to.
struct Decision {
  model::PlanReport report;
  ports::ActOutcome outcome;
};

/// Somebody who runs the world's fleet.
class Policy {
 public:
  virtual ~Policy() = default;

  /// Looks at the world and acts on it; returns how long to wait before the next look.
  virtual Seconds act() = 0;
  /// The last decision with its reasons; nothing for policies that have none to tell.
  [[nodiscard]] virtual const Decision* last_decision() const { return nullptr; }
  /// The same of a pool that is drawn from.
  [[nodiscard]] virtual const Decision* last_decision_on(const ObjectKey&) const { return nullptr; }
};

/// \pre `world`, and `also` when given, outlive the policy. `also` is told every decision beside
/// the recording, as the operator's sinks are. `options` are the operator's own.
[[nodiscard]] std::unique_ptr<Policy> make_policy(const Runner& runner, World& world,
                                                  ports::ReportSink* also,
                                                  const controller::ReconcilerOptions& options);

}  // namespace edgetide::simulation
