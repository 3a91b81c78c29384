// Whatever JSON the API server sends: problems with a path each, or a pool that keeps its promises.
#include <cstdint>
#include <string_view>

#include "edgetide/core/assert.h"
#include "kube/codecs.h"
#include "kube/status_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace edgetide;
  const auto object = json::parse({reinterpret_cast<const char*>(data), size});
  if (!object.ok()) return 0;
  const auto pool = kube::decode_pool(*object, {.refuse_unknown = true});
  if (pool.ok()) {
    EDGETIDE_ASSERT(!pool.value.domains.empty() && pool.value.domains.size() <= 16,
                    "a pool has failure domains");
    EDGETIDE_ASSERT(pool.value.replicas.min <= pool.value.replicas.max, "bounds are in order");
    EDGETIDE_ASSERT(pool.value.confidence >= 0.5 && pool.value.confidence < 1,
                    "confidence is a probability");
  }
  (void)kube::decode_stream_event(*object);
  (void)kube::decode_metric_source(*object);
  const auto calendar = kube::decode_event_calendar(*object);
  if (calendar.ok()) {
    EDGETIDE_ASSERT(!calendar.value.source.empty(), "a calendar stands somewhere");
    (void)kube::encode_event_calendar_status(calendar.value, {});
  }
  const auto event_class = kube::decode_event_class(*object);
  if (event_class.ok()) {
    const auto prior = model::expected_of(event_class.value.name, {event_class.value});
    EDGETIDE_ASSERT(!prior || (prior->spread > 0 && prior->log_size < 40), "a size is a number");
    (void)kube::encode_event_class_status(event_class.value.name, event_class.value.learned);
  }
  (void)kube::decode_status_record(*object);
  return 0;
}
