#include "scripted_server.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace edgetide::testing_support {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

template <typename Writer>
std::string pem(Writer write) {
  const std::shared_ptr<BIO> bio(BIO_new(BIO_s_mem()), BIO_free);
  write(bio.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make(const Key& key, const char* name, X509* issuer, const Key& issuer_key,
                 const std::string& alternative_name) {
  Certificate certificate(X509_new(), X509_free);
  static std::atomic<long> serial = 1;
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509* signer = issuer != nullptr ? issuer : certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  X509_set_pubkey(certificate.get(), key.get());
  if (issuer == nullptr) {
    extend(certificate.get(), signer, NID_basic_constraints, "critical,CA:TRUE");
  } else {
    extend(certificate.get(), signer, NID_subject_alt_name, alternative_name);
  }
  X509_sign(certificate.get(), issuer_key.get(), EVP_sha256());
  return certificate;
}

}  // namespace

Connection::~Connection() {
  if (tls_ != nullptr) SSL_free(tls_);
  close(socket_);
}

long Connection::read_some(char* data, std::size_t size) {
  if (tls_ != nullptr) return SSL_read(tls_, data, static_cast<int>(size));
  return recv(socket_, data, size, 0);
}

std::string Connection::read_request() {
  std::string request;
  char buffer[4096];
  std::size_t needed = std::string::npos;
  while (needed == std::string::npos || request.size() < needed) {
    const long count = read_some(buffer, sizeof buffer);
    if (count <= 0) return "";
    request.append(buffer, static_cast<std::size_t>(count));
    const auto head = request.find("\r\n\r\n");
    if (head == std::string::npos) continue;
    const auto length = request.find("Content-Length:");
    needed = head + 4 + (length < head ? std::strtoul(&request[length + 15], nullptr, 10) : 0);
  }
  return request;
}

bool Connection::write(std::string_view bytes) {
  if (tls_ != nullptr) return SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0;
  while (!bytes.empty()) {
    const auto sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Connection::closed_within(int milliseconds) {
  pollfd waiting{.fd = socket_, .events = POLLRDHUP | POLLHUP, .revents = 0};
  return poll(&waiting, 1, milliseconds) > 0;
}

ScriptedServer::ScriptedServer(Script script, SSL_CTX* tls, const char* address)
    : script_(std::move(script)), tls_(tls), address_(address) {
  const bool v6 = address_.find(':') != std::string::npos;
  listener_ = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
  sockaddr_storage storage{};
  socklen_t size = v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  if (v6) {
    auto* in = reinterpret_cast<sockaddr_in6*>(&storage);
    in->sin6_family = AF_INET6;
    inet_pton(AF_INET6, address, &in->sin6_addr);
  } else {
    auto* in = reinterpret_cast<sockaddr_in*>(&storage);
    in->sin_family = AF_INET;
    inet_pton(AF_INET, address, &in->sin_addr);
  }
  if (bind(listener_, reinterpret_cast<sockaddr*>(&storage), size) != 0) std::abort();
  if (::listen(listener_, 64) != 0) std::abort();
  getsockname(listener_, reinterpret_cast<sockaddr*>(&storage), &size);
  port_ = ntohs(v6 ? reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port
                   : reinterpret_cast<sockaddr_in*>(&storage)->sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  for (auto& worker : workers_) worker.join();
}

std::string ScriptedServer::url() const {
  const std::string host =
      address_.find(':') == std::string::npos ? address_ : "[" + address_ + "]";
  return (tls_ != nullptr ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

void ScriptedServer::accept_loop() {
  while (!stopping_) {
    const int socket = accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const int number = ++connections_;
    workers_.emplace_back([this, socket, number] {
      SSL* tls = nullptr;
      if (tls_ != nullptr) {
        tls = SSL_new(tls_);
        SSL_set_fd(tls, socket);
        if (SSL_accept(tls) != 1) {
          SSL_free(tls);
          close(socket);
          return;
        }
      }
      Connection connection(socket, tls);
      script_(connection, number);
    });
  }
}

Certificates make_certificates(const std::string& subject_alternative_name) {
  const Key ca_key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const auto ca = make(ca_key, "test authority", nullptr, ca_key, "");
  const auto leaf = make(key, "test", ca.get(), ca_key, subject_alternative_name);
  return {.ca = pem([&](BIO* bio) { PEM_write_bio_X509(bio, ca.get()); }),
          .certificate = pem([&](BIO* bio) { PEM_write_bio_X509(bio, leaf.get()); }),
          .key = pem([&](BIO* bio) {
            PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          }),
          .encrypted_key = pem([&](BIO* bio) {
            const unsigned char passphrase[] = "passphrase";
            PEM_write_bio_PrivateKey(bio, key.get(), EVP_aes_128_cbc(), passphrase,
                                     sizeof passphrase - 1, nullptr, nullptr);
          })};
}

std::shared_ptr<SSL_CTX> server_context(const Certificates& certificates,
                                        const std::string& client_ca) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  const auto bio = [](const std::string& text) {
    return std::shared_ptr<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                BIO_free);
  };
  const Certificate own(
      PEM_read_bio_X509(bio(certificates.certificate).get(), nullptr, nullptr, nullptr), X509_free);
  const Key key(PEM_read_bio_PrivateKey(bio(certificates.key).get(), nullptr, nullptr, nullptr),
                EVP_PKEY_free);
  SSL_CTX_use_certificate(context.get(), own.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  if (!client_ca.empty()) {
    const Certificate ca(PEM_read_bio_X509(bio(client_ca).get(), nullptr, nullptr, nullptr),
                         X509_free);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), ca.get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

}  // namespace edgetide::testing_support
