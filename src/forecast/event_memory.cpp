#include "edgetide/forecast/event_memory.h"

#include <algorithm>
#include <cmath>

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

/// Ramp, knee in the first ten minutes, climb to a peak near the end; nobody after the overrun.
double prior_shape(double minute, const model::StreamEvent& event) {
  if (minute > static_cast<double>((event.overrun_end() - event.start).count()) / 60) return 0;
  const double ramp = std::max(1.0, static_cast<double>(event.ramp().count()) / 60);
  const double climb = std::max(20.0, 0.9 * static_cast<double>(event.duration.count()) / 60);
  if (minute <= -ramp) return 0;
  if (minute < 0) {
    const double share = (minute + ramp) / ramp;
    return 0.4 * share * share * share;
  }
  if (minute < 10) return 0.4 + 0.025 * minute;
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
  ClassRecord& least = *std::ranges::min_element(classes_, {}, &ClassRecord::count);
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

SizeBelief EventMemory::size_of(const model::StreamEvent& event, double before) const {
  SizeBelief belief = size_of_unseen(event, before);
  if (const ClassRecord* seen = find(class_id(event.event_class))) {
    const double n = seen->count;
    const double variance = (seen->squares + 2 * kClassSpread * kClassSpread) / (n + 1);
    const double drawn_to = event.prior ? event.prior->log_size : all_.log_mean;
    belief = {(n * seen->log_mean + drawn_to) / (n + 1), std::sqrt(variance * (1 + 1 / n)),
              kPriorDegrees + static_cast<int>(n)};
  }
  const double expected = event.expected_peak ? event.expected_peak->count() : 0;
  if (!(expected > 0 && expected <= kMostViewers)) return belief;
  const double uplift = std::max({expected - before, 0.1 * expected, 1.0});
  const SizeBelief opinion{std::log(uplift), kOpinionSpread, kPriorDegrees};
  return all_.count > 0 || event.prior ? combined(belief, opinion) : opinion;
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
  const int bin = static_cast<int>(std::floor(position));
  const double share = position - bin;
  return (1 - share) * blended(bin, event) + share * blended(bin + 1, event);
}

double EventMemory::shapes_seen(double minute) const {
  const int bin = static_cast<int>((minute - kFirstMinute) / kBinMinutes);
  return seen_[std::clamp(bin, 0, kBins - 1)];
}

void EventMemory::learn(std::uint32_t event_class, double peak, double before,
                        const std::array<float, kBins>& uplift) {
  const double log_peak = std::log(std::max({peak, 0.02 * before, 1.0}));
  for (ClassRecord* record : {&find_or_replace(event_class), &all_}) {
    const float kept = std::min<float>(record->count, kMemory - 1);
    if (record->count > 0) record->squares *= kept / record->count;
    record->count = kept + 1;
    const double off = log_peak - record->log_mean;
    record->log_mean += static_cast<float>(off / record->count);
    record->squares += static_cast<float>(off * (log_peak - record->log_mean));
  }
  if (peak < kTellingUplift * before || peak < 1) return;
  for (int bin = 0; bin < kBins; ++bin) {
    if (uplift[bin] < 0) continue;
    const double share = std::min(1.0, uplift[bin] / peak);
    seen_[bin] = std::min<float>(seen_[bin], kMemory - 1) + 1;
    shape_[bin] += static_cast<float>((share - shape_[bin]) / seen_[bin]);
  }
}

}  // namespace edgetide::forecast
