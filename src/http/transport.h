#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edgetide/core/result.h"

namespace edgetide::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

enum class Method { kGet, kPost, kPut, kPatch, kDelete };

[[nodiscard]] std::string_view to_string(Method method);

/// PEM texts, not paths: whoever owns the files decides when they are read again.
struct TlsOptions {
  std::string ca_pem;           ///< The only roots trusted; empty means the system's.
  std::string certificate_pem;  ///< Client certificate chain; empty for none.
  std::string key_pem;          ///< Its private key.
  std::string server_name;      ///< Name to verify in place of the host; empty for the host.
  bool insecure = false;        ///< Skips verification; only for tests of a cluster by hand.
};

/// One origin that a transport talks to; nothing else is ever contacted, redirects included.
struct Endpoint {
  std::string base_url;  ///< "https://host:port/prefix": scheme, host (IPv6 in brackets), no query.
  TlsOptions tls;
};

struct Request {
  Method method = Method::kGet;
  /// Path and query under the base URL, percent-encoded: "/api/v1/pods?limit=5".
  std::string target;
  Headers headers;  ///< Values with CR or LF are refused.
  std::string body;
  /// Whole-request limit, from resolve to the last byte.
  std::chrono::milliseconds deadline{10'000};
  std::size_t max_body = 64u << 20;  ///< A longer answer is ErrorCode::kTooLarge.
  std::stop_token stop;              ///< Requested: kCancelled, within a second.
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;

  /// The first header of that name, compared without case; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Takes the bytes of a streamed answer as they come.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// A 2xx answer has begun: called once, before any byte, as soon as its headers are in. A watch
  /// may then be silent for minutes and is still known to stand.
  virtual void on_open() {}
  /// Returning false ends the stream and closes its connection.
  virtual bool on_bytes(std::string_view bytes) = 0;
  /// How long a silence is borne now, where that is less than what the stream allows.
  [[nodiscard]] virtual std::chrono::milliseconds patience() const {
    return std::chrono::milliseconds::max();
  }
};

/// Requests to one endpoint; safe for use from several threads at once.
///
/// A non-2xx answer is a Response, not an Error; a 3xx is returned as it came and never followed.
/// Errors: kTimeout (deadline), kTooLarge, kCancelled, kInvalid (a request that may not be sent),
/// kUnavailable (could not connect, TLS refused, connection cut before or in mid-answer).
class Transport {
 public:
  virtual ~Transport() = default;

  [[nodiscard]] virtual Result<Response> send(const Request& request) = 0;

  /// Streams a 2xx answer's body into `sink` until the server ends it, the sink declines, `stop` is
  /// requested (kCancelled, within a second) or the deadline passes; `idle` without a byte, or the
  /// sink's patience, is kTimeout. The Response carries status and headers, and for a non-2xx its
  /// bounded body.
  [[nodiscard]] virtual Result<Response> stream(const Request& request, BodySink& sink,
                                                std::chrono::milliseconds idle,
                                                std::stop_token stop) = 0;
};

/// A transport over cpprestsdk, the one place that knows that library.
/// Fails with kInvalid on a base URL, certificate or key that cannot be used.
[[nodiscard]] Result<std::unique_ptr<Transport>> connect(const Endpoint& endpoint);

/// Sizes the process-wide I/O pool and hides its threads from signals; call first thing in main.
void initialize_io(int threads);

}  // namespace edgetide::http
