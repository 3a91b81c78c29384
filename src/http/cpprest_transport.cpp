// The one source that includes cpprestsdk. It is in maintenance mode and has traps, and each is
// handled here or in what this file uses:
//
// - it follows redirects with all headers: never here (max_redirects 0);
// - its timeouts are per operation: ours are per request, kept by the asking thread (Exchange);
// - its bodies are unbounded: ours go through SinkBuffer, which can refuse;
// - it passes a negative chunk size on as a piece of nearly 2^64 bytes: SinkBuffer refuses it;
// - a failed task that nobody looks at kills the process: every chain ends in one that looks;
// - it repeats requests on its own when a kept connection turns out dead, POST too: a POST gets a
//   connection of its own, and every other write carries a precondition;
// - it trusts the system's roots beside ours, and says nothing of why a handshake failed:
// TlsSettings;
// - it knows no proxies of the environment and no compression without being asked: neither do we.

#include <cpprest/astreambuf.h>
#include <cpprest/http_client.h>
#include <pplx/threadpool.h>
#include <signal.h>

#include <atomic>
#include <limits>
#include <utility>

#include "http/endpoint.h"
#include "http/exchange.h"
#include "http/tls.h"
#include "http/transport.h"

namespace edgetide::http {
namespace {

using ExchangePtr = std::shared_ptr<Exchange>;
using ClientPtr = std::shared_ptr<web::http::client::http_client>;

/// More than the library reads into memory for one piece.
constexpr size_t kLargestPiece = std::numeric_limits<int>::max();
/// The longest silence within one request; Transport's own limits are shorter or as long.
constexpr std::chrono::seconds kOperationLimit{600};
/// How long a cancelled request may take to close its connection before it is left to itself.
constexpr std::chrono::milliseconds kFarewell{700};

/// A stream buffer that hands what is written to an Exchange, and can only be written to.
class SinkBuffer final : public concurrency::streams::details::streambuf_state_manager<uint8_t> {
 public:
  explicit SinkBuffer(ExchangePtr exchange)
      : streambuf_state_manager(std::ios_base::out), exchange_(std::move(exchange)) {}

  bool can_seek() const override { return false; }
  bool has_size() const override { return false; }
  utility::size64_t size() const override { return 0; }
  size_t buffer_size(std::ios_base::openmode) const override { return 0; }
  void set_buffer_size(size_t, std::ios_base::openmode) override {}
  size_t in_avail() const override { return 0; }
  pos_type getpos(std::ios_base::openmode) const override { return traits::eof(); }
  pos_type seekpos(pos_type, std::ios_base::openmode) override { return traits::eof(); }
  pos_type seekoff(off_type, std::ios_base::seekdir, std::ios_base::openmode) override {
    return traits::eof();
  }
  bool acquire(uint8_t*& data, size_t& count) override {
    data = nullptr;
    count = 0;
    return false;
  }
  void release(uint8_t*, size_t) override {}

 protected:
  pplx::task<bool> _sync() override { return pplx::task_from_result(true); }
  pplx::task<int_type> _putc(uint8_t byte) override {
    return _putn(&byte, 1).then([byte](size_t) { return static_cast<int_type>(byte); });
  }

  pplx::task<size_t> _putn(const uint8_t* data, size_t count) override try {
    if (count > kLargestPiece) throw std::runtime_error("a chunk of a negative size");
    const std::string_view bytes(reinterpret_cast<const char*>(data), count);
    pplx::task_completion_event<size_t> told;
    const auto more = exchange_->on_bytes(bytes, [told, count](bool wanted) {
      wanted ? told.set(count) : told.set_exception(std::runtime_error("declined"));
    });
    if (!more) return pplx::create_task(told);
    if (*more) return pplx::task_from_result(count);
    return pplx::task_from_exception<size_t>(std::runtime_error("declined"));
  } catch (...) {
    // The library's threads end the process with an exception that leaves here.
    return pplx::task_from_exception<size_t>(std::current_exception());
  }

  uint8_t* _alloc(size_t) override { return nullptr; }
  void _commit(size_t) override {}
  pplx::task<int_type> _bumpc() override { return end(); }
  int_type _sbumpc() override { return traits::eof(); }
  pplx::task<int_type> _getc() override { return end(); }
  int_type _sgetc() override { return traits::eof(); }
  pplx::task<int_type> _nextc() override { return end(); }
  pplx::task<int_type> _ungetc() override { return end(); }
  pplx::task<size_t> _getn(uint8_t*, size_t) override { return pplx::task_from_result(size_t{0}); }
  size_t _scopy(uint8_t*, size_t) override { return 0; }

 private:
  static pplx::task<int_type> end() {
    return pplx::task_from_result(static_cast<int_type>(traits::eof()));
  }

  ExchangePtr exchange_;
};

web::http::method method_of(Method method) {
  return web::http::method(std::string(to_string(method)));
}

Headers headers_of(const web::http::http_headers& from) {
  Headers headers;
  for (const auto& [name, value] : from) headers.emplace_back(name, value);
  return headers;
}

/// What the library says of a failure, without its code numbers for nothing.
std::string words_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& problem) {
    return problem.what();
  } catch (...) {
    return "unknown failure";
  }
}

/// Sends and reports everything that happens to the exchange. No exception and no failed task is
/// left behind: each continuation takes the task itself and looks at its outcome.
void begin(const ClientPtr& client, const web::http::http_request& request,
           const pplx::cancellation_token& cancelled, const ExchangePtr& exchange) {
  // The client is held until the very end: it must not go while its connection is in use.
  const auto fail = [exchange, client] { exchange->on_end(words_of(std::current_exception())); };
  try {
    client->request(request, cancelled)
        .then([exchange, client, fail](pplx::task<web::http::http_response> asked) {
          try {
            const auto response = asked.get();
            exchange->on_head(response.status_code(), headers_of(response.headers()));
            response.content_ready().then(
                [exchange, client, fail](pplx::task<web::http::http_response> read) {
                  try {
                    read.get();
                    exchange->on_end(std::nullopt);
                  } catch (...) {
                    fail();
                  }
                });
          } catch (...) {
            fail();
          }
        });
  } catch (...) {
    fail();
  }
}

class CpprestTransport final : public Transport {
 public:
  CpprestTransport(Origin origin, TlsOptions options, std::shared_ptr<const TlsSettings> tls)
      : origin_(std::move(origin)), options_(std::move(options)), tls_(std::move(tls)) {
    kept_ = make_client();
  }

  Result<Response> send(const Request& request) override {
    const auto deadline = std::chrono::steady_clock::now() + request.deadline;
    auto answer = attempt(request, nullptr, deadline, request.deadline, request.stop);
    // A kept connection that the server has closed meanwhile fails at once; reading again is free.
    const bool again = !answer.ok() && answer.error().code == ErrorCode::kUnavailable &&
                       request.method == Method::kGet;
    return again ? attempt(request, nullptr, deadline, request.deadline, request.stop) : answer;
  }

  Result<Response> stream(const Request& request, BodySink& sink, std::chrono::milliseconds idle,
                          std::stop_token stop) override {
    const auto deadline = std::chrono::steady_clock::now() + request.deadline;
    return attempt(request, &sink, deadline, idle, std::move(stop));
  }

 private:
  Result<Response> attempt(const Request& request, BodySink* sink, Exchange::Time deadline,
                           std::chrono::milliseconds idle, std::stop_token stop) {
    if (auto checked = check_request(request); !checked.ok()) return checked.error();
    const bool own_connection = sink != nullptr || request.method == Method::kPost;
    const ClientPtr client = own_connection ? make_client() : kept_;
    const auto exchange = std::make_shared<Exchange>(request.max_body, sink);
    pplx::cancellation_token_source cancel;
    if (tls_) static_cast<void>(tls_->diary().take());

    begin(client, library_request(request, exchange), cancel.get_token(), exchange);
    const auto wait = exchange->wait(deadline, idle, std::move(stop));
    auto outcome = exchange->outcome(wait);
    if (wait != Exchange::Wait::kEnded || sink != nullptr || !outcome.ok()) {
      cancel.cancel();
      exchange->abandon(kFarewell);
    }
    return explained(std::move(outcome));
  }

  web::http::http_request library_request(const Request& request,
                                          const ExchangePtr& exchange) const {
    web::http::http_request out(method_of(request.method));
    out.set_request_uri(web::uri(request.target));
    std::string type;
    for (const auto& [name, value] : request.headers) {
      if (name == "Content-Type") type = value;
    }
    if (!request.body.empty()) out.set_body(request.body, type);
    for (const auto& [name, value] : request.headers) out.headers()[name] = value;
    if (!host_header().empty()) out.headers()["Host"] = host_header();
    const concurrency::streams::streambuf<uint8_t> buffer(std::make_shared<SinkBuffer>(exchange));
    out.set_response_stream(buffer.create_ostream());
    return out;
  }

  /// The library verifies the name that it finds here, and puts IPv6 without brackets on the wire.
  std::string host_header() const {
    if (!options_.server_name.empty()) return options_.server_name;
    const bool bare_v6 = origin_.host.find(':') != std::string::npos;
    if (!bare_v6) return "";
    return origin_.secure ? origin_.host : "[" + origin_.host + "]:" + std::to_string(origin_.port);
  }

  ClientPtr make_client() const {
    web::http::client::http_client_config config;
    config.set_max_redirects(0);
    config.set_timeout(kOperationLimit);
    config.set_validate_certificates(!options_.insecure);
    if (origin_.is_address && options_.server_name.empty()) config.set_tlsext_sni_enabled(false);
    if (tls_) {
      config.set_ssl_context_callback([tls = tls_](boost::asio::ssl::context& context) {
        tls->apply_to(context.native_handle());
      });
    }
    web::uri_builder base;
    base.set_scheme(origin_.secure ? "https" : "http")
        .set_host(origin_.host)
        .set_port(origin_.port)
        .set_path(origin_.path);
    return std::make_shared<web::http::client::http_client>(base.to_uri(), config);
  }

  /// Adds what the TLS handshake had to say to a failure.
  Result<Response> explained(Result<Response> outcome) const {
    if (outcome.ok()) {
      if (outcome->header("Content-Encoding").empty()) return outcome;
      return Error{.code = ErrorCode::kInvalid,
                   .message = "the answer is compressed, which was not asked for"};
    }
    Error error = outcome.error();
    const std::string tls = tls_ ? tls_->diary().take() : "";
    if (!tls.empty()) error.message = tls + " (" + error.message + ")";
    error.context = (origin_.secure ? "https://" : "http://") + origin_.host + ":" +
                    std::to_string(origin_.port);
    return error;
  }

  const Origin origin_;
  const TlsOptions options_;
  const std::shared_ptr<const TlsSettings> tls_;
  ClientPtr kept_;
};

}  // namespace

Result<std::unique_ptr<Transport>> connect(const Endpoint& endpoint) {
  auto origin = parse_origin(endpoint.base_url);
  if (!origin.ok()) return origin.error();
  std::shared_ptr<const TlsSettings> tls;
  if (origin->secure) {
    auto made = TlsSettings::make(endpoint.tls);
    if (!made.ok()) return made.error();
    tls = std::move(*made);
  }
  try {
    return std::unique_ptr<Transport>(
        std::make_unique<CpprestTransport>(std::move(*origin), endpoint.tls, std::move(tls)));
  } catch (const std::exception& problem) {
    return Error{.code = ErrorCode::kInvalid, .message = problem.what()};
  }
}

void initialize_io(int threads) {
  keep_system_roots_aside();
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    crossplat::threadpool::initialize_with_threads(static_cast<size_t>(threads));
  } catch (const std::exception&) {
    // Somebody has used the pool before; it stays as large as it is.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace edgetide::http
