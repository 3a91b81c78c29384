#include "kube/watch_health.h"

namespace edgetide::kube {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void WatchHealth::count(std::uint64_t WatchStatistics::*counter) {
  const std::lock_guard lock(mutex_);
  ++(statistics_.*counter);
}

void WatchHealth::note_synced() {
  const std::lock_guard lock(mutex_);
  statistics_.synced = true;
}

void WatchHealth::note_contact(bool stands) {
  const std::lock_guard lock(mutex_);
  contact_ = steady_clock::now();
  stands_ = stands;
  trouble_.reset();
}

void WatchHealth::note_end_of_watch(bool in_order) {
  const std::lock_guard lock(mutex_);
  if (in_order) contact_ = steady_clock::now();
  stands_ = false;
}

bool WatchHealth::note_trouble(const Error& trouble) {
  const std::lock_guard lock(mutex_);
  ++statistics_.errors;
  const bool is_new = !trouble_ || trouble_->text() != trouble.text();
  trouble_ = trouble;
  return is_new;
}

bool WatchHealth::synced() const {
  const std::lock_guard lock(mutex_);
  return statistics_.synced;
}

milliseconds WatchHealth::contact_age() const {
  const std::lock_guard lock(mutex_);
  if (!contact_) return milliseconds::max();
  if (stands_) return milliseconds{0};
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - *contact_);
}

std::optional<Error> WatchHealth::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

WatchStatistics WatchHealth::statistics() const {
  const auto age = contact_age();
  const std::lock_guard lock(mutex_);
  WatchStatistics now = statistics_;
  now.contact_age = age;
  return now;
}

}  // namespace edgetide::kube
