#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "cli/command.h"

namespace edgetide::cli {

/// A word that a command line can go on with.
struct Completion {
  std::string word;
  std::string about;  ///< A few words; may be empty.
};

/// Tells the names that a command line can go on with.
using NamesOf = std::function<std::vector<std::string>(Names, const std::vector<std::string>&)>;

/// How the last of the words, which may be empty or half a word, can be completed; none where a
/// file is expected. Of a word that the shell takes apart at "=" and ":", as bash does, the end
/// alone is told. \param words behind the program's name
[[nodiscard]] std::vector<Completion> complete(const std::vector<std::string>& words,
                                               const NamesOf& names_of);

/// "status<TAB>all pools at a glance", a line a word.
void print_words(const std::vector<Completion>& words, std::ostream& out);

}  // namespace edgetide::cli
