#include "kube/failure.h"

#include <algorithm>
#include <charconv>

#include "json/large.h"

namespace edgetide::kube {
namespace {

constexpr std::size_t kLongestMessage = 1024;
constexpr std::chrono::seconds kLongestRetryAfter{3600};

ErrorCode code_of(int http_status) {
  switch (http_status) {
    case 401: return ErrorCode::kUnauthorized;
    case 403: return ErrorCode::kForbidden;
    case 404: return ErrorCode::kNotFound;
    case 409: return ErrorCode::kConflict;
    case 410: return ErrorCode::kExpired;
    case 413: return ErrorCode::kTooLarge;
    case 408:
    case 429: return ErrorCode::kUnavailable;
    default: return http_status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalid;
  }
}

/// A server that is behind the version it was asked for says so in a cause, older ones in the text
/// alone (client-go knows both forms). Like an expired version, it is cured by listing afresh.
bool is_version_too_large(simdjson::dom::element status, std::string_view message) {
  if (message.find("Too large resource version") != std::string_view::npos) return true;
  const auto details = json::at(status, "details");
  if (!details) return false;
  const auto causes = json::array_at(*details, "causes");
  if (!causes) return false;
  return std::ranges::any_of(*causes, [](simdjson::dom::element cause) {
    return json::string_at(cause, "reason") == "ResourceVersionTooLarge";
  });
}

/// "; spec.replicas: must be positive" for each cause.
std::string causes_text(simdjson::dom::element status) {
  std::string text;
  const auto details = json::at(status, "details");
  if (!details) return text;
  const auto causes = json::array_at(*details, "causes");
  if (!causes) return text;
  for (const simdjson::dom::element cause : *causes) {
    const auto field = json::string_at(cause, "field").value_or("");
    const auto message = json::string_at(cause, "message").value_or("");
    if (message.empty() || text.size() > kLongestMessage) continue;
    text += "; ";
    if (!field.empty()) text.append(field).append(": ");
    text += message;
  }
  return text;
}

std::string shortened(std::string text) {
  if (text.size() > kLongestMessage) text.replace(kLongestMessage, std::string::npos, "...");
  return text;
}

std::optional<std::chrono::seconds> bounded_seconds(std::int64_t seconds) {
  if (seconds < 0) return std::nullopt;
  return std::chrono::seconds{std::min<std::int64_t>(seconds, kLongestRetryAfter.count())};
}

std::optional<std::chrono::seconds> retry_after_header(const http::Response& answer) {
  const auto text = answer.header("Retry-After");
  std::int64_t seconds = -1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return bounded_seconds(seconds);
}

Failure plain_failure(const http::Response& answer, std::string_view asked) {
  return {.error = {.code = code_of(answer.status),
                    .message = "HTTP status " + std::to_string(answer.status),
                    .context = std::string{asked}},
          .http_status = answer.status};
}

}  // namespace

Failure failure_of_status(simdjson::dom::element status, std::string_view asked) {
  Failure failure;
  failure.http_status = static_cast<int>(
      std::clamp<std::int64_t>(json::int_at(status, "code").value_or(500), 0, 999));
  failure.reason = json::string_at(status, "reason").value_or("");
  const auto message = json::string_at(status, "message").value_or("no message");
  failure.error = {.code = is_version_too_large(status, message) ? ErrorCode::kExpired
                                                                 : code_of(failure.http_status),
                   .message = shortened(std::string{message} + causes_text(status)),
                   .context = std::string{asked}};
  if (const auto details = json::at(status, "details")) {
    if (const auto seconds = json::int_at(*details, "retryAfterSeconds"); seconds.value_or(0) > 0)
      failure.retry_after = bounded_seconds(*seconds);
  }
  return failure;
}

Failure failure_of(const http::Response& answer, std::string_view asked) {
  Failure failure = plain_failure(answer, asked);
  const auto read = json::visit_large(answer.body, {.max_bytes = 1u << 20},
                                      [&](simdjson::dom::element root) -> Result<void> {
                                        if (json::string_at(root, "kind") != "Status") return {};
                                        failure = failure_of_status(root, asked);
                                        failure.http_status = answer.status;
                                        if (failure.error.code != ErrorCode::kExpired)
                                          failure.error.code = code_of(answer.status);
                                        return {};
                                      });
  static_cast<void>(read);  // a body that is not JSON leaves the plain failure
  if (const auto seconds = retry_after_header(answer)) failure.retry_after = seconds;
  return failure;
}

}  // namespace edgetide::kube
