#include "yaml/to_json.h"

#include "json/json.h"

namespace edgetide::yaml {
namespace {

class Converter {
 public:
  explicit Converter(LocatedJson& located) : located_(located) {}

  nlohmann::json convert(const Value& value, const std::string& path, Position position) {
    located_.positions.emplace(path, position);
    switch (value.kind()) {
      case Value::Kind::kList: return list(value, path);
      case Value::Kind::kObject: return object(value, path);
      default: return scalar(value.held());
    }
  }

 private:
  nlohmann::json list(const Value& value, const std::string& path) {
    auto result = nlohmann::json::array();
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Value& item = value.items()[i];
      result.push_back(convert(item, json::child_path(path, i), item.position()));
    }
    return result;
  }

  /// A member is found where its key stands: that is what an editor jumps to.
  nlohmann::json object(const Value& value, const std::string& path) {
    auto result = nlohmann::json::object();
    for (const Member& member : value.members()) {
      result[member.key] =
          convert(*member.value, json::child_path(path, member.key), member.position);
    }
    return result;
  }

  static nlohmann::json scalar(const Value::Held& held) {
    if (const auto* text = std::get_if<std::string>(&held)) return *text;
    if (const auto* flag = std::get_if<bool>(&held)) return *flag;
    if (const auto* number = std::get_if<std::int64_t>(&held)) return *number;
    if (const auto* number = std::get_if<std::uint64_t>(&held)) return *number;
    if (const auto* number = std::get_if<double>(&held)) return *number;
    return nullptr;
  }

  LocatedJson& located_;
};

/// Cuts the last key or index off; "" after the first.
std::string_view parent(std::string_view path) {
  if (path.ends_with("\"]")) {
    const auto begin = path.rfind("[\"");
    return path.substr(0, begin == std::string_view::npos ? 0 : begin);
  }
  const auto cut = path.find_last_of(".[");
  return path.substr(0, cut == std::string_view::npos ? 0 : cut);
}

}  // namespace

Position LocatedJson::position_of(std::string_view path) const {
  for (;; path = parent(path)) {
    const auto found = positions.find(path);
    if (found != positions.end()) return found->second;
    if (path.empty()) return {};
  }
}

LocatedJson to_json(const Value& value) {
  LocatedJson located;
  located.value = Converter{located}.convert(value, "", value.position());
  return located;
}

}  // namespace edgetide::yaml
