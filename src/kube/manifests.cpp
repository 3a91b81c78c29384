#include "kube/manifests.h"

#include <algorithm>

#include "edgetide/core/nearest.h"
#include "yaml/to_json.h"

namespace edgetide::kube {
namespace {

const std::vector<std::string>& our_kinds() {
  static const std::vector<std::string> kKinds = {"EdgePool", "StreamEvent", "EventClass",
                                                  "EventCalendar", "MetricSource"};
  return kKinds;
}

std::string text_at(const json::Value& object, std::string_view path) {
  const auto text = json::get_string(object, path);
  return text.ok() ? *text : std::string{};
}

/// Kinds that hold other objects: "List", "EdgePoolList".
bool is_list(const json::Value& object) {
  const json::Value* items = json::find(object, "items");
  return text_at(object, "kind").ends_with("List") && items != nullptr && items->is_array();
}

ObjectKey key_of(const model::EdgePool& pool) { return pool.key; }
ObjectKey key_of(const StreamEventResource& event) { return event.key; }
ObjectKey key_of(const model::EventClass& event_class) { return {"", event_class.name}; }
ObjectKey key_of(const EventCalendarResource& calendar) { return calendar.key; }
ObjectKey key_of(const MetricSource& source) { return {"", source.name}; }

/// What an object that does not say is taken to mean.
struct Surroundings {
  std::string name_space;
  const LocalTime* local_time = nullptr;
};

/// Adds the objects of one file, each problem with its place.
class Reader {
 public:
  Reader(Manifests& manifests, std::string_view file, const Surroundings& surroundings)
      : manifests_(manifests),
        file_(file),
        default_namespace_(surroundings.name_space),
        options_{.refuse_unknown = true, .local_time = surroundings.local_time} {}

  void add(const yaml::LocatedJson& document) {
    if (!is_list(document.value)) return add_object(document, document.value, "");
    const auto& items = document.value.at("items");
    for (std::size_t i = 0; i < items.size(); ++i) {
      add_object(document, items[i], json::child_path("items", i));
    }
  }

 private:
  void add_object(const yaml::LocatedJson& document, const json::Value& object,
                  const std::string& prefix) {
    document_ = &document;
    prefix_ = prefix;
    const std::string version = text_at(object, "apiVersion");
    const std::string kind = text_at(object, "kind");
    const std::string name = text_at(object, "metadata.name");
    name_ = (kind.empty() ? "object" : kind) + (name.empty() ? "" : " " + name);
    if (kind.empty() || version.empty()) {
      report(kind.empty() ? FieldProblem{"kind",
                                         "required, as of whole objects: one of EdgePool, "
                                         "StreamEvent, EventClass, EventCalendar, "
                                         "MetricSource"}
                          : FieldProblem{"apiVersion", "required"});
    } else if (!version.starts_with(std::string{kApiGroup} + "/")) {
      manifests_.skipped.push_back(version + " " + name_);
    } else if (kind == "EdgePool") {
      keep(manifests_.pools, decode_pool(placed(object), options_));
    } else if (kind == "StreamEvent") {
      keep(manifests_.events, decode_stream_event(placed(object), options_));
    } else if (kind == "EventClass") {
      keep(manifests_.classes, decode_event_class(object, options_));
    } else if (kind == "EventCalendar") {
      keep(manifests_.calendars, decode_event_calendar(placed(object), options_));
    } else if (kind == "MetricSource") {
      keep(manifests_.sources, decode_metric_source(object, options_));
    } else {
      report_unknown_kind(kind);
    }
  }

  void report_unknown_kind(const std::string& kind) {
    const auto meant = nearest(kind, our_kinds());
    report({"kind", "\"" + kind + "\" is none of EdgePool, StreamEvent, EventClass, " +
                        "EventCalendar, MetricSource" +
                        (meant ? "; did you mean " + *meant + "?" : "")});
  }

  /// With a namespace, if it has none and can carry one.
  [[nodiscard]] json::Value placed(json::Value object) const {
    const auto metadata = object.find("metadata");
    if (metadata != object.end() && metadata->is_object() && !metadata->contains("namespace")) {
      (*metadata)["namespace"] = default_namespace_;
    }
    return object;
  }

  template <typename T>
  void keep(std::vector<T>& kept, Decoded<T> decoded) {
    if (decoded.ok()) {
      const ObjectKey key = key_of(decoded.value);
      const bool twice =
          std::ranges::any_of(kept, [&](const T& other) { return key_of(other) == key; });
      if (!twice) return kept.push_back(std::move(decoded.value));
      decoded.problems.push_back({"metadata.name", "\"" + key.name + "\" was there before"});
    }
    for (const FieldProblem& problem : decoded.problems) report(problem);
  }

  void report(const FieldProblem& problem) {
    const std::string separator = prefix_.empty() || problem.path.empty() ? "" : ".";
    const yaml::Position at = document_->position_of(prefix_ + separator + problem.path);
    manifests_.problems.push_back(file_ + ":" + std::to_string(at.line) + ":" +
                                  std::to_string(at.column) + ": " + name_ + ": " + problem.text());
  }

  Manifests& manifests_;
  std::string file_;
  std::string default_namespace_;
  DecodeOptions options_;
  const yaml::LocatedJson* document_ = nullptr;
  std::string prefix_;
  std::string name_;
};

void add_documents(Manifests& manifests, const Result<std::vector<yaml::Value>>& documents,
                   std::string_view file, const Surroundings& surroundings) {
  if (!documents.ok()) {
    manifests.problems.push_back(documents.error().text());
    return;
  }
  Reader reader{manifests, file, surroundings};
  for (const yaml::Value& document : *documents) reader.add(yaml::to_json(document));
}

}  // namespace

void add_manifests(Manifests& manifests, std::string_view text, std::string_view file_name,
                   const std::string& default_namespace, const LocalTime* local_time) {
  add_documents(manifests, yaml::load_all(text, file_name), file_name,
                {.name_space = default_namespace, .local_time = local_time});
}

void add_manifest_file(Manifests& manifests, const std::string& path,
                       const std::string& default_namespace, const LocalTime* local_time) {
  add_documents(manifests, yaml::load_file(path), path,
                {.name_space = default_namespace, .local_time = local_time});
}

}  // namespace edgetide::kube
