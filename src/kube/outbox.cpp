#include "kube/outbox.h"

#include "edgetide/core/thrown.h"

namespace edgetide::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

}  // namespace

Outbox::Outbox(Client& client, std::size_t most_waiting)
    : client_(client),
      most_waiting_(most_waiting),
      thread_([this](std::stop_token stop) { run(stop); }) {}

void Outbox::post(Letter letter) {
  std::optional<Letter> dropped;
  {
    const std::lock_guard lock(mutex_);
    const std::string address = letter.address;
    const bool is_new = waiting_.insert_or_assign(address, std::move(letter)).second;
    if (is_new) order_.push_back(address);
    if (waiting_.size() > most_waiting_) {
      dropped = take_first();
      ++lost_;
    }
  }
  changed_.notify_one();
  if (dropped)
    report(*dropped, Error{.code = ErrorCode::kUnavailable, .message = "too many writes wait"});
}

void Outbox::finish(milliseconds within) {
  {
    const std::lock_guard lock(mutex_);
    finish_by_ = steady_clock::now() + within;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::uint64_t Outbox::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

Outbox::Letter Outbox::take_first() {
  auto first = waiting_.extract(order_.front());
  order_.pop_front();
  return std::move(first.mapped());
}

std::optional<Outbox::Letter> Outbox::next(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] { return !waiting_.empty() || finish_by_.has_value(); });
  if (stop.stop_requested() || waiting_.empty()) return std::nullopt;
  Letter letter = take_first();
  if (!finish_by_) return letter;
  const auto left = std::chrono::duration_cast<milliseconds>(*finish_by_ - steady_clock::now());
  if (left <= milliseconds{0}) return std::nullopt;
  letter.call.deadline = std::min(letter.call.deadline, left);
  return letter;
}

void Outbox::run(std::stop_token stop) {
  while (const auto letter = next(stop)) {
    const auto outcome = contain(Work::kSend, [&] { return client_.send(letter->call); });
    static_cast<void>(contain(Work::kSend, [&] { report(*letter, outcome); }));
  }
}

void Outbox::report(const Letter& letter, const Result<std::string>& outcome) {
  if (letter.done) letter.done(outcome);
}

}  // namespace edgetide::kube
