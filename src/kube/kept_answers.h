#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "edgetide/core/result.h"
#include "edgetide/core/thrown.h"

namespace edgetide::kube {

struct KeptAnswersOptions {
  std::chrono::milliseconds patience{1000};  ///< For the first answer.
  std::chrono::milliseconds renew_after{60'000};
  std::chrono::milliseconds forget_after{600'000};  ///< When nobody has wanted it for so long.
};

/// Answers of a server that are wanted again and again, asked for in a thread of their own: only
/// the first one to a key is waited for, and once one has not come in time, none until the server
/// answers again. Safe for use from several threads at once.
template <class Key, class Value>
class KeptAnswers {
 public:
  using Answer = Result<Value>;
  using Ask = std::function<Answer(const Key&)>;

  explicit KeptAnswers(Ask ask, KeptAnswersOptions options = {})
      : ask_(std::move(ask)),
        options_(options),
        thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

  /// The newest answer; kUnavailable while there is none.
  [[nodiscard]] Answer get(const Key& key) {
    std::unique_lock lock(mutex_);
    const auto [entry, is_new] = entries_.try_emplace(key);
    entry->second.wanted = Time::clock::now();
    if (is_new) {
      changed_.notify_all();
      const bool in_time = answers_ && changed_.wait_for(lock, options_.patience, [&] {
        return answer_to(key).has_value();
      });
      answers_ = answers_ && in_time;
    }
    if (auto answer = answer_to(key)) return *std::move(answer);
    return Error{.code = ErrorCode::kUnavailable, .message = "is still being read"};
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Entry {
    std::optional<Answer> answer;
    Time due{};  ///< When it is next asked for.
    Time wanted{};
  };

  [[nodiscard]] std::optional<Answer> answer_to(const Key& key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : found->second.answer;
  }

  /// Whose turn it is; waits until there is one, nothing when it is time to stop.
  [[nodiscard]] std::optional<Key> next(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      const Time now = Time::clock::now();
      std::erase_if(entries_, [&](const auto& entry) {
        return entry.second.wanted + options_.forget_after < now;
      });
      const auto first = std::ranges::min_element(
          entries_, {}, [](const auto& entry) { return entry.second.due; });
      if (first != entries_.end() && first->second.due <= now) return first->first;
      const Time until = first == entries_.end() ? now + options_.forget_after : first->second.due;
      const auto known = entries_.size();
      changed_.wait_until(lock, stop, until, [&] { return entries_.size() != known; });
    }
    return std::nullopt;
  }

  void run(std::stop_token stop) {
    keep_doing(Work::kAnswer, stop, [&] {
      const auto key = next(stop);
      if (!key) return;
      auto answer = contain(Work::kAnswer, [&] { return ask_(*key); });
      {
        const std::lock_guard lock(mutex_);
        auto& entry = entries_[*key];
        entry.answer = std::move(answer);
        answers_ = true;
        entry.due = Time::clock::now() + options_.renew_after;
      }
      changed_.notify_all();
    });
  }

  const Ask ask_;
  const KeptAnswersOptions options_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<Key, Entry> entries_;
  bool answers_ = true;  ///< False from when patience was lost until the next answer.
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace edgetide::kube
