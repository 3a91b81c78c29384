#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "yaml/scalar.h"
#include "yaml/utf8.h"
#include "yaml/yaml.h"

namespace edgetide::yaml {
namespace {

/// Ends the parse where going on would only produce echoes of one problem, or cost too much.
struct Stop {};

/// Far above any file people write; keeps `[,,,,...` from taking memory by the gigabyte.
constexpr std::size_t kMostNodes = 400'000;
constexpr std::size_t kMostProblems = 200;

Position position_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

/// A list or object that is still being read.
struct Open {
  bool is_object = false;
  Position position;
  std::vector<Value> items;
  std::vector<Member> members;
  std::map<std::string, Position> keys;
  std::optional<std::string> key;  ///< Read, its value still to come.
  Position key_position;
};

/// Builds our values from the parser's events, which show what its nodes no longer do: anchors,
/// aliases and duplicate keys.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(const Limits& limits) : limits_(limits) {}

  std::vector<Value> take_documents() { return std::move(documents_); }
  std::vector<Problem>& problems() { return problems_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (expects_key()) {
      return take_bad_key(position_of(mark), "null is not a key: keys are strings, quote it");
    }
    add(Value{{}, position_of(mark)});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    report(position_of(mark), "an alias (*name): write the value out");
    throw Stop{};
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    refuse_anchor(mark, anchor);
    const bool plain = tag == "?";
    if (!plain && tag != "!") refuse_tag(mark, tag);
    if (expects_key()) return take_key(position_of(mark), text, plain);
    add(Value{resolve(position_of(mark), text, plain), position_of(mark)});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, false);
  }

  void OnSequenceEnd() override {
    Open done = close();
    add(Value{std::make_shared<const std::vector<Value>>(std::move(done.items)), done.position});
  }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, true);
  }

  void OnMapEnd() override {
    Open done = close();
    add(Value{std::make_shared<const std::vector<Member>>(std::move(done.members)), done.position});
  }

  void report(Position position, std::string message) {
    problems_.push_back({position, path(), std::move(message)});
    if (problems_.size() >= kMostProblems) throw Stop{};
  }

 private:
  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().is_object && !open_.back().key;
  }

  /// Where the value that comes next will stand.
  [[nodiscard]] std::string path() const {
    std::string text;
    for (const Open& level : open_) {
      if (!level.is_object) {
        text += "[" + std::to_string(level.items.size()) + "]";
      } else if (level.key) {
        text += (text.empty() ? "" : ".") + *level.key;
      }
    }
    return text;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    report(position_of(mark), "an anchor (&name): write the value out where it is used");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    report(position_of(mark),
           (limits_.shows_values ? "the tag " + tag : "a tag") + ": tags are not supported");
  }

  Value::Held resolve(Position position, const std::string& text, bool plain) {
    if (!plain) return text;
    auto resolved = resolve_plain(text);
    if (resolved) return *std::move(resolved);
    const std::string& said = resolved.error().message;  // begins with the value in backticks
    report(position, limits_.shows_values ? said : "the value" + said.substr(text.size() + 2));
    return {};
  }

  void take_key(Position position, const std::string& text, bool plain) {
    if (plain && text == "<<") {
      return take_bad_key(position, "a merge key (<<): write its members out");
    }
    const auto resolved = plain ? resolve_plain(text) : Result<Value::Held>{Value::Held{text}};
    if (!resolved) {
      report(position, "the key " + resolved.error().message);
    } else if (!std::holds_alternative<std::string>(*resolved)) {
      report(position, "the key `" + text + "` is " +
                           std::string{kind_text(Value{*resolved, position}.kind())} +
                           ": keys are strings, quote it");
    }
    Open& object = open_.back();
    const auto [first, fresh] = object.keys.try_emplace(text, position);
    if (!fresh) {
      report(position, "the key \"" + text + "\" stands already at " +
                           std::to_string(first->second.line) + ":" +
                           std::to_string(first->second.column));
    }
    object.key = text;
    object.key_position = position;
  }

  void take_bad_key(Position position, const std::string& message) {
    report(position, message);
    open_.back().key = "";
    open_.back().key_position = position;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, bool is_object) {
    refuse_anchor(mark, anchor);
    if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark, tag);
    if (expects_key()) {
      report(position_of(mark), "a list or an object as a key: keys are strings");
      throw Stop{};
    }
    if (static_cast<int>(open_.size()) >= limits_.max_depth) {
      report(position_of(mark),
             "nested deeper than " + std::to_string(limits_.max_depth) + " levels");
      throw Stop{};
    }
    Open level;
    level.is_object = is_object;
    level.position = position_of(mark);
    open_.push_back(std::move(level));
  }

  Open close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    return done;
  }

  void add(Value value) {
    if (++nodes_ > kMostNodes) {
      report(value.position(), "more than " + std::to_string(kMostNodes) + " values");
      throw Stop{};
    }
    if (open_.empty()) {
      if (value.kind() != Value::Kind::kNull) documents_.push_back(std::move(value));
      return;
    }
    Open& level = open_.back();
    if (!level.is_object) {
      level.items.push_back(std::move(value));
      return;
    }
    level.members.push_back({*std::move(level.key), level.key_position,
                             std::make_shared<const Value>(std::move(value))});
    level.key.reset();
  }

  const Limits& limits_;
  std::vector<Open> open_;
  std::vector<Value> documents_;
  std::vector<Problem> problems_;
  std::size_t nodes_ = 0;
};

Position end_of(std::string_view text) {
  const auto line = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  const auto last = text.rfind('\n');
  const auto column = last == std::string_view::npos ? text.size() : text.size() - last - 1;
  return {line, static_cast<int>(column) + 1};
}

/// The parser gives what is missing at the end of the file no place of its own.
Position place_of(const YAML::Exception& failure, std::string_view text) {
  const Position given = position_of(failure.mark);
  return given > Position{1, 1} ? given : end_of(text);
}

void read_documents(std::string_view text, Builder& builder) {
  try {
    std::istringstream stream{std::string{text}};
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    // Reported where it happened.
  } catch (const YAML::Exception& failure) {
    // What was found before may be an echo of the broken syntax.
    builder.problems() = {{place_of(failure, text), "", failure.msg}};
  }
}

}  // namespace

Result<std::vector<Value>> load_all(std::string_view text, std::string_view file_name,
                                    const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{ErrorCode::kTooLarge,
                 "more than " + std::to_string(limits.max_bytes) + " bytes of YAML",
                 std::string{file_name}};
  }
  if (auto problem = first_bad_byte(text)) return to_error(file_name, {*std::move(problem)});
  Builder builder{limits};
  read_documents(text, builder);
  if (!builder.problems().empty()) return to_error(file_name, std::move(builder.problems()));
  return builder.take_documents();
}

}  // namespace edgetide::yaml
