#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "one_server.h"

/// How often servers are asked, and who waits for them.
namespace edgetide::promql {
namespace {

TEST(Asking, OneBatchServesAllPoolsOnceAnInterval) {
  Bench bench{[](const http::Request&) {
    return ok(vector_json({taken(kNow),
                           {series_of("one", "a"), "1"},
                           {series_of("one", "b"), "1"},
                           {series_of("two", "a"), "2"},
                           {series_of("two", "b"), "2"}}));
  }};
  EXPECT_EQ(bench.viewers(kNow, pool("one")).value, 2);
  EXPECT_EQ(bench.viewers(kNow, pool("two")).value, 4);
  EXPECT_EQ(bench.viewers(kNow + Seconds{14}, pool("one")).value, 2);
  EXPECT_EQ(bench.server.new_requests(), 1);
  EXPECT_EQ(bench.viewers(kNow + Seconds{17}, pool("one")).value, 2);
  EXPECT_EQ(bench.server.new_requests(), 1);
  EXPECT_EQ(form(bench.server.requests()[1].body)["time"], unix_text(kNow + Seconds{17}));
}

TEST(Asking, WhoReadsLeavesItToRefreshToAsk) {
  Bench bench{edge_with(kBoth)};
  static_cast<void>(bench.viewers());
  bench.server.new_requests();
  static_cast<void>(bench.viewers(kNow + Seconds{16}));
  EXPECT_EQ(bench.server.new_requests(), 0);
  bench.demand.refresh(kNow + Seconds{16});
  EXPECT_EQ(bench.server.new_requests(), 1);
}

/// What was known serves for as long as it may, and the source is asked again.
TEST(Asking, AnExceptionIsARoundThatWasNotAsked) {
  std::atomic<bool> throws = true;
  Bench bench{[&](const http::Request& request) -> Result<http::Response> {
    if (throws) throw std::bad_alloc();
    return edge_with(kBoth)(request);
  }};
  EXPECT_THROW(static_cast<void>(bench.viewers()), std::bad_alloc);
  throws = false;
  EXPECT_EQ(bench.viewers().value, 15);
  throws = true;
  static_cast<void>(bench.demand.refresh(kNow + Seconds{16}));
  EXPECT_EQ(bench.viewers(kNow + Seconds{16}).value, 15) << "what was known";
  throws = false;
  EXPECT_TRUE(bench.demand.refresh(kNow + Seconds{32}));
}

/// Answers of the future are not taken for fresh until the clock has caught up with them.
TEST(Asking, AClockThatIsSetBackIsFollowed) {
  Bench bench{edge_with(kBoth)};
  EXPECT_EQ(bench.viewers().value, 15);
  auto own = pool("own");
  own.demand.queries = {{"viewers", "sum(own)"}};
  static_cast<void>(bench.viewers(kNow, own));
  bench.server.new_requests();
  const Instant earlier = kNow - Seconds{3600};
  bench.demand.refresh(earlier);
  EXPECT_EQ(bench.server.new_requests(), 1);
  static_cast<void>(bench.viewers(earlier, own));
  EXPECT_EQ(bench.server.new_requests(), 1);

  Bench down{[](const http::Request&) -> Result<http::Response> {
    return Error{ErrorCode::kUnavailable, "connection refused"};
  }};
  static_cast<void>(down.viewers());
  down.server.new_requests();
  down.demand.refresh(earlier);
  EXPECT_EQ(down.server.new_requests(), 1);
}

/// A program that is asked to end does not wait for a server that hangs, and does not take the
/// request that it gave up for an answer.
TEST(Asking, StoppedItGivesUpWhatIsUnderWay) {
  std::atomic<bool> hang = false;
  Bench bench{[&](const http::Request& request) -> Result<http::Response> {
    if (!hang) return edge_with(kBoth)(request);
    while (!request.stop.stop_requested())
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return Error{ErrorCode::kCancelled, "stopped"};
  }};
  EXPECT_TRUE(bench.viewers().fresh());
  hang = true;
  std::jthread asker{[&] { bench.demand.refresh(kNow + Seconds{15}); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  bench.demand.stop();
  asker.join();
  EXPECT_TRUE(bench.viewers(kNow + Seconds{15}).fresh());
}

TEST(Asking, RememberedAnswersGrowOld) {
  auto spec = source();
  spec.interval = Seconds{300};
  Bench bench{edge_with(kBoth, kNow), spec};
  EXPECT_TRUE(bench.viewers(kNow + Seconds{0}).fresh());
  EXPECT_EQ(bench.viewers(kNow + Seconds{91}).freshness, Freshness::kStale);
}

TEST(Asking, AnUnreachableServerIsAskedOnceAnInterval) {
  auto spec = source();
  spec.queries["egress"] = "sum by (namespace, pool, zone) (bits)";
  Bench bench{[](const http::Request&) -> Result<http::Response> {
                return Error{ErrorCode::kUnavailable, "connection refused"};
              },
              spec};
  auto with_own = pool("own");
  with_own.demand.queries = {{"viewers", "sum(x)"}};
  EXPECT_EQ(bench.viewers().freshness, Freshness::kFailed);
  EXPECT_EQ(bench.viewers().detail, "viewers from MetricSource video: connection refused");
  EXPECT_EQ(bench.viewers(kNow, with_own).freshness, Freshness::kFailed);
  EXPECT_EQ(bench.viewers(kNow + Seconds{14}).freshness, Freshness::kFailed);
  EXPECT_EQ(bench.server.new_requests(), 1);
  bench.server.answer_with(edge_with(kBoth, kNow + Seconds{17}));
  EXPECT_TRUE(bench.viewers(kNow + Seconds{17}).fresh());
}

TEST(Asking, AnUnchangedSourceKeepsItsAnswers) {
  Bench bench{edge_with(kBoth)};
  static_cast<void>(bench.viewers());
  bench.demand.set_sources({source()});
  static_cast<void>(bench.viewers());
  EXPECT_EQ(bench.server.new_requests(), 1);
  auto changed = source();
  changed.max_sample_age = Seconds{10};
  bench.demand.set_sources({changed});
  static_cast<void>(bench.viewers());
  EXPECT_EQ(bench.server.new_requests(), 1);
  bench.demand.set_sources({});
  EXPECT_EQ(bench.viewers().freshness, Freshness::kFailed);
}

/// While a server hangs, who has read from it before is served what is known, and other sources go
/// on.
TEST(Asking, AHangingServerKeepsOnlyTheAskerWaiting) {
  std::mutex mutex;
  std::condition_variable changed;
  bool hang = false, hanging = false;
  FakeServer slow{[&](const http::Request& request) {
    std::unique_lock lock{mutex};
    if (hang) {
      hanging = true;
      changed.notify_all();
      changed.wait(lock, [&] { return !hang; });
    }
    return *edge_with(kBoth)(request);
  }};
  FakeServer quick{edge_with(kBoth)};
  DemandSource demand{
      [](const auto&, const auto&, const auto&) -> Result<std::string> { return std::string{}; },
      [&](const http::Endpoint& endpoint) -> Result<std::unique_ptr<http::Transport>> {
        return std::unique_ptr<http::Transport>{
            std::make_unique<FakeTransport>(endpoint.base_url == "http://slow" ? slow : quick)};
      }};
  auto slow_spec = source("slow");
  slow_spec.url = "http://slow";
  demand.set_sources({slow_spec, source()});
  auto slow_pool = pool();
  slow_pool.demand.source = "slow";
  demand.refresh(kNow);
  {
    const std::lock_guard lock{mutex};
    hang = true;
  }
  std::jthread asker{[&] { demand.refresh(kNow + Seconds{20}); }};
  {
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return hanging; });
  }
  demand.refresh(kNow + Seconds{20});  // Somebody is asking already.
  EXPECT_EQ(demand.read(slow_pool, kNow + Seconds{20}).viewers.value, 15);
  EXPECT_EQ(demand.read(pool(), kNow + Seconds{20}).viewers.value, 15);
  {
    const std::lock_guard lock{mutex};
    hang = false;
  }
  changed.notify_all();
}

}  // namespace
}  // namespace edgetide::promql
