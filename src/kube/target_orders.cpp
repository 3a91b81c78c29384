#include "kube/target_watches.h"

namespace edgetide::kube {

Result<void> TargetWatches::scale(const TargetKey& key, Replicas from, Replicas to) {
  const auto known = scale_of(key);
  if (!known.ok()) return known.error();
  const auto target = address(key);
  if (!target.ok()) return target.error();
  if (known->specified != from) {
    return Error{.code = ErrorCode::kConflict,
                 .message = replicas_field(target->autoscaler) + " is " +
                            std::to_string(known->specified.count()) + ", not the " +
                            std::to_string(from.count()) + " that was planned from",
                 .context = key.text()};
  }
  auto written = scales_.change(*target, *known, to);
  if (!written.ok()) {
    // Whether anything was written may be unknown now: look before the next decision.
    cache_.doubt(key);
    return written.error();
  }
  if (written->workload) {
    cache_.forget(key);  // its pods are read with it
  } else {
    cache_.keep(key, *written, std::chrono::steady_clock::now());
  }
  return {};
}

Result<Scale> TargetWatches::rehearse(const TargetKey& key, Replicas to) {
  auto known = scale_of(key);
  if (!known.ok()) return known;
  const auto target = address(key);
  if (!target.ok()) return target.error();
  return scales_.rehearse(*target, *known, to);
}

}  // namespace edgetide::kube
