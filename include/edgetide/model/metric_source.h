#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edgetide/core/time.h"

namespace edgetide::model {

/// One entry of a Secret's data.
struct SecretKeyRef {
  std::string name_space;
  std::string name;
  std::string key;

  auto operator<=>(const SecretKeyRef&) const = default;
};

/// How a source wants to be told who asks.
struct SourceAuthorization {
  enum class Type { kNone, kBearer, kBasic };
  Type type = Type::kNone;
  SecretKeyRef token;     ///< kBearer.
  SecretKeyRef username;  ///< kBasic.
  SecretKeyRef password;  ///< kBasic.

  bool operator==(const SourceAuthorization&) const = default;
};

struct SourceTls {
  std::optional<SecretKeyRef> ca;           ///< PEM; the only roots trusted. Absent: the system's.
  std::optional<SecretKeyRef> certificate;  ///< Client certificate, PEM; with `key`.
  std::optional<SecretKeyRef> key;
  std::string server_name;  ///< Name to verify in place of the url's host.

  bool operator==(const SourceTls&) const = default;
};

/// A header sent with every request: a plain value, or one from a Secret.
struct SourceHeader {
  std::string name;
  std::string value;
  std::optional<SecretKeyRef> secret;

  bool operator==(const SourceHeader&) const = default;
};

/// Which labels of an answer's series say whose they are.
struct SourceLabels {
  std::string name_space = "namespace";
  std::string pool = "pool";
  std::string failure_domain;  ///< Empty: answers are not split by domain, coverage is not checked.

  bool operator==(const SourceLabels&) const = default;
};

/// A Prometheus-compatible server and the batch queries that pools share.
struct MetricSource {
  std::string name;
  std::string url;                              ///< "https://prometheus.monitoring:9090"
  std::vector<std::string> allowed_namespaces;  ///< Whose pools may read here; "*" for all.
  SourceAuthorization authorization;
  SourceTls tls;
  std::vector<SourceHeader> headers;
  Seconds interval{15};        ///< Each query is asked at most once in it.
  Seconds max_sample_age{90};  ///< Above it a value is stale. Longer than the scrape interval.
  SourceLabels labels;
  /// By "viewers", "egress", "requests", "connections", "handshakes"; each answers for every pool
  /// at once.
  std::map<std::string, std::string> queries;

  bool operator==(const MetricSource&) const = default;
};

}  // namespace edgetide::model
