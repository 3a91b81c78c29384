#include "edgetide/forecast/event_pace.h"

#include <algorithm>
#include <cmath>

namespace edgetide::forecast {
namespace {

/// Events that start from this hour on find people at home.
constexpr Seconds kEvening{std::chrono::hours{17}};
constexpr Seconds kWeekend{std::chrono::days{5}};
constexpr double kScale = 65536;
constexpr double kFastest = 0.49;  ///< A minute; beyond is a step, not a pace.
constexpr double kMemoryMinutes = 60;
constexpr double kOtherKinds = 2;
constexpr double kOutlook = 1;

}  // namespace

int EventPace::kind_of(Seconds time_of_week) {
  const bool evening = time_of_week % std::chrono::days{1} >= kEvening;
  const bool weekend = time_of_week >= kWeekend;
  return (evening ? 1 : 0) + (weekend ? 2 : 0);
}

void EventPace::learn(const EventPhase& phase, double growth, double minutes) {
  const int bin = EventPhase{.minute = phase.minute - minutes / 2}.bin();
  if (minutes <= 0 || bin < 0 || bin >= kBins) return;
  std::uint8_t& seen = minutes_[phase.kind][bin];
  seen = static_cast<std::uint8_t>(std::min(seen + std::ceil(minutes), kMemoryMinutes));
  const double gain = std::min(1.0, minutes / seen);
  std::int16_t& pace = pace_[phase.kind][bin];
  const double of_late = std::clamp(growth / minutes, -kFastest, kFastest) * kScale;
  pace = static_cast<std::int16_t>(std::lround(pace + gain * (of_late - pace)));
}

double EventPace::pace(int bin, int kind, double outlook) const {
  double all = 0;
  double sum = outlook;
  for (int k = 0; k < kKinds; ++k) {
    const double events = minutes_[k][bin] / EventMemory::kBinMinutes;
    all += events;
    sum += events * pace_[k][bin] / kScale;
  }
  const double events = minutes_[kind][bin] / EventMemory::kBinMinutes;
  return (events * pace_[kind][bin] / kScale + kOtherKinds * sum / (all + kOutlook)) /
         (events + kOtherKinds);
}

double EventPace::growth(const EventPhase& phase, int minutes, double outlook) const {
  double grown = 0;
  double highest = -1;
  for (int ahead = 1; ahead <= minutes; ++ahead) {
    const int bin = EventPhase{.minute = phase.minute + ahead - 0.5}.bin();
    grown += pace(std::clamp(bin, 0, kBins - 1), phase.kind, outlook / minutes);
    if (2 * ahead > minutes) highest = std::max(highest, grown);
  }
  return std::min(highest, 1.5);
}

}  // namespace edgetide::forecast
