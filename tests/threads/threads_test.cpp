#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/report_sinks.h"
#include "app/system_clock.h"
#include "edgetide/controller/runner.h"
#include "kube/cluster.h"
#include "report/structured_report.h"
#include "store/store.h"
#include "telemetry/metrics.h"
#include "threads/memory_api_server.h"

/// The operator's threads on one another: watches, looks, pasts, statuses, the disk and whoever
/// reads the metrics, while pools come, change and go. ThreadSanitizer looks on (scripts/sanitize);
/// without it the test shows that the fleet follows its viewers all the same.
namespace edgetide {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPools = "/apis/edgetide.io/v1alpha1/edgepools";
constexpr int kPoolCount = 4;

std::string name_of(int number) { return "live-" + std::to_string(number); }

/// The first pool has three domains, whose targets are written side by side; the others have one.
std::vector<std::string> targets_of(int number) {
  if (number > 0) return {name_of(number)};
  return {name_of(number) + "-a", name_of(number) + "-b", name_of(number) + "-c"};
}

json::Value pool(int number, int most) {
  json::Value domains = json::Value::array();
  for (const std::string& target : targets_of(number)) {
    domains.push_back({{"name", target},
                       {"scaleTargetRef",
                        {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", target}}}});
  }
  return {{"apiVersion", "edgetide.io/v1alpha1"},
          {"kind", "EdgePool"},
          {"metadata",
           {{"namespace", "video"},
            {"name", name_of(number)},
            {"uid", "uid-" + std::to_string(number)},
            {"generation", most}}},
          {"spec",
           {{"mode", "Enforce"},
            {"failureDomains", std::move(domains)},
            {"demand", {{"sourceRef", {{"name", "video"}}}}},
            {"capacity", {{"viewers", 1000}}},
            {"redundancy", {{"survive", "None"}}},
            {"replicas", {{"min", 1}, {"max", most}}}}}};
}

/// Viewers that another thread changes; nothing is known of the past.
class Audience final : public ports::DemandSource {
 public:
  model::DemandReadings read(const model::EdgePool&, Instant now) override {
    model::DemandReadings readings;
    readings.viewers = {
        .freshness = model::Freshness::kFresh, .value = double(viewers.load()), .at = now};
    return readings;
  }
  Result<model::DemandHistory> history(const model::EdgePool&,
                                       const ports::HistoryRange& range) override {
    model::DemandHistory steady;
    for (Instant at = range.from; at < range.to; at += range.step)
      steady.append({.at = at, .viewers = Viewers{2'000}});
    return steady;
  }

  std::atomic<int> viewers{2'000};
};

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < until) {
    if (holds()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return holds();
}

kube::ClusterOptions cluster_options() {
  return {.local_time = {.offsets = [](const std::string&) -> Result<model::UtcOffsets> {
                           return model::UtcOffsets{};
                         },
                         .moment = [](const std::string&, const std::string&) -> Result<Instant> {
                           return Instant{};
                         }},
          .now = [] { return app::SystemClock().now(); }};
}

TEST(Threads, TheFleetFollowsItsViewersWhilePoolsComeAndGo) {
  testing::MemoryApiServer server;
  for (int number = 0; number < kPoolCount; ++number) {
    for (const std::string& target : targets_of(number)) server.put_target(target, 2);
    server.put(kPools, pool(number, 100));
  }
  const auto disk =
      std::filesystem::temp_directory_path() / ("edgetide-threads-" + std::to_string(::getpid()));
  std::filesystem::create_directories(disk);

  Audience audience;
  const app::SystemClock clock;
  telemetry::Metrics metrics("test");
  const auto cluster = kube::Cluster::over(std::make_unique<testing::MemoryTransport>(server), {},
                                           cluster_options());
  store::Store store({.directory = disk.string(),
                      .render = report::json_line,
                      .on_problem = [](const std::string&) {},
                      .now = [&] { return clock.now(); }});
  app::ReportSinks reports({&cluster->reports(), &metrics, &store});
  std::atomic<controller::Runner*> woken{nullptr};
  controller::PastReader pasts({cluster->pools(), cluster->events(), {audience, &store}, clock}, {},
                               [&](const ObjectKey& read) {
                                 if (auto* runner = woken.load()) runner->wake(read);
                               });
  controller::Reconciler reconciler({.pools = cluster->pools(),
                                     .demand = audience,
                                     .events = cluster->events(),
                                     .reports = reports,
                                     .timer = metrics,
                                     .clock = clock,
                                     .pasts = &pasts,
                                     .states = &store},
                                    {.review = Seconds{1}});
  controller::Runner runner(reconciler, cluster->pools());
  woken = &runner;
  cluster->set_on_change([&](const ObjectKey& changed) { runner.wake(changed); });
  cluster->start();
  ASSERT_TRUE(cluster->wait_until_synced(30s).ok());
  cluster->read_ahead();

  std::jthread looks([&](std::stop_token stop) { runner.run(std::move(stop)); });
  std::jthread scrapes([&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      EXPECT_FALSE(metrics.exposition().empty());
      (void)runner.last_turn();
      (void)cluster->statistics();
      std::this_thread::sleep_for(5ms);
    }
  });
  std::jthread owners([&](std::stop_token stop) {
    for (int turn = 0; !stop.stop_requested(); ++turn) {
      server.put(kPools, pool(turn % (kPoolCount - 1), 100 + turn % 7));
      if (turn % 20 == 0) server.remove(kPools, name_of(kPoolCount - 1));
      if (turn % 20 == 10) server.put(kPools, pool(kPoolCount - 1, 100));
      runner.wake_all();
      std::this_thread::sleep_for(20ms);
    }
  });

  const auto replicas_of = [&](int number) {
    int sum = 0;
    for (const std::string& target : targets_of(number)) sum += server.replicas(target);
    return sum;
  };
  // Long enough for watches to end and begin again.
  for (int viewers = 5'000; viewers <= 60'000; viewers += 5'000) {
    audience.viewers = viewers;
    for (int number = 0; number + 1 < kPoolCount; ++number)
      EXPECT_TRUE(eventually([&] { return replicas_of(number) * 1'000 >= viewers; }))
          << name_of(number) << " has " << replicas_of(number);
    std::this_thread::sleep_for(200ms);
  }
  EXPECT_TRUE(eventually([&] { return server.requests(http::Method::kPatch) > 0; }));

  for (auto* thread : {&owners, &scrapes, &looks}) {
    thread->request_stop();
    thread->join();
  }
  pasts.stop();
  cluster->stop();
  std::filesystem::remove_all(disk);
}

}  // namespace
}  // namespace edgetide
