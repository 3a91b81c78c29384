#include "config/option_sources.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cctype>

#include "edgetide/core/nearest.h"
#include "yaml/yaml.h"

namespace edgetide::config {
namespace {

namespace po = boost::program_options;

const Option* find_option(const std::vector<Option>& options, std::string_view name) {
  const auto found = std::ranges::find(options, name, &Option::name);
  return found == options.end() ? nullptr : &*found;
}

std::string did_you_mean(const std::vector<Option>& options, std::string_view wrong,
                         std::string_view prefix) {
  std::vector<std::string> names;
  for (const auto& option : options) names.push_back(option.name);
  const auto best = nearest(wrong, names);
  return best ? "; did you mean " + std::string(prefix) + *best + "?" : "";
}

Error unknown_flag(const std::vector<Option>& options, const std::string& flag) {
  const auto given = flag.substr(0, flag.find('='));
  const auto name = given.substr(std::min(given.find_first_not_of('-'), given.size()));
  return {.code = ErrorCode::kInvalid,
          .message = "unknown option '" + given + "'" + did_you_mean(options, name, "--")};
}

po::options_description described(const std::vector<Option>& options) {
  po::options_description description;
  for (const auto& option : options) {
    std::string names = option.name;
    if (option.short_name != 0) names += std::string{','} + option.short_name;
    if (option.kind == Option::Kind::kFlag) {
      description.add_options()(names.c_str(), po::value<std::string>()->zero_tokens());
    } else {
      description.add_options()(names.c_str(), po::value<std::vector<std::string>>());
    }
  }
  return description;
}

po::parsed_options parsed(const po::options_description& description,
                          const std::vector<std::string>& arguments) {
  const auto style =
      (po::command_line_style::default_style & ~po::command_line_style::allow_guessing);
  return po::command_line_parser(arguments)
      .options(description)
      .style(style)
      .allow_unregistered()
      .run();
}

/// The text of a YAML scalar as it would stand on the command line; nothing for anything else.
std::optional<std::string> scalar_text(const yaml::Value& value) {
  if (const auto* text = value.as_string()) return *text;
  if (const auto* truth = value.as_bool()) return *truth ? "true" : "false";
  if (const auto* number = value.as_int()) return std::to_string(*number);
  return std::nullopt;
}

Result<std::vector<std::string>> file_values(const Option& option, const yaml::Value& value,
                                             const std::string& where) {
  const bool list = option.kind == Option::Kind::kList;
  if (const auto text = scalar_text(value)) return std::vector{*text};
  std::vector<std::string> values;
  for (const auto& item : value.items()) {
    if (const auto text = scalar_text(item)) values.push_back(*text);
  }
  if (list && value.kind() == yaml::Value::Kind::kList && values.size() == value.items().size()) {
    return values;
  }
  return Error{.code = ErrorCode::kInvalid,
               .message = std::string(yaml::kind_text(value.kind())) + " stands where " +
                          (list ? "a list of values" : "one value") + " is expected",
               .context = where};
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

Result<Given> from_flags(const std::vector<Option>& options,
                         const std::vector<std::string>& arguments) {
  Given given;
  try {
    const auto description = described(options);
    for (const auto& found : parsed(description, arguments).options) {
      if (found.position_key >= 0 || found.string_key.empty()) {
        given.arguments.insert(given.arguments.end(), found.value.begin(), found.value.end());
        continue;
      }
      const Option* option = find_option(options, found.string_key);
      if (found.unregistered || option == nullptr) {
        return unknown_flag(options, found.original_tokens.empty() ? found.string_key
                                                                   : found.original_tokens.front());
      }
      auto& [values, where] = given.values[option->name];
      if (!values.empty() && option->kind != Option::Kind::kList) {
        return Error{.code = ErrorCode::kInvalid,
                     .message = "--" + option->name + " is given more than once"};
      }
      where = "--" + option->name;
      const bool bare = found.value.empty();
      for (const auto& value : bare ? std::vector<std::string>{"true"} : found.value) {
        values.push_back(value);
      }
    }
  } catch (const po::error& problem) {
    return Error{.code = ErrorCode::kInvalid, .message = problem.what()};
  }
  return given;
}

Given from_environment(
    const std::vector<Option>& options,
    const std::function<std::optional<std::string>(const std::string&)>& environment) {
  Given given;
  for (const auto& option : options) {
    const auto name = environment_name(option.name);
    const auto value = environment(name);
    if (!value) continue;
    const bool list = option.kind == Option::Kind::kList;
    given.values[option.name] = {.values = list ? split_at_commas(*value) : std::vector{*value},
                                 .where = name};
  }
  return given;
}

Result<Given> from_file(const std::vector<Option>& options, const std::string& path) {
  const auto documents = yaml::load_file(path);
  if (!documents.ok()) return documents.error();
  Given given;
  for (const auto& document : *documents) {
    const bool only = &document == &documents->front();
    if (!only || document.kind() != yaml::Value::Kind::kObject) {
      return yaml::to_error(path,
                            {{.position = document.position(),
                              .path = "",
                              .message = "an object of settings is expected, and one document"}});
    }
    for (const auto& member : document.members()) {
      const std::string where = path + ":" + std::to_string(member.position.line) + ":" +
                                std::to_string(member.position.column) + ": " + member.key;
      const Option* option = find_option(options, member.key);
      if (option == nullptr || option->name == "config") {
        return Error{.code = ErrorCode::kInvalid,
                     .message = "unknown setting" + did_you_mean(options, member.key, ""),
                     .context = where};
      }
      auto values = file_values(*option, *member.value, where);
      if (!values.ok()) return values.error();
      given.values[option->name] = {.values = std::move(*values), .where = where};
    }
  }
  return given;
}

std::string environment_name(std::string_view option) {
  std::string name = "EDGETIDE_";
  for (const char c : option) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

}  // namespace edgetide::config
