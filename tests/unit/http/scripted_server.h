#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace edgetide::testing_support {

/// One accepted connection, plain or TLS.
class Connection {
 public:
  Connection(int socket, SSL* tls) : socket_(socket), tls_(tls) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// One request's head, and its body when it has a Content-Length; empty at the end.
  std::string read_request();
  /// False once the peer has gone.
  bool write(std::string_view bytes);
  /// Waits up to that many milliseconds for the peer to close.
  bool closed_within(int milliseconds);

 private:
  long read_some(char* data, std::size_t size);

  int socket_;
  SSL* tls_;
};

/// A server on loopback that does exactly what its script says with each connection, for faults
/// that a real server cannot be made to show.
class ScriptedServer {
 public:
  using Script = std::function<void(Connection&, int number)>;

  /// `tls` is borrowed; null for plain HTTP. `address` is "127.0.0.1" or "::1".
  explicit ScriptedServer(Script script, SSL_CTX* tls = nullptr, const char* address = "127.0.0.1");
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_loop();

  Script script_;
  SSL_CTX* tls_;
  std::string address_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

/// A throwaway authority and certificates of it, in PEM.
struct Certificates {
  std::string ca;
  std::string certificate;
  std::string key;
  std::string encrypted_key;  ///< The same, with a passphrase.
};

/// For a server named `subject_alternative_name` ("IP:127.0.0.1", "DNS:api.test").
[[nodiscard]] Certificates make_certificates(const std::string& subject_alternative_name);

/// A server's context; with `client_ca` it demands a certificate of that authority.
[[nodiscard]] std::shared_ptr<SSL_CTX> server_context(const Certificates& certificates,
                                                      const std::string& client_ca = "");

}  // namespace edgetide::testing_support
