#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <stdexcept>

namespace edgetide::http {
namespace {

struct Freer {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, Freer>;

Bio reader(const std::string& pem) {
  return Bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

std::string& system_roots_file() {
  static std::string file;
  return file;
}

Error invalid(const char* message) { return {.code = ErrorCode::kInvalid, .message = message}; }

/// In place of OpenSSL's own, which asks at the terminal. Notes that a passphrase was wanted.
int no_passphrase(char*, int, int, void* wanted) {
  *static_cast<bool*>(wanted) = true;
  return -1;
}

std::vector<std::shared_ptr<X509>> read_certificates(const std::string& pem) {
  std::vector<std::shared_ptr<X509>> certificates;
  const Bio bio = reader(pem);
  bool encrypted = false;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, &encrypted)) {
    certificates.emplace_back(certificate, X509_free);
  }
  ERR_clear_error();
  return certificates;
}

/// Only these roots; the system's when `pem` is empty.
std::shared_ptr<X509_STORE> read_roots(const std::string& pem) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  if (pem.empty()) {
    if (system_roots_file().empty()) {
      X509_STORE_set_default_paths(store.get());
    } else {
      X509_STORE_load_locations(store.get(), system_roots_file().c_str(), nullptr);
    }
    ERR_clear_error();
    return store;
  }
  const auto certificates = read_certificates(pem);
  for (const auto& certificate : certificates) X509_STORE_add_cert(store.get(), certificate.get());
  return certificates.empty() ? nullptr : store;
}

/// The slot of a context that holds its diary, freed with the context.
int diary_slot() {
  static const int slot = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr, [](void*, void* held, CRYPTO_EX_DATA*, int, long, void*) {
        delete static_cast<std::shared_ptr<HandshakeDiary>*>(held);
      });
  return slot;
}

/// OpenSSL tells of alerts here: one that we send says what we did not like.
void on_tls_info(const SSL* ssl, int where, int value) {
  if ((where & SSL_CB_ALERT) == 0) return;
  auto* diary = static_cast<std::shared_ptr<HandshakeDiary>*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), diary_slot()));
  if (diary == nullptr) return;
  if ((where & SSL_CB_WRITE) == 0) {
    if ((value & 0xff) == SSL_AD_CLOSE_NOTIFY) return;
    (*diary)->note(std::string("the server refused: ") + SSL_alert_desc_string_long(value));
    return;
  }
  if ((value & 0xff) == SSL_AD_CLOSE_NOTIFY) return;
  // A name that does not match is found by the library's own check, which gives OpenSSL no reason.
  const long verdict = SSL_get_verify_result(ssl);
  (*diary)->note(verdict == X509_V_OK || verdict == X509_V_ERR_UNSPECIFIED
                     ? std::string("the server's certificate is not for this host")
                     : std::string("the server's certificate is refused: ") +
                           X509_verify_cert_error_string(verdict));
}

void require(long done, const char* what) {
  if (done != 1) throw std::runtime_error(what);
}

}  // namespace

void HandshakeDiary::note(std::string problem) {
  const std::lock_guard lock(mutex_);
  problem_ = std::move(problem);
}

std::string HandshakeDiary::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(problem_, {});
}

Result<std::shared_ptr<const TlsSettings>> TlsSettings::make(const TlsOptions& options) {
  std::shared_ptr<TlsSettings> settings(new TlsSettings);
  settings->roots_ = read_roots(options.ca_pem);
  if (!settings->roots_) return invalid("the CA data holds no PEM certificate");
  if (options.certificate_pem.empty() != options.key_pem.empty()) {
    return invalid("a client certificate and its key come together");
  }
  if (!options.certificate_pem.empty()) {
    settings->chain_ = read_certificates(options.certificate_pem);
    if (settings->chain_.empty()) return invalid("the client certificate is no PEM certificate");
    const Bio bio = reader(options.key_pem);
    bool encrypted = false;
    settings->key_ = {PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, &encrypted),
                      EVP_PKEY_free};
    ERR_clear_error();
    if (encrypted)
      return invalid("the client key is encrypted; a key without passphrase is needed");
    if (!settings->key_) return invalid("the client key is no PEM private key");
    if (X509_check_private_key(settings->chain_.front().get(), settings->key_.get()) != 1) {
      ERR_clear_error();
      return invalid("the client key does not belong to the client certificate");
    }
  }
  return std::shared_ptr<const TlsSettings>(std::move(settings));
}

void TlsSettings::apply_to(SSL_CTX* context) const {
  SSL_CTX_set1_cert_store(context, roots_.get());
  require(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION), "TLS 1.2 is not available");
  for (const auto& certificate : chain_) {
    if (certificate == chain_.front()) {
      require(SSL_CTX_use_certificate(context, certificate.get()), "client certificate refused");
    } else {
      require(SSL_CTX_add1_chain_cert(context, certificate.get()),
              "client certificate chain refused");
    }
  }
  if (key_) require(SSL_CTX_use_PrivateKey(context, key_.get()), "client key refused");
  SSL_CTX_set_ex_data(context, diary_slot(), new std::shared_ptr<HandshakeDiary>(diary_));
  SSL_CTX_set_info_callback(context, on_tls_info);
}

void keep_system_roots_aside() {
  if (!system_roots_file().empty()) return;
  const char* own = std::getenv(X509_get_default_cert_file_env());
  system_roots_file() = own != nullptr ? own : X509_get_default_cert_file();
  setenv(X509_get_default_cert_file_env(), "/dev/null", 1);
}

}  // namespace edgetide::http
