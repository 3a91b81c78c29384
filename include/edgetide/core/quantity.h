#pragma once

#include <compare>

namespace edgetide {

/// A number with a unit that the compiler checks: `Viewers` never meets `Replicas` by accident.
///
/// Arithmetic stays within one unit; crossing units is the business of one named function each
/// (`sizing::replicas_for` turns load into replicas), which is where rounding is decided too.
template <typename Unit, typename Rep>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep count) : count_(count) {}

  /// The bare number, for output and numeric kernels.
  [[nodiscard]] constexpr Rep count() const { return count_; }

  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity& operator+=(Quantity other) {
    count_ += other.count_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    count_ -= other.count_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }

 private:
  Rep count_{};
};

/// Copies of an edge server, asked for or running.
using Replicas = Quantity<struct ReplicasUnit, int>;
/// Simultaneous viewers: the demand that is forecast. Fractional because it is summed and averaged.
using Viewers = Quantity<struct ViewersUnit, double>;
/// How fast viewers come.
using ViewersPerSecond = Quantity<struct ViewersPerSecondUnit, double>;
using BitsPerSecond = Quantity<struct BitsPerSecondUnit, double>;
using RequestsPerSecond = Quantity<struct RequestsPerSecondUnit, double>;
using Connections = Quantity<struct ConnectionsUnit, double>;
/// New TLS connections a second: what a gateway's processors are sized by.
using HandshakesPerSecond = Quantity<struct HandshakesPerSecondUnit, double>;
/// A share of one: 0.75 is 75 %.
using Ratio = Quantity<struct RatioUnit, double>;

}  // namespace edgetide
