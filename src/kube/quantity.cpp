#include "kube/quantity.h"

#include <array>
#include <limits>
#include <optional>

namespace edgetide::kube {
namespace {

/// Wide enough for the largest whole number below 2^63 in billionths.
__extension__ using Wide = unsigned __int128;

constexpr std::int64_t kBillion = 1'000'000'000;
constexpr std::int64_t kLargestWhole = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kLongestText = 40;
constexpr std::size_t kMostWholeDigits = 19;
constexpr std::size_t kMostDecimals = 9;

struct Suffix {
  std::string_view text;
  int ten = 0;  ///< Times 10^ten
  int two = 0;  ///< times 2^two.
};

/// Largest first within each family, as the canonical form needs them.
constexpr std::array kDecimalSuffixes = {
    Suffix{"E", 18}, Suffix{"P", 15}, Suffix{"T", 12}, Suffix{"G", 9},  Suffix{"M", 6},
    Suffix{"k", 3},  Suffix{"", 0},   Suffix{"m", -3}, Suffix{"u", -6}, Suffix{"n", -9}};
constexpr std::array kBinarySuffixes = {Suffix{"Ki", 0, 10}, Suffix{"Mi", 0, 20},
                                        Suffix{"Gi", 0, 30}, Suffix{"Ti", 0, 40},
                                        Suffix{"Pi", 0, 50}, Suffix{"Ei", 0, 60}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

/// "e3", "E-2": one or two digits, which is all that values below 2^63 take.
std::optional<Suffix> parse_exponent(std::string_view text) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (text.empty() || text.size() > 2 || count_digits(text) != text.size()) return std::nullopt;
  int exponent = 0;
  for (const char digit : text) exponent = exponent * 10 + (digit - '0');
  return Suffix{.text = {}, .ten = negative ? -exponent : exponent};
}

std::optional<Suffix> parse_suffix(std::string_view text) {
  for (const Suffix& suffix : kDecimalSuffixes) {
    if (text == suffix.text) return suffix;
  }
  for (const Suffix& suffix : kBinarySuffixes) {
    if (text == suffix.text) return suffix;
  }
  return parse_exponent(text);
}

/// An amount in billionths that only grows too large, never wraps.
class Amount {
 public:
  void times(unsigned factor) {
    if (amount_ > kLimit / factor) too_large_ = true;
    if (!too_large_) amount_ *= factor;
  }
  void add(unsigned digit) { amount_ += digit; }
  /// Rounds up, as the API server does.
  void divide_by_ten() { amount_ = amount_ / 10 + (amount_ % 10 != 0 ? 1 : 0); }

  [[nodiscard]] bool too_large() const {
    return too_large_ || amount_ / kBillion > static_cast<Wide>(kLargestWhole);
  }
  [[nodiscard]] Wide get() const { return amount_; }

 private:
  /// Room for a digit more.
  static constexpr Wide kLimit = (~Wide{0} >> 1) - 10;

  Wide amount_ = 0;
  bool too_large_ = false;
};

Amount scaled(std::string_view digits, const Suffix& suffix, int decimals) {
  Amount amount;
  for (const char digit : digits) {
    amount.times(10);
    if (!amount.too_large()) amount.add(static_cast<unsigned>(digit - '0'));
  }
  for (int i = 0; i < suffix.two; ++i) amount.times(2);
  // Into billionths.
  const int ten = suffix.ten + 9 - decimals;
  for (int i = 0; i < ten; ++i) amount.times(10);
  for (int i = ten; i < 0; ++i) amount.divide_by_ten();
  return amount;
}

Error refused(std::string_view text, std::string_view why) {
  return Error{
      .code = ErrorCode::kInvalid,
      .message = "\"" + std::string{text.substr(0, kLongestText)} + "\" " + std::string{why}};
}

}  // namespace

Result<QuantityValue> parse_quantity(std::string_view text) {
  if (text.size() > kLongestText) return refused(text, "is longer than 40 characters");
  if (text.starts_with('-') || text.starts_with('+')) {
    return refused(text, "has a sign; only amounts from zero are legal");
  }
  const std::size_t whole = count_digits(text);
  if (whole == 0) return refused(text, "does not begin with a digit");
  if (whole > kMostWholeDigits) return refused(text, "is not below 2^63");
  std::string digits{text.substr(0, whole)};
  std::string_view rest = text.substr(whole);
  std::size_t decimals = 0;
  if (rest.starts_with('.')) {
    decimals = count_digits(rest.substr(1));
    if (decimals == 0) return refused(text, "has no digit after its point");
    if (decimals > kMostDecimals) return refused(text, "has more than nine decimals");
    digits += rest.substr(1, decimals);
    rest.remove_prefix(1 + decimals);
  }
  const auto suffix = parse_suffix(rest);
  if (!suffix) {
    return refused(text,
                   "does not end in n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an "
                   "exponent such as e3");
  }
  const Amount amount = scaled(digits, *suffix, static_cast<int>(decimals));
  if (amount.too_large()) return refused(text, "is not below 2^63");
  return QuantityValue{.whole = static_cast<std::int64_t>(amount.get() / kBillion),
                       .billionths = static_cast<std::int32_t>(amount.get() % kBillion)};
}

std::string to_string(const QuantityValue& quantity) {
  if (quantity == QuantityValue{}) return "0";
  std::string digits = std::to_string(quantity.whole);
  const std::string fraction = std::to_string(kBillion + quantity.billionths).substr(1);
  digits += fraction;  // now in billionths
  for (const Suffix& suffix : kDecimalSuffixes) {
    const auto zeros = static_cast<std::size_t>(suffix.ten + 9);
    if (digits.size() <= zeros) continue;
    const std::string_view tail = std::string_view{digits}.substr(digits.size() - zeros);
    if (tail.find_first_not_of('0') != std::string_view::npos) continue;
    const std::string head = digits.substr(0, digits.size() - zeros);
    return head.substr(head.find_first_not_of('0')) + std::string{suffix.text};
  }
  return digits;
}

}  // namespace edgetide::kube
