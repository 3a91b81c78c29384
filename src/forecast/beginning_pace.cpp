#include "edgetide/forecast/beginning_pace.h"

namespace edgetide::forecast {

void BeginningPace::learn(double minute, double growth, double minutes) {
  const double bin = (minute - minutes / 2) / EventMemory::kBinMinutes;
  if (minutes <= 0 || bin < 0 || bin >= kBins) return;
  paces_.learn(static_cast<std::size_t>(bin), growth, minutes);
}

double BeginningPace::growth(double minute, int minutes, double otherwise) const {
  return highest_growth(minutes, [&](int ahead) {
    const double position = (minute + ahead - 0.5) / EventMemory::kBinMinutes;
    const auto bin = static_cast<std::size_t>(std::clamp(position, 0.0, kBins - 1.0));
    const double beginnings = paces_.visits(bin);
    return (beginnings * paces_.pace(bin) + otherwise / minutes) / (beginnings + 1);
  });
}

}  // namespace edgetide::forecast
