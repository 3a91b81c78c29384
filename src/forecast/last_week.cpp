#include "edgetide/forecast/last_week.h"

#include <algorithm>
#include <cmath>

namespace edgetide::forecast {
namespace {

constexpr double kSlotMinutes = 15;
/// Steps of ln(viewers + 1) by one; sixteen bits reach to e^36 viewers.
constexpr double kSteps = 1800;
/// Longer windows are answered for their first days.
constexpr double kLongestMinutes = 6 * 1440;

double position_of(Seconds time_of_week) {
  return static_cast<double>(time_of_week.count()) / 60 / kSlotMinutes;
}

}  // namespace

void LastWeek::note(double viewers, Seconds time_of_week) {
  const int slot = static_cast<int>(position_of(time_of_week)) % kSlots;
  if (slot != slot_ && count_ > 0) {
    const double coded = 1 + kSteps * std::log1p(sum_ / count_);
    means_[slot_] = static_cast<std::uint16_t>(std::min(coded, 65535.0));
    sum_ = 0;
    count_ = 0;
  }
  slot_ = slot;
  sum_ += viewers;
  ++count_;
}

std::optional<double> LastWeek::slot_mean(int slot) const {
  for (const int back : {0, kDay}) {
    const std::uint16_t coded = means_[(slot + kSlots - back) % kSlots];
    if (coded > 0) return std::expm1((coded - 1) / kSteps);
  }
  return std::nullopt;
}

std::optional<double> LastWeek::value_at(double position) const {
  const double from_middle = position + kSlots - 0.5;
  const int slot = static_cast<int>(from_middle);
  const auto low = slot_mean(slot % kSlots);
  const auto high = slot_mean((slot + 1) % kSlots);
  if (!low || !high) return std::nullopt;
  return *low + (from_middle - slot) * (*high - *low);
}

std::optional<double> LastWeek::highest(Seconds time_of_week, double minutes) const {
  const double from = position_of(time_of_week);
  const double to = from + std::clamp(minutes, 0.0, kLongestMinutes) / kSlotMinutes;
  auto highest = value_at(from);
  const auto consider = [&](double position) {
    const auto value = value_at(position);
    highest = highest && value ? std::optional(std::max(*highest, *value)) : std::nullopt;
  };
  for (double middle = std::floor(from + 0.5) + 0.5; middle < to; ++middle) consider(middle);
  consider(to);
  return highest;
}

}  // namespace edgetide::forecast
