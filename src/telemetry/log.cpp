#include "telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <utility>

#include "telemetry/repeat_limit.h"

namespace edgetide::telemetry {
namespace {

constexpr std::array kLevels{"trace", "debug", "info", "warn", "error"};

/// Of the process's log.
struct LogState {
  std::atomic<LogFormat> format = LogFormat::kText;
  std::atomic<std::int64_t> epoch = 0;
  std::mutex mutex;
  RepeatLimit limit;  ///< Under the mutex.
};

LogState& state() {
  static LogState state;
  return state;
}

/// JSON string escapes, which serve the text format too.
std::string escaped(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      safe += '\\';
      safe += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      safe += c;
    }
  }
  return safe;
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// How many lines like it were left out before; nothing when it is to be left out too.
std::optional<int> admit(LogLevel level, const std::string& pool, std::string_view message) {
  if (level < LogLevel::kWarn) return 0;
  const std::lock_guard lock(state().mutex);
  return state().limit.admit(fmt::format("{} {}", pool, message), std::chrono::steady_clock::now());
}

/// Message and fields: the part of a line that follows its time and level.
std::string line_of(std::string_view message, const LogSubject& about, int left_out) {
  const bool json = state().format == LogFormat::kJson;
  std::string line = json ? fmt::format(R"("message":"{}")", escaped(message)) : escaped(message);
  const auto add = [&](const char* name, const auto& value) {
    if (json) {
      line += fmt::format(R"(,"{}":{})", name, value);
    } else {
      line += fmt::format(" {}={}", name, value);
    }
  };
  if (!about.pool.empty()) {
    const std::string pool = escaped(about.pool);
    add("pool", json ? '"' + pool + '"' : pool);
  }
  if (about.reconcile > 0) add("reconcile", about.reconcile);
  if (const std::int64_t epoch = state().epoch; epoch > 0) add("epoch", epoch);
  if (left_out > 0) add("left_out", left_out);
  return line;
}

bool troubled(const model::PlanReport& report) {
  return report.shortfall || (report.outlook && !report.outlook->shortfalls.empty()) ||
         report.contended || !report.violations.empty() ||
         !report.observation.history_problem.empty() || !report.observation.demand.viewers.fresh();
}

}  // namespace

Result<void> start_log(LogFormat format, std::string_view level) {
  if (std::find(kLevels.begin(), kLevels.end(), level) == kLevels.end()) {
    return Error{.code = ErrorCode::kInvalid,
                 .message = fmt::format(
                     "log level '{}' is not one of trace, debug, info, warn, error", level)};
  }
  auto logger = spdlog::stderr_logger_mt("edgetide");
  logger->set_level(spdlog::level::from_str(std::string(level)));
  state().format = format;
  logger->set_pattern(format == LogFormat::kText
                          ? "%Y-%m-%dT%H:%M:%S.%eZ %l %v"
                          : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})",
                      spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  return {};
}

void set_log_epoch(std::int64_t epoch) { state().epoch = epoch; }

void log(LogLevel level, std::string_view message, const LogSubject& about) {
  const auto left_out = admit(level, about.pool, message);
  if (left_out) spdlog::log(level_of(level), "{}", line_of(message, about, *left_out));
}

void log_debug(std::string_view message) { log(LogLevel::kDebug, message, {}); }
void log_info(std::string_view message) { log(LogLevel::kInfo, message, {}); }
void log_warn(std::string_view message) { log(LogLevel::kWarn, message, {}); }
void log_error(std::string_view message) { log(LogLevel::kError, message, {}); }

void DecisionLog::tell_writes(const LogSubject& about, const ports::ActOutcome& outcome,
                              Said& last) {
  std::map<std::string, std::string> refused;
  for (const auto& write : outcome.writes) {
    const std::string what =
        fmt::format("{}: {} -> {} replicas", write.name, write.from.count(), write.to.count());
    if (write.result.ok()) {
      log(LogLevel::kInfo, what, about);
      continue;
    }
    const std::string why = write.result.error().text();
    refused[write.name] = why;
    const auto before = last.refused.find(write.name);
    if (before == last.refused.end() || before->second != why)
      log(LogLevel::kWarn, what + " not written: " + why, about);
  }
  last.refused = std::move(refused);
}

void DecisionLog::publish(const model::EdgePool& pool, const model::PlanReport& report,
                          const ports::ActOutcome& outcome) {
  const LogSubject about{.pool = pool.key.text(), .reconcile = ++looks_};
  Said& last = last_[pool.key];
  tell_writes(about, outcome, last);
  const auto now = std::hash<std::string>{}(model::gist(report));
  if (std::exchange(last.gist, now) == now) return;
  log(troubled(report) ? LogLevel::kWarn : LogLevel::kInfo,
      fmt::format("{} {}", model::to_string(pool.mode), report.summary), about);
  for (const auto& violation : report.violations) {
    log(LogLevel::kError, fmt::format("plan broke {}: {}", violation.rule, violation.detail),
        about);
  }
}

void DecisionLog::forget(const ObjectKey& pool) {
  if (last_.erase(pool) == 0) return;
  log(LogLevel::kInfo, "the pool is gone; its targets stay as they are", {.pool = pool.text()});
}

}  // namespace edgetide::telemetry
