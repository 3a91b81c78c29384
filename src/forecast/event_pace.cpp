#include "edgetide/forecast/event_pace.h"

#include <optional>

namespace edgetide::forecast {
namespace {

constexpr double kOtherKinds = 2;
constexpr double kOutlook = 1;

}  // namespace

void EventPace::learn(const EventPhase& phase, double growth, double minutes) {
  const int bin = EventPhase{.minute = phase.minute - minutes / 2}.bin();
  if (minutes <= 0 || bin < 0 || bin >= kBins) return;
  tables_[phase.kind].learn(static_cast<std::size_t>(bin), growth, minutes);
}

double EventPace::pace(int bin, int kind, double outlook) const {
  const auto place = static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1));
  double all = 0;
  double sum = outlook;
  for (const auto& table : tables_) {
    all += table.visits(place);
    sum += table.visits(place) * table.pace(place);
  }
  const double events = tables_[kind].visits(place);
  return (events * tables_[kind].pace(place) + kOtherKinds * sum / (all + kOutlook)) /
         (events + kOtherKinds);
}

double EventPace::growth(const EventPhase& phase, int minutes, double outlook) const {
  std::optional<int> known;
  double pace_there = 0;
  return highest_growth(minutes, [&](int ahead) {
    const int bin = EventPhase{.minute = phase.minute + ahead - 0.5}.bin();
    if (known != bin) pace_there = pace(bin, phase.kind, outlook / minutes);
    known = bin;
    return pace_there;
  });
}

}  // namespace edgetide::forecast
