#include "kube/client.h"

#include "kube/warnings.h"

namespace edgetide::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A priority level that holds requests back is told again only then.
constexpr std::chrono::minutes kTellAgainAfter{10};

bool succeeded(int status) { return status >= 200 && status < 300; }

/// "GET /apis/apps/v1/deployments", without the query: it tells people nothing.
std::string asked_text(http::Method method, std::string_view target) {
  return std::string{http::to_string(method)} + " " +
         std::string{target.substr(0, target.find('?'))};
}

milliseconds left_until(steady_clock::time_point until) {
  return std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
}

Failure transport_failure(Error error, const std::string& asked) {
  error.context = error.context.empty() ? asked : asked + ": " + error.context;
  return {.error = std::move(error)};
}

}  // namespace

Client::Client(std::unique_ptr<http::Transport> transport, Credential credential,
               ClientOptions options)
    : transport_(std::move(transport)),
      as_(credential.as),
      as_groups_(credential.as_groups),
      token_(std::move(credential)),
      options_(std::move(options)) {
  if (options_.rate_limit) rate_limit_.emplace(*options_.rate_limit, steady_clock::now());
  EDGETIDE_ASSERT(transport_ != nullptr, "a client needs a transport");
}

Result<http::Headers> Client::headers(std::string_view accept) {
  auto token = token_.token(steady_clock::now());
  if (!token.ok()) {
    Error error = token.error();
    error.code = ErrorCode::kUnauthorized;
    return error;
  }
  http::Headers headers{{"Accept", std::string{accept}}, {"User-Agent", options_.user_agent}};
  if (!token->empty()) headers.emplace_back("Authorization", "Bearer " + *token);
  if (!as_.empty()) headers.emplace_back("Impersonate-User", as_);
  for (const std::string& group : as_groups_) headers.emplace_back("Impersonate-Group", group);
  return headers;
}

std::optional<Client::SteadyTime> Client::permitted_until(const Call& call,
                                                          SteadyTime until) const {
  if (call.method == http::Method::kGet || !options_.write_permit) return until;
  const auto left = options_.write_permit();
  if (!left) return std::nullopt;
  return std::min(until, steady_clock::now() + *left);
}

std::optional<Failure> Client::wait_for_turn(const std::string& asked, SteadyTime until,
                                             std::stop_token stop) {
  if (!rate_limit_) return std::nullopt;
  const auto now = steady_clock::now();
  const auto wait = rate_limit_->reserve(now, until - now);
  if (!wait) {
    return Failure{.error = {.code = ErrorCode::kUnavailable,
                             .message = now >= until
                                            ? "not sent: its deadline had passed"
                                            : "not sent: too many requests wait for the rate limit",
                             .context = asked}};
  }
  if (*wait <= steady_clock::duration::zero()) return std::nullopt;
  rate_limit_wait_ += std::chrono::nanoseconds{*wait}.count();
  if (pause(std::chrono::ceil<milliseconds>(*wait), std::move(stop))) return std::nullopt;
  return Failure{
      .error = {.code = ErrorCode::kCancelled, .message = "cancelled", .context = asked}};
}

void Client::forget_echoes(Result<http::Response>& answer) {
  if (!answer.ok() || (succeeded(answer->status) && answer->header("Warning").empty())) return;
  const auto token = token_.token(steady_clock::now());
  if (!token.ok() || token->empty()) return;
  const auto repeats = [&](std::string_view text) {
    return text.find(*token) != std::string_view::npos;
  };
  if (!succeeded(answer->status) && repeats(answer->body)) answer->body.clear();
  std::erase_if(answer->headers, [&](const auto& header) { return repeats(header.second); });
}

void Client::note_answer(http::Method method, std::string_view target,
                         const Result<http::Response>& answer) {
  requests_.count(method, target, answer.ok() ? answer->status : 0);
  if (!answer.ok()) return;
  if (options_.on_warning) {
    for (const std::string& warning : warnings_in(answer->header("Warning")))
      options_.on_warning("the API server warns at " + asked_text(method, target) + ": " + warning);
  }
  if (answer->status != 429 || !options_.on_throttled) return;
  const auto told = [&](const char* name) {
    const auto value = answer->header(name);
    return value.empty() ? "" : "; " + std::string{name} + " " + std::string{value};
  };
  const std::string level =
      told("X-Kubernetes-PF-FlowSchema-UID") + told("X-Kubernetes-PF-PriorityLevel-UID");
  if (is_news(level))
    options_.on_throttled("the API server holds back " + asked_text(method, target) +
                          told("Retry-After") + level);
}

bool Client::is_news(const std::string& held_back_by) {
  const auto now = steady_clock::now();
  const std::lock_guard lock(told_mutex_);
  if (told_at_ != SteadyTime{} && told_level_ == held_back_by && now - told_at_ < kTellAgainAfter)
    return false;
  told_level_ = held_back_by;
  told_at_ = now;
  return true;
}

std::optional<Failure> Client::attempt(const Call& call, SteadyTime until, std::string& body) {
  const std::string asked = asked_text(call.method, call.target);
  if (auto held = wait_for_turn(asked, until, stop_.get_token())) return held;
  auto with_token = headers("application/json");
  if (!with_token.ok()) return Failure{.error = with_token.error()};
  if (!call.body.empty()) with_token->emplace_back("Content-Type", call.content_type);

  const auto permitted = permitted_until(call, until);
  if (!permitted) {
    return Failure{.error = {.code = ErrorCode::kCancelled,
                             .message = "not sent: another replica acts",
                             .context = asked}};
  }
  auto answer = transport_->send({.method = call.method,
                                  .target = call.target,
                                  .headers = std::move(*with_token),
                                  .body = call.body,
                                  .deadline = std::max(milliseconds{1}, left_until(*permitted)),
                                  .max_body = call.max_body});
  forget_echoes(answer);
  note_answer(call.method, call.target, answer);
  if (!answer.ok()) return transport_failure(answer.error(), asked);
  if (!succeeded(answer->status)) return failure_of(*answer, asked);
  body = std::move(answer->body);
  return std::nullopt;
}

std::optional<milliseconds> Client::wait_before_retry(const Failure& failure, Backoff& backoff) {
  const bool overloaded =
      failure.http_status == 429 || failure.http_status == 503 || failure.http_status == 504;
  const bool unreached = failure.http_status == 0 && failure.error.code == ErrorCode::kUnavailable;
  if (failure.retry_after && (overloaded || failure.http_status >= 500))
    return std::max(milliseconds{*failure.retry_after}, backoff.next());
  if (overloaded || unreached) return backoff.next();
  return std::nullopt;
}

Result<std::string> Client::send(const Call& call) {
  const auto until = steady_clock::now() + options_.deadline.value_or(call.deadline);
  Backoff backoff(options_.backoff);
  bool token_is_fresh = false;
  for (int tried = 1;; ++tried) {
    std::string body;
    const auto failure = attempt(call, until, body);
    if (!failure) return body;
    if (failure->http_status == 401 && !token_is_fresh && token_.drop()) {
      token_is_fresh = true;
      continue;
    }
    const auto wait = wait_before_retry(*failure, backoff);
    if (!wait || tried >= options_.max_attempts || *wait >= left_until(until))
      return failure->error;
    if (!pause(*wait, stop_.get_token())) return failure->error;
    ++retries_;
  }
}

std::optional<Failure> Client::stream(const StreamCall& call, http::BodySink& sink,
                                      std::stop_token stop) {
  const std::string asked = asked_text(http::Method::kGet, call.target);
  for (bool token_is_fresh = false;; token_is_fresh = true) {
    if (auto held = wait_for_turn(asked, steady_clock::now() + call.deadline, stop)) return held;
    auto with_token = headers(call.accept);
    if (!with_token.ok()) return Failure{.error = with_token.error()};
    auto answer = transport_->stream({.target = call.target,
                                      .headers = std::move(*with_token),
                                      .deadline = call.deadline,
                                      .max_body = 1u << 20},
                                     sink, call.idle, stop);
    forget_echoes(answer);
    if (!stop.stop_requested()) note_answer(http::Method::kGet, call.target, answer);
    if (answer.ok() && succeeded(answer->status)) return std::nullopt;
    if (answer.ok() && answer->status == 401 && !token_is_fresh && token_.drop()) continue;
    return answer.ok() ? failure_of(*answer, asked) : transport_failure(answer.error(), asked);
  }
}

}  // namespace edgetide::kube
