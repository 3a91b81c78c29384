#include "kube/watch_decoder.h"

#include "json/large.h"

namespace edgetide::kube {
namespace {

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

WatchEventType type_of(std::string_view word) {
  if (word == "ADDED" || word == "MODIFIED") return WatchEventType::kPut;
  if (word == "DELETED") return WatchEventType::kDeleted;
  if (word == "BOOKMARK") return WatchEventType::kBookmark;
  if (word == "ERROR") return WatchEventType::kError;
  return WatchEventType::kUnknown;
}

}  // namespace

LineSplitter::Outcome LineSplitter::feed(std::string_view bytes, const Line& on_line) {
  while (true) {
    const auto end = bytes.find('\n');
    const auto length = begun_.size() + (end == std::string_view::npos ? bytes.size() : end);
    if (length > longest_) return Outcome::kTooLong;
    if (end == std::string_view::npos) break;

    std::string_view line = bytes.substr(0, end);
    if (!begun_.empty()) {
      begun_.append(line);
      line = begun_;
    }
    if (!is_blank(line) && !on_line(line)) return Outcome::kDeclined;
    begun_.clear();
    bytes.remove_prefix(end + 1);
  }
  begun_.append(bytes);
  return Outcome::kMore;
}

Result<void> visit_watch_event(
    std::string_view line,
    const std::function<void(WatchEventType, simdjson::dom::element)>& visit) {
  return json::visit_large(line, {}, [&](simdjson::dom::element root) -> Result<void> {
    const auto type = json::string_at(root, "type");
    const auto object = json::at(root, "object");
    if (!type || !object || !object->is_object()) {
      return Error{.code = ErrorCode::kInvalid,
                   .message = "not a watch event: a type and an object are expected"};
    }
    visit(type_of(*type), *object);
    return {};
  });
}

}  // namespace edgetide::kube
