#include "edgetide/forecast/event_memory.h"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace edgetide::forecast {
namespace {

/// Nothing known: the audience doubles, and the standard deviation of the log of that.
constexpr double kUnknownSpread = 0.8;
/// Of an opinion: broadcasters who planned for twice the year before thought four times possible.
constexpr double kOpinionSpread = 0.45;
/// Between events of one class, before any was seen; it counts as two events.
constexpr double kClassSpread = 0.35;
/// Between classes, on top of what events of all classes show.
constexpr double kFamilySpread = 0.5;
constexpr double kMostViewers = 1e15;  ///< An opinion beyond is no opinion.
constexpr int kPriorDegrees = 3;
/// Events that the prior shape counts for.
constexpr double kPriorShapes = 2;
/// Uplift over what was there before, below which an event's shape is mostly noise.
constexpr double kTellingUplift = 0.25;

/// Events that start from this hour on find people at home.
constexpr Seconds kEvening{std::chrono::hours{17}};
constexpr Seconds kWeekend{std::chrono::days{5}};

/// Ramp, knee in the first ten minutes, climb to a peak near the end; nobody after the overrun.
double prior_shape(double minute, const model::StreamEvent& event) {
  if (minute > static_cast<double>((event.overrun_end() - event.start).count()) / 60) return 0;
  if (minute < 0) {
    const double ramp = std::max(1.0, static_cast<double>(event.ramp().count()) / 60);
    const double share = std::max(0.0, (minute + ramp) / ramp);
    return 0.4 * share * share * share;
  }
  if (minute < 10) return 0.4 + 0.025 * minute;
  const double climb = std::max(20.0, 0.9 * static_cast<double>(event.duration.count()) / 60);
  return std::min(1.0, 0.65 + 0.35 * (minute - 10) / (climb - 10));
}

/// What the event's class tells of its course, in proportion between the middles of bins; as in
/// the last one beyond.
double told_shape(const std::vector<double>& profile, double minute) {
  using Bins = model::EventBins;
  const double position = (minute - Bins::kFirstMinute) / Bins::kMinutes - 0.5;
  const double last = static_cast<double>(profile.size()) - 1;
  const double low = std::floor(std::clamp(position, 0.0, last));
  const double high = std::min(low + 1, last);
  const double share = std::clamp(position - low, 0.0, 1.0);
  const double from = profile[static_cast<std::size_t>(low)];
  return from + share * (profile[static_cast<std::size_t>(high)] - from);
}

/// Two beliefs as one, weighed by precision.
SizeBelief combined(const SizeBelief& a, const SizeBelief& b) {
  const double precision_a = 1 / (a.spread * a.spread);
  const double precision_b = 1 / (b.spread * b.spread);
  const double sum = precision_a + precision_b;
  return {(precision_a * a.log_mean + precision_b * b.log_mean) / sum, std::sqrt(1 / sum),
          a.degrees + b.degrees};
}

}  // namespace

int event_kind(Seconds time_of_week) {
  const bool evening = time_of_week % std::chrono::days{1} >= kEvening;
  const bool weekend = time_of_week >= kWeekend;
  return (evening ? 1 : 0) + (weekend ? 2 : 0);
}

std::uint32_t class_id(std::string_view event_class) {
  std::uint32_t hash = 2166136261U;
  for (const char c : event_class) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 16777619U;
  }
  return hash == 0 ? 1 : hash;
}

const EventMemory::ClassRecord* EventMemory::find(std::uint32_t id) const {
  const auto found = std::ranges::find(classes_, id, &ClassRecord::id);
  return found == classes_.end() ? nullptr : &*found;
}

EventMemory::ClassRecord& EventMemory::find_or_replace(std::uint32_t id) {
  const auto found = std::ranges::find(classes_, id, &ClassRecord::id);
  if (found != classes_.end()) return *found;
  ClassRecord& least = *std::ranges::min_element(
      classes_, {}, [](const ClassRecord& one) { return one.sizes.count; });
  least = ClassRecord{.id = id};
  return least;
}

/// What is believed of an event of a class that this pool has not seen.
SizeBelief EventMemory::size_of_unseen(const model::StreamEvent& event, double before) const {
  if (event.prior) return {event.prior->log_size, event.prior->spread, event.prior->degrees};
  if (all_.count > 0) {
    return {all_.log_mean, std::sqrt(all_.squares / all_.count + kFamilySpread * kFamilySpread),
            kPriorDegrees, true};
  }
  return {std::log(std::max(before, 1.0)), kUnknownSpread, kPriorDegrees, true};
}

void EventMemory::Sizes::learn(double log_peak) {
  const float kept = std::min<float>(count, kMemory - 1);
  if (count > 0) squares *= kept / count;
  count = kept + 1;
  const double off = log_peak - log_mean;
  log_mean += static_cast<float>(off / count);
  squares += static_cast<float>(off * (log_peak - log_mean));
}

SizeBelief EventMemory::Sizes::drawn_to(double family, double spread) const {
  const double n = count;
  const double variance = (squares + 2 * spread * spread) / (n + 1);
  return {(n * log_mean + family) / (n + 1), std::sqrt(variance * (1 + 1 / n)),
          kPriorDegrees + static_cast<int>(n)};
}

double EventMemory::ClassRecord::log_mean_if(const Kinds& told, double whole) const {
  double sum = 0;
  double count = 0;
  for (int kind = 0; kind < kEventKinds; ++kind) {
    sum += of_kind[kind].count * (told[kind].count > 0 ? told[kind].log_mean : whole);
    count += of_kind[kind].count;
  }
  return (sizes.count * sum / count + whole) / (sizes.count + 1);
}

SizeBelief EventMemory::size_of_class(const model::StreamEvent& event, double before) const {
  const ClassRecord* seen = find(class_id(event.event_class));
  if (seen == nullptr) return size_of_unseen(event, before);
  return seen->sizes.drawn_to(event.prior ? event.prior->log_size : all_.log_mean, kClassSpread);
}

SizeBelief EventMemory::with_opinion(const SizeBelief& belief, const model::StreamEvent& event,
                                     double before) const {
  const double expected = event.expected_peak ? event.expected_peak->count() : 0;
  if (!(expected > 0 && expected <= kMostViewers)) return belief;
  const double uplift = std::max({expected - before, 0.1 * expected, 1.0});
  const SizeBelief opinion{std::log(uplift), kOpinionSpread, kPriorDegrees};
  return all_.count > 0 || event.prior ? combined(belief, opinion) : opinion;
}

SizeBelief EventMemory::size_of(const model::StreamEvent& event, double before) const {
  return with_opinion(size_of_class(event, before), event, before);
}

SizeBelief EventMemory::size_by_kind(const model::StreamEvent& event, double before,
                                     const model::UtcOffsets& clock) const {
  const auto kind_at = [&](Instant at) { return event_kind(clock.local_time_of_week(at)); };
  const int kind = kind_at(event.start);
  SizeBelief belief = size_of_class(event, before);
  const ClassRecord* seen = find(class_id(event.event_class));
  if (event.prior && event.prior->past) {
    Kinds told{};
    for (const model::PastSize& past : *event.prior->past | std::views::reverse)
      told[kind_at(past.start)].learn(past.log_size);
    const double whole = event.prior->log_size - event.prior->log_share;
    SizeBelief of_kind{whole, event.prior->spread, event.prior->degrees};
    if (told[kind].count > 0) of_kind = told[kind].drawn_to(whole, kClassSpread);
    const double like_seen = seen != nullptr ? seen->log_mean_if(told, whole) : whole;
    belief = {belief.log_mean + of_kind.log_mean - like_seen, of_kind.spread, of_kind.degrees};
  }
  if (seen != nullptr && seen->of_kind[kind].count > 0)
    belief = seen->of_kind[kind].drawn_to(belief.log_mean, kClassSpread);
  return with_opinion(belief, event, before);
}

double EventMemory::blended(int bin, const model::StreamEvent& event) const {
  const double minute = kFirstMinute + (std::min(bin, kBins - 1) + 0.5) * kBinMinutes;
  if (bin < 0) return prior_shape(minute, event);
  bin = std::min(bin, kBins - 1);
  double weight = seen_[bin] + kPriorShapes;
  double sum = seen_[bin] * shape_[bin] + kPriorShapes * prior_shape(minute, event);
  if (event.prior && event.prior->profile && !event.prior->profile->empty()) {
    weight += event.prior->profile_events;
    sum += event.prior->profile_events * told_shape(*event.prior->profile, minute);
  }
  return sum / weight;
}

double EventMemory::shape(double minute, const model::StreamEvent& event) const {
  if (minute < kFirstMinute) return prior_shape(minute, event);
  const double position = (std::min(minute, kLastMinute) - kFirstMinute) / kBinMinutes - 0.5;
  const int bin = position < 0 ? -1 : static_cast<int>(position);
  const double share = position - bin;
  return (1 - share) * blended(bin, event) + share * blended(bin + 1, event);
}

double EventMemory::shapes_seen(double minute) const {
  const int bin = static_cast<int>((minute - kFirstMinute) / kBinMinutes);
  return seen_[std::clamp(bin, 0, kBins - 1)];
}

double EventMemory::seen_of_class(const model::StreamEvent& event) const {
  const ClassRecord* seen = find(class_id(event.event_class));
  const double here = seen != nullptr ? seen->sizes.count : 0;
  return event.prior && event.prior->profile ? here + event.prior->profile_events : here;
}

void EventMemory::learn(const Finished& event) {
  const auto& [event_class, kind, peak, before, uplift] = event;
  const double log_peak = std::log(std::max({peak, 0.02 * before, 1.0}));
  ClassRecord& record = find_or_replace(event_class);
  for (Sizes* sizes : {&record.sizes, &record.of_kind[kind], &all_}) sizes->learn(log_peak);
  if (peak < kTellingUplift * before || peak < 1) return;
  for (int bin = 0; bin < kBins; ++bin) {
    if (uplift[bin] < 0) continue;
    const double share = std::min(1.0, uplift[bin] / peak);
    seen_[bin] = std::min<float>(seen_[bin], kMemory - 1) + 1;
    shape_[bin] += static_cast<float>((share - shape_[bin]) / seen_[bin]);
  }
}

}  // namespace edgetide::forecast
