#include "simulation/fault.h"

#include <algorithm>

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
  }
  return "";
}

const Fault* active_fault(std::span<const Fault> faults, FaultKind kind, Instant at) {
  const auto found = std::ranges::find_if(
      faults, [&](const Fault& fault) { return fault.kind == kind && fault.active(at); });
  return found == faults.end() ? nullptr : &*found;
}

}  // namespace edgetide::simulation
