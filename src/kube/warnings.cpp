#include "kube/warnings.h"

#include <utility>

namespace edgetide::kube {

std::vector<std::string> warnings_in(std::string_view header) {
  std::vector<std::string> texts;
  std::string text;
  bool quoted = false;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    if (c == '"') {
      if (quoted && !text.empty()) texts.push_back(std::exchange(text, {}));
      quoted = !quoted;
    } else if (quoted) {
      const bool escaped = c == '\\' && i + 1 < header.size();
      text += escaped ? header[++i] : c;
    }
  }
  return texts;
}

}  // namespace edgetide::kube
