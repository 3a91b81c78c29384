#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "edgetide/core/time.h"

namespace edgetide::simulation {

/// What can go wrong around a fleet, besides the loss of a zone.
enum class FaultKind {
  kSamplesFrozen,   ///< The newest sample stays the one of the fault's beginning.
  kSamplesMissing,  ///< No series answers.
  kSamplesInvalid,  ///< NaN.
  kSamplesPartial,  ///< A third of the viewers is left out, and the source says that a part is.
  kSamplesLate,     ///< The newest sample is `by` seconds older than usual.
  kSamplesScaled,   ///< `by` times as many are told, as if that were all and true.
  kCounterReset,    ///< A third is told, as if that were all: counters of the others begin anew.
  kWindowUnfilled,  ///< What is told grows from nothing to all: a rate's window fills.
  kSourceGone,      ///< The metrics server cannot be asked, neither for now nor for the past.
  kSlowStarts,      ///< Replicas take `by` times as long to start.
  kStartsFail,      ///< What would become Ready fails and starts anew.
  kNoMachines,      ///< Whatever is ordered waits for a machine until the fault is over.
  kWritesRefused,   ///< The API server takes no scale.
  kTargetsUnknown,  ///< The first domain's target cannot be read.
  kOperatorDown,    ///< The operator is gone, and begins anew without memory when it is over.
  kClockAhead,      ///< The operator's clock is `by` seconds ahead; behind, when negative.
  kRivalLowers,     ///< Every two minutes somebody lowers the fullest domain by a fifth.
  kApiServerGone,   ///< No target can be read, and no scale is taken.
  kEgressMissing,   ///< Of the pool that the viewers draw from; what it fetches cannot be foreseen.
  kNodesDrained,    ///< `by` of the fullest domain's replicas are evicted, one after another.
  kRollout,         ///< A new version of one target after another replaces the old one.
  kConnectionsMissing,  ///< Of that pool, what its viewers open.
};

inline constexpr std::array kFaultKinds{
    FaultKind::kSamplesFrozen,     FaultKind::kSamplesMissing, FaultKind::kSamplesInvalid,
    FaultKind::kSamplesPartial,    FaultKind::kSamplesLate,    FaultKind::kSamplesScaled,
    FaultKind::kCounterReset,      FaultKind::kWindowUnfilled, FaultKind::kSourceGone,
    FaultKind::kSlowStarts,        FaultKind::kStartsFail,     FaultKind::kNoMachines,
    FaultKind::kWritesRefused,     FaultKind::kTargetsUnknown, FaultKind::kOperatorDown,
    FaultKind::kClockAhead,        FaultKind::kRivalLowers,    FaultKind::kApiServerGone,
    FaultKind::kEgressMissing,     FaultKind::kNodesDrained,   FaultKind::kRollout,
    FaultKind::kConnectionsMissing};

[[nodiscard]] std::string_view name_of(FaultKind kind);  ///< "SamplesFrozen", ...

/// How much of it there is, of a kind that has a measure.
struct FaultMeasure {
  std::string_view field;  ///< In scenarios: "percent".
  std::string_view unit;   ///< Behind the number: " %".
  std::int64_t least;
  std::int64_t most;
  double in_one;  ///< So many make `by` 1.
};

[[nodiscard]] const FaultMeasure* measure_of(FaultKind kind);  ///< nullptr for none.

struct Fault {
  FaultKind kind = FaultKind::kSamplesMissing;
  Instant from;
  Seconds lasts{600};
  double by = 1;  ///< What it means depends on the kind.
  /// Of `kNodesDrained`, the share of a target that its PodDisruptionBudget lets be unavailable;
  /// all of it without a budget.
  double unavailable = 1;

  [[nodiscard]] Instant until() const { return from + lasts; }
  [[nodiscard]] bool active(Instant at) const { return from <= at && at < until(); }
};

[[nodiscard]] std::int64_t measured(const Fault& fault, const FaultMeasure& measure);

/// "SamplesScaled 1000 %", "NodesDrained 50 % with a budget of 25 %"
[[nodiscard]] std::string told(const Fault& fault);

/// The first of that kind that is active; nullptr when none is.
[[nodiscard]] const Fault* active_fault(std::span<const Fault> faults, FaultKind kind, Instant at);

}  // namespace edgetide::simulation
