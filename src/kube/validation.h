#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/json.h"
#include "kube/field_problem.h"
#include "kube/quantity.h"

/// Reading what people wrote field by field, without stopping at the first mistake.
namespace edgetide::kube {

/// Kinds of text, each with a length and a pattern as in manifests/crds.
enum class TextKind {
  kFree,            ///< Anything, to 4096 characters.
  kNamespace,       ///< RFC 1123 label.
  kNamespaceOrAll,  ///< The same, or "*".
  kObjectName,      ///< RFC 1123 subdomain.
  kLabelValue,      ///< May be empty.
  kDomainName,      ///< A label value that is not empty: failure domains, event classes.
  kTargetVersion,   ///< "apps/v1"
  kKind,            ///< "Deployment"
  kTimeZone,        ///< The shape of an IANA name.
  kMoment,          ///< "2026-12-05T20:00:00", with or without an offset.
  kUrl,             ///< http or https, without credentials, query or fragment.
  kSecretKey,
  kHostName,
  kMetricLabel,
  kHeaderName,
  kHeaderValue,
  kLabelKey,  ///< "topology.kubernetes.io/zone"
};

/// What is wrong with the text; nothing when it is fine.
[[nodiscard]] std::optional<std::string> text_problem(TextKind kind, std::string_view text);

struct IntRange {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

/// Bounds of a quantity, themselves written as quantities.
struct AmountRange {
  std::string_view min;
  std::string_view max;
};

/// Where problems are collected, and whether unknown fields are among them.
struct Findings {
  bool refuse_unknown = false;
  std::vector<FieldProblem> problems;

  void add(std::string path, std::string message) {
    problems.push_back({std::move(path), std::move(message)});
  }
};

/// The fields of one object. Every reader answers nothing for a field that is absent or null, and
/// nothing with a problem for one that is wrong. At the end of its life, what no reader has asked
/// for is unknown.
///
///   Fields replicas = spec.object("replicas");
///   if (auto max = replicas.required_integer("max", {1, 100'000})) ...
class Fields {
 public:
  /// An object that is not one is a problem, and has no fields.
  Fields(const json::Value& object, std::string path, Findings& findings);
  ~Fields();
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, IntRange legal);
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);
  [[nodiscard]] std::optional<std::string> text(std::string_view key, TextKind kind);
  [[nodiscard]] std::optional<QuantityValue> quantity(std::string_view key, AmountRange legal);
  /// The number of percent: an integer or a decimal string with at most three decimals.
  [[nodiscard]] std::optional<double> percent(std::string_view key, AmountRange legal);

  // The same for fields whose absence is a problem.
  [[nodiscard]] std::optional<std::int64_t> required_integer(std::string_view key, IntRange legal);
  [[nodiscard]] std::optional<std::string> required_text(std::string_view key, TextKind kind);

  /// One of the names; they stand for values of an enumeration.
  template <typename Enum>
  [[nodiscard]] std::optional<Enum> choice(
      std::string_view key, std::initializer_list<std::pair<std::string_view, Enum>> names) {
    std::vector<std::string> known;
    for (const auto& name : names) known.emplace_back(name.first);
    const auto chosen = choice_index(key, known);
    if (!chosen) return std::nullopt;
    return (names.begin() + *chosen)->second;
  }

  /// The object under the key; one without fields when it is absent.
  [[nodiscard]] Fields object(std::string_view key);
  [[nodiscard]] Fields required_object(std::string_view key);

  using Visit = std::function<void(const json::Value& item, const std::string& path)>;
  /// Visits every item; a list that is too short or too long, absence included, is a problem.
  void list(std::string_view key, IntRange sizes, const Visit& visit);
  using VisitMember = std::function<void(const std::string& name, const json::Value& value,
                                         const std::string& path)>;
  /// Visits every member of an object whose names are free; more than `most` are a problem.
  void free_members(std::string_view key, std::size_t most, const VisitMember& visit);

  /// Knows the field without reading it.
  void ignore(std::string_view key) { (void)find(key); }
  /// Knows the field; whether it is there and not null.
  [[nodiscard]] bool has(std::string_view key) { return find(key) != nullptr; }
  /// False when the object is absent or not an object.
  [[nodiscard]] bool present() const { return object_ != nullptr; }

  [[nodiscard]] std::string path(std::string_view key) const;
  void add_problem(std::string_view key, std::string message);
  [[nodiscard]] Findings& findings() { return findings_; }

 private:
  Fields(const json::Value* object, std::string path, Findings& findings, bool absent_is_fine);

  [[nodiscard]] const json::Value* find(std::string_view key);
  [[nodiscard]] const json::Value* require(std::string_view key);
  [[nodiscard]] std::optional<std::size_t> choice_index(std::string_view key,
                                                        const std::vector<std::string>& known);

  const json::Value* object_ = nullptr;
  std::string path_;
  Findings& findings_;
  std::vector<std::string> known_;
};

}  // namespace edgetide::kube
