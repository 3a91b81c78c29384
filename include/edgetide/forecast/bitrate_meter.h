#pragma once

#include <optional>
#include <vector>

#include "edgetide/core/quantity.h"
#include "edgetide/core/time.h"

namespace edgetide::forecast {

/// What a fleet sends at one moment.
struct EgressSample {
  Instant at;
  Viewers viewers;
  BitsPerSecond egress;
  BitsPerSecond sustained;  ///< What the Ready replicas sustain between them.
};

/// The bitrate of one viewer, measured while the network is not congested.
///
/// Players choose a lower rendition when the network is full: egress per viewer falls just when
/// more is wanted, and goes up again when capacity is added. So only moments are learned from in
/// which less than 60 % of what the fleet sustains is used, and *the bitrate* is the 75th
/// percentile of them: no congestion can lower it. A new codec or ladder does, within a day.
///
/// A moment counts by its viewers: a quiet night with another audience does not decide the evening.
/// A histogram over the logarithm of the rate, whose counts halve in twelve hours of uncongested
/// time: a percentile is right within 5 %. O(1) a sample.
class BitrateMeter {
 public:
  bool operator==(const BitrateMeter&) const = default;

  /// Takes up what was measured before a restart; it counts as half a day of moments.
  void resume(BitsPerSecond bitrate);
  /// Learns from a moment; one without viewers, without egress, congested, or not later than the
  /// last one changes nothing.
  void observe(const EgressSample& sample);
  /// Of one viewer; nothing before ten minutes of uncongested time.
  [[nodiscard]] std::optional<BitsPerSecond> bitrate() const;

 private:
  struct Bin {
    int number;
    float seconds;  ///< Older ones count for less.

    bool operator==(const Bin&) const = default;
  };

  void add(double rate, double seconds);
  void fade(float kept);

  std::vector<Bin> bins_;     ///< Those that something fell into, by rising rate.
  double usual_viewers_ = 0;  ///< A slow mean, by which moments are weighed.
  Instant last_{};            ///< Of the last moment that was learned from.
};

}  // namespace edgetide::forecast
