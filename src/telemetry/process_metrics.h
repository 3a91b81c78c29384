#pragma once

#include "telemetry/text_format.h"

namespace edgetide::telemetry {

/// Memory and processor time of this process, under the names that Prometheus' own client libraries
/// give them. What the kernel does not tell has no series.
void write_process(TextFormat& text);

}  // namespace edgetide::telemetry
