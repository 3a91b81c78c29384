#include "http/server.h"

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "edgetide/core/thrown.h"

namespace edgetide::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using Answer = beast::http::response<beast::http::string_body>;

constexpr std::chrono::seconds kRequestTime{10};
constexpr std::uint32_t kHeaderLimit = 16 * 1024;
constexpr int kRequestsPerConnection = 100;
constexpr std::chrono::milliseconds kAcceptPause{100};

/// The token of an Authorization header; empty when it is none of Bearer.
std::string bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto scheme = authorization.substr(0, kScheme.size());
  if (!beast::iequals({scheme.data(), scheme.size()}, {kScheme.data(), kScheme.size()})) return {};
  return std::string(authorization.substr(kScheme.size()));
}

/// "127.0.0.1" of "127.0.0.1:8080".
std::string host_name(std::string_view authority) {
  const auto port = authority.find_last_of(":]");
  const bool has_port = port != std::string_view::npos && authority[port] == ':';
  return std::string(has_port ? authority.substr(0, port) : authority);
}

ServerAnswer refusal(Admission admission) {
  switch (admission) {
    case Admission::kAdmitted: break;
    case Admission::kUnauthenticated: return {.status = 401, .body = "a known token is needed\n"};
    case Admission::kForbidden: return {.status = 403, .body = "the token does not allow this\n"};
    case Admission::kUnknown:
      return {.status = 503, .body = "what the token allows cannot be found out now\n"};
    case Admission::kMisdirected: return {.status = 421, .body = "this is another host\n"};
  }
  return {.status = 500};
}

/// One connection: reads a request, answers, and again until either side has had enough.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Tcp::socket socket, const Routes& routes, const Gate& gate, int& connections)
      : stream_(std::move(socket)), routes_(routes), gate_(gate), connections_(connections) {
    ++connections_;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { --connections_; }

  void read() {
    parser_.emplace();
    parser_->header_limit(kHeaderLimit);
    parser_->body_limit(0);
    stream_.expires_after(kRequestTime);
    beast::http::async_read(stream_, buffer_, *parser_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              self->on_read(error);
                            });
  }

 private:
  void on_read(beast::error_code error) {
    if (!error) return pass_gate();
    if (error == beast::http::error::header_limit) {
      return refuse(beast::http::status::request_header_fields_too_large);
    }
    if (error == beast::http::error::body_limit) {
      return refuse(beast::http::status::payload_too_large);
    }
    // Whatever the parser does not take is a bad request; a silent or closed peer gets nothing.
    if (error.category() ==
            beast::http::make_error_code(beast::http::error::bad_target).category() &&
        error != beast::http::error::end_of_stream &&
        error != beast::http::error::partial_message) {
      return refuse(beast::http::status::bad_request);
    }
    close();
  }

  [[nodiscard]] Routes::const_iterator route() const {
    const auto& request = parser_->get();
    const auto target = std::string_view(request.target().data(), request.target().size());
    return routes_.find(target.substr(0, target.find('?')));
  }

  [[nodiscard]] bool known_method() const {
    const auto method = parser_->get().method();
    return method == beast::http::verb::get || method == beast::http::verb::head;
  }

  void pass_gate() {
    const auto found = route();
    if (!gate_ || found == routes_.end() || !known_method())
      return answer(respond(Admission::kAdmitted));
    const auto& request = parser_->get();
    const auto host = request[beast::http::field::host];
    const auto authorization = request[beast::http::field::authorization];
    gate_({.path = found->first,
           .host = host_name({host.data(), host.size()}),
           .token = bearer_token({authorization.data(), authorization.size()})},
          [self = shared_from_this()](Admission admission) mutable {
            // Answered, and let go, on the server's thread.
            const auto executor = self->stream_.get_executor();
            asio::post(executor, [self = std::move(self), admission] {
              self->answer(self->respond(admission));
            });
          });
  }

  Answer respond(Admission admission) {
    const auto& request = parser_->get();
    const auto found = route();
    ServerAnswer content{.status = 404, .body = "not found\n"};
    if (!known_method()) {
      content = {.status = 405, .body = "only GET and HEAD are served\n"};
    } else if (admission != Admission::kAdmitted) {
      content = refusal(admission);
    } else if (found != routes_.end()) {
      auto made = contain(Work::kServe, [&] { return Result<ServerAnswer>(found->second()); });
      content = made.ok() ? *std::move(made)
                          : ServerAnswer{.status = 500, .body = "the answer could not be made\n"};
    }
    Answer answer(static_cast<beast::http::status>(content.status), request.version());
    answer.set(beast::http::field::content_type, content.content_type);
    answer.set("X-Content-Type-Options", "nosniff");
    answer.set("X-Frame-Options", "DENY");
    if (!known_method()) answer.set(beast::http::field::allow, "GET, HEAD");
    if (content.status == 401) answer.set(beast::http::field::www_authenticate, "Bearer");
    answer.body() = std::move(content.body);
    answer.keep_alive(known_method() && request.keep_alive() && ++served_ < kRequestsPerConnection);
    answer.prepare_payload();
    if (request.method() == beast::http::verb::head) answer.body().clear();
    return answer;
  }

  void refuse(beast::http::status status) {
    Answer answer(status, 11);
    answer.keep_alive(false);
    answer.prepare_payload();
    this->answer(std::move(answer));
  }

  void answer(Answer answer) {
    answer_.emplace(std::move(answer));
    stream_.expires_after(kRequestTime);
    beast::http::async_write(stream_, *answer_,
                             [self = shared_from_this()](beast::error_code error, std::size_t) {
                               const bool more = !error && self->answer_->keep_alive();
                               self->answer_.reset();  // it may be large, and the next far off
                               more ? self->read() : self->close();
                             });
  }

  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{kHeaderLimit * 2};
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  std::optional<Answer> answer_;  ///< That is being sent.
  const Routes& routes_;
  const Gate& gate_;
  int& connections_;
  int served_ = 0;
};

class BeastServer final : public Server {
 public:
  BeastServer(Routes routes, Gate gate, int max_connections)
      : routes_(std::move(routes)), gate_(std::move(gate)), max_connections_(max_connections) {}

  ~BeastServer() override {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] int port() const override { return acceptor_.local_endpoint().port(); }

  /// Throws boost::system::system_error.
  void start(const asio::ip::address& address, int port) {
    const Tcp::endpoint endpoint(address, static_cast<unsigned short>(port));
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    if (address.is_v6()) acceptor_.set_option(asio::ip::v6_only(false));
    acceptor_.bind(endpoint);
    acceptor_.listen();
    accept();
    thread_ = std::thread([this] {
      // What a handler throws costs its connection; the next handler runs.
      while (!contain(Work::kServe, [this] { context_.run(); }).ok()) {
      }
    });
  }

 private:
  void accept() {
    acceptor_.async_accept([this](beast::error_code error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return pause();
      const auto begun = contain(Work::kServe, [&] {
        if (connections_ < max_connections_)
          std::make_shared<Session>(std::move(socket), routes_, gate_, connections_)->read();
      });
      if (begun.ok()) return accept();
      pause();
    });
  }

  /// Out of file descriptors or memory, most likely: to try again at once would only spin.
  void pause() {
    retry_.expires_after(kAcceptPause);
    retry_.async_wait([this](beast::error_code error) {
      if (!error) accept();
    });
  }

  const Routes routes_;
  const Gate gate_;
  const int max_connections_;
  int connections_ = 0;  // sessions end before it: they are held by the context below
  asio::io_context context_{1};
  Tcp::acceptor acceptor_{context_};
  asio::steady_timer retry_{context_};
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> listen(const ServerOptions& options, Routes routes) {
  beast::error_code error;
  const auto address = asio::ip::make_address(options.host, error);
  if (error) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = "'" + options.host + "' is not an IPv4 or IPv6 address"};
  }
  auto server =
      std::make_unique<BeastServer>(std::move(routes), options.gate, options.max_connections);
  try {
    server->start(address, options.port);
  } catch (const boost::system::system_error& problem) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = problem.code().message(),
                 .context = "listening on " + options.host + ":" + std::to_string(options.port)};
  }
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace edgetide::http
