#include "client_reports.h"
#include "kube/outbox.h"

namespace edgetide::kube {
namespace {

using testing::eventually;

TEST_F(ReportsTest, TheOutboxSendsTheLastOfEachAddressAndForgetsTheOldest) {
  std::mutex held;
  held.lock();
  script_.answer = [&](const http::Request&) {
    const std::lock_guard until_released(held);
    return http::Response{.status = 200};
  };
  std::atomic<int> lost = 0;
  const auto post = [&](const std::string& address, const std::string& target) {
    outbox_.post({.address = address,
                  .call = {.target = target},
                  .done = [&](const Result<std::string>& outcome) { lost += !outcome.ok(); }});
  };
  post("first", "/first");
  ASSERT_TRUE(eventually([&] { return script_.all_sent().size() == 1; }));
  for (const char* address : {"a", "b", "c", "d"}) post(address, std::string{"/old-"} + address);
  post("b", "/new-b");
  held.unlock();
  EXPECT_EQ(sent(), 4u);
  std::vector<std::string> targets;
  for (const auto& request : script_.all_sent()) targets.push_back(request.target);
  EXPECT_EQ(targets, (std::vector<std::string>{"/first", "/new-b", "/old-c", "/old-d"}));
  EXPECT_EQ(lost, 1);
  EXPECT_EQ(outbox_.lost(), 1u);
}

TEST_F(ReportsTest, AnExceptionCostsTheOutboxOneLetter) {
  script_.answer = [](const http::Request& request) -> Result<http::Response> {
    if (request.target == "/a") throw std::bad_alloc();
    return http::Response{.status = 200};
  };
  std::vector<std::string> outcomes;
  const auto post = [&](const std::string& target) {
    outbox_.post({.address = target,
                  .call = {.target = target},
                  .done = [&](const Result<std::string>& outcome) {
                    outcomes.push_back(outcome.ok() ? "sent" : outcome.error().message);
                    throw std::bad_alloc();
                  }});
  };
  post("/a");
  post("/b");
  EXPECT_EQ(sent(), 2u);
  EXPECT_EQ(outcomes, (std::vector<std::string>{"std::bad_alloc", "sent"}));
}

}  // namespace
}  // namespace edgetide::kube
