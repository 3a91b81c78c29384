#include "app/cluster_metrics.h"

#include <chrono>
#include <functional>

#include "telemetry/text_format.h"

namespace edgetide::app {
namespace {

using telemetry::FamilyHead;
using telemetry::TextFormat;
using enum telemetry::FamilyHead::Type;

double seconds(auto duration) { return std::chrono::duration<double>(duration).count(); }

void write_total(TextFormat& text, std::string_view name, std::string_view help, double value) {
  text.begin({name, help, kCounter});
  text.sample({}, value);
}

void write_requests(TextFormat& text, const kube::Statistics& all) {
  text.begin({"edgetide_kubernetes_requests_total",
              "Requests to the API server by verb, resource and HTTP status; code "
              "0 where no answer came. A watch counts when it ends; leader "
              "election and token reviews have clients of their own and are not "
              "among them.",
              kCounter});
  for (const auto& [kind, count] : all.requests) {
    const std::string code = std::to_string(kind.code);
    text.sample({{"code", code}, {"resource", kind.resource}, {"verb", kind.verb}},
                static_cast<double>(count));
  }
  write_total(text, "edgetide_kubernetes_request_retries_total",
              "Requests to the API server that were sent once more.",
              static_cast<double>(all.request_retries));
  write_total(text, "edgetide_kubernetes_rate_limit_wait_seconds_total",
              "Time that requests waited for --kube-api-qps, all of them together.",
              seconds(all.rate_limit_wait));
}

void write_events(TextFormat& text, const kube::Statistics& all) {
  text.begin({"edgetide_kubernetes_events_lost_total",
              "Kubernetes Events that were not written: refused by the server, or too many of one "
              "object.",
              kCounter});
  text.sample({{"cause", "Refused"}}, static_cast<double>(all.events_dropped));
  text.sample({{"cause", "TooMany"}}, static_cast<double>(all.events_held_back));
}

void write_watches(TextFormat& text, const kube::Statistics& all) {
  const auto write = [&](const FamilyHead& family, auto value) {
    text.begin(family);
    for (const auto& [resource, watch] : all.watches) {
      text.sample({{"resource", resource}}, static_cast<double>(std::invoke(value, watch)));
    }
  };
  using kube::WatchStatistics;
  write({"edgetide_watch_lists_total",
         "Whole lists that were read. A resource has its namespace where "
         "only that is watched: pods/video.",
         kCounter},
        &WatchStatistics::lists);
  write({"edgetide_watch_opened_total", "Watches that were opened.", kCounter},
        &WatchStatistics::watches);
  write({"edgetide_watch_events_total", "Events that came by watches.", kCounter},
        &WatchStatistics::events);
  write({"edgetide_watch_expiries_total",
         "Versions that had expired or gone back, each answered by a list.", kCounter},
        &WatchStatistics::expiries);
  write({"edgetide_watch_errors_total", "Lists and watches that failed.", kCounter},
        &WatchStatistics::errors);
  write({"edgetide_watch_skipped_total", "Objects and events that could not be understood.",
         kCounter},
        &WatchStatistics::skipped);
  write({"edgetide_watch_objects", "Objects in the cache."}, &WatchStatistics::objects);
  text.begin({"edgetide_watch_contact_age_seconds",
              "Since the cache was last known to follow the server; 0 while a watch stands."});
  for (const auto& [resource, watch] : all.watches) {
    if (watch.synced) text.sample({{"resource", resource}}, seconds(watch.contact_age));
  }
}

}  // namespace

std::string cluster_exposition(const kube::Statistics& statistics) {
  TextFormat text;
  write_requests(text, statistics);
  write_watches(text, statistics);
  write_events(text, statistics);
  return text.take();
}

}  // namespace edgetide::app
