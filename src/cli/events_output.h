#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/model/event_calendar.h"

namespace edgetide::cli {

using Events = std::vector<model::StreamEvent>;

/// As "text" or "wide", tables; "json" or "yaml", an EventList; "csv", which `--calendar` reads
/// again; or "name", a line each.
/// \param columns of the terminal; nothing where there is none
[[nodiscard]] std::string print_events(const Events& events, const std::string& format,
                                       std::optional<std::size_t> columns = std::nullopt);

/// "no events", "1 event", "12 events"
[[nodiscard]] std::string count_text(std::size_t events);

/// How many events have no length, as a VEVENT with neither DTEND nor DURATION, of which a minute
/// is made, and one of them; empty for none. A line without its end.
[[nodiscard]] std::string remark_on_lengths(const Events& events);

/// Events that are longer than a StreamEvent may be, which a calendar in a cluster may announce and
/// import refuses: how many, and one of them. Empty for none.
[[nodiscard]] std::string remark_on_long_events(std::span<const model::StreamEvent> events);

/// Classes that an EventClass cannot be named, as of other alphabets, and what is left of each for
/// one: small letters, digits and dashes; empty for one without any of these.
[[nodiscard]] std::map<std::string, std::string> renamed_classes(const Events& events);

/// StreamEvents as manifests, whose names differ. `labels` choose their pools, each "LABEL=VALUE";
/// their classes are named by renamed_classes. kInvalid, by event, for what a StreamEvent cannot
/// say.
[[nodiscard]] Result<std::vector<nlohmann::ordered_json>> manifests_of(
    const Events& events, const std::string& name_space, const std::vector<std::string>& labels);

/// To apply to a cluster, as "json" or "yaml".
[[nodiscard]] std::string print_manifests(const std::vector<nlohmann::ordered_json>& manifests,
                                          const std::string& format);

}  // namespace edgetide::cli
