#pragma once

#include "kube/codecs.h"

namespace edgetide::kube {

/// An event whose moment has been found.
struct AnnouncedEvent {
  StreamEventResource resource;
  Instant start;
};

}  // namespace edgetide::kube
