#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace edgetide::telemetry {

struct Label {
  std::string_view name;
  std::string_view value;
};

/// What a family of series is, said before its first sample.
struct FamilyHead {
  enum class Type { kGauge, kCounter };
  std::string_view name;
  std::string_view help;
  Type type = Type::kGauge;
};

/// Writes Prometheus' text format 0.0.4, one family after another, straight from what is known: a
/// registry would keep every series of every pool a second time.
class TextFormat {
 public:
  /// Samples are this family's from now on; one without samples leaves no trace.
  void begin(const FamilyHead& family);
  void sample(std::initializer_list<Label> labels, double value) { sample(labels, {}, value); }
  /// The same with two parts of labels, in order of name.
  void sample(std::initializer_list<Label> labels, std::initializer_list<Label> more, double value);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  FamilyHead family_;
  bool is_new_ = true;
  std::string text_;
};

}  // namespace edgetide::telemetry
