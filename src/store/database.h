#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edgetide/core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace edgetide::store {

/// One SQL statement with its parameters; reset and bound anew for every use.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  /// Parameters count from 1. Texts and bytes are copied.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind_bytes(int parameter, std::string_view bytes);

  /// True: there is a row; false: there is no further one. An error ends the statement.
  [[nodiscard]] Result<bool> step();
  /// Of the present row; columns count from 0.
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string bytes(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A connection to one SQLite file. Not for use from several threads at once.
class Database {
 public:
  enum class Access { kWrite, kRead };

  /// Opens the file, creates it when it is to be written. kInvalid when it is damaged or no
  /// database, kUnavailable when it cannot be opened or its disk is full.
  [[nodiscard]] static Result<Database> open(const std::string& path, Access access);

  /// \pre `sql` is one statement of this program.
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  /// One or several statements without parameters or results.
  [[nodiscard]] Result<void> execute(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace edgetide::store
