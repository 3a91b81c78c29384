#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "edgetide/core/assert.h"

namespace edgetide {

/// What kind of thing went wrong outside this program; callers branch on it, people read the text.
enum class ErrorCode {
  kInvalid,       ///< Input that breaks a stated rule; the same input will fail again.
  kNotFound,      ///< The named thing does not exist.
  kConflict,      ///< Somebody changed it first.
  kUnauthorized,  ///< Credentials missing, wrong or expired.
  kForbidden,     ///< Known, and not allowed.
  kUnavailable,   ///< Could not be reached, or is not ready; trying later may help.
  kTimeout,       ///< The deadline passed; the request may have been carried out.
  kTooLarge,      ///< An answer or an input above its limit.
  kExpired,       ///< A resource version that the server no longer holds (HTTP 410).
  kCancelled,     ///< Stopped on request.
};

/// "invalid", "not found", ... in the words of a log line.
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// A failure of the environment, never of this program (that is EDGETIDE_ASSERT).
struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  /// What happened, with the offending value and the legal range where there is one.
  std::string message;
  /// Where: a file with line and column, a URL without credentials, an object. May be empty.
  std::string context;

  /// "context: message", or the message alone.
  [[nodiscard]] std::string text() const {
    return context.empty() ? message : context + ": " + message;
  }
};

/// Either a value or the Error that prevented it.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : held_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(held_); }
  explicit operator bool() const { return ok(); }

  /// \pre ok()
  [[nodiscard]] const T& value() const& {
    EDGETIDE_ASSERT(ok(), "value() of a failed Result");
    return std::get<T>(held_);
  }
  [[nodiscard]] T& value() & {
    EDGETIDE_ASSERT(ok(), "value() of a failed Result");
    return std::get<T>(held_);
  }
  [[nodiscard]] T&& value() && {
    EDGETIDE_ASSERT(ok(), "value() of a failed Result");
    return std::get<T>(std::move(held_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  /// \pre !ok()
  [[nodiscard]] const Error& error() const {
    EDGETIDE_ASSERT(!ok(), "error() of a successful Result");
    return std::get<Error>(held_);
  }

 private:
  std::variant<T, Error> held_;
};

/// The outcome of something done for its effect.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  /// \pre !ok()
  [[nodiscard]] const Error& error() const {
    EDGETIDE_ASSERT(!ok(), "error() of a successful Result");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace edgetide
