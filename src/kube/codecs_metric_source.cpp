#include <algorithm>
#include <array>
#include <set>

#include "kube/codec_parts.h"

namespace edgetide::kube {
namespace {

using model::SecretKeyRef;
using model::SourceAuthorization;

/// Headers that a connection sets itself, or that authorization is there for; lower case.
constexpr std::array<std::string_view, 12> kReservedHeaders = {"authorization",
                                                               "host",
                                                               "accept",
                                                               "accept-encoding",
                                                               "connection",
                                                               "content-encoding",
                                                               "content-length",
                                                               "content-type",
                                                               "te",
                                                               "trailer",
                                                               "transfer-encoding",
                                                               "upgrade"};

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// The Secret that `ref` names; its key is still empty.
SecretKeyRef read_secret(Fields& ref) {
  SecretKeyRef secret;
  secret.name_space = ref.required_text("namespace", TextKind::kNamespace).value_or("");
  secret.name = ref.required_text("name", TextKind::kObjectName).value_or("");
  return secret;
}

SecretKeyRef with_key(SecretKeyRef secret, std::string key) {
  secret.key = std::move(key);
  return secret;
}

SourceAuthorization read_authorization(Fields& spec) {
  using Type = SourceAuthorization::Type;
  SourceAuthorization read;
  if (!spec.has("authorization")) return read;
  Fields fields = spec.object("authorization");
  if (fields.present() && !fields.has("type")) fields.add_problem("type", "required");
  read.type = fields.choice<Type>("type", {{"Bearer", Type::kBearer}, {"Basic", Type::kBasic}})
                  .value_or(read.type);
  Fields ref = fields.required_object("secretRef");
  const SecretKeyRef secret = read_secret(ref);
  const auto token = ref.text("key", TextKind::kSecretKey).value_or("token");
  const auto username = ref.text("usernameKey", TextKind::kSecretKey).value_or("username");
  const auto password = ref.text("passwordKey", TextKind::kSecretKey).value_or("password");
  if (read.type == Type::kBearer) read.token = with_key(secret, token);
  if (read.type == Type::kBasic) {
    read.username = with_key(secret, username);
    read.password = with_key(secret, password);
  }
  return read;
}

model::SourceTls read_tls(Fields& spec) {
  model::SourceTls tls;
  Fields fields = spec.object("tls");
  {
    Fields ref = fields.object("caSecretRef");
    if (ref.present()) {
      const SecretKeyRef secret = read_secret(ref);
      tls.ca = with_key(secret, ref.text("key", TextKind::kSecretKey).value_or("ca.crt"));
    }
  }
  {
    Fields ref = fields.object("clientCertificateSecretRef");
    if (ref.present()) {
      const SecretKeyRef secret = read_secret(ref);
      tls.certificate = with_key(secret, "tls.crt");
      tls.key = with_key(secret, "tls.key");
    }
  }
  tls.server_name = fields.text("serverName", TextKind::kHostName).value_or("");
  return tls;
}

model::SourceHeader read_header(const json::Value& item, const std::string& path,
                                Findings& findings) {
  Fields fields{item, path, findings};
  model::SourceHeader header;
  header.name = fields.required_text("name", TextKind::kHeaderName).value_or("");
  if (std::ranges::count(kReservedHeaders, lower_case(header.name)) > 0) {
    fields.add_problem("name", "\"" + header.name +
                                   "\" is set by Edgetide itself; credentials belong into "
                                   "spec.authorization");
  }
  header.value = fields.text("value", TextKind::kHeaderValue).value_or("");
  Fields ref = fields.object("secretRef");
  if (ref.present()) {
    const SecretKeyRef secret = read_secret(ref);
    header.secret = with_key(secret, ref.required_text("key", TextKind::kSecretKey).value_or(""));
  }
  if (fields.present() && fields.has("value") == fields.has("secretRef")) {
    findings.add(path, "exactly one of value and secretRef is required");
  }
  return header;
}

void read_headers(Fields& spec, MetricSource& source) {
  std::set<std::string> names;
  spec.list("headers", {0, 16}, [&](const json::Value& item, const std::string& path) {
    auto header = read_header(item, path, spec.findings());
    if (!header.name.empty() && !names.insert(header.name).second) {
      spec.findings().add(path + ".name", "\"" + header.name + "\" names an earlier header too");
    }
    source.headers.push_back(std::move(header));
  });
}

void read_namespaces(Fields& spec, MetricSource& source) {
  std::set<std::string> seen;
  spec.list("allowedNamespaces", {1, 256}, [&](const json::Value& item, const std::string& path) {
    if (!item.is_string()) {
      spec.findings().add(path, json::excerpt(item) + " is not a string");
      return;
    }
    auto name = item.get<std::string>();
    if (const auto problem = text_problem(TextKind::kNamespaceOrAll, name)) {
      spec.findings().add(path, *problem);
    } else if (!seen.insert(name).second) {
      spec.findings().add(path, "\"" + name + "\" stands in the list twice");
    }
    source.allowed_namespaces.push_back(std::move(name));
  });
}

void read_labels(Fields& spec, model::SourceLabels& labels) {
  Fields fields = spec.object("labels");
  labels.name_space = fields.text("namespace", TextKind::kMetricLabel).value_or(labels.name_space);
  labels.pool = fields.text("pool", TextKind::kMetricLabel).value_or(labels.pool);
  labels.failure_domain = fields.text("failureDomain", TextKind::kMetricLabel).value_or("");
}

void read_spec(Fields& spec, MetricSource& source) {
  source.url = spec.required_text("url", TextKind::kUrl).value_or("");
  read_namespaces(spec, source);
  source.authorization = read_authorization(spec);
  source.tls = read_tls(spec);
  read_headers(spec, source);
  if (const auto seconds = spec.integer("intervalSeconds", {1, 3600})) {
    source.interval = Seconds{*seconds};
  }
  if (const auto seconds = spec.integer("maxSampleAgeSeconds", {1, 3600})) {
    source.max_sample_age = Seconds{*seconds};
  }
  read_labels(spec, source.labels);
  Fields queries = spec.required_object("queries");
  source.queries = read_queries(queries);
  if (queries.present() && !queries.has("viewers")) queries.add_problem("viewers", "required");
}

}  // namespace

Decoded<MetricSource> decode_metric_source(const json::Value& object,
                                           const DecodeOptions& options) {
  Findings findings{.refuse_unknown = options.refuse_unknown, .problems = {}};
  MetricSource source;
  {
    Fields fields{object, "", findings};
    source.name = read_meta(fields, "MetricSource").key.name;
    Fields spec = fields.required_object("spec");
    read_spec(spec, source);
  }
  return {std::move(source), std::move(findings.problems)};
}

}  // namespace edgetide::kube
