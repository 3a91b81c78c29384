#pragma once

#include <string>

#include "kube/client.h"
#include "kube/codecs.h"

namespace edgetide::kube {

/// The iCalendar text that an EventCalendar follows, read now from its ConfigMap or Secret.
[[nodiscard]] Result<std::string> calendar_text(Client& client,
                                                const EventCalendarResource& calendar);

}  // namespace edgetide::kube
