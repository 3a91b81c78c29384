#include "kube/event_recorder.h"

#include <algorithm>

#include "edgetide/model/reasons.h"
#include "kube/codecs.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

constexpr std::size_t kLongestNote = 1024;
constexpr std::size_t kLongestName = 200;
constexpr Seconds kBetweenChanges{60};
constexpr Seconds kBetweenReminders{1800};
/// What was not so in the last look, a minute ago at most, begins anew.
constexpr Seconds kLasts{120};

bool lasts(std::string_view reason) { return !reason.starts_with("Scale"); }

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
  const auto able = std::ranges::find(report.conditions, "AbleToScale", &model::Condition::type);
  if (able != report.conditions.end() && able->reason == model::reason::kRehearsalFailed)
    found.push_back({"RehearsalFailed", "Plan", true, able->message});
  if (report.contended)
    found.push_back({"Contended", "Scale", true, "somebody else keeps lowering the targets"});
  if (report.shortfall)
    found.push_back({"CapacityShortfall", "Plan", true, report.shortfall->detail});
  if (report.outlook) {
    if (const auto* ahead = model::most_urgent(*report.outlook))
      found.push_back({"CapacityShortfallAhead", "Plan", true, ahead->detail});
  }
  const auto redundancy =
      std::ranges::find(report.conditions, "RedundancyMet", &model::Condition::type);
  if (redundancy != report.conditions.end() && redundancy->status == model::ConditionStatus::kFalse)
    found.push_back({"RedundancyLost", "Plan", true, redundancy->message});
  for (Occurrence& occurrence : found) {
    if (occurrence.note.size() > kLongestNote) occurrence.note.resize(kLongestNote);
  }
  return found;
}

json::Value encode_event(const Regarded& object, const Occurrence& occurrence, Instant at,
                         std::string_view instance, std::uint64_t serial) {
  std::string time = to_string(at);
  time.insert(time.size() - 1, ".000000");
  const std::string name = object.key.name.substr(0, kLongestName) + "." +
                           std::to_string(at.time_since_epoch().count()) + "." +
                           std::to_string(serial);
  return {{"apiVersion", "events.k8s.io/v1"},
          {"kind", "Event"},
          {"metadata", {{"name", name}, {"namespace", object.key.name_space}}},
          {"eventTime", time},
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

bool EventRecorder::is_news(std::map<std::string_view, Told>& told, const Occurrence& occurrence,
                            Instant now) {
  const auto [entry, is_new] = told.try_emplace(occurrence.reason, Told{.at = now, .seen = now});
  if (is_new) return true;
  Told& last = entry->second;
  const bool began_anew = lasts(occurrence.reason) && now - last.seen > kLasts;
  last.seen = now;
  const Seconds between = lasts(occurrence.reason) ? kBetweenReminders : kBetweenChanges;
  if (!began_anew && now - last.at < between) return false;
  last.at = now;
  return true;
}

void EventRecorder::publish(const model::EdgePool& pool, const model::PlanReport& report,
                            const ports::ActOutcome& outcome) {
  for (const Occurrence& occurrence : occurrences_in(report, outcome))
    record({"EdgePool", pool.key, pool.uid}, occurrence, report.at);
}

void EventRecorder::record(const Regarded& object, const Occurrence& occurrence, Instant at) {
  std::uint64_t serial = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!is_news(told_[object.key], occurrence, at)) return;
    serial = ++serial_;
  }
  const auto event = encode_event(object, occurrence, at, instance_, serial);
  outbox_.post(
      {.address =
           "event " + object.key.name_space + "/" + event["metadata"]["name"].get<std::string>(),
       .call = {.method = http::Method::kPost,
                .target = collection_path("events.k8s.io/v1", "events", object.key.name_space),
                .body = json::dump(event),
                .content_type = "application/json"},
       .done = [this](const Result<std::string>& sent) {
         // A conflict is our own event, sent twice.
         if (!sent.ok() && sent.error().code != ErrorCode::kConflict) ++dropped_;
       }});
}

void EventRecorder::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  told_.erase(pool);
}

}  // namespace edgetide::kube
