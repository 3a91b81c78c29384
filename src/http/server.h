#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "edgetide/core/result.h"

namespace edgetide::http {

struct ServerAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

/// What is served, by exact path. Handlers run one at a time on the server's thread.
using Routes = std::map<std::string, std::function<ServerAnswer()>, std::less<>>;

/// Whether a request may have its answer.
enum class Admission {
  kAdmitted,
  kUnauthenticated,  ///< 401: no token, or one that nobody knows.
  kForbidden,        ///< 403: known, and not allowed.
  kUnknown,          ///< 503: it could not be found out.
  kMisdirected,      ///< 421: meant for a host that this is not.
};

/// What a gate judges by.
struct Visitor {
  std::string path;
  std::string host;   ///< That the request is for, without a port; empty when it names none.
  std::string token;  ///< Of a Bearer authorization; empty without one.
};

/// Judges a request for something that is served. Called on the server's thread, where it must not
/// wait; tells its verdict once, from any thread, now or later, but while the server is there.
using Gate = std::function<void(const Visitor& visitor, std::function<void(Admission)> tell)>;

struct ServerOptions {
  std::string host = "0.0.0.0";  ///< An address; "::" is both IPv6 and IPv4.
  int port = 0;                  ///< 0 lets the kernel choose.
  int max_connections = 128;     ///< More are closed at once.
  Gate gate;                     ///< Empty: everybody is admitted.
};

/// A small server for probes and metrics on a thread of its own: GET and HEAD, no bodies, headers
/// up to 16 KiB, ten seconds for a request, a hundred requests a connection. Stops when destroyed,
/// within a second.
class Server {
 public:
  virtual ~Server() = default;
  [[nodiscard]] virtual int port() const = 0;
};

/// kInvalid for an address that is none, kUnavailable when it cannot be bound.
[[nodiscard]] Result<std::unique_ptr<Server>> listen(const ServerOptions& options, Routes routes);

}  // namespace edgetide::http
