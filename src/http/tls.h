#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>

#include "edgetide/core/result.h"
#include "http/transport.h"

namespace edgetide::http {

/// Why the last handshake failed, in words that say what to do about it. Shared with the TLS
/// contexts that report to it, which may outlive the transport.
class HandshakeDiary {
 public:
  void note(std::string problem);
  /// Hands out what was noted since the last call.
  [[nodiscard]] std::string take();

 private:
  std::mutex mutex_;
  std::string problem_;
};

/// TLS as this program wants it, put onto the contexts that cpprestsdk makes: only the configured
/// roots, TLS 1.2 or newer, the client certificate, and a diary of failures.
class TlsSettings {
 public:
  /// kInvalid for a certificate or key that cannot be read, or a key that is another's.
  [[nodiscard]] static Result<std::shared_ptr<const TlsSettings>> make(const TlsOptions& options);

  /// \pre `context` is new. Throws std::runtime_error when OpenSSL refuses.
  void apply_to(SSL_CTX* context) const;

  [[nodiscard]] HandshakeDiary& diary() const { return *diary_; }

 private:
  TlsSettings() = default;

  std::shared_ptr<X509_STORE> roots_;
  std::shared_ptr<EVP_PKEY> key_;
  std::vector<std::shared_ptr<X509>> chain_;  ///< Own certificate first.
  std::shared_ptr<HandshakeDiary> diary_ = std::make_shared<HandshakeDiary>();
};

/// cpprestsdk reads the system's roots, 140 of them and 40 ms, for every connection, and this
/// program replaces them each time. This points OpenSSL's default elsewhere, once, and remembers
/// where the system's roots really are. Called before any thread starts.
void keep_system_roots_aside();

}  // namespace edgetide::http
