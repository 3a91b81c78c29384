#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kube/cluster.h"
#include "threads/memory_api_server.h"

/// How a pool's targets are written: what rises side by side, what falls one after the other.
namespace edgetide {
namespace {

using namespace std::chrono_literals;

/// Answers no write before as many are under way as `together`, or five seconds have passed.
class GatheringTransport final : public http::Transport {
 public:
  struct Writes {
    std::mutex mutex;
    std::condition_variable changed;
    int together = 1;
    int under_way = 0;
    int most = 0;
    std::vector<std::string> order;
  };

  GatheringTransport(testing::MemoryApiServer& server, Writes& writes)
      : server_(server), writes_(writes) {}

  Result<http::Response> send(const http::Request& request) override {
    if (request.method != http::Method::kPut) return server_.send(request);
    {
      std::unique_lock lock(writes_.mutex);
      writes_.order.push_back(request.target);
      writes_.most = std::max(writes_.most, ++writes_.under_way);
      writes_.changed.notify_all();
      writes_.changed.wait_for(lock, 5s, [&] { return writes_.most >= writes_.together; });
    }
    auto answer = server_.send(request);
    const std::lock_guard lock(writes_.mutex);
    --writes_.under_way;
    return answer;
  }
  Result<http::Response> stream(const http::Request& request, http::BodySink& sink,
                                std::chrono::milliseconds idle, std::stop_token stop) override {
    return server_.stream(request, sink, idle, std::move(stop));
  }

 private:
  testing::MemoryTransport server_;
  Writes& writes_;
};

json::Value pool_of(const std::vector<std::string>& targets) {
  json::Value domains = json::Value::array();
  for (const std::string& name : targets) {
    domains.push_back(
        {{"name", name},
         {"scaleTargetRef", {{"apiVersion", "apps/v1"}, {"kind", "Deployment"}, {"name", name}}}});
  }
  return {
      {"apiVersion", "edgetide.io/v1alpha1"},
      {"kind", "EdgePool"},
      {"metadata", {{"namespace", "video"}, {"name", "live"}, {"uid", "live"}, {"generation", 1}}},
      {"spec",
       {{"failureDomains", domains},
        {"demand", {{"sourceRef", {{"name", "video"}}}}},
        {"capacity", {{"viewers", 1000}}},
        {"replicas", {{"min", 3}, {"max", 100}}}}}};
}

class Orders : public ::testing::Test {
 protected:
  Orders() {
    for (const char* name : {"a", "b", "c"}) server_.put_target(name, 5);
    server_.put("/apis/edgetide.io/v1alpha1/edgepools", pool_of({"a", "b", "c"}));
    cluster_ = kube::Cluster::over(
        std::make_unique<GatheringTransport>(server_, writes_), {},
        {.local_time = {.offsets = [](const std::string&) -> Result<model::UtcOffsets> {
                          return model::UtcOffsets{};
                        },
                        .moment = [](const std::string&, const std::string&) -> Result<Instant> {
                          return Instant{};
                        }},
         .writes_status = false});
  }

  std::vector<Result<void>> scale(const std::vector<ports::ScaleOrder>& orders) {
    cluster_->start();
    EXPECT_TRUE(cluster_->wait_until_synced(30s).ok());
    const auto pool = cluster_->pools().find({"video", "live"});
    EXPECT_TRUE(pool.ok()) << pool.error().text();
    for (const auto& domain : cluster_->pools().fleet(*pool)) EXPECT_TRUE(domain.known);
    return cluster_->pools().scale_all(*pool, orders);
  }

  testing::MemoryApiServer server_;
  GatheringTransport::Writes writes_;
  std::unique_ptr<kube::Cluster> cluster_;
};

TEST_F(Orders, RisesAreUnderWayTogether) {
  writes_.together = 3;
  const auto written = scale({{0, Replicas{5}, Replicas{6}},
                              {1, Replicas{5}, Replicas{7}},
                              {2, Replicas{5}, Replicas{8}}});
  EXPECT_EQ(writes_.most, 3);
  ASSERT_EQ(written.size(), 3u);
  EXPECT_TRUE(std::ranges::all_of(written, &Result<void>::ok));
  EXPECT_EQ(server_.replicas("a"), 6);
  EXPECT_EQ(server_.replicas("b"), 7);
  EXPECT_EQ(server_.replicas("c"), 8);
}

TEST_F(Orders, FallsComeOneByOneOnceAllThatRisesIsWritten) {
  const auto written = scale({{0, Replicas{5}, Replicas{4}},
                              {1, Replicas{5}, Replicas{3}},
                              {2, Replicas{5}, Replicas{8}}});
  EXPECT_TRUE(std::ranges::all_of(written, &Result<void>::ok));
  EXPECT_EQ(writes_.most, 1);
  ASSERT_EQ(writes_.order.size(), 3u);
  EXPECT_TRUE(writes_.order[0].ends_with("/c/scale")) << writes_.order[0];
  EXPECT_TRUE(writes_.order[1].ends_with("/a/scale")) << writes_.order[1];
  EXPECT_TRUE(writes_.order[2].ends_with("/b/scale")) << writes_.order[2];
}

TEST_F(Orders, OneThatIsRefusedStopsNoneAndIsTold) {
  const auto written = scale({{0, Replicas{5}, Replicas{6}},
                              {1, Replicas{2}, Replicas{7}},
                              {2, Replicas{5}, Replicas{8}}});
  ASSERT_EQ(written.size(), 3u);
  EXPECT_TRUE(written[0].ok());
  ASSERT_FALSE(written[1].ok());
  EXPECT_EQ(written[1].error().code, ErrorCode::kConflict);
  EXPECT_TRUE(written[2].ok());
  EXPECT_EQ(server_.replicas("a"), 6);
  EXPECT_EQ(server_.replicas("b"), 5);
  EXPECT_EQ(server_.replicas("c"), 8);
}

}  // namespace
}  // namespace edgetide
