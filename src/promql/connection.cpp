#include "promql/connection.h"

#include <array>
#include <string_view>
#include <utility>

namespace edgetide::promql {
namespace {

constexpr Seconds kReadAgainAfter{60};

std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t at) {
      return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0u;
    };
    const unsigned group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    text += kAlphabet[group >> 18];
    text += kAlphabet[group >> 12 & 63];
    text += i + 1 < bytes.size() ? kAlphabet[group >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? kAlphabet[group & 63] : '=';
  }
  return text;
}

/// Files that become Secrets often end in a line break.
std::string trimmed(const std::string& text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool has_user_information(std::string_view url) {
  const auto scheme = url.find("://");
  const auto authority = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  return authority.substr(0, authority.find_first_of("/?#")).find('@') != std::string_view::npos;
}

std::string place(const model::SecretKeyRef& ref) {
  return "Secret " + ref.name_space + "/" + ref.name + ", key " + ref.key;
}

/// Worth keeping a session that worked a minute ago.
bool passes_by_itself(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout ||
         code == ErrorCode::kCancelled;
}

}  // namespace

Connection::Connection(model::MetricSource source, SecretReader read_secret, Connect connect)
    : source_(std::move(source)),
      read_secret_(std::move(read_secret)),
      connect_(std::move(connect)) {}

bool Connection::Credentials::same_as(const Credentials& other) const {
  return headers == other.headers && tls.ca_pem == other.tls.ca_pem &&
         tls.certificate_pem == other.tls.certificate_pem && tls.key_pem == other.tls.key_pem &&
         tls.server_name == other.tls.server_name;
}

Result<std::shared_ptr<Session>> Connection::session(Instant now) {
  const std::lock_guard lock{mutex_};
  if (session_ && is_within(kReadAgainAfter, read_at_, now)) return session_;
  auto credentials = read_credentials();
  if (!credentials) {
    if (!session_ || !passes_by_itself(credentials.error().code)) return credentials.error();
    read_at_ = now;
    return session_;
  }
  if (session_ && credentials->same_as(used_)) {
    read_at_ = now;
    return session_;
  }
  auto opened = open(*std::move(credentials));
  if (opened) read_at_ = now;
  return opened;
}

Result<std::shared_ptr<Session>> Connection::last_session() {
  const std::lock_guard lock{mutex_};
  if (session_) return session_;
  auto credentials = read_credentials();
  return credentials ? open(*std::move(credentials)) : credentials.error();
}

Result<std::shared_ptr<Session>> Connection::open(Credentials credentials) {
  if (has_user_information(source_.url)) {
    return Error{ErrorCode::kInvalid, "the url holds a user: name a Secret in authorization"};
  }
  auto transport = connect_({.base_url = source_.url, .tls = credentials.tls});
  if (!transport) return transport.error();
  used_ = std::move(credentials);
  session_ = std::make_shared<Session>(Session{*std::move(transport), used_.headers});
  return session_;
}

Result<Connection::Credentials> Connection::read_credentials() const {
  auto tls = read_tls();
  if (!tls) return tls.error();
  auto headers = read_headers();
  if (!headers) return headers.error();
  return Credentials{*std::move(tls), *std::move(headers)};
}

Result<http::TlsOptions> Connection::read_tls() const {
  http::TlsOptions options{.server_name = source_.tls.server_name};
  const std::array<std::pair<const std::optional<model::SecretKeyRef>*, std::string*>, 3> parts = {
      {{&source_.tls.ca, &options.ca_pem},
       {&source_.tls.certificate, &options.certificate_pem},
       {&source_.tls.key, &options.key_pem}}};
  for (const auto& [ref, pem] : parts) {
    if (!ref->has_value()) continue;
    auto value = secret(**ref);
    if (!value) return value.error();
    *pem = *std::move(value);
  }
  return options;
}

Result<http::Headers> Connection::read_headers() const {
  http::Headers headers;
  auto who = authorization();
  if (!who) return who.error();
  if (!who->empty()) headers.emplace_back("Authorization", *std::move(who));
  for (const model::SourceHeader& header : source_.headers) {
    auto value = header.secret ? header_value(*header.secret) : Result<std::string>{header.value};
    if (!value) return value.error();
    headers.emplace_back(header.name, *std::move(value));
  }
  return headers;
}

Result<std::string> Connection::authorization() const {
  using Type = model::SourceAuthorization::Type;
  const model::SourceAuthorization& wanted = source_.authorization;
  if (wanted.type == Type::kNone) return std::string{};
  if (wanted.type == Type::kBearer) {
    auto token = header_value(wanted.token);
    return token ? Result<std::string>{"Bearer " + *token} : token;
  }
  const auto user = header_value(wanted.username);
  if (!user) return user;
  if (user->find(':') != std::string::npos) {
    return Error{ErrorCode::kInvalid, "a user name holds no ':'", place(wanted.username)};
  }
  const auto password = header_value(wanted.password);
  if (!password) return password;
  return "Basic " + base64(*user + ":" + *password);
}

Result<std::string> Connection::secret(const model::SecretKeyRef& ref) const {
  auto value = read_secret_(ref.name_space, ref.name, ref.key);
  if (!value) return Error{value.error().code, value.error().message, place(ref)};
  if (value->empty()) return Error{ErrorCode::kInvalid, "is empty", place(ref)};
  return value;
}

Result<std::string> Connection::header_value(const model::SecretKeyRef& ref) const {
  auto value = secret(ref);
  if (!value) return value;
  const std::string text = trimmed(*value);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      return Error{ErrorCode::kInvalid, "holds a line break or control character", place(ref)};
    }
  }
  if (text.empty()) return Error{ErrorCode::kInvalid, "is blank", place(ref)};
  return text;
}

}  // namespace edgetide::promql
