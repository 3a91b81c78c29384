#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>

#include "kube/client.h"
#include "kube/object_table.h"
#include "kube/watch_health.h"
#include "kube/watch_sink.h"

namespace edgetide::kube {

struct ReflectorOptions {
  std::string name;  ///< For people: "deployments.apps/video".
  /// The collection's path; asked before every list, in the reflector's thread, so it may itself
  /// ask the server.
  std::function<Result<std::string>()> collection;
  std::string query;  ///< More of the query, encoded: "fieldSelector=...". May be empty.
  /// Whether to ask for PartialObjectMetadata, which all kinds have, without spec and status; asked
  /// after the path.
  std::function<bool()> metadata_only = [] { return false; };
  /// A list that is not streamed is read page by page from the store, however many there are: the
  /// server's cache knows no pages. One that proves to be too large at once is read so from then
  /// on.
  bool in_pages = false;
  /// A watch that begins with a list, and is silent for so long before the list's end, is given up
  /// for a list.
  std::chrono::milliseconds list_silence{5'000};
  /// client-go waits for up to 30 s, doubled by jitter, and is in every node; this is one client
  /// whose pools wait for it.
  Backoff::Options backoff{.longest = std::chrono::milliseconds{10'000}};
  /// The server is asked to end each watch after a random time from here to twice as long.
  std::chrono::seconds watch_for{300};
  /// The server sends a bookmark about once a minute. Two that did not come are worth a new
  /// connection: continuing costs nothing, and a peer that died in silence is found.
  std::chrono::milliseconds idle{150'000};
  std::chrono::milliseconds very_short{1'000};  ///< A watch without events below this is an error.
  std::size_t longest_line = 8u << 20;
  std::size_t largest_list = 32u << 20;  ///< At once; a larger one is read page by page.
};

/// Keeps a table equal to a collection on the server, in a thread of its own: a watch that begins
/// with a list, or list, then watch.
///
/// - A server that streams lists tells what there is event by event, as fresh as can be, and goes
///   on from there by the same request. One that refuses, or keeps the end of a list back, is not
///   asked to for some minutes.
/// - It is then listed, first at resourceVersion 0, from its cache; later at the last version seen,
///   so that time never runs backwards; from the store, in pages, when the server cannot do that or
///   the list is too large for it.
/// - A watch that ends or is cut goes on from the last version; a version that has expired, when
///   opening the watch or in it, is answered by a list that replaces the table at once.
/// - A server that was out of reach, or fell silent, may be back with an older backup, and would
///   then tell nothing on a watch from a version it has not reached: it is asked for its version
///   first.
/// - Failures wait longer and longer. A server that answers again, though with a refusal because it
///   has only just begun, is asked soon.
/// - The table is never emptied by trouble: it keeps what was last known and `contact_age` grows.
class Reflector {
 public:
  /// `client` and `table` outlive the reflector. `on_problem` may be empty; called from the thread.
  Reflector(Client& client, ObjectTable& table, ReflectorOptions options,
            std::function<void(const std::string&)> on_problem);
  /// Stops, within about a second.
  ~Reflector() = default;
  Reflector(const Reflector&) = delete;
  Reflector& operator=(const Reflector&) = delete;

  void start();
  /// Asks the thread to end, without waiting for it.
  void request_stop() { thread_.request_stop(); }
  /// Ends the thread.
  void stop();

  /// The table has been filled once.
  [[nodiscard]] bool synced() const { return health_.synced(); }
  /// As WatchHealth::contact_age.
  [[nodiscard]] std::chrono::milliseconds contact_age() const { return health_.contact_age(); }
  /// What went wrong since a list or a watch last succeeded; nothing when nothing did.
  [[nodiscard]] std::optional<Error> trouble() const { return health_.trouble(); }
  [[nodiscard]] WatchStatistics statistics() const;
  [[nodiscard]] const std::string& name() const { return options_.name; }

 private:
  void run(std::stop_token stop);
  /// A watch that begins with a list, or else a list.
  [[nodiscard]] std::optional<Failure> list(std::stop_token stop);
  /// After a watch failed before the end of the list that it begins with: whether that list is to
  /// be read otherwise. Notes what this tells of the server.
  [[nodiscard]] bool falls_back(const WatchSink& sink, const std::optional<Failure>& failure);
  [[nodiscard]] std::optional<Failure> list_whole(std::stop_token stop);
  /// The whole collection, at least as new as the version; page by page when it is empty.
  [[nodiscard]] std::optional<Failure> list_at(const std::string& version, std::stop_token stop);
  /// Takes in one page; returns the token of the next one, empty after the last.
  [[nodiscard]] Result<std::string> take_page(std::string_view body);
  [[nodiscard]] std::optional<Failure> watch(std::stop_token stop);
  [[nodiscard]] std::optional<Failure> watch(WatchSink& sink, StreamCall call,
                                             std::stop_token stop);
  [[nodiscard]] WatchSink make_sink(bool begins_with_list);
  /// What one page of the collection says of the server's version; kExpired when it is behind ours.
  [[nodiscard]] std::optional<Failure> doubt_version(std::stop_token stop);
  [[nodiscard]] StreamCall watch_call(bool begins_with_list);
  /// Decides what to do next and waits before it: not at all before the list that answers an
  /// expired version, unless the last such list was of no use either.
  void recover_from(const Failure& failure, Backoff& backoff, std::stop_token stop);

  void count(ObjectTable::Outcome outcome);

  Client& client_;
  ObjectTable& table_;
  ReflectorOptions options_;
  std::function<void(const std::string&)> on_problem_;
  std::mt19937 random_;

  // Of the thread alone.
  std::string path_;
  std::string version_;
  bool list_needed_ = true;
  bool in_doubt_ = false;     // the server may be behind the version
  bool list_afresh_ = false;  // the version is of no use: list what the store holds now
  bool relisted_ = false;     // an expired version was answered by a list; no watch stood since
  bool unreached_ = false;    // no answer came to what was asked last

  WatchHealth health_;

  std::jthread thread_;  // last: joined before anything above goes
};

}  // namespace edgetide::kube
