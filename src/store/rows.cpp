#include "store/rows.h"

#include <cstring>
#include <utility>

namespace edgetide::store {
namespace {

constexpr std::int64_t kPageBytes = 4096;

constexpr const char* kSchema = R"(
PRAGMA synchronous = NORMAL;
PRAGMA journal_size_limit = 16777216;
-- uid: the pool's, with how its viewers are counted
CREATE TABLE IF NOT EXISTS state (
  namespace TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL, at INTEGER NOT NULL,
  bytes BLOB NOT NULL, PRIMARY KEY (namespace, name));
CREATE TABLE IF NOT EXISTS demand (
  namespace TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, uid TEXT NOT NULL,
  samples BLOB NOT NULL, PRIMARY KEY (namespace, name, at)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS demand_at ON demand (at);
CREATE TABLE IF NOT EXISTS decision (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
  summary TEXT NOT NULL, writes TEXT NOT NULL, report TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS decision_of ON decision (namespace, name, id);
CREATE INDEX IF NOT EXISTS decision_at ON decision (at);
)";

std::int64_t seconds(Instant at) { return at.time_since_epoch().count(); }

/// Runs a statement that has no rows.
Result<void> done(Result<Statement> statement, const auto& bind) {
  if (!statement.ok()) return statement.error();
  bind(*statement);
  const auto row = statement->step();
  if (!row.ok()) return row.error();
  return {};
}

/// A sample as it stands in a row.
struct PackedSample {
  std::int32_t before;  ///< Seconds before the row's newest sample.
  float viewers;
};

std::string pack(const std::vector<model::DemandSample>& samples) {
  std::string bytes;
  bytes.reserve(samples.size() * sizeof(PackedSample));
  for (const auto& [at, viewers] : samples) {
    const PackedSample packed{static_cast<std::int32_t>((samples.back().at - at).count()),
                              static_cast<float>(viewers.count())};
    bytes.append(reinterpret_cast<const char*>(&packed), sizeof packed);
  }
  return bytes;
}

void unpack(std::string_view bytes, Instant newest, std::vector<model::DemandSample>& samples) {
  for (; bytes.size() >= sizeof(PackedSample); bytes.remove_prefix(sizeof(PackedSample))) {
    PackedSample packed;
    std::memcpy(&packed, bytes.data(), sizeof packed);
    samples.push_back({newest - Seconds{packed.before}, Viewers{packed.viewers}});
  }
}

Result<void> insert_states(Database& database, const Rows& rows) {
  for (const auto& [pool, state] : rows.states) {
    auto kept = done(database.prepare("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?)"),
                     [&, &key = pool, &value = state](Statement& row) {
                       row.bind(1, key.name_space)
                           .bind(2, key.name)
                           .bind(3, value.owner_id)
                           .bind(4, seconds(value.kept.at))
                           .bind_bytes(5, value.kept.bytes);
                     });
    if (!kept.ok()) return kept;
  }
  return {};
}

Result<void> insert_demand(Database& database, const Rows& rows) {
  for (const auto& [pool, demand] : rows.demand) {
    auto kept = done(database.prepare("INSERT OR REPLACE INTO demand VALUES (?, ?, ?, ?, ?)"),
                     [&, &key = pool, &value = demand](Statement& row) {
                       row.bind(1, key.name_space)
                           .bind(2, key.name)
                           .bind(3, seconds(value.samples.back().at))
                           .bind(4, value.owner_id)
                           .bind_bytes(5, pack(value.samples));
                     });
    if (!kept.ok()) return kept;
  }
  return {};
}

Result<void> insert_decisions(Database& database, const Rows& rows) {
  for (const Rows::Decision& decision : rows.decisions) {
    auto kept = done(database.prepare("INSERT INTO decision (at, namespace, name, summary, "
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

}  // namespace

Result<void> lay_out(Database& database, const Retention& retention) {
  const auto most_pages = std::to_string(retention.largest_bytes / kPageBytes);
  for (const std::string& step : {std::string{"PRAGMA journal_mode = WAL"},
                                  "PRAGMA max_page_count = " + most_pages, std::string{kSchema}}) {
    if (auto done = database.execute(step); !done.ok()) return done;
  }
  return {};
}

Result<void> insert(Database& database, const Rows& rows) {
  auto done = insert_states(database, rows);
  if (done.ok()) done = insert_demand(database, rows);
  if (done.ok()) done = insert_decisions(database, rows);
  return done;
}

Result<void> drop_old(Database& database, const Retention& retention, Instant now) {
  for (const auto& [table, span] :
       {std::pair{"state", retention.span}, std::pair{"decision", retention.span},
        std::pair{"demand", retention.demand_span}}) {
    auto dropped =
        done(database.prepare("DELETE FROM " + std::string{table} + " WHERE at < ?"),
             [&, before = now - span](Statement& rows) { rows.bind(1, seconds(before)); });
    if (!dropped.ok()) return dropped;
  }
  auto used = database.prepare(
      "SELECT p.page_count - f.freelist_count FROM pragma_page_count AS p, "
      "pragma_freelist_count AS f");
  if (!used.ok()) return used.error();
  const auto row = used->step();
  if (!row.ok()) return row.error();
  if (used->integer(0) * kPageBytes < retention.largest_bytes / 10 * 9) return {};
  return database.execute(
      "DELETE FROM decision WHERE id <= (SELECT min(id) + (max(id) - min(id)) / 10 FROM decision);"
      "DELETE FROM demand WHERE at <= (SELECT min(at) + (max(at) - min(at)) / 10 FROM demand)");
}

std::optional<ports::StateStore::Kept> read_state(Database& database,
                                                  const ports::StateStore::Owner& owner) {
  auto wanted =
      database.prepare("SELECT at, bytes FROM state WHERE namespace = ? AND name = ? AND uid = ?");
  if (!wanted.ok()) return std::nullopt;
  const auto row =
      wanted->bind(1, owner.pool.name_space).bind(2, owner.pool.name).bind(3, owner.id).step();
  if (!row.ok() || !*row) return std::nullopt;
  return ports::StateStore::Kept{.bytes = wanted->bytes(1),
                                 .at = Instant{Seconds{wanted->integer(0)}}};
}

std::vector<model::DemandSample> read_demand(Database& database,
                                             const ports::StateStore::Owner& owner) {
  std::vector<model::DemandSample> samples;
  auto wanted = database.prepare(
      "SELECT at, samples FROM demand WHERE namespace = ? AND name = ? AND uid = ? ORDER BY at");
  if (!wanted.ok()) return samples;
  wanted->bind(1, owner.pool.name_space).bind(2, owner.pool.name).bind(3, owner.id);
  for (auto row = wanted->step(); row.ok() && *row; row = wanted->step())
    unpack(wanted->bytes(1), Instant{Seconds{wanted->integer(0)}}, samples);
  return samples;
}

}  // namespace edgetide::store
