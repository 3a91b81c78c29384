#include <gtest/gtest.h>

#include <atomic>
#include <new>

#include "client_listed.h"
#include "edgetide/core/thrown.h"
#include "kube/cluster.h"
#include "pool_object.h"

/// Exceptions in the threads of a cluster: each costs the piece of work that it ended.
namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::FakeTransport;

const ObjectKey kCalendar{"video", "season"};

json::Value calendar_object() {
  return {{"apiVersion", "edgetide.io/v1alpha1"},
          {"kind", "EventCalendar"},
          {"metadata",
           {{"namespace", "video"}, {"name", "season"}, {"uid", "uid-season"}, {"generation", 1}}},
          {"spec",
           {{"source", {{"configMapKeyRef", {{"name", "season"}, {"key", "season.ics"}}}}},
            {"refreshSeconds", 10},
            {"pools", {{"matchLabels", {{"kind", "live"}}}}}}}};
}

/// A pool and a calendar for it; the clock stands until the test moves it.
struct CalendarTest : ::testing::Test {
  std::unique_ptr<Cluster> cluster() {
    const json::Value text{{"data", {{"season.ics", "a calendar"}}}};
    auto pool = pool_object(1, 1, 3);
    pool["metadata"]["labels"]["kind"] = "live";
    return Cluster::over(
        std::make_unique<ListedTransport>(
            script, Answers{.lists = {{"/edgepools", json::Value::array({pool})},
                                      {"/eventcalendars", json::Value::array({calendar_object()})}},
                            .objects = {{"/configmaps/season", text}}}),
        {},
        {.local_time = utc_only(),
         .read_calendar = [this](std::string_view, std::string_view, Instant, Instant,
                                 const std::string&) -> Result<model::EventCalendar> {
           ++reads;
           if (reading_throws) throw std::bad_alloc();
           return model::EventCalendar{};
         },
         .on_problem = [](const std::string&) {},
         .now = [this] { return Instant{Seconds{time}}; },
         .writes_status = false});
  }
  FakeTransport::Script script;
  std::atomic<int> reads = 0;
  std::atomic<bool> reading_throws = false;
  std::atomic<std::int64_t> time = 1'800'000'000;
};

TEST_F(CalendarTest, WhoseReadingThrowsIsUnreadableAndReadAgainWhenItIsDue) {
  reading_throws = true;
  const auto before = times_thrown(Work::kCalendar);
  const auto all = cluster();
  all->start();
  ASSERT_TRUE(all->wait_until_synced(std::chrono::seconds{60}).ok()) << "nothing waits for it";
  EXPECT_FALSE(all->calendars_ready().at(kCalendar));
  EXPECT_EQ(times_thrown(Work::kCalendar), before + 1);
  reading_throws = false;
  time += 10;
  EXPECT_TRUE(eventually([&] { return all->calendars_ready().at(kCalendar); }));
  all->stop();
}

TEST_F(CalendarTest, IsReadOnThoughWhoIsToldOfItsEventsThrows) {
  std::atomic<int> told = 0;
  const auto all = cluster();
  all->set_on_change([&](const ObjectKey&) {
    if (reads > 0 && ++told == 1) throw std::bad_alloc();
  });
  all->start();
  ASSERT_TRUE(eventually([&] { return told == 1; }));
  time += 10;
  EXPECT_TRUE(eventually([&] { return reads > 1 && told > 1; }));
  all->stop();
}

TEST(Cluster, AScaleWhoseReadingAheadThrowsIsReadWhenItIsLookedAt) {
  auto pool = pool_object(1, 1, 3);
  auto second = pool["spec"]["failureDomains"][0];
  second["name"] = "b";
  second["scaleTargetRef"]["name"] = "edge-b";
  pool["spec"]["failureDomains"].push_back(second);
  json::Value targets = json::Value::array();
  std::map<std::string, json::Value> objects{{"/apis/apps/v1", kKinds}};
  for (const std::string name : {"edge-a", "edge-b"}) {
    const json::Value about{
        {"namespace", "video"}, {"name", name}, {"resourceVersion", "7"}, {"generation", 1}};
    targets.push_back({{"metadata", about}});
    objects["/" + name + "/scale"] = {{"kind", "Scale"},
                                      {"metadata", about},
                                      {"spec", {{"replicas", 5}}},
                                      {"status", {{"replicas", 5}, {"selector", "app=edge"}}}};
  }
  FakeTransport::Script script;
  std::atomic<bool> throws = true;
  const auto cluster = Cluster::over(
      std::make_unique<ListedTransport>(
          script,
          Answers{.lists = {{"/edgepools", json::Value::array({pool})}, {"/deployments", targets}},
                  .objects = objects,
                  .before =
                      [&](const http::Request& request) {
                        if (throws && request.target.ends_with("/edge-a/scale"))
                          throw std::bad_alloc();
                      }}),
      {}, {.local_time = utc_only(), .writes_status = false});
  cluster->start();
  const auto synced = cluster->wait_until_synced(std::chrono::seconds{60});
  ASSERT_TRUE(synced.ok()) << synced.error().text();
  const auto before = times_thrown(Work::kAhead);
  cluster->read_ahead();
  EXPECT_EQ(times_thrown(Work::kAhead), before + 1);
  EXPECT_TRUE(script.all_sent().back().target.ends_with("/edge-b/scale")) << "by another reader";
  throws = false;
  const auto fleet = cluster->pools().fleet(cluster->pools().find({"video", "live"}).value());
  ASSERT_EQ(fleet.size(), 2u);
  for (const auto& domain : fleet) EXPECT_TRUE(domain.known) << domain.detail;
}

}  // namespace
}  // namespace edgetide::kube
