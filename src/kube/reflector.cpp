#include "kube/reflector.h"

#include <algorithm>
#include <utility>

#include "edgetide/core/thrown.h"
#include "json/large.h"
#include "kube/paths.h"
#include "kube/resource_version.h"
#include "kube/text_sink.h"
#include "kube/watch_sink.h"

namespace edgetide::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kListDeadline{60'000};
constexpr milliseconds kListIdle{15'000};
constexpr std::chrono::seconds kWatchMargin{10};
constexpr std::string_view kPageSize = "500";

/// "?a&b", leaving out what is empty.
std::string query_text(const std::string& own, const std::string& more) {
  return "?" + own + (more.empty() ? "" : "&" + more);
}

std::string accept_of(bool metadata_only, std::string_view kind) {
  if (!metadata_only) return "application/json";
  return "application/json;as=" + std::string{kind} + ";g=meta.k8s.io;v=v1";
}

bool is_unreached(const Failure& failure) {
  const ErrorCode code = failure.error.code;
  return failure.http_status == 0 &&
         (code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout);
}

Failure local_failure(ErrorCode code, std::string message, const std::string& context) {
  return {.error = {.code = code, .message = std::move(message), .context = context}};
}

}  // namespace

Reflector::Reflector(Client& client, ObjectTable& table, ReflectorOptions options,
                     std::function<void(const std::string&)> on_problem)
    : client_(client),
      table_(table),
      options_(std::move(options)),
      on_problem_(std::move(on_problem)),
      random_(std::random_device{}()) {}

void Reflector::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Reflector::stop() {
  request_stop();
  if (thread_.joinable()) thread_.join();
}

void Reflector::run(std::stop_token stop) {
  Backoff backoff(options_.backoff);
  keep_doing(Work::kWatch, stop, [&] {
    std::optional<Failure> failure;
    const auto turn =
        contain(Work::kWatch, [&] { failure = list_needed_ ? list(stop) : watch(stop); });
    if (!turn.ok()) {
      list_needed_ = true;  // what came last may have been taken in by half
      failure = Failure{.error = turn.error()};
    }
    if (stop.stop_requested()) return;
    if (failure) {
      recover_from(*failure, backoff, stop);
    } else if (!relisted_) {
      backoff.reset();
    }
  });
}

void Reflector::recover_from(const Failure& failure, Backoff& backoff, std::stop_token stop) {
  if (health_.note_trouble(failure.error) && on_problem_)
    on_problem_(options_.name + ": " + failure.error.text());
  const ErrorCode code = failure.error.code;
  if (code == ErrorCode::kExpired) health_.count(&WatchStatistics::expiries);
  // A vanished collection is looked up anew; an event too large for a line may fit a list.
  list_needed_ = list_needed_ || code == ErrorCode::kExpired || code == ErrorCode::kNotFound ||
                 code == ErrorCode::kTooLarge;
  const bool unreached = is_unreached(failure);
  if (std::exchange(unreached_, unreached) && !unreached) backoff.reset();
  if (code == ErrorCode::kExpired && !std::exchange(relisted_, true)) return;
  const milliseconds asked{failure.retry_after.value_or(std::chrono::seconds{0})};
  static_cast<void>(pause(std::max(backoff.next(), asked), stop));
}

std::optional<Failure> Reflector::list(std::stop_token stop) {
  const auto path = options_.collection();
  if (!path.ok()) return Failure{.error = path.error()};
  path_ = *path;
  if (!client_.streams_lists()) return list_whole(stop);
  health_.count(&WatchStatistics::lists);
  WatchSink sink = make_sink(true);
  auto failure = watch(sink, watch_call(true), stop);
  if (sink.listed()) {
    list_needed_ = false;
    list_afresh_ = sink.went_back();
    return failure;
  }
  if (stop.stop_requested() || !falls_back(sink, failure)) return failure;
  return list_whole(stop);
}

bool Reflector::falls_back(const WatchSink& sink, const std::optional<Failure>& failure) {
  const ErrorCode code = failure ? failure->error.code : ErrorCode::kUnavailable;
  const bool refused = code == ErrorCode::kInvalid && !sink.opened();
  const bool held_back = sink.opened() && code == ErrorCode::kTimeout;
  const bool broken =
      sink.opened() && (code == ErrorCode::kUnavailable || code == ErrorCode::kInvalid);
  if ((refused || held_back) && client_.note_lists_unstreamed() && on_problem_)
    on_problem_(options_.name + ": lists are not streamed for a while: " + failure->error.text());
  list_afresh_ = list_afresh_ || code == ErrorCode::kExpired;
  return refused || held_back || broken || code == ErrorCode::kExpired ||
         code == ErrorCode::kTooLarge;
}

std::optional<Failure> Reflector::list_whole(std::stop_token stop) {
  const std::string known = version_.empty() ? "0" : version_;
  const bool at_once = !list_afresh_ && !options_.in_pages;
  auto failure = list_at(at_once ? known : "", stop);
  if (failure && at_once) {
    list_afresh_ = failure->error.code == ErrorCode::kExpired;
    options_.in_pages = failure->error.code == ErrorCode::kTooLarge;
    if (list_afresh_ || options_.in_pages) failure = list_at("", stop);
  }
  if (failure) return failure;
  list_needed_ = false;
  list_afresh_ = false;
  health_.note_contact(false);
  health_.note_synced();
  return std::nullopt;
}

std::optional<Failure> Reflector::list_at(const std::string& version, std::stop_token stop) {
  health_.count(&WatchStatistics::lists);
  table_.begin_replace();
  std::string query = version.empty() ? "limit=" + std::string{kPageSize}
                                      : "resourceVersion=" + percent_encode(version);
  while (true) {
    TextSink page(options_.largest_list);
    const auto failure =
        client_.stream({.target = path_ + query_text(query, options_.query),
                        .accept = accept_of(options_.metadata_only(), "PartialObjectMetadataList"),
                        .idle = kListIdle,
                        .deadline = kListDeadline},
                       page, stop);
    if (page.overflowed()) {
      return local_failure(ErrorCode::kTooLarge,
                           "the list is longer than the limit of " +
                               std::to_string(options_.largest_list) + " bytes",
                           path_);
    }
    if (failure) return failure;
    const auto next = take_page(page.text());
    if (!next.ok()) return Failure{.error = next.error()};
    if (next->empty()) break;
    query = "limit=" + std::string{kPageSize} + "&continue=" + percent_encode(*next);
  }
  table_.finish_replace();
  return std::nullopt;
}

Result<std::string> Reflector::take_page(std::string_view body) {
  std::string next;
  const auto read = json::visit_large(
      body, {.max_bytes = options_.largest_list}, [&](simdjson::dom::element root) -> Result<void> {
        const auto metadata = json::at(root, "metadata");
        const auto version =
            metadata ? json::string_at(*metadata, "resourceVersion") : std::nullopt;
        if (!json::string_at(root, "kind").value_or("").ends_with("List") || !version) {
          return Error{.code = ErrorCode::kInvalid, .message = "the answer is not a list"};
        }
        // An empty list is "items": [] or null, depending on the server.
        if (const auto items = json::array_at(root, "items")) {
          for (const simdjson::dom::element item : *items) count(table_.add(item));
        }
        next = json::string_at(*metadata, "continue").value_or("");
        version_ = *version;
        return {};
      });
  if (read.ok()) return next;
  return Error{.code = read.error().code, .message = read.error().message, .context = path_};
}

std::optional<Failure> Reflector::doubt_version(std::stop_token stop) {
  TextSink page(options_.longest_line);
  const auto failure =
      client_.stream({.target = path_ + query_text("limit=1", options_.query),
                      .accept = accept_of(options_.metadata_only(), "PartialObjectMetadataList"),
                      .idle = kListIdle,
                      .deadline = kListDeadline},
                     page, stop);
  if (failure) return failure;
  in_doubt_ = false;
  std::string version;
  const auto read =
      json::visit_large(page.text(), {.max_bytes = options_.longest_line},
                        [&](simdjson::dom::element root) -> Result<void> {
                          if (const auto metadata = json::at(root, "metadata")) {
                            version = json::string_at(*metadata, "resourceVersion").value_or("");
                          }
                          return {};
                        });
  const auto order = read.ok() ? compare_versions(version, version_) : std::nullopt;
  if (!order || *order >= 0) return std::nullopt;
  list_afresh_ = true;
  return local_failure(ErrorCode::kExpired, std::string{kWentBack}, path_);
}

StreamCall Reflector::watch_call(bool begins_with_list) {
  std::uniform_int_distribution<long> spread(options_.watch_for.count(),
                                             2 * options_.watch_for.count());
  const std::chrono::seconds lasting{spread(random_)};
  std::string query = "watch=1&allowWatchBookmarks=true";
  if (begins_with_list) query += "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
  // Without one a list is of this moment.
  if (!begins_with_list || (!list_afresh_ && !version_.empty()))
    query += "&resourceVersion=" + percent_encode(version_);
  query += "&timeoutSeconds=" + std::to_string(lasting.count());
  return {.target = path_ + query_text(query, options_.query),
          .accept = accept_of(options_.metadata_only(), "PartialObjectMetadata"),
          .idle = options_.idle,
          .deadline = lasting + kWatchMargin};
}

WatchSink Reflector::make_sink(bool begins_with_list) {
  return {table_,
          health_,
          version_,
          {.context = path_,
           .longest_line = options_.longest_line,
           .begins_with_list = begins_with_list,
           .list_silence = options_.list_silence,
           .list_deadline = kListDeadline}};
}

std::optional<Failure> Reflector::watch(std::stop_token stop) {
  if (in_doubt_) {
    if (auto failure = doubt_version(stop)) return failure;
  }
  WatchSink sink = make_sink(false);
  auto failure = watch(sink, watch_call(false), stop);
  list_afresh_ = list_afresh_ || sink.went_back();
  return failure;
}

std::optional<Failure> Reflector::watch(WatchSink& sink, StreamCall call, std::stop_token stop) {
  health_.count(&WatchStatistics::watches);
  const auto began = steady_clock::now();
  auto failure = client_.stream(call, sink, stop);
  const bool lasted = steady_clock::now() - began >= options_.very_short;
  const bool useful = sink.news() > 0 || (sink.listed() && lasted && !sink.failure());
  using enum WatchHealth::EndOfWatch;
  health_.note_end_of_watch(!useful ? kUseless : failure ? kCut : kInOrder);
  in_doubt_ = failure && (failure->http_status == 0 || failure->http_status >= 500) &&
              (!sink.opened() || failure->error.code == ErrorCode::kTimeout);
  if (sink.failure()) return sink.failure();
  if (useful && (sink.opened() || !failure)) {
    relisted_ = false;
    return std::nullopt;
  }
  if (failure) return failure;
  return local_failure(ErrorCode::kUnavailable,
                       sink.listed() ? "the watch ended at once, without an event"
                                     : "the watch ended within the list that it begins with",
                       path_);
}

WatchStatistics Reflector::statistics() const {
  WatchStatistics now = health_.statistics();
  now.objects = table_.size();
  return now;
}

void Reflector::count(ObjectTable::Outcome outcome) {
  if (outcome == ObjectTable::Outcome::kSkipped) health_.count(&WatchStatistics::skipped);
}

}  // namespace edgetide::kube
