#include "cli/explanation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "cli/explanation_numbers.h"
#include "edgetide/core/grouped.h"
#include "edgetide/model/rate_text.h"
#include "json/json.h"
#include "report/reasons.h"
#include "report/text_report.h"
#include "report/time_text.h"

namespace edgetide::cli {
namespace {

using Input = Explanation::Input;
using kube::PoolStatus;
using report::time_until;

constexpr std::size_t kMostEvents = 3;

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
  specified = status.specified.value_or(specified);
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

/// What the next event of the class is expected to bring, and by what factor that is easily off.
Input class_input(const model::EventClass& known, const std::vector<model::EventClass>& classes) {
  std::string value = plural(known.learned.events, "event") + " learned from";
  if (!known.learned.last_events.empty())
    value += ", typically " + grouped(std::exp(model::log_size(known.learned).mean)) + " viewers";
  if (known.prior_peak) value += ", " + grouped(known.prior_peak->count()) + " expected by people";
  if (const auto prior = model::expected_of(known.name, classes))
    value += "; the next is expected to bring " + grouped(std::exp(prior->log_size)) + ", easily " +
             json::number_text(std::round(10 * std::exp(prior->spread)) / 10) +
             " times more or fewer";
  if (known.learned.last_events.empty()) return {"class " + known.name, value, std::nullopt};
  return {"class " + known.name, value, known.learned.last_events.front().start};
}

Input calendar_input(const Surroundings::Calendar& calendar) {
  std::string value = calendar.reason.empty() ? "not read yet" : calendar.reason;
  value += ", " + plural(calendar.events, "event") + " in the coming month";
  if (calendar.reason != "Read" && !calendar.message.empty()) value += ": " + calendar.message;
  return {"calendar " + calendar.name, value, calendar.since};
}

/// Who fetches from the pool.
Input drawn_input(const Surroundings& around) {
  std::string names;
  for (const std::string& name : around.drawn_by) names += (names.empty() ? "" : ", ") + name;
  return {"drawn from by", names + "; what they will fetch counts as its egress", std::nullopt};
}

std::vector<Input> inputs_of(const PoolStatus& status, const model::EdgePool& pool,
                             const Surroundings& around, Instant now) {
  std::vector<Input> inputs{demand_input(status, pool), fleet_input(status)};
  if (const auto& bitrate = status.record.bitrate)
    inputs.push_back(
        {"bitrate",
         model::rate_text(*bitrate) + " a viewer, measured while the network was not congested",
         std::nullopt});
  const auto& stage = status.forecast.stage;
  inputs.push_back({"habits",
                    stage.empty() || stage == "None" ? "too little has been seen yet"
                                                     : "known at the stage " + stage,
                    std::nullopt});
  inputs.push_back(spec_input(status));
  if (pool.upstream)
    inputs.push_back({"draws from", "EdgePool " + pool.upstream->name, std::nullopt});
  if (!around.drawn_by.empty()) inputs.push_back(drawn_input(around));
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
    if (known != around.classes.end()) {
      inputs.push_back(class_input(*known, around.classes));
    } else if (!event.resource.event_class.empty() && around.unread.empty()) {
      inputs.push_back({"class " + event.resource.event_class,
                        "no such EventClass: what its events bring is learned by this pool alone",
                        std::nullopt});
    }
  }
  for (const auto& calendar : around.calendars) inputs.push_back(calendar_input(calendar));
  for (const std::string& problem : around.unread) inputs.push_back({"unread", problem, {}});
  return inputs;
}

std::vector<std::string> changes_of(const PoolStatus& status, const model::EdgePool& pool,
                                    bool drawn, Instant now) {
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
    if (const auto help = report::remedy(verdict.reason); !help.empty())
      changes.push_back(std::string(verdict.reason) + ": " + std::string(help));
  }
  for (std::string& threshold : thresholds_of(status, pool, drawn))
    changes.push_back(std::move(threshold));
  return changes;
}

}  // namespace

Explanation explain(const PoolStatus& status, const model::EdgePool& pool,
                    const Surroundings& surroundings, Instant now) {
  return {.status = status,
          .spread_by_scheduler = !pool.topology_key.empty(),
          .inputs = inputs_of(status, pool, surroundings, now),
          .numbers = numbers_of(status, pool, now),
          .changes = changes_of(status, pool, !surroundings.drawn_by.empty(), now)};
}

}  // namespace edgetide::cli
