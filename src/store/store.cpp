#include "store/store.h"

#include <filesystem>
#include <utility>

namespace edgetide::store {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kTryAgain{60};
constexpr std::size_t kMostWaitingDecisions = 20'000;
constexpr std::int64_t kPageBytes = 4096;

constexpr const char* kSchema = R"(
PRAGMA synchronous = NORMAL;
PRAGMA journal_size_limit = 16777216;
CREATE TABLE IF NOT EXISTS state (
  namespace TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL, at INTEGER NOT NULL,
  bytes BLOB NOT NULL, PRIMARY KEY (namespace, name));
CREATE TABLE IF NOT EXISTS decision (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
  summary TEXT NOT NULL, writes TEXT NOT NULL, report TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS decision_of ON decision (namespace, name, id);
CREATE INDEX IF NOT EXISTS decision_at ON decision (at);
)";

std::int64_t seconds(Instant at) { return at.time_since_epoch().count(); }

std::string written(const ports::ActOutcome& outcome) {
  std::string text;
  for (const auto& write : outcome.writes) {
    text += (text.empty() ? "" : ", ") + write.name + " " + std::to_string(write.from.count()) +
            " -> " + std::to_string(write.to.count());
    if (!write.result.ok()) text += " (refused)";
  }
  return text;
}

/// Runs a statement that has no rows.
Result<void> done(Result<Statement> statement, const auto& bind) {
  if (!statement.ok()) return statement.error();
  bind(*statement);
  const auto row = statement->step();
  if (!row.ok()) return row.error();
  return {};
}

}  // namespace

std::string database_path(const std::string& directory) { return directory + "/edgetide.sqlite"; }

Store::Store(StoreOptions options) : options_(std::move(options)) {
  {
    const std::lock_guard lock(database_mutex_);
    open();
  }
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

Store::~Store() {
  thread_.request_stop();
  thread_.join();
}

void Store::open() {
  auto begun = begin_database();
  if (!begun.ok() && begun.error().code == ErrorCode::kInvalid) {
    database_.reset();
    const std::string path = database_path(options_.directory);
    std::error_code ignored;
    std::filesystem::rename(path, path + ".damaged", ignored);
    for (const char* beside : {"-wal", "-shm"}) std::filesystem::remove(path + beside, ignored);
    options_.on_problem("the memory on disk is set aside as " + path +
                        ".damaged, and a new one begun: " + begun.error().text());
    begun = begin_database();
  }
  if (!begun.ok()) return fail(begun.error());
  if (std::exchange(said_, false)) options_.on_problem("the memory on disk is kept again");
  note_trouble("");
}

void Store::note_trouble(std::string trouble) {
  healthy_ = trouble.empty();
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

std::optional<std::string> Store::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

Result<void> Store::begin_database() {
  auto opened = Database::open(database_path(options_.directory), Database::Access::kWrite);
  if (!opened.ok()) return opened.error();
  database_ = std::move(*opened);
  const auto most_pages = std::to_string(options_.largest_bytes / kPageBytes);
  for (const std::string& step : {std::string{"PRAGMA journal_mode = WAL"},
                                  "PRAGMA max_page_count = " + most_pages, std::string{kSchema}}) {
    if (auto done = database_->execute(step); !done.ok()) return done;
  }
  return drop_old();
}

void Store::fail(const Error& error) {
  database_.reset();
  note_trouble(error.text());
  try_again_ = steady_clock::now() + kTryAgain;
  if (!std::exchange(said_, true)) {
    options_.on_problem("what is learned and decided is not kept on disk for now: " + error.text());
  }
}

std::optional<ports::StateStore::Kept> Store::load(const model::EdgePool& pool) {
  const std::lock_guard lock(database_mutex_);
  if (!database_) return std::nullopt;
  auto wanted = database_->prepare(
      "SELECT at, bytes FROM state WHERE namespace = ? AND name = ? AND uid = ?");
  if (!wanted.ok()) return std::nullopt;
  const auto row =
      wanted->bind(1, pool.key.name_space).bind(2, pool.key.name).bind(3, pool.uid).step();
  if (!row.ok() || !*row) return std::nullopt;
  return Kept{.bytes = wanted->bytes(1), .at = Instant{Seconds{wanted->integer(0)}}};
}

void Store::keep(const model::EdgePool& pool, Kept state) {
  if (!healthy_) return;
  {
    const std::lock_guard lock(mutex_);
    waiting_.states[pool.key] = {.uid = pool.uid, .kept = std::move(state)};
  }
  changed_.notify_one();
}

void Store::publish(const model::EdgePool& pool, const model::PlanReport& report,
                    const ports::ActOutcome& outcome) {
  std::string now = model::gist(report);
  {
    const std::lock_guard lock(mutex_);
    std::string& last = last_gist_[pool.key];
    const bool same = last == now;
    last = std::move(now);
    if (!healthy_ || (same && outcome.writes.empty())) return;
    if (waiting_.decisions.size() == kMostWaitingDecisions) waiting_.decisions.pop_front();
    waiting_.decisions.push_back({.at = report.at,
                                  .pool = pool.key,
                                  .summary = report.summary,
                                  .writes = written(outcome),
                                  .report = options_.render(report)});
  }
  changed_.notify_one();
}

void Store::forget(const ObjectKey& pool) {
  const std::lock_guard lock(mutex_);
  last_gist_.erase(pool);
}

void Store::run(std::stop_token stop) {
  while (true) {
    Waiting waiting;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, kTryAgain, [&] { return !waiting_.empty(); });
      std::swap(waiting, waiting_);
    }
    if (stop.stop_requested() && waiting.empty()) return;
    const std::lock_guard lock(database_mutex_);
    if (!database_ && steady_clock::now() >= try_again_) open();
    if (!database_) continue;
    if (auto done = write(waiting); !done.ok()) fail(done.error());
  }
}

Result<void> Store::write(const Waiting& waiting) {
  if (auto begun = database_->execute("BEGIN IMMEDIATE"); !begun.ok()) return begun;
  auto done = write_rows(waiting);
  if (done.ok()) done = drop_old();
  if (done.ok()) done = database_->execute("COMMIT");
  return done;
}

Result<void> Store::write_rows(const Waiting& waiting) {
  for (const auto& [pool, state] : waiting.states) {
    auto kept = done(database_->prepare("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)"),
                     [&, &key = pool, &value = state](Statement& row) {
                       row.bind(1, key.name_space)
                           .bind(2, key.name)
                           .bind(3, value.uid)
                           .bind(4, seconds(value.kept.at))
                           .bind_bytes(5, value.kept.bytes);
                     });
    if (!kept.ok()) return kept;
  }
  for (const Decision& decision : waiting.decisions) {
    auto kept = done(database_->prepare("INSERT INTO decision (at, namespace, name, summary, "
                                        "writes, report) VALUES (?, ?, ?, ?, ?, ?)"),
                     [&](Statement& row) {
                       row.bind(1, seconds(decision.at))
                           .bind(2, decision.pool.name_space)
                           .bind(3, decision.pool.name)
                           .bind(4, decision.summary)
                           .bind(5, decision.writes)
                           .bind(6, decision.report);
                     });
    if (!kept.ok()) return kept;
  }
  return {};
}

/// What is over its time, and the oldest tenth of the decisions when nine tenths of the space are
/// used.
Result<void> Store::drop_old() {
  const std::int64_t before = seconds(options_.now()) - options_.retention.count();
  for (const char* table : {"state", "decision"}) {
    auto dropped = done(database_->prepare("DELETE FROM " + std::string{table} + " WHERE at < ?"),
                        [&](Statement& rows) { rows.bind(1, before); });
    if (!dropped.ok()) return dropped;
  }
  auto used = database_->prepare(
      "SELECT p.page_count - f.freelist_count FROM pragma_page_count AS p, "
      "pragma_freelist_count AS f");
  if (!used.ok()) return used.error();
  const auto row = used->step();
  if (!row.ok()) return row.error();
  if (used->integer(0) * kPageBytes < options_.largest_bytes / 10 * 9) return {};
  return database_->execute(
      "DELETE FROM decision WHERE id <= (SELECT min(id) + (max(id) - min(id)) / 10 FROM decision)");
}

Result<std::vector<KeptDecision>> read_decisions(const std::string& directory,
                                                 const ObjectKey& pool, std::int64_t most) {
  const std::string path = database_path(directory);
  if (!std::filesystem::exists(path)) return Error{ErrorCode::kNotFound, "does not exist", path};
  auto database = Database::open(path, Database::Access::kRead);
  if (!database.ok()) return database.error();
  auto rows = database->prepare(
      "SELECT at, summary, writes, report FROM decision WHERE namespace = ? AND name = ? "
      "ORDER BY id DESC LIMIT ?");
  if (!rows.ok()) return rows.error();
  rows->bind(1, pool.name_space).bind(2, pool.name).bind(3, most);
  std::vector<KeptDecision> decisions;
  while (true) {
    const auto row = rows->step();
    if (!row.ok()) return row.error();
    if (!*row) return decisions;
    decisions.push_back({.at = Instant{Seconds{rows->integer(0)}},
                         .summary = rows->bytes(1),
                         .writes = rows->bytes(2),
                         .report = rows->bytes(3)});
  }
}

}  // namespace edgetide::store
