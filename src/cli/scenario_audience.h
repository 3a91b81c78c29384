#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "kube/validation.h"
#include "simulation/audience.h"
#include "simulation/gateway_load.h"

namespace edgetide::cli {

/// The span that is lived through.
struct Night {
  Instant from;
  Instant to;

  /// As much of the past as an operator reads.
  [[nodiscard]] Instant past_from() const { return from - std::chrono::days{56}; }
};

/// What a scenario says of its audience, before the files that it names are read.
struct WrittenAudience {
  BitsPerSecond bitrate{5e6};
  std::string trace;    ///< In place of what follows.
  Viewers ordinary{0};  ///< At the best hour of an ordinary day.
  Viewers past_events{0};
  bool past_premieres = false;  ///< What was announced were premieres; matches otherwise.
  simulation::Programme programme;
  /// What a viewer opens; nothing where connections are not lived through.
  std::optional<simulation::ConnectionHabits> connections;
};
/// What the night and the eight weeks before it, which a forecast learns from, have no place for is
/// a problem; nothing is one of a night that is not known.
[[nodiscard]] WrittenAudience read_audience(kube::Fields& audience,
                                            const std::optional<Night>& night);

/// The recorded audience, which has to reach over all of the night and to know at least half of it.
/// \param place of the field that names it, file:line:column. Errors as demand_from_file, or
/// kInvalid.
[[nodiscard]] Result<simulation::Audience> read_trace(const std::string& path,
                                                      const std::string& place, const Night& night);

/// A moment such as 2026-12-05T20:00:00Z, that has to be there.
[[nodiscard]] Instant read_moment(kube::Fields& fields, std::string_view key);
/// Minutes of up to a day, that have to be there.
[[nodiscard]] Seconds read_minutes(kube::Fields& fields, std::string_view key);

}  // namespace edgetide::cli
