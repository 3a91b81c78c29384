#include "edgetide/forecast/bitrate_meter.h"

#include <algorithm>
#include <cmath>

namespace edgetide::forecast {
namespace {

constexpr double kCongestedAbove = 0.6;
constexpr double kPercentile = 0.75;
constexpr double kHalfLife = 12 * 3600;
constexpr double kSpeaks = 600;
/// A moment speaks for the time since the last one, but not for a silence.
constexpr double kLongestMoment = 300;
constexpr double kFirstMoment = 15;
/// Of a moment with more viewers than usual.
constexpr double kMostWeight = 10;

/// From 1 kbit/s on, each bin 5 % wider than the last: beyond 1 Gbit/s.
constexpr double kLowest = 1e3;
const double kWidth = std::log(1.05);
constexpr int kLastBin = 319;
/// What is left of a rate that has not been seen for days.
constexpr float kForgotten = 0.01F;

}  // namespace

void BitrateMeter::resume(BitsPerSecond bitrate) {
  if (bitrate.count() > 0) add(bitrate.count(), kHalfLife);
}

void BitrateMeter::observe(const EgressSample& sample) {
  const double egress = sample.egress.count();
  if (!(sample.viewers.count() > 0) || !(egress > 0) || sample.at <= last_) return;
  if (!(egress < kCongestedAbove * sample.sustained.count())) return;
  const double passed =
      last_ == Instant{}
          ? kFirstMoment
          : std::min(static_cast<double>((sample.at - last_).count()), kLongestMoment);
  last_ = sample.at;
  const double viewers = sample.viewers.count();
  const auto kept = static_cast<float>(std::exp2(-passed / kHalfLife));
  fade(kept);
  if (usual_viewers_ == 0) usual_viewers_ = viewers;
  add(egress / viewers, passed * std::min(viewers / usual_viewers_, kMostWeight));
  usual_viewers_ += (1 - kept) * (viewers - usual_viewers_);
}

std::optional<BitsPerSecond> BitrateMeter::bitrate() const {
  double all = 0;
  for (const Bin& bin : bins_) all += bin.seconds;
  // Ten minutes have faded a little when the last of them is seen.
  if (all < 0.98 * kSpeaks) return std::nullopt;
  double below = 0;
  for (const auto& [number, here] : bins_) {
    if (below + here < kPercentile * all) {
      below += here;
      continue;
    }
    const double share = (kPercentile * all - below) / here;
    return BitsPerSecond{kLowest * std::exp(kWidth * (number + share))};
  }
  return std::nullopt;
}

void BitrateMeter::add(double rate, double seconds) {
  const double exact = std::floor(std::log(rate / kLowest) / kWidth);
  const int number = static_cast<int>(std::clamp(exact, 0.0, static_cast<double>(kLastBin)));
  auto bin = std::ranges::lower_bound(bins_, number, {}, &Bin::number);
  if (bin == bins_.end() || bin->number != number) bin = bins_.insert(bin, {number, 0});
  bin->seconds += static_cast<float>(seconds);
}

void BitrateMeter::fade(float kept) {
  for (Bin& bin : bins_) bin.seconds *= kept;
  std::erase_if(bins_, [](const Bin& bin) { return bin.seconds < kForgotten; });
}

}  // namespace edgetide::forecast
