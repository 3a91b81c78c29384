#include "promql/answer.h"

#include <cmath>
#include <functional>
#include <string>

#include "json/large.h"

namespace edgetide::promql {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

constexpr std::size_t kLongestQuote = 300;

Error unexpected(std::string_view what) {
  return {ErrorCode::kInvalid, "the answer is not Prometheus's: " + std::string{what}};
}

/// A server's words, fit for one line of a log: no control characters, not too long.
std::string quoted(std::string_view words) {
  std::string line;
  for (const char c : words.substr(0, kLongestQuote)) {
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
  if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0) line.pop_back();
  return words.size() > kLongestQuote ? line + "..." : line;
}

Result<Labels> decode_labels(element series) {
  const auto metric = json::object_at(series, "metric");
  if (!metric) return unexpected("a series without `metric`");
  Labels labels;
  for (const auto [name, value] : *metric) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return unexpected("a label that is not a string");
    labels.emplace(name, text);
  }
  return labels;
}

struct Pair {
  double time = 0;
  double value = 0;
};

/// [1700000000.123, "42"]
Result<Pair> decode_pair(element sample) {
  array pair;
  double time = 0;
  std::string_view text;
  if (sample.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
      pair.at(0).get(time) != simdjson::SUCCESS || pair.at(1).get(text) != simdjson::SUCCESS) {
    return unexpected("a sample that is not [time, \"value\"]");
  }
  const auto value = parse_value(text);
  if (!value) return unexpected("the sample value \"" + quoted(text.substr(0, 40)) + "\"");
  constexpr double kLatest = 7'258'118'400;  // 2200-01-01
  if (!(time >= 0 && time < kLatest)) return unexpected("a sample time out of range");
  return Pair{time, *value};
}

Result<InstantSeries> decode_instant_series(element item) {
  auto labels = decode_labels(item);
  if (!labels) return labels.error();
  const auto sample = json::at(item, "value");
  if (!sample) return unexpected("a series without `value` (native histograms are not supported)");
  const auto pair = decode_pair(*sample);
  if (!pair) return pair.error();
  return InstantSeries{*std::move(labels), pair->value};
}

Result<RangeSeries> decode_range_series(element item) {
  auto labels = decode_labels(item);
  if (!labels) return labels.error();
  const auto values = json::array_at(item, "values");
  if (!values) return unexpected("a series without `values` (native histograms are not supported)");
  RangeSeries series{*std::move(labels), {}};
  series.points.reserve(values->size());
  for (const element sample : *values) {
    const auto pair = decode_pair(sample);
    if (!pair) return pair.error();
    const Instant at{Seconds{static_cast<std::int64_t>(std::floor(pair->time))}};
    if (!series.points.empty() && at <= series.points.back().at) {
      return unexpected("samples that do not rise in time");
    }
    series.points.push_back({at, pair->value});
  }
  return series;
}

std::vector<std::string> decode_warnings(element root) {
  std::vector<std::string> warnings;
  const auto list = json::array_at(root, "warnings");
  if (!list) return warnings;
  for (const element item : *list) {
    std::string_view text;
    if (item.get(text) == simdjson::SUCCESS) warnings.push_back(quoted(text));
  }
  return warnings;
}

/// Hands every series of the result to `take`, in order.
Result<void> each_series(element result, std::size_t max_series,
                         const std::function<Result<void>(element)>& take) {
  array list;
  if (result.get(list) != simdjson::SUCCESS) return unexpected("`result` is not a list");
  std::size_t count = 0;
  for (const element item : list) {
    if (++count > max_series) {
      return Error{ErrorCode::kTooLarge,
                   "more than " + std::to_string(max_series) + " series: aggregate the query"};
    }
    if (auto taken = take(item); !taken) return taken;
  }
  return {};
}

/// Checks the envelope, then hands resultType and result to `take`.
Result<void> open_answer(
    std::string_view body, const ClientLimits& limits,
    const std::function<Result<void>(element root, std::string_view type, element result)>& take) {
  const json::LargeLimits large{.max_bytes = limits.max_body};
  return json::visit_large(body, large, [&](element root) -> Result<void> {
    if (json::string_at(root, "status") != "success") return unexpected("`status` is not success");
    const auto data = json::at(root, "data");
    const auto type = data ? json::string_at(*data, "resultType") : std::nullopt;
    const auto result = data ? json::at(*data, "result") : std::nullopt;
    if (!type || !result) return unexpected("no `data` with `resultType` and `result`");
    return take(root, *type, *result);
  });
}

Result<void> take_vector(InstantVector& answer, std::string_view type, element result,
                         std::size_t max_series) {
  if (type == "scalar") {
    const auto pair = decode_pair(result);
    if (!pair) return pair.error();
    answer.series.push_back({{}, pair->value});
    return {};
  }
  if (type != "vector") {
    return Error{ErrorCode::kInvalid,
                 "the query yields a " + quoted(type) + "; an instant vector is needed"};
  }
  return each_series(result, max_series, [&](element item) -> Result<void> {
    auto series = decode_instant_series(item);
    if (!series) return series.error();
    answer.series.push_back(*std::move(series));
    return {};
  });
}

ErrorCode code_for(int status) {
  switch (status) {
    case 400:
    case 422: return ErrorCode::kInvalid;
    case 401: return ErrorCode::kUnauthorized;
    case 403: return ErrorCode::kForbidden;
    case 404: return ErrorCode::kNotFound;
    case 408:
    case 429: return ErrorCode::kUnavailable;
    default: return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalid;
  }
}

/// The `error` text of the API's own error answer; empty for any other body.
std::string servers_reason(std::string_view body) {
  std::string reason;
  const json::LargeLimits small{.max_bytes = 1u << 20};
  const auto read = json::visit_large(body, small, [&](element root) -> Result<void> {
    if (json::string_at(root, "status") == "error") {
      reason = quoted(json::string_at(root, "error").value_or(""));
    }
    return {};
  });
  return read ? reason : std::string{};
}

}  // namespace

Result<InstantVector> decode_vector(std::string_view body, const ClientLimits& limits) {
  InstantVector answer;
  const auto done = open_answer(
      body, limits, [&](element root, std::string_view type, element result) -> Result<void> {
        answer.warnings = decode_warnings(root);
        return take_vector(answer, type, result, limits.max_series);
      });
  if (!done) return done.error();
  return answer;
}

Result<Matrix> decode_matrix(std::string_view body, const ClientLimits& limits) {
  Matrix answer;
  const auto done = open_answer(
      body, limits, [&](element root, std::string_view type, element result) -> Result<void> {
        answer.warnings = decode_warnings(root);
        if (type != "matrix") return unexpected("a range query that yields no matrix");
        return each_series(result, limits.max_series, [&](element item) -> Result<void> {
          auto series = decode_range_series(item);
          if (!series) return series.error();
          answer.series.push_back(*std::move(series));
          return {};
        });
      });
  if (!done) return done.error();
  return answer;
}

Error refusal(const http::Response& response) {
  std::string message = "HTTP " + std::to_string(response.status);
  if (response.status >= 300 && response.status < 400) {
    return {ErrorCode::kInvalid, message + ": a redirect; the source's url must name the server"};
  }
  const std::string reason = servers_reason(response.body);
  if (!reason.empty()) message += ": " + reason;
  return {code_for(response.status), message};
}

}  // namespace edgetide::promql
