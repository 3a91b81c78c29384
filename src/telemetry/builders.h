#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace edgetide::telemetry {

/// Upper bounds of how long a verb of a reconcile takes, in seconds.
inline const prometheus::Histogram::BucketBoundaries kVerbBuckets{1e-5, 1e-4, 1e-3, 1e-2,
                                                                  0.1,  1,    10};

/// The family of gauges of that name, registered when it is not yet.
inline prometheus::Family<prometheus::Gauge>& gauge(prometheus::Registry& registry,
                                                    const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

/// The family of counters of that name, registered when it is not yet.
inline prometheus::Family<prometheus::Counter>& counter(prometheus::Registry& registry,
                                                        const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace edgetide::telemetry
