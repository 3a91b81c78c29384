#include "kube/leader_election.h"

#include <gtest/gtest.h>

#include "client_fake_transport.h"

namespace edgetide::kube {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::eventually;
using testing::FakeTransport;

/// One Lease on a server that checks versions as the real one does.
class LeaseServer {
 public:
  Result<http::Response> serve(const http::Request& request) {
    const std::lock_guard lock(mutex);
    if (away) return Error{.code = ErrorCode::kUnavailable, .message = "connection refused"};
    if (request.method == http::Method::kGet)
      return lease ? found() : http::Response{.status = 404};
    const auto sent = decode(request.body);
    const bool creates = request.method == http::Method::kPost;
    if (creates == lease.has_value()) return http::Response{.status = 409};
    if (!creates && sent.resource_version != lease->resource_version)
      return http::Response{.status = 409};
    lease = sent;
    lease->resource_version = std::to_string(++version);
    return found();
  }

  std::mutex mutex;
  std::optional<Lease> lease;
  int version = 1;
  bool away = false;

  [[nodiscard]] std::optional<Lease> now() {
    const std::lock_guard lock(mutex);
    return lease;
  }
  void set_away(bool is_away) {
    const std::lock_guard lock(mutex);
    away = is_away;
  }
  void change(const std::function<void(std::optional<Lease>&)>& edit) {
    const std::lock_guard lock(mutex);
    edit(lease);
    if (lease) lease->resource_version = std::to_string(++version);
  }

 private:
  static Lease decode(const std::string& body) {
    auto object = json::parse(body).value();
    if (json::find(object, "metadata.resourceVersion") == nullptr)
      object["metadata"]["resourceVersion"] = "none";
    return decode_lease(object).value();
  }
  [[nodiscard]] http::Response found() const {
    return {
        .status = 200,
        .body = json::dump(encode_lease({.name_space = "edgetide", .name = "edgetide"}, *lease))};
  }
};

/// Replicas on one clock that the test moves. Real time only spaces their attempts.
class LeaderElectionTest : public ::testing::Test {
 protected:
  struct Replica {
    FakeTransport::Script script;
    std::atomic<std::int64_t> gained{0};
    std::atomic<int> lost{0};
    std::unique_ptr<LeaderElection> election;
  };

  std::unique_ptr<Replica> replica(const std::string& name, std::int64_t known_epoch = 0) {
    auto made = std::make_unique<Replica>();
    Replica& it = *made;
    it.script.answer = [this](const http::Request& request) { return server_.serve(request); };
    it.election = std::make_unique<LeaderElection>(
        std::make_unique<FakeTransport>(it.script), Credential{},
        ElectionOptions{.lease = {.name_space = "edgetide", .name = "edgetide"},
                        .identity = name,
                        .duration = 15s,
                        .renew_deadline = 10s,
                        .retry_period = 4ms,
                        .boot_time = [this] { return BootTime{clock_.load()}; },
                        .now = [] { return Instant{Seconds{1'800'000'000}}; },
                        .known_epoch = [known_epoch] { return known_epoch; },
                        .on_gained = [&it](std::int64_t epoch) { it.gained = epoch; },
                        .on_lost = [&it](const std::string&) { ++it.lost; },
                        .on_problem = [](const std::string&) {}});
    it.election->start();
    return made;
  }

  /// A leader renews meanwhile: as many attempts as it takes to see the new time.
  void pass(milliseconds time) {
    clock_ += time.count();
    std::this_thread::sleep_for(20ms);
  }

  LeaseServer server_;
  std::atomic<BootTime::rep> clock_{1'000'000};
};

TEST_F(LeaderElectionTest, AFreeLeaseIsTakenAtOnce) {
  const auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  EXPECT_EQ(one->gained, 1);
  EXPECT_EQ(server_.now()->holder, "one");
  EXPECT_EQ(server_.now()->duration, 15s);
}

TEST_F(LeaderElectionTest, AStandbyWaitsForAsLongAsTheLeaseIsRenewed) {
  const auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  const auto two = replica("two");
  for (int i = 0; i < 10; ++i) {
    clock_ += 4'000;
    const auto version = server_.now()->resource_version;
    ASSERT_TRUE(eventually([&] {  // the next renewal is told by another time; here by a turn
      return one->script.all_sent().size() > 0 && server_.now()->resource_version != version;
    }));
  }
  EXPECT_TRUE(one->election->leads());
  EXPECT_FALSE(two->election->leads());
}

TEST_F(LeaderElectionTest, ADeadLeaderIsFollowedAfterTheLeaseDuration) {
  auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  {
    const std::lock_guard lock(one->script.mutex);
    one->script.answer = [](const http::Request&) -> Result<http::Response> {
      return Error{.code = ErrorCode::kUnavailable, .message = "cut off"};
    };
  }
  const auto two = replica("two");
  ASSERT_TRUE(eventually([&] { return two->script.all_sent().size() > 2; }));
  pass(14s);
  EXPECT_FALSE(two->election->leads());
  EXPECT_FALSE(one->election->leads()) << "a leader stops before another may begin";
  pass(2s);
  ASSERT_TRUE(eventually([&] { return two->election->leads(); }));
  EXPECT_EQ(two->gained, 2);
}

TEST_F(LeaderElectionTest, ALeaderThatCannotRenewIsToldSoAtTheDeadline) {
  const auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  server_.set_away(true);
  pass(9s);
  EXPECT_TRUE(one->election->leads());
  EXPECT_EQ(one->lost, 0);
  pass(2s);
  EXPECT_FALSE(one->election->leads());
  EXPECT_TRUE(eventually([&] { return one->lost > 0; }));
}

TEST_F(LeaderElectionTest, ALapsedLeaderDoesNotLeadAgain) {
  const auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  pass(60s);  // a suspended machine wakes up
  EXPECT_FALSE(one->election->leads());
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(one->election->leads());
}

TEST_F(LeaderElectionTest, ATakenLeaseEndsTheLead) {
  const auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  server_.change([](auto& lease) { lease->holder = "by hand"; });
  EXPECT_TRUE(eventually([&] { return one->lost > 0; }));
  EXPECT_FALSE(one->election->leads());
}

TEST_F(LeaderElectionTest, AReleasedLeaseIsTakenWithoutWaiting) {
  auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  const auto two = replica("two");
  one->election->release();
  EXPECT_FALSE(one->election->leads());
  EXPECT_TRUE(eventually([&] { return two->election->leads(); }));
  EXPECT_EQ(two->gained, 2);
}

TEST_F(LeaderElectionTest, ALeaseThatIsChangedMeanwhileIsGivenBackAllTheSame) {
  auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  std::atomic<int> refused = 0;
  {
    const std::lock_guard lock(one->script.mutex);
    one->script.answer = [&](const http::Request& request) {
      const bool frees =
          request.method == http::Method::kPut && request.body.find("\"one\"") == std::string::npos;
      if (frees && ++refused < 3) server_.change([](auto&) {});
      return server_.serve(request);
    };
  }
  one->election->release();
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(server_.now()->holder, "");
}

TEST_F(LeaderElectionTest, ALeaseThatAnotherHoldsByNowIsNotGivenBack) {
  auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  {
    const std::lock_guard lock(one->script.mutex);
    one->script.answer = [&](const http::Request& request) {
      if (request.body.find("\"one\"") == std::string::npos)
        server_.change([](auto& lease) { lease->holder = "two"; });
      return server_.serve(request);
    };
  }
  one->election->release();
  EXPECT_EQ(server_.now()->holder, "two");
}

/// One that has no other before its deadline is no leader any more.
TEST_F(LeaderElectionTest, AnExceptionIsARenewalThatFails) {
  const auto one = replica("one");
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  std::atomic<int> thrown = 0;
  {
    const std::lock_guard lock(one->script.mutex);
    one->script.answer = [&](const http::Request& request) -> Result<http::Response> {
      if (++thrown == 1) throw std::bad_alloc();
      return server_.serve(request);
    };
  }
  ASSERT_TRUE(eventually([&] { return thrown > 1; }));
  EXPECT_TRUE(one->election->leads());
  {
    const std::lock_guard lock(one->script.mutex);
    one->script.answer = [](const http::Request&) -> Result<http::Response> {
      throw std::bad_alloc();
    };
  }
  pass(11s);
  EXPECT_FALSE(one->election->leads());
  EXPECT_TRUE(eventually([&] { return one->lost > 0; }));
}

TEST_F(LeaderElectionTest, TheEpochNeverFallsWhereTheLeaseWasDeleted) {
  const auto one = replica("one", 41);
  ASSERT_TRUE(eventually([&] { return one->election->leads(); }));
  EXPECT_EQ(one->gained, 42);
  server_.change([](auto& lease) { lease.reset(); });
  EXPECT_TRUE(eventually([&] { return server_.now().has_value(); }));
  EXPECT_TRUE(one->election->leads());
  EXPECT_GE(server_.now()->transitions, 42);
}

TEST_F(LeaderElectionTest, ADeletedLeaseKeepsStandbysAwayUntilItWouldHaveRunOut) {
  server_.lease = Lease{.holder = "other", .transitions = 7, .resource_version = "1"};
  const auto two = replica("two");
  ASSERT_TRUE(eventually([&] { return two->script.all_sent().size() > 2; }));
  server_.change([](auto& lease) { lease.reset(); });
  std::this_thread::sleep_for(50ms);
  EXPECT_FALSE(two->election->leads());
  pass(16s);
  EXPECT_TRUE(eventually([&] { return two->election->leads(); }));
  EXPECT_EQ(two->gained, 8);
}

TEST_F(LeaderElectionTest, OfTwoThatComeTogetherOneLeads) {
  for (int round = 0; round < 20; ++round) {
    server_.change([](auto& lease) { lease.reset(); });
    const auto one = replica("one");
    const auto two = replica("two");
    ASSERT_TRUE(eventually([&] { return one->election->leads() || two->election->leads(); }));
    EXPECT_FALSE(one->election->leads() && two->election->leads());
  }
}

}  // namespace
}  // namespace edgetide::kube
