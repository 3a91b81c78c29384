#include "cli/prometheus_record.h"

#include <thread>

#include "app/system_clock.h"
#include "cli/record_inputs.h"
#include "kube/files.h"
#include "promql/connection.h"
#include "promql/history_reader.h"

namespace edgetide::cli {
namespace {

using Kind = config::Option::Kind;
using std::chrono::days;

constexpr days kPiece{7};
constexpr std::chrono::milliseconds kPause{100};
/// Five years of minutes.
constexpr std::int64_t kMostSteps = 5 * 366 * 1440;
constexpr std::size_t kLargestFile = 1 << 20;

/// What the server is, with credentials that are files instead of Secrets.
model::MetricSource source_of(const config::Settings& settings) {
  model::MetricSource source{.name = settings.text("prometheus"),
                             .url = settings.text("prometheus")};
  const auto file = [&](const char* option) {
    return model::SecretKeyRef{.key = settings.text(option)};
  };
  if (!settings.text("prometheus-token").empty()) {
    source.authorization.type = model::SourceAuthorization::Type::kBearer;
    source.authorization.token = file("prometheus-token");
  }
  if (!settings.text("prometheus-ca").empty()) source.tls.ca = file("prometheus-ca");
  return source;
}

/// \pre nothing but the key is told of where it stands
Result<std::string> read_credential(const std::string&, const std::string&,
                                    const std::string& path) {
  return kube::read_file(path, kLargestFile);
}

Result<ports::HistoryRange> range_of(const config::Settings& settings, const PastSpan& span) {
  const Seconds step = *settings.duration("query-step");
  const Instant to = span.to.value_or(app::SystemClock().now());
  const Instant from = std::min(span.from.value_or(to), to) - *settings.duration("history");
  const std::int64_t steps = (to - from) / step;
  if (steps > kMostSteps) {
    return wrong("--query-step", to_string(from) + " to " + to_string(to) + " holds " +
                                     std::to_string(steps) + " steps of " + to_string(step) +
                                     "; at most " + std::to_string(kMostSteps) +
                                     " are read: choose a longer step or name a part of it");
  }
  // Moments that are whole steps since 1970: the same ones, whenever it is asked.
  return ports::HistoryRange{std::chrono::sys_seconds{from.time_since_epoch() / step * step}, to,
                             step};
}

}  // namespace

std::vector<config::Option> prometheus_options() {
  return {
      {.name = "prometheus",
       .help =
           "A Prometheus server that is read instead of --series: http(s)://HOST[:PORT][/PATH].",
       .value_name = "URL"},
      {.name = "query",
       .help = "With --prometheus: what gives the viewers, as one series: sum(edge_sessions).",
       .value_name = "PROMQL"},
      {.name = "query-step",
       .help = "With --prometheus: from one sample to the next.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "60s",
       .min = 15,
       .max = 3600},
      {.name = "history",
       .help = "With --prometheus: how much is read of what came before.",
       .kind = Kind::kDuration,
       .value_name = "DURATION",
       .default_value = "1344h",
       .min = 0,
       .max = 2 * 366 * 86'400},
      {.name = "prometheus-token",
       .help = "With --prometheus: a file with the bearer token that says who asks.",
       .value_name = "FILE"},
      {.name = "prometheus-ca",
       .help = "With --prometheus: a PEM file with the only authorities to trust; the system's "
               "without.",
       .value_name = "FILE"},
  };
}

Result<std::vector<model::DemandSample>> read_prometheus(const config::Settings& settings,
                                                         const PastSpan& span, Progress& progress) {
  const std::string query = settings.text("query");
  if (query.empty()) return wrong("--query", "required with --prometheus");
  const auto range = range_of(settings, span);
  if (!range.ok()) return range.error();
  const auto source = source_of(settings);
  promql::Connection connection(source, read_credential, http::connect);
  promql::HistoryReader reader(source, connection, {});
  std::vector<model::DemandSample> samples;
  for (Instant at = range->from; at <= range->to; at += kPiece) {
    if (at > range->from) std::this_thread::sleep_for(kPause);
    progress.show("reading " + to_string(at),
                  static_cast<double>((at - range->from).count()) /
                      static_cast<double>((range->to - range->from + range->step).count()));
    const Instant last = at + kPiece - range->step;
    const auto piece =
        reader.own(query, {}, {.from = at, .to = std::min(last, range->to), .step = range->step});
    if (!piece.ok()) return piece.error();
    samples.insert(samples.end(), piece->samples().begin(), piece->samples().end());
  }
  if (samples.empty()) {
    return wrong("--query", "gives no value from " + to_string(range->from) + " to " +
                                to_string(range->to) +
                                ": it has to give one series, such as sum(edge_sessions)");
  }
  return samples;
}

}  // namespace edgetide::cli
