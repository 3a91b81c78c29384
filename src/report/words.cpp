#include "report/words.h"

namespace edgetide::report {
namespace {

constexpr std::string_view kBasis = "the basis of a size";
constexpr std::string_view kAction = "a decision";
constexpr std::string_view kStage = "the stage of a forecast";
constexpr std::string_view kForecaster = "who forecasts";
constexpr std::string_view kFreshness = "the freshness of demand";
constexpr std::string_view kMode = "a pool's mode";
constexpr std::string_view kGuard = "who limits a plan";
constexpr std::string_view kFault = "the faults that simulate makes";
constexpr std::string_view kRule = "the verification of a plan";
constexpr std::string_view kPromise = "the promises that simulate watches";

constexpr WordText kWords[] = {
    {"Demand", kBasis, "the viewers of this moment ask for more than the forecast does"},
    {"Forecast", kBasis, "the highest demand within the lead time, by habit, decides the size"},
    {"Event", kBasis, "an announced event brings the peak that decides the size: Event/NAME"},
    {"Redundancy", kBasis,
     "what has to be left after the loss of a failure domain decides the size"},
    {"Minimum", kBasis,
     "spec.replicas.min, or an event's minimumReplicas, is more than is asked for"},
    {"Hold", kBasis, "demand is not known, so that what stands is held"},

    {"Hold", kAction, "the number of replicas stays"},
    {"ScaleUp", kAction, "there are to be more replicas in total"},
    {"ScaleDown", kAction, "there are to be fewer replicas in total"},
    {"Rebalance", kAction, "the total stays, and failure domains trade replicas"},

    {"None", kStage, "too little has been seen: capacity is held or raised, never lowered"},
    {"Level", kStage, "less than a day is known: level and spread"},
    {"Daily", kStage, "less than two weeks are known: with the time of the day"},
    {"Weekly", kStage, "with the time of the week"},

    {"Edgetide", kForecaster, "the forecast that pools are sized by"},
    {"Seasonal", kForecaster, "last week's demand at the same time, which ours is held against"},
    {"Reaction", kForecaster,
     "the demand of now, as if nothing changed, which ours is held against"},

    {"Fresh", kFreshness, "a value young enough to act on: the only one that may lower anything"},
    {"Stale", kFreshness, "a value older than the source's maxSampleAgeSeconds"},
    {"Partial", kFreshness, "a value that leaves some part of the fleet out"},
    {"Missing", kFreshness, "no series answered"},
    {"Invalid", kFreshness, "not a number, infinite or negative"},
    {"Ambiguous", kFreshness, "several series where one was expected"},
    {"Failed", kFreshness, "the source could not be asked"},

    {"DryRun", kMode, "decisions are reported, and no target is written"},
    {"Enforce", kMode, "decisions are written to the targets"},

    {"farther-peak", kGuard,
     "keeps what a peak within two lead times needs, where fewer would do until then"},
    {"ramp", kGuard, "begins a large rise early enough that its last step serves in time"},
    {"freshness", kGuard, "lowers nothing while demand, the past or a domain is not known"},
    {"sudden-fall", kGuard, "lowers nothing while a fall that no audience makes is doubted"},
    {"stabilization", kGuard,
     "lowers no further, and raises no higher, than was wanted throughout spec.behavior's windows"},
    {"dead-band", kGuard, "keeps what rose of late where hardly fewer would do"},
    {"mass-change", kGuard, "holds while many pools of one source want less at once"},
    {"rate-limit", kGuard, "changes no faster than spec.behavior's policies allow"},
    {"pacing", kGuard, "raises in steps of spec.pacing.stepReplicas"},
    {"redundancy-floor", kGuard,
     "raises to what carries the viewers of this moment, after the loss that must be survived"},
    {"one-domain-at-a-time", kGuard, "lowers one failure domain, and the others later"},
    {"in-flight", kGuard, "lowers nothing while something rises or is not Ready"},
    {"pause", kGuard, "holds a pool that a person has paused"},
    {"bounds", kGuard, "keeps to spec.replicas and to the domains' maxReplicas"},
    {"contention", kGuard, "writes nothing while somebody else keeps lowering the targets"},

    {"NonNegative", kRule, "no domain has fewer than no replicas"},
    {"FreshDemandToLower", kRule, "nothing is lowered without fresh demand"},
    {"BelievedFallToLower", kRule, "nothing is lowered while a sudden fall is doubted"},
    {"ForecastToLower", kRule, "nothing is lowered without a forecast"},
    {"KnownPastToLower", kRule, "nothing is lowered before the past has been read"},
    {"KnownDomainsToLower", kRule, "nothing is lowered while a domain is not known"},
    {"KnownSpreadToLower", kRule,
     "nothing is lowered while nobody knows in which failure domain the replicas stand"},
    {"WarmToLower", kRule, "what is kept serves with a full cache before anything beside it goes"},
    {"StabilizedToLower", kRule, "nothing is lowered below what was wanted within the window"},
    {"MassChange", kRule, "nothing is lowered while many pools of a source want less at once"},
    {"OneDomainAtATime", kRule, "one failure domain is lowered at a time"},
    {"DomainLimits", kRule, "no domain is raised above its maxReplicas"},
    {"Maximum", kRule, "nothing is raised above spec.replicas.max"},
    {"Minimum", kRule, "nothing is lowered below spec.replicas.min"},
    {"RedundancyFloor", kRule,
     "what the viewers of this moment need after the loss of a failure domain is granted"},
    {"Paused", kRule, "a paused pool is moved for the viewers of this moment alone"},
    {"PausedReplicas", kRule, "a pool that is paused at a number has that number"},
    {"RateLimit", kRule, "nothing is lowered faster than spec.behavior.scaleDown allows"},
    {"Pace", kRule, "nothing is raised faster than spec.pacing allows"},
    {"Contended", kRule, "nothing is written while somebody else lowers the targets"},

    {"Verified", kPromise, "every plan passed its own verification"},
    {"LoweredInDoubt", kPromise, "nothing is lowered while the source tells nothing to be trusted"},
    {"LoweredUndrawn", kPromise,
     "a farther tier is not lowered before it is known what others fetch from it"},
    {"LoweredUnknown", kPromise, "nothing is lowered while a target is not known"},
    {"LoweredInPause", kPromise, "nothing is lowered while a person has paused the pool"},
    {"LoweredTooSoon", kPromise,
     "nothing is lowered below what was wanted within the stabilization window"},
    {"LoweredByADip", kPromise,
     "a fall shorter than the stabilization window, or one within an event that no audience makes, "
     "lowers nothing"},
    {"LoweredSeveral", kPromise, "one failure domain is lowered at a time"},
    {"LoweredWhileStarting", kPromise,
     "nothing is lowered while something has yet to start, but what has long found no node"},
    {"LoweredTooFast", kPromise, "nothing is lowered faster than spec.behavior.scaleDown allows"},
    {"RaisedTooFast", kPromise,
     "nothing is raised by more than a step within its interval, beyond what the viewers of this "
     "moment need"},
    {"AboveMaximum", kPromise, "nothing is raised above spec.replicas.max"},
    {"BelowMinimum", kPromise, "nothing is lowered below spec.replicas.min"},
    {"AboveDomainLimit", kPromise, "no domain is raised above its maxReplicas"},
    {"Fought", kPromise, "nothing is written into a fight with somebody else"},
    {"ShortInSilence", kPromise, "what is missing is reported as a shortfall"},
    {"BelowFloor", kPromise,
     "a decision leaves what carries the viewers that it saw after the loss that must be survived, "
     "as far as the limits allow"},
    {"ReserveInSilence", kPromise,
     "the reserve is told as met only while what is Ready carries the viewers that it saw after "
     "the loss"},
    {"UnservedInSilence", kPromise,
     "a shortfall is reported while what is Ready does not carry the viewers that it saw within "
     "target utilization"},
    {"WaitsInSilence", kPromise,
     "what has found no node for longer than the lead time counts for nothing, and what is missing "
     "by that is reported as a shortfall"},
    {"NotSettled", kPromise,
     "twenty minutes after the last fault the reserve is there again, or a shortfall is reported, "
     "and no more stays than is wanted"},

    {"SamplesFrozen", kFault, "the newest sample stays the one of the fault's beginning, and ages"},
    {"SamplesMissing", kFault, "no series answers"},
    {"SamplesInvalid", kFault, "what answers is not a number"},
    {"SamplesPartial", kFault, "a third is left out, and the source says that a part is"},
    {"SamplesLate", kFault, "the newest sample is so many seconds older than usual"},
    {"SamplesScaled", kFault, "so many percent of the viewers are told, as if that were true"},
    {"CounterReset", kFault, "a third of the viewers is told, as if that were all"},
    {"WindowUnfilled", kFault, "what is told grows from nothing to all, as a query's window fills"},
    {"EgressMissing", kFault,
     "what a pool with upstreams sends cannot be read, so that nobody knows what it will fetch"},
    {"ConnectionsMissing", kFault,
     "neither the open connections of a pool nor its handshakes can be read"},
    {"SourceGone", kFault, "the metrics server cannot be asked, neither for now nor for the past"},
    {"SlowStarts", kFault, "replicas take so many times as long to start"},
    {"StartsFail", kFault, "what would become Ready fails and starts anew"},
    {"NoMachines", kFault, "what is ordered waits for a machine until the fault is over"},
    {"WritesRefused", kFault, "the API server takes no scale"},
    {"TargetsUnknown", kFault, "the first domain's target cannot be read"},
    {"ApiServerGone", kFault, "no target can be read, and no scale is taken"},
    {"OperatorDown", kFault, "the operator is gone, and begins anew without memory afterwards"},
    {"ClockAhead", kFault, "the operator's clock is ahead of the world's, or behind it"},
    {"RivalLowers", kFault, "every two minutes somebody lowers the fullest domain by a fifth"},
    {"NodesDrained", kFault,
     "so many percent of the replicas of the fullest domain are evicted, one after another, and "
     "made anew"},
    {"Rollout", kFault,
     "a new version of one target after another replaces the one that stands, in steps of 25 %"},
};

}  // namespace

std::span<const WordText> words() { return kWords; }

}  // namespace edgetide::report
