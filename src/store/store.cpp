#include "store/store.h"

#include <filesystem>
#include <functional>
#include <utility>

#include "edgetide/core/thrown.h"

namespace edgetide::store {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kTryAgain{60};
constexpr std::size_t kMostWaitingDecisions = 20'000;

std::string written(const ports::ActOutcome& outcome) {
  std::string text;
  for (const auto& write : outcome.writes) {
    text += (text.empty() ? "" : ", ") + write.name + " " + std::to_string(write.from.count()) +
            " -> " + std::to_string(write.to.count());
    if (!write.result.ok()) text += " (refused)";
  }
  return text;
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
  if (auto laid_out = lay_out(*database_, retention()); !laid_out.ok()) return laid_out;
  return drop_old(*database_, retention(), options_.now());
}

Retention Store::retention() const {
  return {.largest_bytes = options_.largest_bytes,
          .span = options_.retention,
          .demand_span = options_.demand_retention};
}

void Store::fail(const Error& error) {
  database_.reset();
  note_trouble(error.text());
  try_again_ = steady_clock::now() + kTryAgain;
  if (!std::exchange(said_, true)) {
    options_.on_problem("what is learned and decided is not kept on disk for now: " + error.text());
  }
}

std::optional<ports::StateStore::Kept> Store::load(const Owner& owner) {
  const std::lock_guard lock(database_mutex_);
  if (!database_) return std::nullopt;
  return read_state(*database_, owner);
}

std::vector<model::DemandSample> Store::demand(const Owner& owner) {
  const std::lock_guard lock(database_mutex_);
  if (!database_) return {};
  return read_demand(*database_, owner);
}

void Store::keep(const Owner& owner, Kept state) {
  if (!healthy_) return;
  {
    const std::lock_guard lock(mutex_);
    waiting_.states[owner.pool] = {.owner_id = owner.id, .kept = std::move(state)};
  }
  changed_.notify_one();
}

void Store::keep_demand(const Owner& owner, model::DemandHistory newest) {
  const auto samples = newest.samples();
  if (!healthy_ || samples.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    auto& waiting = waiting_.demand[owner.pool];
    if (waiting.owner_id != owner.id) waiting = {.owner_id = owner.id};
    waiting.samples.insert(waiting.samples.end(), samples.begin(), samples.end());
  }
  changed_.notify_one();
}

void Store::publish(const model::EdgePool& pool, const model::PlanReport& report,
                    const ports::ActOutcome& outcome) {
  const auto now = std::hash<std::string>{}(model::gist(report));
  {
    const std::lock_guard lock(mutex_);
    const auto [last, is_new] = last_gist_.try_emplace(pool.key, now);
    const bool same = !is_new && std::exchange(last->second, now) == now;
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
  keep_doing(Work::kMemory, stop, [&] {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, kTryAgain, [&] { return !waiting_.empty(); });
    }
    write_waiting();
  });
  static_cast<void>(contain(Work::kMemory, [&] { write_waiting(); }));
}

void Store::write_waiting() {
  Rows waiting;
  {
    const std::lock_guard lock(mutex_);
    std::swap(waiting, waiting_);
  }
  const std::lock_guard lock(database_mutex_);
  const auto done = contain(Work::kMemory, [&]() -> Result<void> {
    if (!database_ && steady_clock::now() >= try_again_) open();
    return database_ ? write(waiting) : Result<void>();
  });
  if (!done.ok()) fail(done.error());
}

Result<void> Store::write(const Rows& waiting) {
  if (auto begun = database_->execute("BEGIN IMMEDIATE"); !begun.ok()) return begun;
  auto done = insert(*database_, waiting);
  if (done.ok()) done = drop_old(*database_, retention(), options_.now());
  if (done.ok()) done = database_->execute("COMMIT");
  return done;
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
