#include "report/reasons.h"

#include <algorithm>

#include "edgetide/model/reasons.h"

namespace edgetide::report {
namespace {

namespace why = model::reason;

constexpr ReasonText kVerdicts[] = {
    {why::kDemandInDoubt,
     "viewers, a domain, a sized resource or the forecast is not fresh and complete, as the detail "
     "names; nothing is lowered",
     "once everything is fresh and complete again, less may stand: see DemandFresh, AbleToScale"},
    {why::kSuddenFall,
     "viewers fell below half within a minute, or as fast over a few, while an announced event is "
     "under way and not about to end; or after a silence they are fewer than half of those whom it "
     "alone holds by then, as its like were seen to, or has brought meanwhile: no audience leaves "
     "like that. The forecast goes by those who were there before, and nothing is lowered, until "
     "they are back, until egress, requests or connections have shown the same fall for a minute, "
     "until the event is announced no more, or until the time that the detail names",
     "look at the source: an exporter, a counter, a query; where the audience has really gone, "
     "take the event out of the calendar"},
    {why::kDemandMissingHold, "no number of viewers at all, and onMissingDemand is Hold",
     "bring the source back, or set spec.onMissingDemand"},
    {why::kDemandMissingRaisedToForecast,
     "no number of viewers; the forecast may raise, nothing lowers", "bring the source back"},
    {why::kDemandMissingRaisedToMaximum, "no number of viewers, and onMissingDemand is RaiseToMax",
     "bring the source back"},
    {why::kPeakWithinTwoLeadTimes,
     "a smaller fleet would have to grow again within two lead times, or within five minutes more "
     "than one: foresight",
     ""},
    {why::kRampBegun,
     "a rise that spec.pacing or spec.behavior.scaleUp spreads over several steps begins now, so "
     "that the last step serves in time: foresight",
     ""},
    {why::kMassChange,
     "more than a fifth of the source's pools, and at least five, want less at once; each keeps "
     "what was wanted within ten minutes",
     "look at the source: an exporter, a label, a query; a real change is followed ten minutes "
     "later"},
    {why::kWithinStabilizationWindow,
     "more was wanted within the scale-down window, or less within that for scale-up",
     "spec.behavior.*.stabilizationWindowSeconds"},
    {why::kWithinDeadBand,
     "fewer replicas would do, but by less than 10 % of what stands, and the last rise has served "
     "for less than 50 minutes: the fleet does not follow every wave",
     ""},
    {why::kMemoryTooYoung,
     "the operator has just started; nothing is lowered until it remembers a full window",
     "wait for one window"},
    {why::kReplicasInFlight,
     "something rises or has not become Ready; nothing is lowered meanwhile, but replicas of "
     "Deployments that have all found no node for longer than a lead time",
     "look at the pods that do not become Ready"},
    {why::kOneDomainAtATime,
     "where the loss of a failure domain must be survived, of several that would be lowered the "
     "fullest is and the others follow at the next looks: a wrong fall shows before it has taken "
     "from every domain",
     ""},
    {why::kRateLimited, "spec.behavior.*.policies allow no faster change",
     "spec.behavior.*.policies"},
    {why::kPaceOfSteps,
     "a rise of more than spec.pacing.stepReplicas goes in steps, one each "
     "spec.pacing.intervalSeconds; as a shortfall, these and spec.behavior.scaleUp let the fleet "
     "rise more slowly than the viewers come",
     "larger steps in spec.pacing and spec.behavior.scaleUp, or a higher spec.replicas.min in "
     "time; nothing while no shortfall says so too"},
    {why::kRaisedToRedundancyFloor,
     "the viewers of this moment need more, with the loss of a failure domain where that must be "
     "survived: the guarantee",
     ""},
    {why::kPaused,
     "a person has paused the pool: what stands stays, and only the viewers of this moment may "
     "raise it; or the pause names a number, which holds whatever the demand",
     "edgetide resume, or wait: a pause ends by itself"},
    {why::kDomainLimits,
     "a domain's maxReplicas, or the maximum of the autoscaler that is its target, is reached",
     "raise that domain's maxReplicas, or add a domain"},
    {why::kRaisedToMinimum, "spec.replicas.min, or an event's minimumReplicas, is more",
     "spec.replicas.min, or the event's minimumReplicas"},
    {why::kMaximumReached, "spec.replicas.max is reached",
     "raise spec.replicas.max before the shortfall's time"},
    {why::kContended,
     "somebody else lowered a target three times within ten minutes; nothing is written until they "
     "stop",
     "find who else lowers the targets: an HPA, a GitOps tool, a colleague"},
};

constexpr ReasonText kShortfalls[] = {
    {why::kQuotaReached,
     "a ResourceQuota of the namespace leaves no room for the pods that are needed; the detail "
     "names it, the resource and what is left",
     "raise the ResourceQuota of the pool's namespace"},
    {why::kNodesFull, "the nodes that a domain's pods may run on have no room for more of them",
     "add nodes, see why their autoscaler adds none, or say that they come by themselves in "
     "spec.failureDomains[].nodes"},
    {why::kSkewBinds,
     "the nodes of a failure domain take nothing in, the scheduler still counts it for the skew of "
     "a topologySpreadConstraint, and the others have as many more as maxSkew lets them",
     "uncordon those nodes or take them away; set nodeTaintsPolicy: Honor, "
     "whenUnsatisfiable: ScheduleAnyway or a larger maxSkew"},
    {why::kReplicasNotReady,
     "replicas have a node and have not become Ready within the lead time and a quarter more",
     "see their events and logs; roll a release back that does not start"},
    {why::kReplicasStarting,
     "the viewers of this moment need more replicas at target utilization than serve, with nothing "
     "lost; what is missing is ordered, the detail says by when it is to serve, and there is no "
     "other cause, which would be named instead",
     "nothing if they come in time; announce such events earlier, or raise spec.replicas.min or "
     "spec.redundancy.spareReplicas before such times"},
    {why::kDomainLost,
     "nothing of a failure domain has served for a lead time, or less than half for so long that "
     "it is rebuilt; the others carry the viewers of this moment within target utilization no "
     "more, or have no room for its part as well; with it there is enough",
     "bring it back; raise spec.replicas.max and the other domains' maxReplicas if that may last"},
    {why::kTooLate,
     "within a lead time more is needed than stands; what is ordered now serves later",
     "raise spec.replicas.min at once; announce such events earlier"},
};

constexpr ConditionText kConditions[] = {
    {"SpecValid", "True", why::kSpecAccepted, "the spec is in force"},
    {"SpecValid", "False", why::kInvalidSpec,
     "the message lists every problem; the last good version is in force"},
    {"AbleToScale", "True", why::kReady, "every target was read"},
    {"AbleToScale", "True", why::kDryRun, "decisions are reported and not written"},
    {"AbleToScale", "False", why::kTargetUnknown, "a target cannot be found or read"},
    {"AbleToScale", "False", why::kContended, "somebody else keeps lowering the targets"},
    {"AbleToScale", "False", why::kScaleFailed, "a write was refused, in the API server's words"},
    {"AbleToScale", "False", why::kRehearsalFailed,
     "an order of the next hour would be refused, in the API server's words"},
    {"ScalingActive", "True", why::kDeciding, "the message names the basis of the size"},
    {"ScalingActive", "False", why::kNoDemand,
     "neither demand nor a forecast to size by; everything stays"},
    {"ScalingLimited", "True", "any verdict's",
     "the last guard that changed the plan, and its reason"},
    {"ScalingLimited", "True", "MaximumReached, DomainLimits",
     "no guard changed the plan, and the pool's own bounds keep back some of what is needed"},
    {"ScalingLimited", "False", why::kWithinLimits, "no limit and no guard changes what is wanted"},
    {"ForecastReady", "True", why::kLearned, "the message says how much"},
    {"ForecastReady", "True", why::kOutweighed,
     "for a day last week's demand, or the present one, has forecast this pool better, and has the "
     "larger say"},
    {"ForecastReady", "False", why::kTooLittleHistory,
     "too little has been seen; capacity is held or raised, never lowered"},
    {"ForecastReady", "False", why::kPastUnread,
     "the source gave no history, and is asked again every minute; capacity is held or raised"},
    {"RedundancyMet", "True", why::kSurvives, "the loss that must be survived would be survived"},
    {"RedundancyMet", "False", why::kReserveMissing,
     "how many Ready replicas are missing in which domain; starting, leaving and unschedulable "
     "ones are none"},
    {"RedundancyMet", "Unknown", why::kDemandUnknown, "the demand or a domain is not known"},
    {"RedundancyMet", "Unknown", why::kSpreadUnknown,
     "which failure domain a replica stands in is not known"},
    {"DomainsServing", "True", why::kServing,
     "something serves in every domain that is to, and none is rebuilt"},
    {"DomainsServing", "False", why::kDomainSilent,
     "nothing of a domain has served since the time named, and the reserve carries its viewers"},
    {"DomainsServing", "False", why::kDomainRebuilt,
     "nothing of a domain serves, or less than half of what is asked for while others serve, for "
     "longer than spec.redundancy.rebuildAfterSeconds and the lead time: the other domains carry "
     "what does not as well, the guarantee included; a lost domain's target stays as it is"},
    {"DemandFresh", "True", why::kFresh, "when the viewers were read"},
    {"DemandFresh", "False", why::kSuddenFall,
     "the viewers were read and are not believed: how many are told, how many are believed to be "
     "there, until when and why"},
    {"DemandFresh", "False", "Stale, Partial, Missing, Invalid, Ambiguous, Failed",
     "which series is not as it should be, and why"},
    {"CapacityShortfall", "True",
     "MaximumReached, DomainLimits, PaceOfSteps, QuotaReached, NodesFull, SkewBinds, "
     "ReplicasNotReady, ReplicasStarting, DomainLost, TargetUnknown, Paused, Contended",
     "more is needed than can be had, or now than serves: size, time and what would help"},
    {"CapacityShortfall", "False", why::kEnough, "everything that is needed can be had"},
    {"CapacityShortfall", "Unknown", why::kDemandUnknown,
     "what is known to be needed can be had, and there is neither demand nor a forecast, or the "
     "load of a resource that replicas have a capacity of is not known: which, and why"},
    {"CapacityShortfallAhead", "True",
     "MaximumReached, DomainLimits, QuotaReached, NodesFull, DomainLost, Paused, PaceOfSteps, "
     "TooLate",
     "within two days something will be missing: size, time, what would help and by when"},
    {"CapacityShortfallAhead", "False", why::kEnough,
     "the most that will be needed, by what is foreseen"},
    {"CapacityShortfallAhead", "Unknown", why::kTooLittleHistory,
     "too little is known to look ahead"},
    {"CapacityShortfallAhead", "Unknown", why::kDemandUnknown,
     "what is known is enough, and the load of a resource that replicas have a capacity of is not "
     "known: which, and why"},
    {"Paused", "True", why::kPaused, "until when, and at how many replicas"},
    {"Paused", "False", why::kNotPaused, "the pool is decided upon"},
    {"Paused", "Unknown", why::kInvalidPause,
     "the annotations edgetide.io/paused-until and edgetide.io/paused-replicas cannot be read; "
     "decided as if not paused"},
    {"MemoryKept", "True", why::kKeptOnDisk,
     "with --data-dir alone: what is learned and decided will be there after a restart"},
    {"MemoryKept", "False", why::kDiskFailed,
     "the disk is full or fails, in SQLite's words, and is tried again every minute; nothing stops "
     "meanwhile"},
    {"UpstreamValid", "True", why::kUpstreamFound,
     "of pools with spec.upstreamRef alone: the pool that this one draws from is sized for what it "
     "will fetch"},
    {"UpstreamValid", "False", why::kUpstreamMissing,
     "there is no such pool in the namespace; nobody is sized for what is drawn"},
    {"UpstreamValid", "False", why::kUpstreamNotFarther,
     "it is not of a farther tier, as of pools that draw from each other in a circle one never is"},
    {"UpstreamValid", "False", why::kUpstreamUnsized,
     "it has no spec.capacity.egressBitsPerSecond to be sized by"},
    {"Ready", "True", "Read", "of an EventCalendar: it could be read when last looked at"},
    {"Ready", "False", "Unreadable", "of an EventCalendar: its last good copy holds"},
    {"Ready", "False", "Empty",
     "of an EventCalendar: it announces nothing where it did; its last good copy holds"},
};

constexpr EventText kEvents[] = {
    {"ScaledUp", "EdgePool", false, "a target was written"},
    {"ScaledDown", "EdgePool", false, "a target was written"},
    {"ScaleFailed", "EdgePool", true, "a write was refused; the note has the API server's words"},
    {"RehearsalFailed", "EdgePool", true,
     "an order of the next hour would be refused; the note has the API server's words"},
    {"Contended", "EdgePool", true, "somebody else keeps lowering the targets"},
    {"DemandDoubted", "EdgePool", true,
     "a fall of the viewers is not believed; the note has how many are told and how many are "
     "believed to be there"},
    {"DemandBelieved", "EdgePool", false, "what is told of the viewers is believed again"},
    {"CapacityShortfall", "EdgePool", true, "more is needed than can be had, or now than serves"},
    {"CapacityShortfallAhead", "EdgePool", true,
     "more will be needed within two days than can be had"},
    {"RedundancyLost", "EdgePool", true,
     "the reserve for the loss of a failure domain is not Ready"},
    {"CalendarUnreadable", "EventCalendar", true, "it cannot be read; its last good copy holds"},
    {"CalendarEmpty", "EventCalendar", true,
     "it announces nothing where it did; its last good copy holds"},
};

}  // namespace

std::span<const ReasonText> verdict_reasons() { return kVerdicts; }
std::span<const ReasonText> shortfall_reasons() { return kShortfalls; }
std::span<const ConditionText> condition_reasons() { return kConditions; }
std::span<const EventText> event_reasons() { return kEvents; }

std::string_view remedy(std::string_view reason) {
  for (const auto& known : {verdict_reasons(), shortfall_reasons()}) {
    const auto found = std::ranges::find(known, reason, &ReasonText::reason);
    if (found != known.end()) return found->remedy;
  }
  return {};
}

}  // namespace edgetide::report
