#pragma once

#include <simdjson.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"

namespace edgetide::kube {

/// Cuts a stream of bytes into lines, one JSON document each, however the bytes were cut on the
/// way. What follows the last line end is never handed out: a cut connection leaves half an event
/// there.
class LineSplitter {
 public:
  /// What to do with a line, without its end; false to have no more of them.
  using Line = std::function<bool(std::string_view)>;

  explicit LineSplitter(std::size_t longest) : longest_(longest) {}

  enum class Outcome {
    kMore,      ///< All lines so far were taken.
    kDeclined,  ///< `on_line` returned false.
    kTooLong,   ///< A line is longer than the limit, whether or not its end has come.
  };

  /// Takes the next bytes. Blank lines are left out. \pre the last outcome was kMore.
  [[nodiscard]] Outcome feed(std::string_view bytes, const Line& on_line);

 private:
  std::size_t longest_;
  std::string begun_;  // a line whose end has not come yet
};

enum class WatchEventType {
  kPut,       ///< ADDED or MODIFIED: the object as it is now.
  kDeleted,   ///< The object as it last was.
  kBookmark,  ///< No object, only how far the watch has come.
  kError,     ///< A metav1.Status in place of an object.
  kUnknown,   ///< A word of a later API; to be left alone.
};

/// Parses one line of a watch and hands on its type and object, both of which end with the visit.
/// kInvalid for anything that is not an event.
[[nodiscard]] Result<void> visit_watch_event(
    std::string_view line,
    const std::function<void(WatchEventType, simdjson::dom::element)>& visit);

}  // namespace edgetide::kube
