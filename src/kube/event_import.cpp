#include "kube/event_import.h"

#include <algorithm>
#include <map>
#include <set>

#include "kube/codecs.h"
#include "kube/listing.h"
#include "kube/paths.h"

namespace edgetide::kube {
namespace {

constexpr std::string_view kPlural = "streamevents";
constexpr std::string_view kManager = "edgetide-import";
constexpr std::size_t kMostProblems = 20;
/// Each is a request or two.
constexpr std::size_t kMostEvents = 10'000;

/// Empty where there is none.
std::string text_at(const json::Value& object, std::string_view path) {
  const auto text = json::get_string(object, path);
  return text.ok() ? *text : "";
}

std::string name_of(const json::Value& event) { return text_at(event, "metadata.name"); }

std::string origin_of(const json::Value& event) {
  return text_at(event, json::child_path("metadata.labels", kImportedFrom));
}

/// Whether anybody but imports has a say on what the event is.
bool is_shared(const json::Value& object) {
  const json::Value* managers = json::find(object, "metadata.managedFields");
  return managers != nullptr && managers->is_array() &&
         std::ranges::any_of(*managers, [](const json::Value& one) {
           return text_at(one, "manager") != kManager &&
                  json::find(one, "fieldsV1.f:spec") != nullptr;
         });
}

/// A field of an object; null where it has none.
json::Value field(const json::Value& object, std::string_view path) {
  const json::Value* found = json::find(object, path);
  return found == nullptr ? json::Value{} : *found;
}

/// One import from the first question to the last write.
class Import {
 public:
  Import(Client& client, const EventImport& import, const std::function<void(double)>& progress)
      : client_(client),
        import_(import),
        progress_(progress),
        collection_(collection_path(kApiVersion, kPlural, import.name_space)) {
    for (const json::Value& event : import.events) names_.insert(name_of(event));
  }

  ImportOutcome run() {
    ImportOutcome outcome;
    if (import_.events.size() > kMostEvents)
      return failed({.code = ErrorCode::kTooLarge,
                     .message = std::to_string(import_.events.size()) +
                                " events; an import has 10000 at most"});
    if (names_.size() != import_.events.size())
      return failed({.code = ErrorCode::kInvalid, .message = "two events have one name"});
    if (auto read = read_standing(); !read.ok()) return failed(read.error());
    if (import_.prune && import_.events.empty() && !gone_.empty())
      return failed({.code = ErrorCode::kInvalid,
                     .message = "no events to import: the " + std::to_string(gone_.size()) +
                                " that were imported from it stay"});
    passes_ = import_.dry_run ? 1 : 2;
    check(outcome);
    if (outcome.failure || import_.dry_run) return outcome;
    outcome.events.clear();
    write(outcome);
    return outcome;
  }

 private:
  static ImportOutcome failed(Error error) { return {.events = {}, .failure = std::move(error)}; }

  Error about(const std::string& name, Error error) const {
    error.context = "StreamEvent " + ObjectKey{import_.name_space, name}.text() +
                    (error.context.empty() ? "" : ": " + error.context);
    return error;
  }

  [[nodiscard]] std::string path_of(const std::string& name) const {
    return collection_ + "/" + percent_encode(name);
  }

  Result<void> read_standing() {
    auto objects = list_objects(client_, collection_);
    if (!objects.ok() && objects.error().code == ErrorCode::kNotFound)
      return Error{.code = ErrorCode::kNotFound,
                   .message =
                       "no StreamEvents are defined in this cluster; edgetide crds --apply "
                       "defines them"};
    if (!objects.ok()) return objects.error();
    for (json::Value& object : *objects) {
      std::string name = name_of(object);
      if (has_gone(name, object)) gone_.push_back(name);
      standing_.emplace(std::move(name), std::move(object));
    }
    return {};
  }

  /// Doubt keeps it: what cannot be read, has begun, lies beyond what was read of the calendar, or
  /// is somebody else's as well.
  [[nodiscard]] bool has_gone(const std::string& name, const json::Value& object) const {
    if (origin_of(object) != import_.imported_from || names_.contains(name) || is_shared(object))
      return false;
    const auto decoded = decode_stream_event(object);
    if (!decoded.ok()) return false;
    const auto start = import_.zones->moment(decoded.value.start, decoded.value.time_zone);
    return start.ok() && *start > import_.from && *start <= import_.to && is_ours_alone(name);
  }

  /// Asked for by itself: a list is kept without who manages what.
  [[nodiscard]] bool is_ours_alone(const std::string& name) const {
    const auto answer = client_.send({.method = http::Method::kGet, .target = path_of(name)});
    if (!answer.ok()) return false;
    const auto object = json::parse(*answer);
    return object.ok() && !is_shared(*object);
  }

  /// What applying it comes to.
  Result<ImportResult> apply(const json::Value& event, bool dry_run) {
    json::Value labelled = event;
    labelled["metadata"]["labels"][kImportedFrom] = import_.imported_from;
    const auto answer =
        client_.send({.method = http::Method::kPatch,
                      .target = path_of(name_of(event)) + "?fieldManager=" + std::string(kManager) +
                                (dry_run ? "&dryRun=All" : ""),
                      .body = json::dump(labelled),
                      .content_type = "application/apply-patch+yaml"});
    if (!answer.ok()) return answer.error();
    const auto after = json::parse(*answer);
    if (!after.ok()) return after.error();
    const auto before = standing_.find(name_of(event));
    if (before == standing_.end()) return ImportResult::kCreated;
    const bool same = field(before->second, "spec") == field(*after, "spec") &&
                      origin_of(before->second) == origin_of(*after);
    return same ? ImportResult::kUnchanged : ImportResult::kConfigured;
  }

  /// Of a request with a body the server reads no options in the query: a dry run stands in it.
  Result<void> remove(const std::string& name, bool dry_run) {
    const json::Value& seen = standing_.at(name);
    json::Value options{{"apiVersion", "v1"},
                        {"kind", "DeleteOptions"},
                        {"preconditions",
                         {{"uid", field(seen, "metadata.uid")},
                          {"resourceVersion", field(seen, "metadata.resourceVersion")}}}};
    if (dry_run) options["dryRun"] = json::Value::array({"All"});
    const auto done = client_.send({.method = http::Method::kDelete,
                                    .target = path_of(name),
                                    .body = json::dump(options),
                                    .content_type = "application/json"});
    if (!done.ok() && done.error().code != ErrorCode::kNotFound) return done.error();
    return {};
  }

  /// It is what another calendar has of that name.
  [[nodiscard]] std::optional<Error> taken(const std::string& name) const {
    const auto before = standing_.find(name);
    if (before == standing_.end()) return std::nullopt;
    const std::string origin = origin_of(before->second);
    if (origin.empty() || origin == import_.imported_from) return std::nullopt;
    return Error{.code = ErrorCode::kConflict,
                 .message = "was imported from " + origin + ", not from " + import_.imported_from};
  }

  Result<ImportResult> one(const json::Value& event, bool dry_run) {
    if (auto problem = taken(name_of(event))) return *std::move(problem);
    return apply(event, dry_run);
  }

  Result<ImportResult> one_gone(const std::string& name, bool dry_run) {
    if (!import_.prune) return ImportResult::kLeft;
    if (const auto removed = remove(name, dry_run); !removed.ok()) return removed.error();
    return ImportResult::kPruned;
  }

  /// Every one of them until `act` says that it is enough.
  template <typename Act>
  void for_each(bool dry_run, const Act& act) {
    for (const json::Value& event : import_.events) {
      if (!act(name_of(event), one(event, dry_run))) return;
      step();
    }
    for (const std::string& name : gone_) {
      if (!act(name, one_gone(name, dry_run))) return;
      step();
    }
  }

  void step() {
    const std::size_t all = import_.events.size() + gone_.size();
    progress_(static_cast<double>(++steps_) / (passes_ * static_cast<double>(all)));
  }

  void check(ImportOutcome& outcome) {
    std::vector<Error> problems;
    for_each(true, [&](const std::string& name, const Result<ImportResult>& result) {
      if (result.ok()) {
        outcome.events.push_back({name, *result});
        return true;
      }
      problems.push_back(about(name, result.error()));
      const bool of_this_one =
          result.error().code == ErrorCode::kInvalid || result.error().code == ErrorCode::kConflict;
      return of_this_one && problems.size() < kMostProblems;
    });
    if (problems.empty()) return;
    outcome.events.clear();
    Error all{.code = problems.back().code, .message = ""};
    for (const Error& problem : problems) all.message += problem.text() + "\n";
    all.message += "nothing was written";
    outcome.failure = std::move(all);
  }

  void write(ImportOutcome& outcome) {
    for_each(false, [&](const std::string& name, const Result<ImportResult>& result) {
      if (result.ok()) {
        outcome.events.push_back({name, *result});
      } else {
        outcome.failure = about(name, result.error());
        outcome.failure->message += "; " + std::to_string(outcome.events.size()) + " of " +
                                    std::to_string(import_.events.size() + gone_.size()) +
                                    " were done: the same import does the rest";
      }
      return result.ok();
    });
  }

  Client& client_;
  const EventImport& import_;
  const std::function<void(double)>& progress_;
  std::string collection_;
  std::set<std::string> names_;
  std::map<std::string, json::Value> standing_;  ///< By name.
  std::vector<std::string> gone_;
  double passes_ = 1;
  std::size_t steps_ = 0;
};

}  // namespace

ImportOutcome import_events(Client& client, const EventImport& import,
                            const std::function<void(double)>& progress) {
  return Import(client, import, progress).run();
}

}  // namespace edgetide::kube
