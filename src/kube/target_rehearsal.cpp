#include "kube/target_watches.h"

namespace edgetide::kube {

Result<Scale> TargetWatches::rehearse(const TargetKey& key, Replicas to) {
  auto known = scale_of(key);
  if (!known.ok()) return known;
  const auto target = address(key);
  if (!target.ok()) return target.error();
  return scales_.rehearse(*target, *known, to);
}

}  // namespace edgetide::kube
