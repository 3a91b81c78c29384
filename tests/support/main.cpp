#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

/// Only recorded traces may be absent on a build machine; see traces.h.
constexpr std::string_view kTracesAbsent = "traces absent";

/// With CI=true a test that was skipped for any other reason than absent traces is a failure.
class SkipsAreFailures : public testing::EmptyTestEventListener {
 public:
  [[nodiscard]] bool seen() const { return seen_; }

 private:
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.skipped()) return;
    if (std::string_view{result.message()}.find(kTracesAbsent) == std::string_view::npos) {
      seen_ = true;
    }
  }

  bool seen_ = false;
};

bool in_ci() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::strcmp(ci, "true") == 0;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  auto* skips = new SkipsAreFailures;
  testing::UnitTest::GetInstance()->listeners().Append(skips);
  const int failed = RUN_ALL_TESTS();
  if (failed == 0 && in_ci() && skips->seen()) {
    std::fputs("a test was skipped although CI=true\n", stderr);
    return 1;
  }
  return failed;
}
