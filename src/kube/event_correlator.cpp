#include "kube/event_correlator.h"

#include <algorithm>

namespace edgetide::kube {
namespace {

constexpr std::size_t kLongestName = 200;

bool lasts(std::string_view reason) { return !reason.starts_with("Scale"); }

}  // namespace

bool EventCorrelator::has_ended(std::string_view reason, const Kept& kept, Instant now) const {
  return lasts(reason) ? now - kept.series.last_seen > options_.lasting_ends
                       : now - kept.first_seen >= options_.change_counts;
}

bool EventCorrelator::may_make_event(Object& object, Instant now) const {
  const double earned = std::chrono::duration<double>(now - object.filled_at) /
                        std::chrono::duration<double>(options_.another_after);
  object.tokens = std::min<double>(options_.burst, object.tokens + std::max(0.0, earned));
  object.filled_at = now;
  if (object.tokens < 1) return false;
  object.tokens -= 1;
  return true;
}

EventSeries EventCorrelator::tell(Kept& kept, Instant now) {
  kept.told_at = now;
  kept.told_count = kept.series.count;
  return kept.series;
}

EventCorrelator::Telling EventCorrelator::see(const ObjectKey& key, const Occurrence& occurrence,
                                              Instant now) {
  const auto [entry, is_new] = objects_.try_emplace(key);
  Object& object = entry->second;
  if (is_new) object = {.tokens = static_cast<double>(options_.burst), .filled_at = now};

  Telling telling;
  if (const auto found = object.by_reason.find(occurrence.reason);
      found != object.by_reason.end()) {
    Kept& kept = found->second;
    const bool is_due = now - kept.told_at >= options_.heartbeat;
    const bool is_young = now - kept.first_seen < options_.change_counts;
    const bool is_renewed =
        (is_due && kept.note != occurrence.note) || (!is_young && kept.cause != occurrence.cause);
    if (!is_renewed && !has_ended(occurrence.reason, kept, now)) {
      ++kept.series.count;
      kept.series.last_seen = now;
      if (is_due || kept.series.count == 2) telling.series = tell(kept, now);
      return telling;
    }
    if (kept.series.count > kept.told_count) telling.series = tell(kept, now);
    object.by_reason.erase(found);
  }
  if (!may_make_event(object, now)) {
    ++held_back_;
    return telling;
  }
  Kept kept{.series = {.event = key.name.substr(0, kLongestName) + "." +
                                std::to_string(now.time_since_epoch().count()) + "." +
                                std::to_string(++serial_),
                       .count = 1,
                       .last_seen = now},
            .note = occurrence.note,
            .cause = occurrence.cause,
            .first_seen = now,
            .told_at = now,
            .told_count = 1};
  telling.event = kept.series.event;
  object.by_reason.emplace(occurrence.reason, std::move(kept));
  return telling;
}

std::vector<EventSeries> EventCorrelator::end_of(const ObjectKey& key, Instant now) {
  std::vector<EventSeries> last_words;
  const auto object = objects_.find(key);
  if (object == objects_.end()) return last_words;
  std::erase_if(object->second.by_reason, [&](auto& entry) {
    auto& [reason, kept] = entry;
    if (!has_ended(reason, kept, now)) return false;
    if (kept.series.count > kept.told_count) last_words.push_back(kept.series);
    return true;
  });
  return last_words;
}

void EventCorrelator::forget_event(const ObjectKey& key, std::string_view event) {
  const auto object = objects_.find(key);
  if (object == objects_.end()) return;
  std::erase_if(object->second.by_reason,
                [&](const auto& entry) { return entry.second.series.event == event; });
}

}  // namespace edgetide::kube
