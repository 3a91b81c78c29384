#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "edgetide/core/ids.h"
#include "promql/connection.h"

namespace edgetide::app {

/// Reads one key of a Secret by what reads a whole one.
[[nodiscard]] inline promql::SecretReader secret_reader(
    std::function<Result<std::map<std::string, std::string>>(const ObjectKey&)> read) {
  return [read = std::move(read)](const std::string& name_space, const std::string& name,
                                  const std::string& key) -> Result<std::string> {
    const auto secret = read({name_space, name});
    if (!secret.ok()) return secret.error();
    const auto entry = secret->find(key);
    if (entry != secret->end()) return entry->second;
    return Error{.code = ErrorCode::kNotFound,
                 .message = "has no key " + key,
                 .context = "secret " + name_space + "/" + name};
  };
}

}  // namespace edgetide::app
