#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <span>
#include <type_traits>
#include <vector>

namespace edgetide {

/// A vector of what is mostly few: up to `kFew` values stand in itself, and more of them in memory
/// of their own. For lists that are made and thrown away by the hundred in one decision, where that
/// memory would cost more than all else that is done with them. Functions are those of std::vector;
/// moving empties what many values were moved from, and leaves few where they were.
template <typename Value, std::size_t kFew>
class SmallVector {
  static_assert(std::is_trivially_copyable_v<Value>, "few are copied, also where they are moved");

 public:
  using value_type = Value;
  using iterator = Value*;
  using const_iterator = const Value*;

  SmallVector() = default;
  explicit SmallVector(std::size_t count, const Value& value = {}) {
    if (count > kFew) {
      many_.assign(count, value);
    } else {
      std::fill_n(few_.begin(), few_size_ = count, value);
    }
  }
  template <std::input_iterator Iterator>
  SmallVector(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(Value(*first));
  }
  SmallVector(std::initializer_list<Value> values) : SmallVector(values.begin(), values.end()) {}

  [[nodiscard]] std::size_t size() const { return many_.empty() ? few_size_ : many_.size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Value* data() { return many_.empty() ? few_.data() : many_.data(); }
  [[nodiscard]] const Value* data() const { return many_.empty() ? few_.data() : many_.data(); }

  [[nodiscard]] Value* begin() { return data(); }
  [[nodiscard]] Value* end() { return data() + size(); }
  [[nodiscard]] const Value* begin() const { return data(); }
  [[nodiscard]] const Value* end() const { return data() + size(); }
  [[nodiscard]] Value& operator[](std::size_t i) { return all()[i]; }
  [[nodiscard]] const Value& operator[](std::size_t i) const { return all()[i]; }
  [[nodiscard]] const Value& front() const { return all().front(); }
  [[nodiscard]] Value& back() { return all().back(); }
  [[nodiscard]] const Value& back() const { return all().back(); }

  void push_back(const Value& value) {
    if (many_.empty() && few_size_ < kFew) {
      few_[few_size_++] = value;
    } else {
      push_to_many(value);
    }
  }
  void clear() { *this = {}; }

  friend bool operator==(const SmallVector& a, const SmallVector& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  /// With the checks of the standard library's own.
  [[nodiscard]] std::span<Value> all() { return {data(), size()}; }
  [[nodiscard]] std::span<const Value> all() const { return {data(), size()}; }

  /// Apart, so that the rest is short enough to be put in place wherever it is called.
  [[gnu::noinline]] void push_to_many(const Value& value) {
    if (many_.empty()) many_.assign(few_.begin(), few_.end());
    few_size_ = 0;
    many_.push_back(value);
  }

  std::array<Value, kFew> few_{};
  std::size_t few_size_ = 0;  ///< None while there are many.
  std::vector<Value> many_;   ///< All of them, once there are more than few.
};

}  // namespace edgetide
