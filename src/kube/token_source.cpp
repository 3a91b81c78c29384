#include "kube/token_source.h"

#include <algorithm>

#include "kube/files.h"

namespace edgetide::kube {
namespace {

constexpr std::chrono::seconds kReadAgainAfter{60};
constexpr std::size_t kLongestToken = 64u << 10;

std::string trimmed(const std::string& text) {
  constexpr auto kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// A token goes into a header as it is, so nothing in it may end one.
bool is_sendable(const std::string& token) {
  return !token.empty() && std::ranges::all_of(token, [](char c) { return c > 32 && c < 127; });
}

Result<std::string> read_token(const std::string& path) {
  auto text = read_file(path, kLongestToken);
  if (!text.ok()) return text.error();
  std::string token = trimmed(*text);
  if (!is_sendable(token)) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = "holds no token: one line of printable characters is expected",
                 .context = path};
  }
  return token;
}

}  // namespace

Result<std::string> TokenSource::token(std::chrono::steady_clock::time_point now) {
  if (credential_.token_file.empty()) return credential_.token;
  const std::lock_guard lock(mutex_);
  if (has_read_ && now - read_at_ < kReadAgainAfter) return cached_;
  auto token = read_token(credential_.token_file);
  if (token.ok()) {
    cached_ = *token;
    has_read_ = true;
    read_at_ = now;
  } else if (cached_.empty()) {
    return token.error();
  }
  return cached_;
}

bool TokenSource::drop() {
  const std::lock_guard lock(mutex_);
  has_read_ = false;
  return !credential_.token_file.empty();
}

}  // namespace edgetide::kube
