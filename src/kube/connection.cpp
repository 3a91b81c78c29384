#include "kube/connection.h"

#include <array>
#include <utility>

#include "kube/files.h"

namespace edgetide::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLargestFile = 1u << 20;

bool may_be_stale(const Result<http::Response>& answer) {
  return answer.ok() ? answer->status == 401 : answer.error().code == ErrorCode::kUnavailable;
}

/// Puts what stands in the files in place of what stood there.
Result<http::TlsOptions> reread(const TlsFiles& files, http::TlsOptions options) {
  const std::array<std::pair<const std::string*, std::string*>, 3> parts{
      {{&files.ca, &options.ca_pem},
       {&files.certificate, &options.certificate_pem},
       {&files.key, &options.key_pem}}};
  for (const auto& [path, pem] : parts) {
    if (path->empty()) continue;
    auto content = read_file(*path, kLargestFile);
    if (!content.ok()) return content.error();
    *pem = *std::move(content);
  }
  return options;
}

bool same(const http::TlsOptions& a, const http::TlsOptions& b) {
  return a.ca_pem == b.ca_pem && a.certificate_pem == b.certificate_pem && a.key_pem == b.key_pem;
}

}  // namespace

Result<std::unique_ptr<http::Transport>> Connection::open(const Access& access,
                                                          ConnectionOptions options) {
  auto transport = options.connect(access.endpoint);
  if (!transport.ok() || access.tls_files.none()) return transport;
  return std::unique_ptr<http::Transport>(
      new Connection(access, std::move(options), TransportPtr(*std::move(transport))));
}

Connection::Connection(const Access& access, ConnectionOptions options, TransportPtr transport)
    : files_(access.tls_files),
      options_(std::move(options)),
      endpoint_(access.endpoint),
      transport_(std::move(transport)),
      read_at_(steady_clock::now()) {}

Result<http::Response> Connection::send(const http::Request& request) {
  const auto until = steady_clock::now() + request.deadline;
  const auto used = current();
  auto answer = used->send(request);
  if (!may_be_stale(answer)) return answer;
  const auto replacement = replacement_of(used);
  const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
  if (!replacement || left <= milliseconds::zero()) return answer;
  http::Request again = request;
  again.deadline = left;
  return replacement->send(again);
}

Result<http::Response> Connection::stream(const http::Request& request, http::BodySink& sink,
                                          milliseconds idle, std::stop_token stop) {
  const auto used = current();
  auto answer = used->stream(request, sink, idle, std::move(stop));
  // Who streams opens again by itself, and then with what the files hold by now.
  if (may_be_stale(answer)) static_cast<void>(replacement_of(used));
  return answer;
}

Connection::TransportPtr Connection::current() {
  const std::lock_guard lock(mutex_);
  if (steady_clock::now() - read_at_ >= options_.read_again_after) read_again();
  return transport_;
}

Connection::TransportPtr Connection::replacement_of(const TransportPtr& failed) {
  const std::lock_guard lock(mutex_);
  if (transport_ == failed) read_again();
  return transport_ == failed ? nullptr : transport_;
}

void Connection::read_again() {
  read_at_ = steady_clock::now();
  auto tls = reread(files_, endpoint_.tls);
  if (!tls.ok()) return tell(tls.error().text());
  if (same(*tls, endpoint_.tls)) return tell("");
  http::Endpoint changed = endpoint_;
  changed.tls = *std::move(tls);
  auto transport = options_.connect(changed);
  if (!transport.ok()) return tell(transport.error().text());
  endpoint_ = std::move(changed);
  transport_ = TransportPtr(*std::move(transport));
  tell("");
}

void Connection::tell(const std::string& problem) {
  if (problem == std::exchange(told_, problem) || problem.empty() || !options_.on_problem) return;
  options_.on_problem("the API server's certificate files stay as they were read before: " +
                      problem);
}

}  // namespace edgetide::kube
