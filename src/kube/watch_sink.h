#pragma once

#include <simdjson.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/transport.h"
#include "kube/failure.h"
#include "kube/object_table.h"
#include "kube/watch_decoder.h"
#include "kube/watch_health.h"

namespace edgetide::kube {

/// What is said of a server that is back with an older backup.
inline constexpr std::string_view kWentBack = "the server's data went back in time";

/// Takes the events of one watch into a table, and moves the version along with them.
///
/// A watch that begins with a list tells first what there is, one event each and in no order of
/// versions. That is set aside, and takes the place of all that the table holds when a bookmark
/// says that it was everything.
class WatchSink final : public http::BodySink {
 public:
  struct Options {
    std::string context;  ///< Of errors: what is watched.
    std::size_t longest_line = 0;
    bool begins_with_list = false;
    std::chrono::milliseconds list_silence{};  ///< Longer, and the list counts as held back.
    std::chrono::milliseconds list_deadline{};
  };

  /// All outlive the sink.
  WatchSink(ObjectTable& table, WatchHealth& health, std::string& version, Options options);

  void on_open() override;
  bool on_bytes(std::string_view bytes) override;
  [[nodiscard]] std::chrono::milliseconds patience() const override;

  [[nodiscard]] bool opened() const { return opened_; }
  /// The table has taken the list's place, or there was none to come.
  [[nodiscard]] bool listed() const { return listed_; }
  /// Events that said something of the collection, apart from those of its list.
  [[nodiscard]] int news() const { return news_; }
  /// Objects came that are older than those that stand.
  [[nodiscard]] bool went_back() const { return went_back_; }
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  bool take(std::string_view line);
  void apply(WatchEventType type, simdjson::dom::element object);
  /// One event of the list that the watch begins with.
  void apply_to_list(WatchEventType type, simdjson::dom::element object);
  void note(ObjectTable::Outcome outcome);
  void fail(ErrorCode code, std::string message);

  ObjectTable& table_;
  WatchHealth& health_;
  std::string& version_;
  const Options options_;
  const SteadyTime list_until_;
  LineSplitter lines_;
  bool opened_ = false;
  bool listed_;
  bool went_back_ = false;
  int news_ = 0;
  std::optional<Failure> failure_;
};

}  // namespace edgetide::kube
