#include "simulation/audience.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "simulation/random.h"

namespace edgetide::simulation {
namespace {

using std::chrono::minutes;

constexpr double kWhistle = 109;           // 47 + 15 + 47
constexpr double kExtraTimeWhistle = 160;  // a pause of 7, 2 x 16 + 1, penalties

constexpr std::array kNinetyMinutes = {
    Corner{-60, 0},  Corner{-45, .01}, Corner{-30, .03}, Corner{-15, .08},
    Corner{-5, .16}, Corner{0, .36},   Corner{5, .72},   Corner{10, .82},
    Corner{20, .86}, Corner{47, .90},  Corner{51, .72},  Corner{57, .70},
    Corner{62, .85}, Corner{66, .91},  Corner{90, .96},  Corner{kWhistle, 1.0}};

constexpr std::array kExtraTime = {Corner{kWhistle, 1.0}, Corner{112, .95}, Corner{116, 1.01},
                                   Corner{149, 1.08}, Corner{kExtraTimeWhistle, 1.12}};

/// Minutes after the whistle; shares of what was there at the whistle.
constexpr std::array kCliff = {Corner{0, 1},    Corner{3, .60},  Corner{6, .33},
                               Corner{10, .18}, Corner{20, .09}, Corner{50, 0}};

/// Samples no farther apart tell of what is between them.
constexpr Seconds kNoGap{300};

/// By hour of the day; the last closes the circle.
constexpr std::array kOrdinaryDay = {.35, .22, .14, .10, .08, .08, .12, .18, .22,
                                     .24, .25, .27, .32, .33, .31, .31, .35, .43,
                                     .56, .74, .92, 1.0, .86, .58, .35};
/// Monday first.
constexpr std::array kOrdinaryWeek = {.94, .94, .96, .97, 1.0, 1.08, 1.12};

double seconds_since_epoch(Instant at) {
  return static_cast<double>(at.time_since_epoch().count());
}

/// The weekday of a day, Monday as 0.
std::size_t weekday_of(std::chrono::sys_days day) {
  return std::chrono::weekday{day}.iso_encoding() - 1;
}

}  // namespace

Instant final_whistle(const Match& match) {
  return match.kick_off +
         minutes{static_cast<int>(match.extra_time ? kExtraTimeWhistle : kWhistle)};
}

double match_share(Seconds since_kick_off, bool extra_time) {
  const double minute = minutes_of(since_kick_off);
  if (minute <= kNinetyMinutes.front().minute) return 0;
  if (minute >= kExtraTimeWhistle + kCliff.back().minute) return 0;
  if (minute <= kWhistle) return along(kNinetyMinutes, minute);
  if (!extra_time) return along(kCliff, minute - kWhistle);
  if (minute <= kExtraTimeWhistle) return along(kExtraTime, minute);
  return kExtraTime.back().share * along(kCliff, minute - kExtraTimeWhistle);
}

double ordinary_share(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const double hour = minutes_of(at - day) / 60.0;
  const auto left = static_cast<std::size_t>(hour);
  const double within = hour - static_cast<double>(left);
  const double of_day = kOrdinaryDay[left] * (1 - within) + kOrdinaryDay[left + 1] * within;
  // Habits change between days in the night, not at midnight's stroke: from 3 to 5 o'clock.
  const std::size_t today = weekday_of(day);
  const double turned = std::clamp((hour - 3) / 2, 0.0, 1.0);
  return of_day * (kOrdinaryWeek[(today + 6) % 7] * (1 - turned) + kOrdinaryWeek[today] * turned);
}

Audience::Audience(std::uint64_t seed, Viewers ordinary, Programme programme)
    : seed_(seed), ordinary_(ordinary), programme_(std::move(programme)) {}

Audience::Audience(std::vector<model::DemandSample> recorded) : recorded_(std::move(recorded)) {}

std::optional<Instant> Audience::begins() const {
  if (recorded_.empty()) return std::nullopt;
  return recorded_.front().at;
}

std::vector<Unrecorded> Audience::unrecorded(Instant from, Instant to) const {
  std::vector<Unrecorded> gaps;
  for (std::size_t i = 1; i < recorded_.size(); ++i) {
    const Instant left = recorded_[i - 1].at;
    const Instant right = recorded_[i].at;
    if (right - left > kNoGap && left < to && right > from)
      gaps.push_back({std::max(left, from), std::min(right, to)});
  }
  return gaps;
}

Viewers Audience::recorded_at(Instant at) const {
  const auto right = std::ranges::lower_bound(recorded_, at, {}, &model::DemandSample::at);
  if (right == recorded_.end()) return Viewers{0};
  if (right->at == at) return right->viewers;
  if (right == recorded_.begin()) return Viewers{0};
  const auto& left = *(right - 1);
  const double share = seconds_since_epoch(at) - seconds_since_epoch(left.at);
  const double span = seconds_since_epoch(right->at) - seconds_since_epoch(left.at);
  return Viewers{
      std::round(left.viewers.count() + (right->viewers - left.viewers).count() * share / span)};
}

Viewers Audience::at(Instant at) const {
  if (!recorded_.empty()) return recorded_at(at);
  const auto& [matches, premieres, prime_time, retry_storms] = programme_;
  double wanted = ordinary_.count() * ordinary_share(at);
  for (const Match& match : matches)
    wanted += match.uplift.count() * match_share(at - match.kick_off, match.extra_time);
  for (const Premiere& premiere : premieres)
    wanted += premiere.uplift.count() * premiere_share(at - premiere.start, premiere.duration);
  if (prime_time) wanted += prime_time->uplift.count() * prime_time_share(*prime_time, at);
  for (const RetryStorm& storm : retry_storms) wanted *= retry_factor(storm, at);
  return Viewers{std::round(std::max(0.0, wanted * noise_factor(at)))};
}

/// Days differ by 3 %, half hours by 1.5 %, minutes by 0.5 %, samples by 0.3 %.
double Audience::noise_factor(Instant at) const {
  const double second = seconds_since_epoch(at);
  return 1 + .03 * smooth_noise_at(derived_seed(seed_, 1), second / 86400) +
         .015 * smooth_noise_at(derived_seed(seed_, 2), second / 1800) +
         .005 * smooth_noise_at(derived_seed(seed_, 3), second / 60) +
         .003 * noise_at(derived_seed(seed_, 4), at.time_since_epoch().count() / 15);
}

}  // namespace edgetide::simulation
