#pragma once

/// Every reason that a verdict, a condition or a shortfall can give. They are part of the API:
/// people and alerts match on them. docs/reference/reasons.md says what each means.
namespace edgetide::model::reason {

// Verdicts.
inline constexpr const char* kDemandInDoubt = "DemandInDoubt";
inline constexpr const char* kSuddenFall = "SuddenFall";
inline constexpr const char* kDemandMissingHold = "DemandMissingHold";
inline constexpr const char* kDemandMissingRaisedToForecast = "DemandMissingRaisedToForecast";
inline constexpr const char* kDemandMissingRaisedToMaximum = "DemandMissingRaisedToMaximum";
inline constexpr const char* kPeakWithinTwoLeadTimes = "PeakWithinTwoLeadTimes";
inline constexpr const char* kRampBegun = "RampBegun";
inline constexpr const char* kMassChange = "MassChange";
inline constexpr const char* kWithinStabilizationWindow = "WithinStabilizationWindow";
inline constexpr const char* kWithinDeadBand = "WithinDeadBand";
inline constexpr const char* kMemoryTooYoung = "MemoryTooYoung";
inline constexpr const char* kReplicasInFlight = "ReplicasInFlight";
inline constexpr const char* kOneDomainAtATime = "OneDomainAtATime";
inline constexpr const char* kRateLimited = "RateLimited";
inline constexpr const char* kPaceOfSteps = "PaceOfSteps";
inline constexpr const char* kRaisedToRedundancyFloor = "RaisedToRedundancyFloor";
inline constexpr const char* kDomainLimits = "DomainLimits";
inline constexpr const char* kRaisedToMinimum = "RaisedToMinimum";
inline constexpr const char* kPaused = "Paused";
inline constexpr const char* kMaximumReached = "MaximumReached";
inline constexpr const char* kContended = "Contended";

// Shortfalls, beside those above that limit a plan too.
inline constexpr const char* kQuotaReached = "QuotaReached";
inline constexpr const char* kNodesFull = "NodesFull";
inline constexpr const char* kSkewBinds = "SkewBinds";
inline constexpr const char* kReplicasNotReady = "ReplicasNotReady";
inline constexpr const char* kReplicasStarting = "ReplicasStarting";
inline constexpr const char* kDomainLost = "DomainLost";

// Shortfalls ahead alone.
inline constexpr const char* kTooLate = "TooLate";

// Conditions.
inline constexpr const char* kNotPaused = "NotPaused";
inline constexpr const char* kInvalidPause = "InvalidPause";
inline constexpr const char* kReady = "Ready";
inline constexpr const char* kDryRun = "DryRun";
inline constexpr const char* kTargetUnknown = "TargetUnknown";
inline constexpr const char* kScaleFailed = "ScaleFailed";
inline constexpr const char* kRehearsalFailed = "RehearsalFailed";
inline constexpr const char* kDeciding = "Deciding";
inline constexpr const char* kNoDemand = "NoDemand";
inline constexpr const char* kWithinLimits = "WithinLimits";
inline constexpr const char* kLearned = "Learned";
inline constexpr const char* kOutweighed = "Outweighed";
inline constexpr const char* kTooLittleHistory = "TooLittleHistory";
inline constexpr const char* kPastUnread = "PastUnread";
inline constexpr const char* kSurvives = "Survives";
inline constexpr const char* kReserveMissing = "ReserveMissing";
inline constexpr const char* kDemandUnknown = "DemandUnknown";
inline constexpr const char* kSpreadUnknown = "SpreadUnknown";
inline constexpr const char* kServing = "Serving";
inline constexpr const char* kDomainSilent = "DomainSilent";
inline constexpr const char* kDomainRebuilt = "DomainRebuilt";
inline constexpr const char* kKeptOnDisk = "KeptOnDisk";
inline constexpr const char* kDiskFailed = "DiskFailed";
inline constexpr const char* kFresh = "Fresh";
inline constexpr const char* kEnough = "Enough";
inline constexpr const char* kUpstreamFound = "UpstreamFound";
inline constexpr const char* kUpstreamMissing = "UpstreamMissing";
inline constexpr const char* kUpstreamNotFarther = "UpstreamNotFarther";
inline constexpr const char* kUpstreamUnsized = "UpstreamUnsized";
inline constexpr const char* kSpecAccepted = "SpecAccepted";
inline constexpr const char* kInvalidSpec = "InvalidSpec";

}  // namespace edgetide::model::reason
