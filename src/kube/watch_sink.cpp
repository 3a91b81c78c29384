#include "kube/watch_sink.h"

#include <utility>

#include "edgetide/core/thrown.h"
#include "json/large.h"

namespace edgetide::kube {
namespace {

using std::chrono::steady_clock;

std::string version_of(simdjson::dom::element object) {
  const auto metadata = json::at(object, "metadata");
  if (!metadata) return "";
  return std::string{json::string_at(*metadata, "resourceVersion").value_or("")};
}

bool ends_list(simdjson::dom::element bookmark) {
  const auto metadata = json::at(bookmark, "metadata");
  const auto annotations = metadata ? json::at(*metadata, "annotations") : std::nullopt;
  return annotations && json::string_at(*annotations, "k8s.io/initial-events-end") == "true";
}

}  // namespace

WatchSink::WatchSink(ObjectTable& table, WatchHealth& health, std::string& version, Options options)
    : table_(table),
      health_(health),
      version_(version),
      options_(std::move(options)),
      list_until_(steady_clock::now() + options_.list_deadline),
      lines_(options_.longest_line),
      listed_(!options_.begins_with_list) {
  if (!listed_) table_.begin_replace();
}

void WatchSink::on_open() {
  opened_ = true;
  if (listed_) health_.note_contact(true);
}

bool WatchSink::on_bytes(std::string_view bytes) {
  on_open();
  LineSplitter::Outcome outcome{};
  const auto fed = contain(Work::kWatch, [&] {
    outcome = lines_.feed(bytes, [this](std::string_view line) { return take(line); });
  });
  if (!fed.ok()) {
    fail(fed.error().code, fed.error().message);
  } else if (outcome == LineSplitter::Outcome::kTooLong) {
    fail(ErrorCode::kTooLarge, "an event is longer than the limit of " +
                                   std::to_string(options_.longest_line) + " bytes");
  }
  if (!listed_ && !failure_ && steady_clock::now() >= list_until_)
    fail(ErrorCode::kTimeout, "the list that the watch begins with does not end");
  return !failure_;
}

std::chrono::milliseconds WatchSink::patience() const {
  return opened_ && !listed_ ? options_.list_silence : http::BodySink::patience();
}

bool WatchSink::take(std::string_view line) {
  const auto read =
      visit_watch_event(line, [this](WatchEventType type, simdjson::dom::element object) {
        health_.count(&WatchStatistics::events);
        if (type == WatchEventType::kError) {
          failure_ = failure_of_status(object, options_.context);
        } else if (type == WatchEventType::kUnknown) {
          note(ObjectTable::Outcome::kSkipped);
        } else if (listed_) {
          apply(type, object);
        } else {
          apply_to_list(type, object);
        }
      });
  if (!read.ok()) fail(read.error().code, read.error().message);
  return !failure_;
}

void WatchSink::apply(WatchEventType type, simdjson::dom::element object) {
  if (type == WatchEventType::kPut) note(table_.put(object));
  if (type == WatchEventType::kDeleted) note(table_.remove(object));
  if (failure_) return;
  ++news_;
  if (auto version = version_of(object); !version.empty()) version_ = std::move(version);
}

void WatchSink::apply_to_list(WatchEventType type, simdjson::dom::element object) {
  if (type == WatchEventType::kPut) note(table_.add(object));
  if (type == WatchEventType::kDeleted) table_.take_back(object);
  if (type != WatchEventType::kBookmark || !ends_list(object)) return;
  auto version = version_of(object);
  if (version.empty()) return fail(ErrorCode::kInvalid, "a list ends without its version");
  version_ = std::move(version);
  table_.finish_replace();
  listed_ = true;
  health_.note_contact(true);
  health_.note_synced();
}

void WatchSink::note(ObjectTable::Outcome outcome) {
  if (outcome == ObjectTable::Outcome::kSkipped) health_.count(&WatchStatistics::skipped);
  if (outcome != ObjectTable::Outcome::kReverted) return;
  went_back_ = true;
  fail(ErrorCode::kExpired, std::string{kWentBack});
}

void WatchSink::fail(ErrorCode code, std::string message) {
  failure_ =
      Failure{.error = {.code = code, .message = std::move(message), .context = options_.context}};
}

}  // namespace edgetide::kube
