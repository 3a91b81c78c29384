#include "calendar/ical_components.h"

#include <algorithm>
#include <optional>

#include "calendar/ical_values.h"
#include "json/json.h"
#include "yaml/utf8.h"

namespace edgetide::calendar {
namespace {

constexpr std::size_t kMostProblems = 200;

struct Line {
  std::string text;
  Position position;
};

/// Takes lines off the front of a text, each with those that continue it.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  /// The next that is not empty; nothing at the end.
  std::optional<Line> next() {
    while (!text_.empty()) {
      Line line{.text = std::string{take()}, .position = {number_, 1}};
      while (text_.starts_with(' ') || text_.starts_with('\t')) {
        line.text += take().substr(1);
      }
      if (!line.text.empty()) return line;
    }
    return std::nullopt;
  }

 private:
  std::string_view take() {
    ++number_;
    const auto end = text_.find('\n');
    std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  std::string_view text_;
  decltype(Position::line) number_ = 0;
};

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// The place of the first of these characters that is not within quotes.
std::size_t find_unquoted(std::string_view text, std::string_view wanted) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (!quoted && wanted.find(text[i]) != std::string_view::npos) return i;
  }
  return std::string_view::npos;
}

std::string without_quotes(std::string_view text) {
  std::string plain{text};
  std::erase(plain, '"');
  return plain;
}

/// Nothing when it is none.
std::optional<ICalProperty> property_of(const Line& line) {
  std::string_view rest = line.text;
  const auto end = rest.find_first_of(";:");
  if (end == std::string_view::npos) return std::nullopt;
  ICalProperty property{.name = upper_case(rest.substr(0, end)), .position = line.position};
  if (!is_name(property.name)) return std::nullopt;
  rest.remove_prefix(end);
  while (rest.starts_with(';')) {
    rest.remove_prefix(1);
    const auto stop = find_unquoted(rest, ";:");
    const std::string_view parameter = rest.substr(0, stop);
    const auto equals = parameter.find('=');
    if (stop == std::string_view::npos || equals == std::string_view::npos) return std::nullopt;
    property.parameters.emplace_back(upper_case(parameter.substr(0, equals)),
                                     without_quotes(parameter.substr(equals + 1)));
    rest.remove_prefix(stop);
  }
  property.value = rest.substr(1);
  return property;
}

/// Puts lines into the components that are open.
class Builder {
 public:
  void add(const Line& line) {
    if (line.text.size() > ICalLimits::kMostLineBytes) {
      return report(line.position,
                    "a line of more than " + std::to_string(ICalLimits::kMostLineBytes) + " bytes");
    }
    if (auto bad = yaml::first_bad_byte(line.text)) return report(line.position, bad->message);
    auto property = property_of(line);
    if (!property) {
      return report(line.position, json::excerpt(line.text) + " is not NAME:value");
    }
    if (property->name == "BEGIN") return begin(*property);
    if (property->name == "END") return end(*property);
    if (open_.empty()) return report(line.position, "stands outside of BEGIN:VCALENDAR");
    open_.back().properties.push_back(*std::move(property));
  }

  void finish() {
    while (!open_.empty()) close_without_end();
  }

  std::vector<Problem>& problems() { return problems_; }
  std::vector<ICalComponent>& calendars() { return calendars_; }

 private:
  void begin(const ICalProperty& property) {
    std::string name = upper_case(property.value);
    if (open_.empty() && name != "VCALENDAR")
      report(property.position, "BEGIN:" + name + " outside of BEGIN:VCALENDAR");
    const bool of_its_kind = !open_.empty() && open_.back().name == name;
    if (of_its_kind && name == "VEVENT") close_without_end();
    if (open_.size() == ICalLimits::kMostDepth)
      return report(property.position, "components within components within components");
    open_.push_back({.name = std::move(name), .position = property.position});
  }

  void end(const ICalProperty& property) {
    const std::string name = upper_case(property.value);
    if (std::ranges::find(open_, name, &ICalComponent::name) == open_.end())
      return report(property.position,
                    "END:" + property.value + " where " +
                        (open_.empty() ? "nothing is open" : open_.back().name + " is open"));
    while (open_.back().name != name) close_without_end();
    close();
  }

  void close_without_end() {
    report(open_.back().position, "BEGIN:" + open_.back().name + " without its END");
    close();
  }

  void close() {
    ICalComponent done = std::move(open_.back());
    open_.pop_back();
    (open_.empty() ? calendars_ : open_.back().parts).push_back(std::move(done));
  }

  void report(Position position, std::string message) {
    if (problems_.size() < kMostProblems) problems_.push_back({position, "", std::move(message)});
  }

  std::vector<ICalComponent> open_;
  std::vector<ICalComponent> calendars_;
  std::vector<Problem> problems_;
};

}  // namespace

const std::string* ICalProperty::parameter(std::string_view wanted) const {
  const auto found = std::ranges::find(
      parameters, wanted, [](const auto& entry) -> std::string_view { return entry.first; });
  return found == parameters.end() ? nullptr : &found->second;
}

const ICalProperty* ICalComponent::property(std::string_view wanted) const {
  const auto found = std::ranges::find(properties, wanted, &ICalProperty::name);
  return found == properties.end() ? nullptr : &*found;
}

Result<ICalComponents> read_components(std::string_view text, std::string_view file_name) {
  if (text.size() > ICalLimits::kMostBytes) {
    return Error{ErrorCode::kTooLarge,
                 "more than " + std::to_string(ICalLimits::kMostBytes) + " bytes of iCalendar",
                 std::string{file_name}};
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Lines lines(text);
  Builder builder;
  while (const auto line = lines.next()) builder.add(*line);
  builder.finish();
  if (builder.calendars().empty() && builder.problems().empty())
    builder.problems().push_back({{1, 1}, "", "holds no BEGIN:VCALENDAR"});
  return ICalComponents{std::move(builder.calendars()), std::move(builder.problems())};
}

}  // namespace edgetide::calendar
