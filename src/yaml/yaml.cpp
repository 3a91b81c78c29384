#include "yaml/yaml.h"

#include <algorithm>

#include "yaml/files.h"

namespace edgetide::yaml {
namespace {

constexpr std::size_t kMostProblems = 20;

std::string line(std::string_view file_name, const Problem& problem) {
  std::string text{file_name};
  text += ":" + std::to_string(problem.position.line) + ":" +
          std::to_string(problem.position.column) + ": ";
  if (!problem.path.empty()) text += problem.path + ": ";
  return text + problem.message;
}

}  // namespace

Value::Kind Value::kind() const {
  static constexpr Kind kKinds[] = {Kind::kNull,  Kind::kBool,   Kind::kInt,  Kind::kInt,
                                    Kind::kFloat, Kind::kString, Kind::kList, Kind::kObject};
  return kKinds[held_.index()];
}

const std::vector<Value>& Value::items() const {
  static const std::vector<Value> kNone;
  const List* const list = std::get_if<List>(&held_);
  return list == nullptr ? kNone : **list;
}

const std::vector<Member>& Value::members() const {
  static const std::vector<Member> kNone;
  const Object* const object = std::get_if<Object>(&held_);
  return object == nullptr ? kNone : **object;
}

const Value* Value::find(std::string_view key) const {
  const auto found = std::ranges::find(members(), key, &Member::key);
  return found == members().end() ? nullptr : found->value.get();
}

std::string_view kind_text(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::kNull: return "null";
    case Value::Kind::kBool: return "true or false";
    case Value::Kind::kInt: return "an integer";
    case Value::Kind::kFloat: return "a number";
    case Value::Kind::kString: return "a string";
    case Value::Kind::kList: return "a list";
    case Value::Kind::kObject: return "an object";
  }
  EDGETIDE_ASSERT(false, "every kind has a text");
}

Error to_error(std::string_view file_name, std::vector<Problem> problems) {
  EDGETIDE_ASSERT(!problems.empty(), "an error needs a problem");
  std::ranges::stable_sort(problems, {}, &Problem::position);
  std::string text;
  for (std::size_t i = 0; i < std::min(problems.size(), kMostProblems); ++i) {
    if (i > 0) text += '\n';
    text += line(file_name, problems[i]);
  }
  if (problems.size() > kMostProblems) {
    text += "\nand " + std::to_string(problems.size() - kMostProblems) + " more";
  }
  return {ErrorCode::kInvalid, text};
}

Result<std::vector<Value>> load_file(const std::string& path, const Limits& limits) {
  const auto text = read_start(path, limits.max_bytes + 1);
  if (!text) return text.error();
  return load_all(*text, path, limits);
}

}  // namespace edgetide::yaml
