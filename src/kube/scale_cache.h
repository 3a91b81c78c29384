#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"
#include "edgetide/model/edge_pool.h"
#include "kube/scale_client.h"
#include "kube/scale_fields.h"

namespace edgetide::kube {

/// A scale target with its namespace.
struct TargetKey {
  std::string name_space;
  model::ScaleTarget target;

  auto operator<=>(const TargetKey&) const = default;

  /// "Deployment video/edge"
  [[nodiscard]] std::string text() const {
    return target.kind + " " + name_space + "/" + target.name;
  }
};

/// The scales that were read or written last, beside those that the watch shows. The answer to a
/// write counts at once, and news of the watch that is older does not undo it. Safe for use from
/// several threads at once.
class ScaleCache {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  struct Options {
    /// For how long a reading may be ahead of the watch, as it is right after a write. For longer
    /// only a server whose data were put back explains it, in a way that the watch did not show.
    std::chrono::milliseconds ahead_at_most{60'000};
    std::chrono::milliseconds retry_after{5'000};  ///< Of a reading that failed.
  };

  explicit ScaleCache(const Options& options) : options_(options) {}

  /// The newer of the scale that is kept and the one that the watch shows; the error of a reading
  /// that failed a moment ago; nothing when it is to be read.
  [[nodiscard]] std::optional<Result<Scale>> current(const TargetKey& key, const ShownTarget& shown,
                                                     SteadyTime now) const;

  /// Of two readings that were under way at once the newer stays, whichever came last.
  void keep(const TargetKey& key, const Scale& scale, SteadyTime now);
  void note_failure(const TargetKey& key, const Error& error, SteadyTime now);
  /// The watch shows another version of the target: an older one is of a server whose data were put
  /// back, and what was read or written before that never was.
  void note_watched(const TargetKey& key, std::string_view before, std::string_view after);
  void forget(const TargetKey& key);
  /// Whether a write went through is not known: it is to be read, whatever the watch shows.
  void doubt(const TargetKey& key);
  void forget_all_but(const std::set<TargetKey>& wanted);

 private:
  struct Reading {
    std::optional<Scale> scale;  ///< Nothing: it is in doubt.
    SteadyTime read_at{};
    std::optional<Error> error;
    SteadyTime retry_at{};
  };

  Options options_;
  mutable std::mutex mutex_;
  std::map<TargetKey, Reading> readings_;
};

}  // namespace edgetide::kube
