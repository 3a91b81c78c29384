#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "edgetide/core/result.h"
#include "edgetide/core/time.h"
#include "edgetide/model/metric_source.h"
#include "http/transport.h"

namespace edgetide::promql {

/// Less than `span` has passed since `at`. Not so of a moment to come: the clock was set back, and
/// what is remembered of then is worth nothing now.
[[nodiscard]] inline bool is_within(Seconds span, Instant at, Instant now) {
  return now >= at && now - at < span;
}

/// The decoded value of one key of a Secret, read now.
using SecretReader = std::function<Result<std::string>(
    const std::string& name_space, const std::string& name, const std::string& key)>;

/// Makes the transport to a server; http::connect outside tests.
using Connect = std::function<Result<std::unique_ptr<http::Transport>>(const http::Endpoint&)>;

/// A transport with the headers that say who asks.
struct Session {
  std::unique_ptr<http::Transport> transport;
  http::Headers headers;
};

/// Keeps a session to a source's server, and its credentials up to date.
///
/// Secrets are read again after a minute; a changed one makes a new session, an unreachable API
/// server leaves the old one. No error text holds anything from a Secret. Safe for use from several
/// threads at once.
class Connection {
 public:
  Connection(model::MetricSource source, SecretReader read_secret, Connect connect);

  /// Fails with what kept a credential from being read or used.
  [[nodiscard]] Result<std::shared_ptr<Session>> session(Instant now);
  /// The same with the credentials that were read last, for who does not ask of this moment.
  [[nodiscard]] Result<std::shared_ptr<Session>> last_session();

 private:
  /// Everything that goes into a session.
  struct Credentials {
    http::TlsOptions tls;
    http::Headers headers;

    [[nodiscard]] bool same_as(const Credentials& other) const;
  };

  [[nodiscard]] Result<Credentials> read_credentials() const;
  [[nodiscard]] Result<http::TlsOptions> read_tls() const;
  [[nodiscard]] Result<http::Headers> read_headers() const;
  [[nodiscard]] Result<std::string> authorization() const;
  [[nodiscard]] Result<std::string> secret(const model::SecretKeyRef& ref) const;
  [[nodiscard]] Result<std::string> header_value(const model::SecretKeyRef& ref) const;
  [[nodiscard]] Result<std::shared_ptr<Session>> open(Credentials credentials);

  const model::MetricSource source_;
  const SecretReader read_secret_;
  const Connect connect_;

  std::mutex mutex_;
  std::shared_ptr<Session> session_;
  Credentials used_;
  Instant read_at_{};
};

}  // namespace edgetide::promql
