#include "app/cluster_metrics.h"

#include <gmock/gmock.h>

namespace edgetide::app {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ClusterMetrics, TellWhatWasAskedAndHowWatchesFare) {
  kube::Statistics all{.requests = {{{"update", "deployments/scale", 409}, 3}},
                       .rate_limit_wait = std::chrono::milliseconds{1500},
                       .events_held_back = 2};
  all.watches["pods/video"] = {.lists = 1, .objects = 40, .synced = true};
  all.watches["edgepools"] = {.errors = 5};
  const std::string told = cluster_exposition(all);
  for (const char* line :
       {"edgetide_kubernetes_requests_total{code=\"409\",resource=\"deployments/scale\","
        "verb=\"update\"} 3\n",
        "edgetide_kubernetes_rate_limit_wait_seconds_total 1.5\n",
        "edgetide_kubernetes_events_lost_total{cause=\"TooMany\"} 2\n",
        "edgetide_watch_objects{resource=\"pods/video\"} 40\n",
        "edgetide_watch_errors_total{resource=\"edgepools\"} 5\n",
        "edgetide_watch_contact_age_seconds{resource=\"pods/video\"} 0\n"}) {
    EXPECT_THAT(told, HasSubstr(line));
  }
  EXPECT_THAT(told, Not(HasSubstr("edgetide_watch_contact_age_seconds{resource=\"edgepools\"}")))
      << "what was never read has no age";
}

}  // namespace
}  // namespace edgetide::app
