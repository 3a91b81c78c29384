#include "json/large.h"

#include <string>

namespace edgetide::json {
namespace {

/// Above this a parser's buffers, several times the text, are not kept for the next document: what
/// follows a watch's list are single objects, and each thread has a parser.
constexpr std::size_t kKeptText = 1u << 16;

struct ThreadParser {
  simdjson::dom::parser parser;
  bool busy = false;
};

ThreadParser& this_threads_parser() {
  thread_local ThreadParser parser;
  return parser;
}

/// Marks the thread's parser as in use for as long as a visit lasts.
class Visit {
 public:
  explicit Visit(ThreadParser& parser, std::size_t text_size)
      : parser_(parser), large_(text_size > kKeptText) {
    EDGETIDE_ASSERT(!parser_.busy, "a visit within a visit would overwrite its document");
    parser_.busy = true;
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  ~Visit() {
    parser_.busy = false;
    if (large_) parser_.parser = simdjson::dom::parser{};
  }

 private:
  ThreadParser& parser_;
  bool large_;
};

Error too_large(std::size_t bytes, const LargeLimits& limits) {
  return {ErrorCode::kTooLarge, std::to_string(bytes) + " bytes of JSON; at most " +
                                    std::to_string(limits.max_bytes) + " are read"};
}

Error parse_error(simdjson::error_code code, const LargeLimits& limits) {
  if (code == simdjson::DEPTH_ERROR) {
    return {ErrorCode::kTooLarge,
            "JSON: nested deeper than " + std::to_string(limits.max_depth) + " levels"};
  }
  return {ErrorCode::kInvalid, std::string{"JSON: "} + simdjson::error_message(code)};
}

template <typename T>
std::optional<T> typed_at(simdjson::dom::element object, std::string_view key) {
  T found;
  if (object.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

}  // namespace

Result<void> visit_large(std::string_view text, const LargeLimits& limits,
                         const std::function<Result<void>(simdjson::dom::element)>& visit) {
  if (text.size() > limits.max_bytes) return too_large(text.size(), limits);
  ThreadParser& thread = this_threads_parser();
  const Visit in_use{thread, text.size()};
  // Grown for this text alone: simdjson's own growth would also forget the depth limit.
  if (thread.parser.capacity() < text.size() || thread.parser.max_depth() != limits.max_depth) {
    const auto failed = thread.parser.allocate(text.size(), limits.max_depth);
    if (failed) return parse_error(failed, limits);
  }
  simdjson::dom::element root;
  const auto failed = thread.parser.parse(text.data(), text.size(), true).get(root);
  if (failed) return parse_error(failed, limits);
  return visit(root);
}

std::optional<simdjson::dom::element> at(simdjson::dom::element object, std::string_view key) {
  const auto found = typed_at<simdjson::dom::element>(object, key);
  return found && !found->is_null() ? found : std::nullopt;
}

std::optional<std::string_view> string_at(simdjson::dom::element object, std::string_view key) {
  return typed_at<std::string_view>(object, key);
}

std::optional<std::int64_t> int_at(simdjson::dom::element object, std::string_view key) {
  return typed_at<std::int64_t>(object, key);
}

std::optional<bool> bool_at(simdjson::dom::element object, std::string_view key) {
  return typed_at<bool>(object, key);
}

std::optional<simdjson::dom::object> object_at(simdjson::dom::element object,
                                               std::string_view key) {
  return typed_at<simdjson::dom::object>(object, key);
}

std::optional<simdjson::dom::array> array_at(simdjson::dom::element object, std::string_view key) {
  return typed_at<simdjson::dom::array>(object, key);
}

}  // namespace edgetide::json
