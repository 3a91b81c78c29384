#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "http/transport.h"

namespace edgetide::promql {

using Labels = std::map<std::string, std::string>;

[[nodiscard]] inline std::string label_or_empty(const Labels& labels, const std::string& name) {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string{} : found->second;
}

/// One series of an instant answer. NaN and infinities are passed on as they came.
struct InstantSeries {
  Labels labels;
  double value = 0;
};

struct InstantVector {
  std::vector<InstantSeries> series;  ///< A scalar answer is one series without labels.
  std::vector<std::string> warnings;  ///< Not empty: the answer may leave something out.
};

struct Point {
  Instant at;
  double value = 0;
};

struct RangeSeries {
  Labels labels;
  std::vector<Point> points;  ///< By time; what is absent was not recorded.
};

struct Matrix {
  std::vector<RangeSeries> series;
  std::vector<std::string> warnings;
};

struct ClientLimits {
  std::chrono::milliseconds timeout{5'000};  ///< Of one request, also told to the server.
  std::size_t max_body = 64u << 20;
  std::size_t max_series = 200'000;
};

struct RangeQuery {
  std::string expression;
  Instant from;
  Instant to;    ///< Inclusive.
  Seconds step;  ///< At least a second.
};

/// Asks one Prometheus-compatible server.
///
/// Errors: kInvalid (the server refuses the expression, or its answer is not what the API
/// promises), kUnauthorized, kForbidden, kNotFound (no such API at this address), kUnavailable
/// (overload, query timed out, connection), kTimeout, kTooLarge. What a server says is quoted,
/// shortened to one line; a page that is not the API's JSON never is, nor is any header.
class Client {
 public:
  /// `headers` go with every request; one under way ends with kCancelled once `stop` is requested.
  /// \pre `transport` outlives the client.
  Client(http::Transport& transport, http::Headers headers, ClientLimits limits = {},
         std::stop_token stop = {});

  /// The expression's value at `time`.
  [[nodiscard]] Result<InstantVector> query(const std::string& expression, Instant time);

  /// Its values at from, from + step, ... to. \pre at most 11,000 of them, the server's limit.
  [[nodiscard]] Result<Matrix> query_range(const RangeQuery& range);

 private:
  [[nodiscard]] Result<http::Response> post(const std::string& path, std::string form);

  http::Transport& transport_;
  http::Headers headers_;
  ClientLimits limits_;
  std::stop_token stop_;
};

/// A sample value as the API writes it: a decimal number, "NaN", "+Inf", "-Inf", "Inf"; nothing for
/// any other text, or digits followed by anything.
[[nodiscard]] std::optional<double> parse_value(std::string_view text);

}  // namespace edgetide::promql
