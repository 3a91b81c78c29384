#include "edgetide/sizing/unknown_loads.h"

#include <gmock/gmock.h>

#include "support/pools.h"

namespace edgetide::sizing {
namespace {

using model::Freshness;
using model::Reading;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

model::CapacityPerReplica all_five() {
  return {.viewers = Viewers{2000},
          .egress = BitsPerSecond{8e9},
          .requests = RequestsPerSecond{5000},
          .connections = Connections{9000},
          .handshakes = HandshakesPerSecond{100}};
}

auto of(model::Resource resource) { return Field(&UnknownLoad::resource, resource); }

TEST(UnknownLoads, AreThoseThatNothingIsSizedBy) {
  const Reading known{.freshness = Freshness::kFresh, .value = 10};
  const Reading partial{.freshness = Freshness::kPartial, .value = 10};
  const Reading old{.freshness = Freshness::kStale, .value = 10, .detail = "9m old"};
  const model::DemandReadings demand{
      .viewers = known, .egress = old, .requests = partial, .connections = known, .handshakes = {}};
  const auto unknown = unknown_loads(all_five(), demand);
  EXPECT_THAT(unknown, ElementsAre(of(model::Resource::kEgress), of(model::Resource::kHandshakes)));
  EXPECT_EQ(
      text_of(unknown),
      "egress is not known, which may take more (9m old); handshakes are not known, which may "
      "take more");
}

TEST(UnknownLoads, AreNoneOfWhatHasNoCapacityOrAMeasuredBitrate) {
  EXPECT_THAT(unknown_loads({.viewers = Viewers{2000}}, {}), IsEmpty());
  model::DemandReadings demand;
  demand.bitrate = BitsPerSecond{4e6};
  EXPECT_THAT(unknown_loads({.viewers = Viewers{1}, .egress = BitsPerSecond{8e9}}, demand),
              IsEmpty());
  EXPECT_EQ(text_of({}), "");
}

}  // namespace
}  // namespace edgetide::sizing
