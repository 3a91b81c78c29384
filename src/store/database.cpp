#include "store/database.h"

#include <sqlite3.h>

namespace edgetide::store {
namespace {

constexpr int kBusyMilliseconds = 2'000;

Error error_of(sqlite3* handle, const std::string& context) {
  const int code = sqlite3_errcode(handle);
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  return {.code = damaged ? ErrorCode::kInvalid : ErrorCode::kUnavailable,
          .message = sqlite3_errmsg(handle),
          .context = context};
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_bytes(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), parameter, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW || code == SQLITE_DONE) return code == SQLITE_ROW;
  return error_of(sqlite3_db_handle(statement_.get()), "");
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return data == nullptr ? std::string{} : std::string{data, size};
}

Result<Database> Database::open(const std::string& path, Access access) {
  sqlite3* handle = nullptr;
  const int flags =
      access == Access::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (opened != SQLITE_OK) return error_of(handle, path);
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  auto check = database.prepare("PRAGMA quick_check(1)");
  if (!check.ok()) return error_of(handle, path);
  const auto row = check->step();
  if (!row.ok()) return Error{row.error().code, row.error().message, path};
  const std::string verdict = check->bytes(0);
  if (verdict != "ok") return Error{ErrorCode::kInvalid, "is damaged: " + verdict, path};
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int size = static_cast<int>(sql.size());
  if (sqlite3_prepare_v2(handle_.get(), sql.data(), size, &statement, nullptr) != SQLITE_OK)
    return error_of(handle_.get(), "");
  return Statement(statement);
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return error_of(handle_.get(), "");
  return {};
}

}  // namespace edgetide::store
