#include "kube/pool_file.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "kube/codecs.h"
#include "yaml/to_json.h"

namespace edgetide::kube {
namespace {

Error invalid(std::string message, std::string context) {
  return {ErrorCode::kInvalid, std::move(message), std::move(context)};
}

/// "spec.replicas.max=40" taken apart.
struct Override {
  std::string text;
  std::string path;
  json::Value value;

  [[nodiscard]] std::string context() const { return "--set " + text; }
};

/// An integer, true, false, or text, which decimals are too.
json::Value scalar(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) return number;
  if (text == "true" || text == "false") return text == "true";
  return std::string{text};
}

Result<Override> read_override(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return invalid("is not FIELD=VALUE, such as spec.forecast.confidencePercent=99.9",
                   "--set " + text);
  }
  return Override{text, text.substr(0, equals), scalar(std::string_view{text}.substr(equals + 1))};
}

/// Takes "key" or "[3]" off the front of a path.
std::string_view next_step(std::string_view& path) {
  const auto from = path.starts_with('[') ? 1 : 0;
  const auto end = std::min(path.find_first_of(".[", static_cast<std::size_t>(from)), path.size());
  const std::string_view step = path.substr(0, end);
  path.remove_prefix(end);
  if (path.starts_with('.')) path.remove_prefix(1);
  return step;
}

/// The place of a step within `value`, made when it is a key that is not there; nullptr when there
/// can be none.
json::Value* place(json::Value& value, std::string_view step) {
  if (step.starts_with('[')) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(step.data() + 1, step.data() + step.size(), index);
    const bool read = error == std::errc{} && end + 1 == step.data() + step.size() && *end == ']';
    return read && value.is_array() && index < value.size() ? &value[index] : nullptr;
  }
  if (value.is_null()) value = json::Value::object();
  return value.is_object() && !step.empty() ? &value[std::string{step}] : nullptr;
}

bool spec_has(const std::string& field) {
  const json::Value probe{{"spec", {{field, nullptr}}}};
  const auto decoded = decode_pool(probe, {.refuse_unknown = true, .lone = true});
  return std::ranges::none_of(decoded.problems, [&](const FieldProblem& problem) {
    return problem.path == "spec." + field && problem.message.starts_with("unknown field");
  });
}

/// An override of a field of spec that does not say so: "replicas.max=40".
std::optional<Error> without_spec(const json::Value& object, const Override& change) {
  std::string_view path = change.path;
  const std::string first{next_step(path)};
  if (first.empty() || object.contains(first) || !spec_has(first)) return std::nullopt;
  return invalid("no field of an EdgePool; did you mean spec." + change.path + "?",
                 change.context());
}

Result<void> apply(json::Value& object, const Override& change) {
  json::Value* at = &object;
  for (std::string_view path = change.path; !path.empty();) {
    const std::string_view step = next_step(path);
    at = place(*at, step);
    if (at == nullptr) {
      return invalid("the pool has no place for '" + std::string{step} + "'", change.context());
    }
  }
  *at = change.value;
  return {};
}

/// Decimals as the schema has them: in text.
void quote_decimals(json::Value& value) {
  if (value.is_number_float()) value = json::number_text(value.get<double>());
  if (!value.is_structured()) return;
  for (auto& child : value) quote_decimals(child);
}

/// A document as a whole EdgePool, and what its paths begin with that the file's do not.
struct LonePool {
  json::Value object;
  std::string added;  ///< "spec." where the file holds a spec's fields alone.
};

LonePool completed(json::Value document) {
  LonePool lone;
  if (document.contains("kind") || document.contains("apiVersion") || document.contains("spec")) {
    lone.object = std::move(document);
  } else {
    lone.object["spec"] = std::move(document);
    lone.added = "spec.";
  }
  json::Value& object = lone.object;
  if (!object.contains("apiVersion")) object["apiVersion"] = kApiVersion;
  if (!object.contains("kind")) object["kind"] = "EdgePool";
  json::Value& metadata = object["metadata"];
  if (metadata.is_null()) metadata = json::Value::object();
  if (metadata.is_object() && !metadata.contains("name")) metadata["name"] = kNamelessPool;
  if (metadata.is_object() && !metadata.contains("namespace"))
    metadata["namespace"] = kNamelessNamespace;
  quote_decimals(object);
  return lone;
}

/// Any document that does not say it is something else.
bool may_be_pool(const json::Value& document) {
  if (!document.is_object()) return false;
  const auto kind = document.find("kind");
  return kind == document.end() || *kind == "EdgePool";
}

/// Where in the file, or by which override, a problem came about.
class Blame {
 public:
  Blame(const yaml::LocatedJson& document, std::string_view file, const std::string& added,
        const std::vector<Override>& overrides)
      : document_(document), file_(file), added_(added), overrides_(overrides) {}

  [[nodiscard]] std::string text(const FieldProblem& problem) const {
    const std::string in_file = path_in_file(problem.path);
    const bool stands = document_.positions.contains(in_file);
    for (const Override& change : overrides_) {
      const bool at_or_below = problem.path.starts_with(change.path);
      if (at_or_below || (!stands && change.path.starts_with(problem.path))) {
        return change.context() + ": " + problem.text();
      }
    }
    const yaml::Position at = document_.position_of(in_file);
    return file_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
           problem.text();
  }

 private:
  [[nodiscard]] std::string path_in_file(const std::string& path) const {
    return path.starts_with(added_) ? path.substr(added_.size()) : "";
  }

  const yaml::LocatedJson& document_;
  std::string file_;
  const std::string& added_;
  const std::vector<Override>& overrides_;
};

Result<model::EdgePool> decode(yaml::LocatedJson document, std::string_view file,
                               const std::vector<Override>& overrides,
                               const LocalTime* local_time) {
  LonePool lone = completed(std::move(document.value));
  for (const Override& change : overrides) {
    if (auto problem = without_spec(lone.object, change)) return *std::move(problem);
    if (auto applied = apply(lone.object, change); !applied.ok()) return applied.error();
  }
  auto decoded =
      decode_pool(lone.object, {.refuse_unknown = true, .lone = true, .local_time = local_time});
  if (decoded.ok()) return std::move(decoded.value);
  const Blame blame{document, file, lone.added, overrides};
  std::string all;
  for (const FieldProblem& problem : decoded.problems) {
    all += (all.empty() ? "" : "\n") + blame.text(problem);
  }
  return invalid(all, "");
}

Result<model::EdgePool> from_documents(const Result<std::vector<yaml::Value>>& documents,
                                       std::string_view file,
                                       const std::vector<std::string>& override_texts,
                                       const LocalTime* local_time) {
  std::vector<Override> overrides;
  for (const std::string& text : override_texts) {
    auto change = read_override(text);
    if (!change.ok()) return change.error();
    overrides.push_back(*std::move(change));
  }
  if (!documents.ok()) return documents.error();
  std::optional<yaml::LocatedJson> pool;
  for (const yaml::Value& document : *documents) {
    auto located = yaml::to_json(document);
    if (!may_be_pool(located.value)) continue;
    if (pool) return invalid("more than one EdgePool; one is wanted", std::string{file});
    pool = std::move(located);
  }
  if (!pool) return invalid("no EdgePool", std::string{file});
  return decode(*std::move(pool), file, overrides, local_time);
}

}  // namespace

Result<model::EdgePool> read_lone_pool(std::string_view text, std::string_view file_name,
                                       const std::vector<std::string>& overrides,
                                       const LocalTime* local_time) {
  return from_documents(yaml::load_all(text, file_name), file_name, overrides, local_time);
}

Result<model::EdgePool> read_lone_pool_file(const std::string& path,
                                            const std::vector<std::string>& overrides,
                                            const LocalTime* local_time) {
  return from_documents(yaml::load_file(path), path, overrides, local_time);
}

}  // namespace edgetide::kube
