#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "edgetide/ports/report_sink.h"
#include "edgetide/ports/state_store.h"
#include "store/database.h"
#include "store/rows.h"

namespace edgetide::store {

struct StoreOptions {
  std::string directory;
  std::int64_t largest_bytes = std::int64_t{2} << 30;  ///< Of the database; the oldest go first.
  Seconds retention{30 * 24 * 3600};                   ///< Of states and decisions.
  Seconds demand_retention{2 * 24 * 3600};  ///< Of demand, at the step at which it is read.
  std::function<std::string(const model::PlanReport&)> render;  ///< As one line of JSON.
  std::function<void(const std::string&)> on_problem;           ///< From the store's thread too.
  std::function<Instant()> now;
};

/// The file in that directory.
[[nodiscard]] std::string database_path(const std::string& directory);

/// Learned states, demand and decisions in a directory that outlives the process.
///
/// Writes wait in memory and go to the disk in a thread of its own. Where the disk fails or is
/// full, what waits is dropped, it is said once, and a minute later the disk is tried again: nobody
/// who decides notices. A damaged file is set aside and a new one begun.
class Store final : public ports::StateStore, public ports::ReportSink {
 public:
  explicit Store(StoreOptions options);
  /// Writes what waits.
  ~Store() override;

  [[nodiscard]] std::optional<Kept> load(const Owner& owner) override;
  void keep(const Owner& owner, Kept state) override;
  [[nodiscard]] std::vector<model::DemandSample> demand(const Owner& owner) override;
  void keep_demand(const Owner& owner, model::DemandHistory newest) override;

  /// Keeps decisions that differ from the pool's last, and those that were acted on.
  void publish(const model::EdgePool& pool, const model::PlanReport& report,
               const ports::ActOutcome& outcome) override;
  /// The record stays until its time has come.
  void forget(const ObjectKey& pool) override;

  [[nodiscard]] std::optional<std::string> trouble() const override;

  /// What is kept will be there after a restart.
  [[nodiscard]] bool healthy() const { return healthy_; }

 private:
  void open();
  [[nodiscard]] Result<void> begin_database();
  void run(std::stop_token stop);
  void write_waiting();
  /// \pre the database's lock is held.
  [[nodiscard]] Result<void> write(const Rows& waiting);
  [[nodiscard]] Retention retention() const;
  void fail(const Error& error);
  void note_trouble(std::string trouble);

  const StoreOptions options_;
  std::atomic<bool> healthy_{false};

  std::mutex database_mutex_;
  std::optional<Database> database_;
  bool said_ = false;
  std::chrono::steady_clock::time_point try_again_;

  mutable std::mutex mutex_;
  std::string trouble_;
  std::condition_variable_any changed_;
  Rows waiting_;
  std::map<ObjectKey, std::size_t> last_gist_;  ///< Its hash.
  std::jthread thread_;                         // last: joined before the rest goes
};

/// One decision as it was kept.
struct KeptDecision {
  Instant at;
  std::string summary;
  std::string writes;  ///< "a 2 -> 8, b 2 -> 8"; empty when nothing was written.
  std::string report;  ///< JSON.
};

/// The pool's last decisions, newest first. kNotFound without a database in the directory.
[[nodiscard]] Result<std::vector<KeptDecision>> read_decisions(const std::string& directory,
                                                               const ObjectKey& pool,
                                                               std::int64_t most);

}  // namespace edgetide::store
