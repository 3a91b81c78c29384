#include "promql/client.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "promql/answer.h"

namespace edgetide::promql {
namespace {

constexpr int kMostSteps = 11'000;

/// application/x-www-form-urlencoded, every byte but the unreserved ones as %XX.
std::string encoded(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += kHex[byte >> 4];
      result += kHex[byte & 0xF];
    }
  }
  return result;
}

std::string unix_text(Instant at) { return std::to_string(at.time_since_epoch().count()); }

/// The server is to give up first, so that its reason is heard.
std::string server_timeout(std::chrono::milliseconds ours) {
  return std::to_string(ours.count() * 9 / 10) + "ms";
}

/// The body holds the value of one of the headers, or the credential in it without its scheme.
bool repeats(std::string_view body, const http::Headers& sent) {
  return std::ranges::any_of(sent, [&](const auto& header) {
    const std::string_view value = header.second;
    const std::string_view credential = value.substr(value.find(' ') + 1);
    return !credential.empty() && body.find(credential) != std::string_view::npos;
  });
}

}  // namespace

Client::Client(http::Transport& transport, http::Headers headers, ClientLimits limits,
               std::stop_token stop)
    : transport_(transport),
      headers_(std::move(headers)),
      limits_(limits),
      stop_(std::move(stop)) {}

Result<http::Response> Client::post(const std::string& path, std::string form) {
  form += "&timeout=" + server_timeout(limits_.timeout);
  http::Headers headers = headers_;
  headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  headers.emplace_back("Accept", "application/json");
  auto response = transport_.send({.method = http::Method::kPost,
                                   .target = path,
                                   .headers = std::move(headers),
                                   .body = std::move(form),
                                   .deadline = limits_.timeout,
                                   .max_body = limits_.max_body,
                                   .stop = stop_});
  if (!response || response->status == 200) return response;
  if (repeats(response->body, headers_)) response->body.clear();  // its words go into logs
  return refusal(*response);
}

Result<InstantVector> Client::query(const std::string& expression, Instant time) {
  const auto response =
      post("/api/v1/query", "query=" + encoded(expression) + "&time=" + unix_text(time));
  if (!response) return response.error();
  return decode_vector(response->body, limits_);
}

Result<Matrix> Client::query_range(const RangeQuery& range) {
  EDGETIDE_ASSERT(range.step >= Seconds{1}, "a range query steps forward");
  EDGETIDE_ASSERT((range.to - range.from) / range.step < kMostSteps, "too many steps for a server");
  const auto response =
      post("/api/v1/query_range",
           "query=" + encoded(range.expression) + "&start=" + unix_text(range.from) +
               "&end=" + unix_text(range.to) + "&step=" + std::to_string(range.step.count()));
  if (!response) return response.error();
  return decode_matrix(response->body, limits_);
}

std::optional<double> parse_value(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "+Inf" || text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  // from_chars takes other spellings of these (nan(1), infinity), and no leading '+'.
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace edgetide::promql
