#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "kube/request_counts.h"

namespace edgetide::kube {

/// How one watched resource fares: counts since the start, ages now.
struct WatchStatistics {
  std::uint64_t lists = 0;
  std::uint64_t watches = 0;
  std::uint64_t events = 0;
  std::uint64_t expiries = 0;  ///< 410 answers, each followed by a new list.
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;  ///< Events and objects that could not be understood.
  std::size_t objects = 0;
  bool synced = false;
  std::chrono::milliseconds contact_age{0};  ///< Since the watch last stood; zero while it does.
};

/// What the adapter did, for metrics.
struct Statistics {
  std::map<std::string, WatchStatistics> watches;  ///< By resource: "edgepools", "pods/video".
  RequestCounts::Counts requests;
  std::uint64_t request_retries = 0;
  std::chrono::nanoseconds rate_limit_wait{0};  ///< Of all requests together.
  std::uint64_t events_dropped = 0;    ///< Kubernetes Events that the server did not take.
  std::uint64_t events_held_back = 0;  ///< That were too many of one object.
};

}  // namespace edgetide::kube
