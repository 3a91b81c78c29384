#include <gtest/gtest.h>

#include <random>

#include "kube/quantity.h"

namespace edgetide::kube {
namespace {

struct Written {
  std::string text;
  QuantityValue value;
  std::string canonical;
};

TEST(Quantity, IsReadExactly) {
  const Written cases[] = {
      {"0", {0, 0}, "0"},
      {"000", {0, 0}, "0"},
      {"0e99", {0, 0}, "0"},
      {"2000", {2000, 0}, "2k"},
      {"8G", {8'000'000'000, 0}, "8G"},
      {"1147.5", {1147, 500'000'000}, "1147500m"},
      {"1500m", {1, 500'000'000}, "1500m"},
      {"0.1", {0, 100'000'000}, "100m"},
      {"1n", {0, 1}, "1n"},
      {"1u", {0, 1'000}, "1u"},
      {"1.5Ki", {1536, 0}, "1536"},
      {"0.1Ki", {102, 400'000'000}, "102400m"},
      {"1Mi", {1 << 20, 0}, "1048576"},
      {"1Ti", {std::int64_t{1} << 40, 0}, "1099511627776"},
      {"7Ei", {7 * (std::int64_t{1} << 60), 0}, "8070450532247928832"},
      {"1E", {1'000'000'000'000'000'000, 0}, "1E"},
      {"1e3", {1000, 0}, "1k"},
      {"1E3", {1000, 0}, "1k"},
      {"1e+3", {1000, 0}, "1k"},
      {"12E-1", {1, 200'000'000}, "1200m"},
      {"9223372036854775807", {9'223'372'036'854'775'807, 0}, "9223372036854775807"},
      {"9.223372036E", {9'223'372'036'000'000'000, 0}, "9223372036G"},
      // Finer than a billionth: rounded up, as the API server does.
      {"0.1n", {0, 1}, "1n"},
      {"1.000000001m", {0, 1'000'001}, "1000001n"},
      {"1e-99", {0, 1}, "1n"},
  };
  for (const Written& c : cases) {
    SCOPED_TRACE(c.text);
    const auto read = parse_quantity(c.text);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(*read, c.value);
    EXPECT_EQ(to_string(*read), c.canonical);
  }
}

TEST(Quantity, ThatIsNoneIsRefused) {
  for (const char* text : {"",
                           " ",
                           "-1",
                           "+1",
                           ".5",
                           "5.",
                           "1 k",
                           "k",
                           "1K",
                           "1kk",
                           "1e",
                           "1e100",
                           "1e-",
                           "1.1.1",
                           "0x10",
                           "NaN",
                           "inf",
                           "1,5",
                           "9223372036854775808",
                           "10E",
                           "8Ei",
                           "1e19",
                           "99999999999999999999",
                           "1.1234567891",
                           "0.00000000000000000000000000000000000000001"}) {
    const auto read = parse_quantity(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalid);
  }
}

TEST(Quantity, SaysWhatIsWrong) {
  EXPECT_EQ(parse_quantity("5K").error().text(),
            "\"5K\" does not end in n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an "
            "exponent such as e3");
  EXPECT_EQ(parse_quantity("-5").error().text(),
            "\"-5\" has a sign; only amounts from zero are legal");
}

TEST(Quantity, CanonicalTextReadsBackAsItself) {
  std::mt19937_64 random{20261205};
  for (int i = 0; i < 20'000; ++i) {
    const QuantityValue value{
        .whole = static_cast<std::int64_t>(random() >> (1 + random() % 63)),
        .billionths = random() % 3 == 0 ? 0 : static_cast<std::int32_t>(random() % 1'000'000'000)};
    const std::string text = to_string(value);
    const auto read = parse_quantity(text);
    // Billionths of a large amount take more digits than a field may have.
    if (text.size() > 20) continue;
    ASSERT_TRUE(read.ok()) << read.error().text();
    ASSERT_EQ(*read, value) << text;
    ASSERT_EQ(to_string(*read), text);
  }
}

}  // namespace
}  // namespace edgetide::kube
