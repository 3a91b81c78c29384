#include "cli/explanation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "edgetide/model/reasons.h"
#include "edgetide/sizing/capacity_model.h"
#include "edgetide/sizing/domain_allocation.h"
#include "edgetide/sizing/recommender.h"
#include "report/text_report.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using Input = Explanation::Input;
using kube::PoolStatus;
using report::grouped;
using report::time_until;

constexpr std::size_t kMostEvents = 3;
/// More replicas than any domain is asked for: no limit.
constexpr Replicas kNoLimit{1'000'000};

std::string percent(double share) {
  const double percent = std::round(1e5 * share) / 1e3;
  return json::number_text(percent) + " %";
}

std::string plural(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

Input demand_input(const PoolStatus& status, const model::EdgePool& pool) {
  const auto& demand = status.demand;
  std::string value = demand.viewers ? grouped(demand.viewers->count()) : "unknown";
  value += ", " + demand.freshness + ", from MetricSource " + pool.demand.source;
  if (!demand.message.empty()) value += ": " + demand.message;
  return {"viewers", value, demand.at};
}

Input fleet_input(const PoolStatus& status) {
  Replicas ready{0};
  Replicas starting{0};
  Replicas specified{0};
  std::string unknown;
  for (const PoolStatus::Domain& domain : status.domains) {
    if (!domain.ready) unknown += "; " + domain.name + " is unknown: " + domain.message;
    ready += domain.ready.value_or(Replicas{0});
    starting += domain.starting.value_or(Replicas{0});
    specified += domain.specified.value_or(Replicas{0});
  }
  return {"fleet",
          std::to_string(ready.count()) + " Ready, " + std::to_string(starting.count()) +
              " starting, " + std::to_string(specified.count()) + " ordered" + unknown,
          status.decided_at};
}

Input spec_input(const PoolStatus& status) {
  std::string value = "generation " + std::to_string(status.observed_generation);
  if (status.generation != status.observed_generation)
    value += "; generation " + std::to_string(status.generation) + " is not decided upon yet";
  const auto* valid = kube::find_condition(status, "SpecValid");
  if (valid != nullptr && valid->status == "False") value += "; " + valid->message;
  return {"spec", value, std::nullopt};
}

Input source_input(const model::MetricSource& source) {
  return {"source",
          source.url + ", asked every " + to_string(source.interval) + ", stale after " +
              to_string(source.max_sample_age),
          std::nullopt};
}

Input event_input(const kube::AnnouncedEvent& event, Instant now) {
  const kube::StreamEventResource& announced = event.resource;
  const Instant end = event.start + announced.duration;
  std::string value = event.start > now ? "starts in " + time_until(event.start, now)
                      : end > now       ? "on air, ends in " + time_until(end, now)
                                        : "over, may still run";
  if (!announced.event_class.empty()) value += ", class " + announced.event_class;
  if (announced.expected_peak)
    value += ", " + grouped(announced.expected_peak->count()) + " viewers expected by people";
  if (announced.minimum_replicas)
    value += ", at least " + plural(announced.minimum_replicas->count(), "replica");
  return {"event " + announced.key.name, value, event.start};
}

Input class_input(const model::EventClass& known) {
  std::string value = plural(known.learned.events, "event") + " learned from";
  if (!known.learned.last_events.empty())
    value += ", typically " + grouped(std::exp(model::log_size(known.learned).mean)) + " viewers";
  if (known.prior_peak) value += ", " + grouped(known.prior_peak->count()) + " expected by people";
  if (known.learned.last_events.empty()) return {"class " + known.name, value, std::nullopt};
  return {"class " + known.name, value, known.learned.last_events.front().start};
}

Input calendar_input(const Surroundings::Calendar& calendar) {
  std::string value = calendar.reason.empty() ? "not read yet" : calendar.reason;
  value += ", " + plural(calendar.events, "event") + " in the coming month";
  if (calendar.reason != "Read" && !calendar.message.empty()) value += ": " + calendar.message;
  return {"calendar " + calendar.name, value, calendar.since};
}

std::vector<Input> inputs_of(const PoolStatus& status, const model::EdgePool& pool,
                             const Surroundings& around, Instant now) {
  std::vector<Input> inputs{demand_input(status, pool), fleet_input(status)};
  const auto& stage = status.forecast.stage;
  inputs.push_back({"habits",
                    stage.empty() || stage == "None" ? "too little has been seen yet"
                                                     : "known at the stage " + stage,
                    std::nullopt});
  inputs.push_back(spec_input(status));
  if (around.source) inputs.push_back(source_input(*around.source));
  for (const kube::AnnouncedEvent& event : around.events) {
    if (&event - around.events.data() == kMostEvents) {
      inputs.push_back(
          {"events", plural(std::ssize(around.events) - kMostEvents, "later one"), std::nullopt});
      break;
    }
    inputs.push_back(event_input(event, now));
    const auto known =
        std::ranges::find(around.classes, event.resource.event_class, &model::EventClass::name);
    if (known != around.classes.end()) inputs.push_back(class_input(*known));
  }
  for (const auto& calendar : around.calendars) inputs.push_back(calendar_input(calendar));
  for (const std::string& problem : around.unread) inputs.push_back({"unread", problem, {}});
  return inputs;
}

/// Whether viewers alone decide, so that what follows can be worked out again from the spec.
bool sized_by_viewers(const PoolStatus& status, const model::EdgePool& pool) {
  return status.sizing.binding == "viewers" && pool.capacity.viewers.has_value() &&
         status.sizing.serving.has_value();
}

double usable_viewers(const model::EdgePool& pool) {
  return pool.capacity.viewers->count() * pool.capacity.target_utilization.count();
}

/// What has to run so that `serving` and the spare ones survive, had the domains no limits.
Replicas with_redundancy(Replicas serving, const model::EdgePool& pool) {
  const Replicas survivors = serving + pool.redundancy.spare;
  if (pool.redundancy.survive == model::Survive::kNone || pool.domains.size() < 2) return survivors;
  const model::Fleet limits(pool.domains.size(), kNoLimit);
  return model::total(sizing::survive_one_domain(survivors, limits).per_domain);
}

std::vector<Explanation::Number> numbers_of(const PoolStatus& status, const model::EdgePool& pool,
                                            Instant now) {
  std::vector<Explanation::Number> numbers;
  const auto viewers = [&](const std::optional<Viewers>& value, std::string meaning) {
    if (value) numbers.push_back({value->count(), "viewers", std::move(meaning)});
  };
  const auto& [stage, peak, median, at, event] = status.forecast;
  viewers(status.demand.viewers, "watch now");
  const std::string when =
      at ? ", at " + clock_text(*at) + " (" + (*at > now ? "in " : "") + time_until(*at, now) + ")"
         : "";
  viewers(median, "the peak to come, as likely more as less" + when);
  viewers(peak, "the peak that " + percent(pool.confidence) +
                    " of such windows stay below (spec.forecast.confidencePercent)");
  viewers(status.sizing.planned, "planned for, by " + status.sizing.basis);
  const auto& serving = status.sizing.serving;
  if (!serving) return numbers;
  if (sized_by_viewers(status, pool)) {
    viewers(Viewers{usable_viewers(pool)},
            "a replica takes: " + percent(pool.capacity.target_utilization.count()) + " of " +
                grouped(pool.capacity.viewers->count()) + " (spec.capacity)");
  }
  const auto replicas = [&](Replicas value, std::string meaning) {
    numbers.push_back({static_cast<double>(value.count()), "replicas", std::move(meaning)});
  };
  replicas(*serving, "carry them, by " + status.sizing.binding + ", which run out first");
  if (pool.redundancy.spare > Replicas{0})
    replicas(*serving + pool.redundancy.spare, "with spec.redundancy.spareReplicas");
  if (pool.redundancy.survive == model::Survive::kFailureDomain)
    replicas(with_redundancy(*serving, pool), "so that these are left when the fullest of " +
                                                  std::to_string(pool.domains.size()) +
                                                  " domains is lost");
  if (status.sizing.basis == "Minimum") replicas(pool.replicas.min, "at least (spec.replicas.min)");
  return numbers;
}

/// The most viewers that a fleet within the limits carries after the loss that must be survived.
Viewers most_viewers(const model::EdgePool& pool) {
  const auto fits = [&](int serving) {
    const Viewers planned{serving * usable_viewers(pool)};
    const model::DemandReadings demand{
        .viewers = {.freshness = model::Freshness::kFresh, .value = planned.count()}};
    const auto sized = sizing::recommend(planned, pool, demand, Replicas{0});
    return sized && sized->missing == Replicas{0};
  };
  int low = 0;
  int high = pool.replicas.max.count();
  while (low < high) {
    const int middle = low + (high - low + 1) / 2;
    if (fits(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Viewers{low * usable_viewers(pool)};
}

/// By how much demand may move before the size does.
void add_thresholds(const PoolStatus& status, const model::EdgePool& pool,
                    std::vector<std::string>& changes) {
  if (!sized_by_viewers(status, pool)) return;
  const double usable = usable_viewers(pool);
  const int serving = status.sizing.serving->count();
  if (status.sizing.basis != "Minimum" && serving > 0) {
    changes.push_back("demand: above " + grouped(serving * usable) +
                      " planned viewers one more replica has to serve, from " +
                      grouped((serving - 1) * usable) + " down one fewer");
  }
  const auto& [stage, peak, median, at, event] = status.forecast;
  if (median && peak && *median < *peak) {
    const Replicas at_median = with_redundancy(sizing::replicas_for(median->count(), usable), pool);
    changes.push_back("spec.forecast.confidencePercent: half of the windows would be served with " +
                      plural(at_median.count(), "replica") + " rather than " +
                      std::to_string(with_redundancy(*status.sizing.serving, pool).count()));
  }
  changes.push_back("limits: " + grouped(most_viewers(pool).count()) +
                    " planned viewers are the most that spec.replicas.max " +
                    std::to_string(pool.replicas.max.count()) +
                    " and the domains' maxReplicas let be carried");
}

std::vector<std::string> changes_of(const PoolStatus& status, const model::EdgePool& pool,
                                    Instant now) {
  std::vector<std::string> changes;
  if (pool.mode == model::Mode::kDryRun)
    changes.emplace_back("spec.mode: decisions are not carried out; Enforce would");
  if (const auto pause = model::in_force(pool.pause, now))
    changes.push_back("pause: ends at " + to_string(pause->until) + " (in " +
                      time_until(pause->until, now) + ") or with edgetide resume");
  if (status.shortfall)
    changes.push_back(status.shortfall->cause + ": " + status.shortfall->detail);
  for (const model::ShortfallAhead& ahead : status.shortfalls_ahead)
    changes.push_back((ahead.start <= now ? "ahead, from now on: "
                                          : "ahead, in " + time_until(ahead.start, now) + ": ") +
                      ahead.detail);
  for (const model::GuardVerdict& verdict : status.verdicts) {
    if (status.shortfall && verdict.reason == status.shortfall->cause) continue;
    if (const auto help = remedy(verdict.reason); !help.empty())
      changes.push_back(verdict.reason + ": " + help);
  }
  add_thresholds(status, pool, changes);
  return changes;
}

}  // namespace

Explanation explain(const PoolStatus& status, const model::EdgePool& pool,
                    const Surroundings& surroundings, Instant now) {
  return {.status = status,
          .inputs = inputs_of(status, pool, surroundings, now),
          .numbers = numbers_of(status, pool, now),
          .changes = changes_of(status, pool, now)};
}

std::string remedy(const std::string& reason) {
  namespace why = model::reason;
  static const std::map<std::string, std::string> kRemedies{
      {why::kDemandInDoubt, "once everything is fresh and complete again, less may stand"},
      {why::kDemandMissingHold, "bring the source back, or set spec.onMissingDemand"},
      {why::kDemandMissingRaisedToForecast, "bring the source back"},
      {why::kDemandMissingRaisedToMaximum, "bring the source back"},
      {why::kPeakWithinTwoLeadTimes, ""},
      {why::kMassChange,
       "look at the source: an exporter, a label, a query; a real change is "
       "followed ten minutes later"},
      {why::kWithinStabilizationWindow, "spec.behavior.*.stabilizationWindowSeconds"},
      {why::kMemoryTooYoung, "the operator has just started; wait for one window"},
      {why::kReplicasInFlight, "look at the pods that do not become Ready"},
      {why::kRateLimited, "spec.behavior.*.policies"},
      {why::kRaisedToRedundancyFloor, ""},
      {why::kPaused, "edgetide resume, or wait: a pause ends by itself"},
      {why::kDomainLimits, "raise that domain's maxReplicas, or add a domain"},
      {why::kRaisedToMinimum, "spec.replicas.min, or the event's minimumReplicas"},
      {why::kMaximumReached, "raise spec.replicas.max before that time"},
      {why::kQuotaReached, "raise the ResourceQuota of the pool's namespace"},
      {why::kNodesFull, "add nodes, or see why their autoscaler adds none"},
      {why::kRampBegun, ""},
      {why::kPaceOfSteps,
       "larger steps in spec.pacing and spec.behavior.scaleUp, or a higher spec.replicas.min in "
       "time"},
      {why::kTooLate, "raise spec.replicas.min at once"},
      {why::kContended, "find who else lowers the targets: an HPA, a GitOps tool, a colleague"},
  };
  const auto found = kRemedies.find(reason);
  return found == kRemedies.end() ? "" : found->second;
}

}  // namespace edgetide::cli
