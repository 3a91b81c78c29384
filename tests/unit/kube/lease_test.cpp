#include "kube/lease.h"

#include <gtest/gtest.h>

#include "kube/leader_election.h"

namespace edgetide::kube {
namespace {

using namespace std::chrono_literals;

TEST(ElectionOptionsTest, TimesThatLeaveNoRoomAreRefused) {
  EXPECT_FALSE(problem_with({}));
  EXPECT_TRUE(problem_with({.duration = 10s, .renew_deadline = 10s}));
  EXPECT_TRUE(problem_with({.duration = 15s, .renew_deadline = 2400ms, .retry_period = 2s}));
  EXPECT_FALSE(problem_with({.duration = 15s, .renew_deadline = 2401ms, .retry_period = 2s}));
}

TEST(LeaseTest, AnObjectOfAnotherKindOrWithWildValuesIsRefused) {
  const auto decoded = [](const std::string& text) {
    return decode_lease(json::parse(text).value());
  };
  EXPECT_FALSE(decoded(R"({"kind":"Status"})").ok());
  EXPECT_FALSE(decoded(R"({"kind":"Lease","metadata":{}})").ok());
  EXPECT_FALSE(decoded(R"({"kind":"Lease","metadata":{"resourceVersion":"1"},
                           "spec":{"leaseDurationSeconds":0}})")
                   .ok());
  EXPECT_FALSE(decoded(R"({"kind":"Lease","metadata":{"resourceVersion":"1"},
                           "spec":{"leaseTransitions":-1}})")
                   .ok());
  const auto free = decoded(R"({"kind":"Lease","metadata":{"resourceVersion":"1"}})");
  ASSERT_TRUE(free.ok());
  EXPECT_EQ(free->holder, "");
}

}  // namespace
}  // namespace edgetide::kube
