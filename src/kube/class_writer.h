#pragma once

#include "edgetide/core/result.h"
#include "edgetide/model/event_class.h"
#include "json/json.h"
#include "kube/client.h"

namespace edgetide::kube {

/// The class with its spec, for server-side apply and for files.
[[nodiscard]] json::Value encode_event_class(const model::EventClass& event_class);

/// Makes the class, or brings it in line, with what it has learned: what the cluster's has learned
/// is replaced. \param dry_run the server says what it would say, and keeps nothing
[[nodiscard]] Result<void> put_event_class(Client& client, const model::EventClass& event_class,
                                           bool dry_run);

/// Takes away what a class has learned; its spec stays. kConflict when it was changed since it was
/// `seen`, by an event that has ended for instance.
[[nodiscard]] Result<void> reset_event_class(Client& client, const json::Value& seen, bool dry_run);

}  // namespace edgetide::kube
