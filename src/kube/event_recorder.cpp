#include "kube/event_recorder.h"

#include <algorithm>

#include "edgetide/core/grouped.h"
#include "edgetide/model/reasons.h"
#include "kube/codecs.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

constexpr std::size_t kLongestNote = 1024;

std::string micro_time(Instant at) {
  std::string time = to_string(at);
  return time.insert(time.size() - 1, ".000000");
}

const model::Condition* condition_of(const model::PlanReport& report, std::string_view type) {
  const auto found = std::ranges::find(report.conditions, type, &model::Condition::type);
  return found == report.conditions.end() ? nullptr : &*found;
}

/// They are back, or were believed to have gone: what is told says which.
Occurrence end_of_doubt(const model::PlanReport& report) {
  const auto& viewers = report.observation.demand.viewers;
  const std::string told = viewers.has_value() ? grouped(viewers.value) : "unknown";
  return {"DemandBelieved", "Observe", false,
          "what is told of the viewers is believed again: " + told + " at " + to_string(report.at)};
}

std::string counts(int from, int to) { return std::to_string(from) + " to " + std::to_string(to); }

void add_changes(const ports::ActOutcome& outcome, const std::string& summary,
                 std::vector<Occurrence>& found) {
  int up_from = 0, up_to = 0, down_from = 0, down_to = 0;
  std::string failures;
  for (const auto& write : outcome.writes) {
    const int from = write.from.count();
    const int to = write.to.count();
    if (!write.result.ok()) {
      failures += (failures.empty() ? "" : "; ") + write.name + " from " + counts(from, to) + ": " +
                  write.result.error().text();
      continue;
    }
    (to > from ? up_from : down_from) += from;
    (to > from ? up_to : down_to) += to;
  }
  const auto sentence = [&](int from, int to) {
    return "from " + counts(from, to) + " replicas. " + summary;
  };
  if (up_to > up_from) found.push_back({"ScaledUp", "Scale", false, sentence(up_from, up_to)});
  if (down_to < down_from)
    found.push_back({"ScaledDown", "Scale", false, sentence(down_from, down_to)});
  if (!failures.empty()) found.push_back({"ScaleFailed", "Scale", true, failures});
}

}  // namespace

std::vector<Occurrence> occurrences_in(const model::PlanReport& report,
                                       const ports::ActOutcome& outcome) {
  std::vector<Occurrence> found;
  add_changes(outcome, report.summary, found);
  const auto* able = condition_of(report, "AbleToScale");
  if (able != nullptr && able->reason == model::reason::kRehearsalFailed)
    found.push_back({"RehearsalFailed", "Plan", true, able->message});
  if (report.contended)
    found.push_back({"Contended", "Scale", true, "somebody else keeps lowering the targets"});
  const auto* fresh = condition_of(report, "DemandFresh");
  if (fresh != nullptr && fresh->reason == model::reason::kSuddenFall)
    found.push_back({"DemandDoubted", "Observe", true, fresh->message});
  if (report.shortfall)
    found.push_back(
        {"CapacityShortfall", "Plan", true, report.shortfall->detail, report.shortfall->cause});
  if (report.outlook) {
    if (const auto* ahead = model::most_urgent(*report.outlook))
      found.push_back({"CapacityShortfallAhead", "Plan", true, ahead->detail, ahead->cause});
  }
  const auto* redundancy = condition_of(report, "RedundancyMet");
  if (redundancy != nullptr && redundancy->status == model::ConditionStatus::kFalse)
    found.push_back({"RedundancyLost", "Plan", true, redundancy->message});
  for (Occurrence& occurrence : found) {
    if (occurrence.note.size() > kLongestNote) occurrence.note.resize(kLongestNote);
  }
  return found;
}

json::Value encode_event(const Regarded& object, const Occurrence& occurrence, Instant at,
                         std::string_view instance, const std::string& name) {
  return {{"apiVersion", "events.k8s.io/v1"},
          {"kind", "Event"},
          {"metadata", {{"name", name}, {"namespace", object.key.name_space}}},
          {"eventTime", micro_time(at)},
          {"reportingController", "edgetide.io/operator"},
          {"reportingInstance", instance.substr(0, 128)},
          {"action", occurrence.action},
          {"reason", occurrence.reason},
          {"type", occurrence.warning ? "Warning" : "Normal"},
          {"note", occurrence.note},
          {"regarding",
           {{"apiVersion", kApiVersion},
            {"kind", object.kind},
            {"namespace", object.key.name_space},
            {"name", object.key.name},
            {"uid", object.uid}}}};
}

json::Value encode_event_series(const EventSeries& series) {
  return {
      {"series", {{"count", series.count}, {"lastObservedTime", micro_time(series.last_seen)}}}};
}

bool EventRecorder::stops_doubting(const ObjectKey& pool, const model::PlanReport& report) {
  const std::lock_guard lock(mutex_);
  if (!report.doubted_fall) return doubted_.erase(pool) > 0;
  doubted_.insert(pool);
  return false;
}

void EventRecorder::publish(const model::EdgePool& pool, const model::PlanReport& report,
                            const ports::ActOutcome& outcome) {
  for (const Occurrence& occurrence : occurrences_in(report, outcome))
    record({"EdgePool", pool.key, pool.uid}, occurrence, report.at);
  if (stops_doubting(pool.key, report))
    record({"EdgePool", pool.key, pool.uid}, end_of_doubt(report), report.at);
  std::vector<EventSeries> ended;
  {
    const std::lock_guard lock(mutex_);
    ended = correlator_.end_of(pool.key, report.at);
  }
  for (const EventSeries& series : ended) post(pool.key, series);
}

void EventRecorder::record(const Regarded& object, const Occurrence& occurrence, Instant at) {
  EventCorrelator::Telling telling;
  {
    const std::lock_guard lock(mutex_);
    telling = correlator_.see(object.key, occurrence, at);
  }
  if (telling.series) post(object.key, *telling.series);
  if (telling.event) {
    post(object.key, encode_event(object, occurrence, at, instance_, *telling.event),
         *telling.event);
  }
}

void EventRecorder::post(const ObjectKey& object, const json::Value& event,
                         const std::string& name) {
  outbox_.post({.address = "event " + object.name_space + "/" + name,
                .call = {.method = http::Method::kPost,
                         .target = collection_path("events.k8s.io/v1", "events", object.name_space),
                         .body = json::dump(event),
                         .content_type = "application/json"},
                .done = [this](const Result<std::string>& sent) {
                  // A conflict is our own event, sent twice.
                  if (!sent.ok() && sent.error().code != ErrorCode::kConflict) ++dropped_;
                }});
}

void EventRecorder::post(const ObjectKey& object, const EventSeries& series) {
  outbox_.post(
      {.address = "series " + object.name_space + "/" + series.event,
       .call = {.method = http::Method::kPatch,
                .target = collection_path("events.k8s.io/v1", "events", object.name_space) + "/" +
                          percent_encode(series.event),
                .body = json::dump(encode_event_series(series)),
                .content_type = "application/merge-patch+json"},
       .done = [this, object, event = series.event](const Result<std::string>& sent) {
         if (sent.ok()) return;
         if (sent.error().code != ErrorCode::kNotFound) {
           ++dropped_;
           return;
         }
         const std::lock_guard lock(mutex_);  // it has expired: what comes next is a new one
         correlator_.forget_event(object, event);
       }});
}

void EventRecorder::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  doubted_.erase(pool);
  correlator_.forget(pool);
}

std::uint64_t EventRecorder::held_back() const {
  const std::lock_guard lock(mutex_);
  return correlator_.held_back();
}

}  // namespace edgetide::kube
