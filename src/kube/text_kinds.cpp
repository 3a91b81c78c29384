#include <array>
#include <regex>

#include "kube/validation.h"

namespace edgetide::kube {
namespace {

/// The rule of one kind, in the words of manifests/crds: tests hold the two against each other.
struct TextRule {
  TextKind kind;
  std::size_t min;
  std::size_t max;
  const char* pattern;  ///< nullptr: any text.
  const char* wanted;   ///< For people.
};

constexpr std::array kRules = {
    TextRule{TextKind::kFree, 1, 4096, nullptr, "a text"},
    TextRule{TextKind::kNamespace, 1, 63, "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
             "a namespace: lower-case letters, digits and '-'"},
    TextRule{TextKind::kNamespaceOrAll, 1, 63, "^(\\*|[a-z0-9]([a-z0-9-]*[a-z0-9])?)$",
             "a namespace or \"*\""},
    TextRule{TextKind::kObjectName, 1, 253, "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
             "an object's name: lower-case letters, digits, '-' and '.'"},
    TextRule{TextKind::kLabelValue, 0, 63, "^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$",
             "a label's value: letters, digits, '-', '_' and '.'"},
    TextRule{TextKind::kDomainName, 1, 63, "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
             "a name: letters, digits, '-', '_' and '.', a letter or digit at both ends"},
    TextRule{TextKind::kTargetVersion, 1, 317,
             "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?v[0-9]+((alpha|beta)[0-9]+)?$",
             "an API version such as apps/v1"},
    TextRule{TextKind::kKind, 1, 63, "^[A-Z][A-Za-z0-9]*$", "a kind such as Deployment"},
    TextRule{TextKind::kTimeZone, 1, 64, "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
             "the IANA name of a time zone such as Europe/Paris"},
    TextRule{TextKind::kMoment, 0, 25,
             "^(19[7-9][0-9]|2[01][0-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
             "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?$",
             "a moment such as \"2026-12-05T20:00:00\", with or without Z or an offset"},
    TextRule{TextKind::kUrl, 1, 1024,
             "^https?://(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)"
             "(:[0-9]{1,5})?(/[!-\"$->@-~]*)?$",
             "an http or https URL without credentials, query or fragment"},
    TextRule{TextKind::kSecretKey, 1, 253, "^[A-Za-z0-9._-]+$",
             "a key of a Secret: letters, digits, '-', '_' and '.'"},
    TextRule{TextKind::kHostName, 1, 253, "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$",
             "a host name"},
    TextRule{TextKind::kMetricLabel, 1, 128, "^[A-Za-z_][A-Za-z0-9_]*$",
             "a Prometheus label's name: letters, digits and '_'"},
    TextRule{TextKind::kHeaderName, 1, 128, "^[A-Za-z0-9!#$%&'*+.^_|~-]+$", "a header's name"},
    TextRule{TextKind::kHeaderValue, 1, 1024, "^[!-~]([ -~]*[!-~])?$",
             "a header's value: printable ASCII, no blank at either end"},
    TextRule{TextKind::kLabelKey, 1, 317,
             "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
             "a label's key such as topology.kubernetes.io/zone"},
};

const TextRule& rule_of(TextKind kind) {
  const TextRule& rule = kRules.at(static_cast<std::size_t>(kind));
  EDGETIDE_ASSERT(rule.kind == kind, "the rules stand in the order of the kinds");
  return rule;
}

/// Compiled once: a pool takes a dozen of them.
const std::regex& pattern_of(const TextRule& rule) {
  static const auto kPatterns = [] {
    std::array<std::regex, kRules.size()> patterns;
    for (std::size_t i = 0; i < kRules.size(); ++i) {
      if (kRules[i].pattern != nullptr) patterns[i] = std::regex{kRules[i].pattern};
    }
    return patterns;
  }();
  return kPatterns.at(static_cast<std::size_t>(rule.kind));
}

/// As the API server counts: code points, not bytes.
std::size_t length(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
  }
  return count;
}

}  // namespace

std::optional<std::string> text_problem(TextKind kind, std::string_view text) {
  const TextRule& rule = rule_of(kind);
  const std::size_t size = length(text);
  if (size > rule.max) {
    return std::to_string(size) + " characters; at most " + std::to_string(rule.max) + " are legal";
  }
  const bool fits =
      rule.pattern == nullptr || std::regex_match(text.begin(), text.end(), pattern_of(rule));
  if (size >= rule.min && fits) return std::nullopt;
  return json::excerpt(json::Value(std::string{text})) + " is not " + rule.wanted;
}

}  // namespace edgetide::kube
