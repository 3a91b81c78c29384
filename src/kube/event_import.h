#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "json/json.h"
#include "kube/client.h"
#include "kube/local_time.h"

/// A calendar's StreamEvents, put into a namespace as one.
namespace edgetide::kube {

/// Label of an imported StreamEvent: which calendar it came from.
inline constexpr const char* kImportedFrom = "edgetide.io/imported-from";

struct EventImport {
  std::string name_space;
  std::string imported_from;         ///< Value of kImportedFrom.
  std::vector<json::Value> events;   ///< StreamEvents with names of their own.
  Instant from;                      ///< Of the calendar is known what starts after this,
  Instant to;                        ///< until then.
  const LocalTime* zones = nullptr;  ///< For starts that stand in the cluster.
  bool prune = false;                ///< Deletes what the calendar has no more.
  bool dry_run = false;              ///< The server says what it would say, and keeps nothing.
};

enum class ImportResult {
  kCreated,
  kConfigured,
  kUnchanged,
  kPruned,
  kLeft,  ///< Was imported from the calendar, which has it no more, and stays.
};

struct ImportedEvent {
  std::string name;
  ImportResult result;
};

struct ImportOutcome {
  std::vector<ImportedEvent> events;  ///< Those that were written, or would be.
  std::optional<Error> failure;       ///< Why that is not all.
};

/// Server-side apply by a field manager of its own, without force: what somebody else has changed,
/// or what was imported from another calendar, is kConflict. Everything is checked by the server,
/// in a dry run, before the first write: where anything is refused nothing is written.
///
/// An event of the calendar that starts between `from` and `to` and is not among `events` is
/// left, or pruned; an import without events prunes nothing, since an empty calendar is more often
/// a broken one. More than 10,000 events are kTooLarge.
/// \param progress told from 0 to 1 how much is done
[[nodiscard]] ImportOutcome import_events(Client& client, const EventImport& import,
                                          const std::function<void(double)>& progress);

}  // namespace edgetide::kube
