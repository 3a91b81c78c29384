#include "telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>

namespace edgetide::telemetry {
namespace {

constexpr std::array kLevels{"trace", "debug", "info", "warn", "error"};

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

bool troubled(const model::PlanReport& report) {
  return report.shortfall || report.contended || !report.violations.empty() ||
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
  logger->set_pattern(format == LogFormat::kText
                          ? "%Y-%m-%dT%H:%M:%S.%eZ %l %v"
                          : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%v"})",
                      spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
  return {};
}

void log_info(std::string_view message) { spdlog::info("{}", escaped(message)); }
void log_warn(std::string_view message) { spdlog::warn("{}", escaped(message)); }
void log_error(std::string_view message) { spdlog::error("{}", escaped(message)); }

void DecisionLog::tell_writes(const ObjectKey& pool, const ports::ActOutcome& outcome, Said& last) {
  std::map<std::string, std::string> refused;
  for (const auto& write : outcome.writes) {
    const std::string what = fmt::format("{} {}: {} -> {} replicas", pool.text(), write.name,
                                         write.from.count(), write.to.count());
    if (write.result.ok()) {
      log_info(what);
      continue;
    }
    const std::string why = write.result.error().text();
    refused[write.name] = why;
    const auto before = last.refused.find(write.name);
    if (before == last.refused.end() || before->second != why)
      log_warn(what + " not written: " + why);
  }
  last.refused = std::move(refused);
}

void DecisionLog::publish(const model::EdgePool& pool, const model::PlanReport& report,
                          const ports::ActOutcome& outcome) {
  Said& last = last_[pool.key];
  tell_writes(pool.key, outcome, last);
  std::string now = model::gist(report);
  if (now == last.gist) return;
  last.gist = std::move(now);
  const std::string line =
      fmt::format("{} {} {}", pool.key.text(), model::to_string(pool.mode), report.summary);
  troubled(report) ? log_warn(line) : log_info(line);
  for (const auto& violation : report.violations) {
    log_error(
        fmt::format("{} plan broke {}: {}", pool.key.text(), violation.rule, violation.detail));
  }
}

void DecisionLog::forget(const ObjectKey& pool) {
  if (last_.erase(pool) > 0) log_info(pool.text() + " is gone; its targets stay as they are");
}

}  // namespace edgetide::telemetry
