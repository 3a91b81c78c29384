#include "simulation/fault.h"

#include <algorithm>
#include <cmath>

namespace edgetide::simulation {

std::string_view name_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::kSamplesFrozen: return "SamplesFrozen";
    case FaultKind::kSamplesMissing: return "SamplesMissing";
    case FaultKind::kSamplesInvalid: return "SamplesInvalid";
    case FaultKind::kSamplesPartial: return "SamplesPartial";
    case FaultKind::kSamplesLate: return "SamplesLate";
    case FaultKind::kSamplesScaled: return "SamplesScaled";
    case FaultKind::kCounterReset: return "CounterReset";
    case FaultKind::kWindowUnfilled: return "WindowUnfilled";
    case FaultKind::kSourceGone: return "SourceGone";
    case FaultKind::kSlowStarts: return "SlowStarts";
    case FaultKind::kStartsFail: return "StartsFail";
    case FaultKind::kNoMachines: return "NoMachines";
    case FaultKind::kWritesRefused: return "WritesRefused";
    case FaultKind::kTargetsUnknown: return "TargetsUnknown";
    case FaultKind::kOperatorDown: return "OperatorDown";
    case FaultKind::kClockAhead: return "ClockAhead";
    case FaultKind::kRivalLowers: return "RivalLowers";
    case FaultKind::kApiServerGone: return "ApiServerGone";
    case FaultKind::kEgressMissing: return "EgressMissing";
    case FaultKind::kNodesDrained: return "NodesDrained";
    case FaultKind::kRollout: return "Rollout";
    case FaultKind::kConnectionsMissing: return "ConnectionsMissing";
  }
  return "";
}

const FaultMeasure* measure_of(FaultKind kind) {
  static constexpr FaultMeasure kTimes{"times", " times", 2, 100, 1};
  static constexpr FaultMeasure kLate{"seconds", " s", 1, 7200, 1};
  static constexpr FaultMeasure kScaled{"percent", " %", 1, 10'000, 100};
  static constexpr FaultMeasure kAhead{"seconds", " s", -7200, 7200, 1};
  static constexpr FaultMeasure kDrained{"percent", " %", 1, 100, 100};
  switch (kind) {
    case FaultKind::kSlowStarts: return &kTimes;
    case FaultKind::kSamplesLate: return &kLate;
    case FaultKind::kSamplesScaled: return &kScaled;
    case FaultKind::kClockAhead: return &kAhead;
    case FaultKind::kNodesDrained: return &kDrained;
    default: return nullptr;
  }
}

std::int64_t measured(const Fault& fault, const FaultMeasure& measure) {
  return std::llround(fault.by * measure.in_one);
}

std::string told(const Fault& fault) {
  std::string text{name_of(fault.kind)};
  if (const FaultMeasure* measure = measure_of(fault.kind))
    text.append(" ").append(std::to_string(measured(fault, *measure))).append(measure->unit);
  if (fault.unavailable < 1)
    text += " with a budget of " + std::to_string(std::llround(100 * fault.unavailable)) + " %";
  return text;
}

const Fault* active_fault(std::span<const Fault> faults, FaultKind kind, Instant at) {
  const auto found = std::ranges::find_if(
      faults, [&](const Fault& fault) { return fault.kind == kind && fault.active(at); });
  return found == faults.end() ? nullptr : &*found;
}

}  // namespace edgetide::simulation
