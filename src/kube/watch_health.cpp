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
  if (stands && !stands_) before_watch_ = now_;
  now_ = {.trouble = std::nullopt, .contact = steady_clock::now()};
  stands_ = stands;
}

void WatchHealth::note_end_of_watch(EndOfWatch end) {
  const std::lock_guard lock(mutex_);
  if (end == EndOfWatch::kInOrder) now_.contact = steady_clock::now();
  if (end == EndOfWatch::kUseless && stands_) now_ = before_watch_;
  stands_ = false;
}

bool WatchHealth::note_trouble(const Error& trouble) {
  const std::lock_guard lock(mutex_);
  ++statistics_.errors;
  const bool is_new = !now_.trouble || now_.trouble->text() != trouble.text();
  now_.trouble = trouble;
  return is_new;
}

bool WatchHealth::synced() const {
  const std::lock_guard lock(mutex_);
  return statistics_.synced;
}

milliseconds WatchHealth::contact_age() const {
  const std::lock_guard lock(mutex_);
  if (!now_.contact) return milliseconds::max();
  if (stands_) return milliseconds{0};
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - *now_.contact);
}

std::optional<Error> WatchHealth::trouble() const {
  const std::lock_guard lock(mutex_);
  return now_.trouble;
}

WatchStatistics WatchHealth::statistics() const {
  const auto age = contact_age();
  const std::lock_guard lock(mutex_);
  WatchStatistics now = statistics_;
  now.contact_age = age;
  return now;
}

}  // namespace edgetide::kube
