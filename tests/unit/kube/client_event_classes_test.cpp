#include <gtest/gtest.h>

#include <cmath>

#include "client_things.h"
#include "kube/event_classes.h"

namespace edgetide::kube {
namespace {

using testing::eventually;
using testing::FakeTransport;

constexpr int kClasses = 7;
constexpr int kEvents = 60;  ///< Of each: more than a class keeps, and than 256 in all.
constexpr std::size_t kKept = 48;

std::string class_name(int number) { return "class-" + std::to_string(number); }

std::string class_object(int number, int version, const std::string& spec = "{}") {
  return R"({"apiVersion":"edgetide.io/v1alpha1","kind":"EventClass","metadata":{"name":")" +
         class_name(number) + R"(","uid":"uid-)" + std::to_string(version) +
         R"(","resourceVersion":")" + std::to_string(version) + R"("},"spec":)" + spec + "}";
}

/// What the pools of a fleet teach.
class EventClassesTest : public ::testing::Test {
 protected:
  EventClassesTest() {
    script_.answer = [](const http::Request&) { return http::Response{.status = 200}; };
    client_.note_lists_unstreamed();
    std::vector<std::string> objects;
    for (int number = 0; number < kClasses; ++number)
      objects.push_back(class_object(number, 1 + number));
    script_.add({.pieces = {testing::list(10, objects)}});
    classes_.start();
  }

  [[nodiscard]] bool synced() {
    return eventually([&] { return classes_.reflector()->synced(); });
  }

  void tell(const std::string& pool, double viewers, int number, int event) {
    model::EventOutcome outcome{.name = "video/" + class_name(number) + "-" + std::to_string(event),
                                .event_class = class_name(number),
                                .start = Instant{std::chrono::days{event}}};
    outcome.uplift.assign(model::EventBins::kCount, viewers);
    classes_.note_outcome({"video", pool}, outcome);
  }

  /// Of the events that the class remembers.
  [[nodiscard]] std::vector<double> viewers(int number) const {
    std::vector<double> viewers;
    const auto prior = classes_.known(class_name(number)).prior;
    if (!prior || !prior->past) return viewers;
    for (const auto& past : *prior->past) viewers.push_back(std::round(std::exp(past.log_size)));
    return viewers;
  }

  FakeTransport::Script script_;
  Client client_{std::make_unique<FakeTransport>(script_), {}, {}};
  Outbox outbox_{client_, 100};
  EventClasses classes_{client_, outbox_, [] { return true; }, [](const std::string&) {}};
};

/// As after a restart, when each pool reads its past as a whole.
TEST_F(EventClassesTest, EveryEventThatIsKeptIsTheSumOverItsPools) {
  ASSERT_TRUE(synced());
  for (const auto& [pool, share] : {std::pair{"one", 30'000.0}, std::pair{"two", 12'000.0}}) {
    for (int event = 0; event < kEvents; ++event)
      for (int number = 0; number < kClasses; ++number) tell(pool, share, number, event);
  }
  for (int number = 0; number < kClasses; ++number)
    EXPECT_EQ(viewers(number), std::vector<double>(kKept, 42'000)) << number;
}

TEST_F(EventClassesTest, OfAClassThatIsMadeAnewNothingIsKept) {
  ASSERT_TRUE(synced());
  tell("one", 30'000, 0, 0);
  EXPECT_EQ(viewers(0), std::vector<double>{30'000});
  const std::string again = class_object(0, 12, R"({"rampUpMinutes":20})");
  script_.add(
      {.pieces = {testing::event("DELETED", class_object(0, 11)), testing::event("ADDED", again)},
       .stays_open = true});
  ASSERT_TRUE(eventually([&] { return classes_.known(class_name(0)).ramp_up.has_value(); }));
  tell("two", 12'000, 0, 0);
  EXPECT_EQ(viewers(0), std::vector<double>{12'000});
}

}  // namespace
}  // namespace edgetide::kube
