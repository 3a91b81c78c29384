#pragma once

namespace edgetide::forecast {

/// The value that Student's t with `degrees` of freedom stays below with probability
/// `confidence`. Few degrees mean heavy tails: at 99 % it is 3.75 with four degrees and 2.65 with
/// fourteen, where the normal has 2.33. What was learned from few cases must be bought with that
/// much more room.
///
/// The distribution function of whole degrees has a closed form (Abramowitz and Stegun 26.7.3 and
/// 26.7.4), inverted once into a table; between its entries the answer is linear in
/// ln(1 - confidence).
///
/// \pre confidence in [0.5, 0.99999], held to it otherwise; degrees held to [2, 16].
[[nodiscard]] double student_t_quantile(double confidence, int degrees);

}  // namespace edgetide::forecast
