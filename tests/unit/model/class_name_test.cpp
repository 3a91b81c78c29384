#include "edgetide/model/class_name.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace edgetide::model {
namespace {

TEST(ClassName, IsWhatAnObjectCanBeNamed) {
  for (const auto& [written, meant] :
       std::vector<std::pair<std::string, std::string>>{{"football-final", "football-final"},
                                                        {"Football Final", "football-final"},
                                                        {" Cup_2 / leg.1 ", "cup-2-leg.1"},
                                                        {"a--b", "a--b"},
                                                        {"a..b", "a-b"},
                                                        {"Fu\xC3\x9F", "Fu\xC3\x9F"},
                                                        {"!", "!"},
                                                        {"", ""}})
    EXPECT_EQ(class_named(written), meant);
}

}  // namespace
}  // namespace edgetide::model
