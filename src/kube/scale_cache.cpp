#include "kube/scale_cache.h"

#include "kube/resource_version.h"

namespace edgetide::kube {
namespace {

std::optional<Result<Scale>> shown_scale(const ShownTarget& shown) {
  if (!shown.scale) return std::nullopt;
  return Result<Scale>(Scale{.specified = shown.scale->specified,
                             .existing = shown.scale->existing,
                             .selector = shown.scale->selector,
                             .resource_version = shown.resource_version});
}

}  // namespace

std::optional<Result<Scale>> ScaleCache::current(const TargetKey& key, const ShownTarget& shown,
                                                 SteadyTime now) const {
  const std::lock_guard lock(mutex_);
  const auto found = readings_.find(key);
  if (found == readings_.end()) return shown_scale(shown);
  const Reading& reading = found->second;
  if (reading.scale) {
    // Versions without an order are current only when they are equal.
    const auto order = compare_versions(reading.scale->resource_version, shown.resource_version);
    const bool ahead = order && *order > 0 && now - reading.read_at < options_.ahead_at_most;
    if (order == 0 || ahead) return Result<Scale>(*reading.scale);
    if (order && *order < 0 && shown.scale) return shown_scale(shown);
  }
  if (reading.error && now < reading.retry_at) return Result<Scale>(*reading.error);
  return std::nullopt;
}

void ScaleCache::keep(const TargetKey& key, const Scale& scale, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  Reading& reading = readings_[key];
  if (reading.scale) {
    const auto order = compare_versions(scale.resource_version, reading.scale->resource_version);
    const bool late = order && *order < 0 && now - reading.read_at < options_.ahead_at_most;
    if (late) return;
  }
  reading = {.scale = scale, .read_at = now};
}

void ScaleCache::note_failure(const TargetKey& key, const Error& error, SteadyTime now) {
  const std::lock_guard lock(mutex_);
  Reading& reading = readings_[key];
  reading.error = error;
  reading.retry_at = now + options_.retry_after;
}

void ScaleCache::note_watched(const TargetKey& key, std::string_view before,
                              std::string_view after) {
  const auto order = compare_versions(after, before);
  if (order && *order < 0) forget(key);
}

void ScaleCache::forget(const TargetKey& key) {
  const std::lock_guard lock(mutex_);
  readings_.erase(key);
}

void ScaleCache::doubt(const TargetKey& key) {
  const std::lock_guard lock(mutex_);
  readings_[key] = {};
}

void ScaleCache::forget_all_but(const std::set<TargetKey>& wanted) {
  const std::lock_guard lock(mutex_);
  std::erase_if(readings_, [&](const auto& entry) { return !wanted.contains(entry.first); });
}

}  // namespace edgetide::kube
