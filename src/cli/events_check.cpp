#include "cli/events_check.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "app/cluster_client.h"
#include "app/system_clock.h"
#include "cli/cluster_options.h"
#include "cli/events_output.h"
#include "cli/looks.h"
#include "cli/version.h"
#include "kube/calendar_text.h"
#include "kube/listing.h"
#include "kube/paths.h"
#include "report/structured_report.h"

namespace edgetide::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Every year that a calendar may speak of.
const calendar::Span kEver{Instant{}, std::chrono::sys_days{std::chrono::year{2100} / 1 / 1}};

/// That no pool carries it; empty where one does.
std::string remark_on_pools(const ObjectKey& key, const kube::Selector& selector,
                            const std::vector<json::Value>& pools) {
  const bool carried = std::ranges::any_of(pools, [&](const json::Value& object) {
    const auto pool = kube::decode_pool(object).value;
    return pool.key.name_space == key.name_space && selector.matches(pool.labels);
  });
  return carried ? "" : "selects no pool of its namespace";
}

Checked check_calendar(const json::Value& object, const Announced& announced, Instant now) {
  const auto decoded = kube::decode_event_calendar(object, {.local_time = &local_time()});
  const kube::EventCalendarResource& resource = decoded.value;
  Checked checked{.what = "EventCalendar " + resource.key.text()};
  if (!decoded.ok()) {
    checked.problem = kube::to_error(decoded.problems, "").text();
    return checked;
  }
  const auto text = announced.text_of(resource);
  if (!text.ok()) {
    checked.problem = text.error().text();
    return checked;
  }
  const auto read = calendar::events_from_ical(*text, resource.source + "/" + resource.source_key,
                                               {now - kAround, now + kAround}, resource.time_zone);
  if (!read.ok()) {
    checked.problem = read.error().text();
    return checked;
  }
  checked.events = read->events().size();
  checked.remark = remark_on_pools(resource.key, resource.pools, announced.pools);
  return checked;
}

Checked check_event(const json::Value& object, const Announced& announced, Instant now) {
  const auto decoded = kube::decode_stream_event(object, {.local_time = &local_time()});
  const kube::StreamEventResource& resource = decoded.value;
  Checked checked{.what = "StreamEvent " + resource.key.text()};
  if (!decoded.ok()) {
    checked.problem = kube::to_error(decoded.problems, "").text();
    return checked;
  }
  const auto start = local_time().moment(resource.start, resource.time_zone);
  if (start.ok() && *start + resource.duration >= now)
    checked.remark = remark_on_pools(resource.key, resource.pools, announced.pools);
  return checked;
}

/// A CalendarCheckList. \param name_key what the names are of: "file", "object"
std::string document_of(const std::vector<Checked>& all, const char* name_key,
                        const std::string& format) {
  Json items = Json::array();
  for (const Checked& one : all) {
    Json item{{name_key, one.what}, {"valid", one.problem.empty()}};
    if (one.events) item["events"] = *one.events;
    if (!one.problem.empty()) item["problem"] = one.problem;
    if (!one.remark.empty()) item["remark"] = one.remark;
    items.push_back(std::move(item));
  }
  return report::document(
      {{"apiVersion", "edgetide.io/v1alpha1"}, {"kind", "CalendarCheckList"}, {"items", items}},
      format);
}

/// From when to when what comes again and again is followed.
calendar::Span span_of(const std::string& file, Instant now) {
  return file.ends_with(".ics") ? calendar::Span{now - kAround, now + kAround} : kEver;
}

Result<std::vector<json::Value>> listed(const app::ClusterClient& cluster, const char* plural,
                                        std::vector<std::string> namespaces) {
  if (namespaces.empty()) namespaces.emplace_back();
  std::vector<json::Value> all;
  for (const std::string& name_space : namespaces) {
    auto some = kube::list_objects(*cluster.client,
                                   kube::collection_path(kube::kApiVersion, plural, name_space));
    if (!some.ok() && some.error().code == ErrorCode::kNotFound)
      return Error{.code = ErrorCode::kNotFound,
                   .message = std::string("no ") + plural +
                              " are defined in this cluster; edgetide crds --apply defines them"};
    if (!some.ok()) return some.error();
    std::ranges::move(*some, std::back_inserter(all));
  }
  return all;
}

/// What is wrong in one outweighs that another is not there.
Exit worse(Exit one, Exit other) {
  return one == Exit::kUsage || other == Exit::kUsage ? Exit::kUsage : std::max(one, other);
}

Exit tell(const std::vector<Checked>& all, const std::string& format, const Console& console) {
  Exit worst = Exit::kOk;
  std::size_t events = 0;
  for (const Checked& one : all) {
    if (!one.problem.empty()) {
      worst =
          fail(console, {.code = ErrorCode::kInvalid, .message = one.problem, .context = one.what});
    } else if (!one.remark.empty()) {
      console.err << "edgetide: " << one.what << ' ' << one.remark << '\n';
    }
    if (format != "text" || !one.problem.empty()) continue;
    if (one.events) {
      console.out << one.what << ": fine; " << count_text(*one.events)
                  << " within four weeks of now\n";
    } else {
      ++events;
    }
  }
  if (format != "text") {
    console.out << document_of(all, "object", format);
  } else if (events > 0) {
    console.out << events << (events == 1 ? " StreamEvent is" : " StreamEvents are") << " fine\n";
  }
  if (all.empty()) console.err << "edgetide: no EventCalendars and no StreamEvents found\n";
  return worst;
}

}  // namespace

std::vector<Checked> check(const Announced& announced, Instant now) {
  std::vector<Checked> all;
  for (const json::Value& object : announced.calendars)
    all.push_back(check_calendar(object, announced, now));
  for (const json::Value& object : announced.events)
    all.push_back(check_event(object, announced, now));
  return all;
}

Exit validate_files(const std::vector<std::string>& files, const std::string& format,
                    const Console& console) {
  Exit worst = Exit::kOk;
  std::vector<Checked> all;
  for (const std::string& file : files) {
    const auto read = calendar::events_from_file(file, span_of(file, app::SystemClock().now()));
    all.push_back({.what = file});
    if (!read.ok()) {
      worst = worse(worst, fail(console, read.error()));
      all.back().problem = read.error().text();
      continue;
    }
    all.back().events = read->events().size();
    all.back().remark = remark_on_long_events(read->events());
    if (!all.back().remark.empty())
      console.err << "edgetide: " << file << ": " << all.back().remark << '\n';
    if (format == "text")
      console.out << file << ": fine; " << count_text(read->events().size())
                  << (file.ends_with(".ics") ? " within four weeks of now" : "") << '\n';
  }
  if (format != "text") console.out << document_of(all, "file", format);
  return worst;
}

Exit validate_cluster(const config::Settings& settings, const Console& console) {
  auto access = access_options(settings);
  access.request_timeout = *settings.duration("timeout");
  const auto cluster = app::open_cluster(access, std::string(kVersion));
  if (!cluster.ok()) {
    Error error = cluster.error();
    if (error.code == ErrorCode::kNotFound) error.message += "; validate FILE... needs no cluster";
    return fail(console, error);
  }
  Announced announced{.text_of = [&](const kube::EventCalendarResource& resource) {
    return kube::calendar_text(*cluster->client, resource);
  }};
  for (const auto& [plural, objects] : {std::pair{"eventcalendars", &announced.calendars},
                                        {"streamevents", &announced.events},
                                        {"edgepools", &announced.pools}}) {
    auto found = listed(*cluster, plural, settings.list("namespace"));
    if (!found.ok()) return fail(console, found.error());
    *objects = *std::move(found);
  }
  return tell(check(announced, app::SystemClock().now()), settings.text("output"), console);
}

}  // namespace edgetide::cli
