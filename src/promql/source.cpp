#include "promql/source.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "promql/selectors.h"

namespace edgetide::promql {
namespace {

using model::Freshness;
using model::Reading;

constexpr std::chrono::milliseconds kRoundBudget{10'000};
/// A pool's own answers are dropped when nobody has asked for them for this many intervals.
constexpr int kForgetAfterIntervals = 20;

/// How long the work of a round may still take. Measured on the steady clock: a deadline is about
/// this process, not about the world's time.
class Budget {
 public:
  explicit Budget(std::chrono::milliseconds all) : end_(std::chrono::steady_clock::now() + all) {}

  /// The limits for the next request; nothing when the time is used up.
  [[nodiscard]] std::optional<ClientLimits> next_request() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end_ - std::chrono::steady_clock::now());
    if (left < std::chrono::milliseconds{50}) return std::nullopt;
    ClientLimits limits;
    limits.timeout = std::min(limits.timeout, left);
    return limits;
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

/// For who reads once the interval has passed: the asking is left to `refresh` for so long, so that
/// a server that hangs keeps no reader waiting.
constexpr Seconds kRefreshGoesFirst{2};

bool is_outage(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kTimeout;
}

Reading failed(std::string detail) {
  return {.freshness = Freshness::kFailed, .detail = std::move(detail)};
}

}  // namespace

Source::Source(model::MetricSource spec, const SecretReader& read_secret, const Connect& connect,
               std::stop_token stop)
    : spec_(std::move(spec)),
      stop_(std::move(stop)),
      connection_(spec_, read_secret, connect),
      history_(spec_, connection_, stop_) {}

std::optional<std::string> Source::query_of(const model::EdgePool& pool,
                                            const std::string& resource) const {
  const auto& queries = pool.demand.queries.empty() ? spec_.queries : pool.demand.queries;
  const auto found = queries.find(resource);
  return found == queries.end() ? std::nullopt : std::optional{found->second};
}

std::optional<std::string> Source::viewers_counted_by(const model::EdgePool& pool) const {
  const auto query = query_of(pool, "viewers");
  if (!query) return std::nullopt;
  std::string text = without_blanks(*query) + '\n' + spec_.url;
  for (const std::string& label :
       {spec_.labels.name_space, spec_.labels.pool, spec_.labels.failure_domain})
    text += '\n' + label;
  return text;
}

bool Source::allows(const std::string& name_space) const {
  return std::ranges::any_of(spec_.allowed_namespaces, [&](const std::string& allowed) {
    return allowed == "*" || allowed == name_space;
  });
}

Coverage Source::coverage(const model::EdgePool& pool, bool own) const {
  Coverage wanted{.domain_label = spec_.labels.failure_domain, .one_total_will_do = own};
  if (!pool.topology_key.empty()) return wanted;  // its domains are not known by name
  for (const model::FailureDomain& domain : pool.domains) wanted.domains.push_back(domain.name);
  return wanted;
}

std::optional<Reading> Source::read(const model::EdgePool& pool, const std::string& resource,
                                    Instant now) {
  const bool own = !pool.demand.queries.empty();
  const auto query = query_of(pool, resource);
  if (!query) return std::nullopt;
  if (!allows(pool.key.name_space)) {
    return failed("MetricSource " + spec_.name + " does not allow namespace " +
                  pool.key.name_space);
  }
  const Answer answer =
      own ? own_answer(*query, now)
          : round(now, spec_.interval + kRefreshGoesFirst)->by_resource.at(resource);
  Reading reading = answer->reading({.pool = own ? ObjectKey{} : pool.key,
                                     .coverage = coverage(pool, own),
                                     .now = now,
                                     .max_sample_age = spec_.max_sample_age});
  if (!reading.fresh()) {
    reading.detail = resource + " from MetricSource " + spec_.name + ": " + reading.detail;
  }
  return reading;
}

bool Source::due(Instant now) {
  const std::lock_guard lock{mutex_};
  return !asking_ && !(round_ && is_within(spec_.interval, round_->asked_at, now));
}

std::vector<ObjectKey> Source::refresh(Instant now) {
  const auto viewers_in = [](const std::shared_ptr<const Round>& round) {
    if (!round) return Answer{};
    const auto found = round->by_resource.find("viewers");
    return found == round->by_resource.end() ? Answer{} : found->second;
  };
  std::unique_lock lock{mutex_};
  const Answer before = viewers_in(round_);
  lock.unlock();
  const Answer after = viewers_in(round(now, spec_.interval));
  if (!before || !after || after == before) return {};
  return after->risen_since(*before);
}

std::shared_ptr<const Source::Round> Source::round(Instant now, Seconds at_most) {
  std::unique_lock lock{mutex_};
  if (round_ && is_within(at_most, round_->asked_at, now)) return round_;
  round_done_.wait(lock, [&] { return round_ != nullptr || !asking_; });
  if (asking_ || (round_ && is_within(at_most, round_->asked_at, now))) return round_;
  asking_ = true;
  const auto before = round_;
  lock.unlock();
  std::shared_ptr<const Round> asked;
  try {
    asked = std::make_shared<const Round>(ask_round(before.get(), now));
  } catch (...) {
    lock.lock();
    asking_ = false;
    round_done_.notify_all();
    throw;
  }
  lock.lock();
  const bool gave_up = round_ && stop_.stop_requested();
  if (!gave_up) round_ = std::move(asked);
  asking_ = false;
  std::erase_if(own_answers_, [&](const auto& entry) {
    return entry.second->asked_at() + spec_.interval * kForgetAfterIntervals < now;
  });
  round_done_.notify_all();
  history_.drop_old();
  return round_;
}

Source::Round Source::ask_round(const Round* before, Instant now) {
  Round round{.asked_at = now, .by_resource = {}};
  std::map<std::string, Answer> by_expression;
  const Budget budget{kRoundBudget};
  for (const auto& [resource, expression] : spec_.queries) {
    Answer& answer = by_expression[expression];
    if (!answer) {
      const auto limits = budget.next_request();
      auto asked =
          limits
              ? ask(expression, true, now, *limits)
              : QueryAnswer{
                    now, Error{ErrorCode::kTimeout,
                               "the queries before it took " +
                                   to_string(std::chrono::duration_cast<Seconds>(kRoundBudget))}};
      if (before != nullptr)
        asked.follow(*before->by_resource.at(resource), longest_window(expression));
      answer = std::make_shared<const QueryAnswer>(std::move(asked));
    }
    round.by_resource[resource] = answer;
  }
  return round;
}

Source::Answer Source::own_answer(const std::string& expression, Instant now) {
  Answer before;
  {
    const std::lock_guard lock{mutex_};
    const auto known = own_answers_.find(expression);
    if (known != own_answers_.end()) before = known->second;
  }
  if (before && is_within(spec_.interval, before->asked_at(), now)) return before;
  auto asked = ask(expression, false, now, ClientLimits{});
  if (before) asked.follow(*before, longest_window(expression));
  auto answer = std::make_shared<const QueryAnswer>(std::move(asked));
  const std::lock_guard lock{mutex_};
  own_answers_[expression] = answer;
  return answer;
}

QueryAnswer Source::ask(const std::string& expression, bool batch, Instant now,
                        ClientLimits limits) {
  if (auto down = outage(now)) return {now, *std::move(down)};
  const auto session = connection_.session(now);
  if (!session) {
    remember_outage(session.error(), now);
    return {now, session.error()};
  }
  Client client{*(*session)->transport, (*session)->headers, limits, stop_};
  const auto times_query = sample_time_query(expression, batch ? &spec_.labels : nullptr);
  if (!times_query) {
    const auto values = noted(client.query(expression, now), now);
    if (!values) return {now, values.error()};
    QueryAnswer answer{now, *values, spec_.labels, batch};
    answer.set_timeless();
    return answer;
  }
  if (!is_asked_apart(expression)) {
    auto both = noted(client.query(with_sample_times(expression, *times_query), now), now);
    if (both) {
      auto [values, times] = values_and_times(*std::move(both));
      QueryAnswer answer{now, values, spec_.labels, batch};
      answer.set_times(SampleTimes{times, spec_.labels});
      return answer;
    }
    if (both.error().code != ErrorCode::kInvalid) return {now, both.error()};
  }
  return ask_apart(client, expression, *times_query, batch, now);
}

QueryAnswer Source::ask_apart(Client& client, const std::string& expression,
                              const std::string& times_query, bool batch, Instant now) {
  const auto values = noted(client.query(expression, now), now);
  if (!values) return {now, values.error()};
  note_asked_apart(expression);
  QueryAnswer answer{now, *values, spec_.labels, batch};
  const auto times = noted(client.query(times_query, now), now);
  answer.set_times(times ? Result<SampleTimes>{SampleTimes{*times, spec_.labels}}
                         : Result<SampleTimes>{times.error()});
  return answer;
}

Result<InstantVector> Source::noted(Result<InstantVector> answer, Instant now) {
  if (!answer && is_outage(answer.error().code)) remember_outage(answer.error(), now);
  return answer;
}

bool Source::is_asked_apart(const std::string& expression) {
  const std::lock_guard lock{mutex_};
  return asked_apart_.contains(expression);
}

void Source::note_asked_apart(const std::string& expression) {
  const std::lock_guard lock{mutex_};
  asked_apart_.insert(expression);
}

std::optional<Error> Source::outage(Instant now) {
  const std::lock_guard lock{mutex_};
  if (outage_ && !is_within(spec_.interval, outage_at_, now)) outage_.reset();
  return outage_;
}

void Source::remember_outage(const Error& error, Instant now) {
  const std::lock_guard lock{mutex_};
  outage_ = error;
  outage_at_ = now;
}

Result<model::DemandHistory> Source::history(const model::EdgePool& pool,
                                             const ports::HistoryRange& range) {
  const std::string context = "history from MetricSource " + spec_.name;
  const bool own = !pool.demand.queries.empty();
  const auto query = query_of(pool, "viewers");
  if (!query) return Error{ErrorCode::kNotFound, "no query for viewers", context};
  if (!allows(pool.key.name_space)) {
    return Error{ErrorCode::kForbidden, "does not allow namespace " + pool.key.name_space, context};
  }
  if (range.step < Seconds{1} || range.from > range.to) {
    return Error{ErrorCode::kInvalid,
                 "a range from " + to_string(range.from) + " to " + to_string(range.to) + " by " +
                     to_string(range.step),
                 context};
  }
  const Coverage wanted = coverage(pool, own);
  if (own) return history_.own(*query, wanted, range);
  return history_.batch(*query, pool.key, wanted, range, [this] { return pools_answered_for(); });
}

std::vector<ObjectKey> Source::pools_answered_for() {
  const std::lock_guard lock{mutex_};
  if (!round_) return {};
  const auto viewers = round_->by_resource.find("viewers");
  return viewers == round_->by_resource.end() ? std::vector<ObjectKey>{} : viewers->second->pools();
}

}  // namespace edgetide::promql
