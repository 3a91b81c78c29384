#pragma once

#include <string_view>

/// What dashboard/ becomes: one script and one style sheet, written by dashboard/build.mjs.
namespace edgetide::web {

extern const std::string_view kScript;
extern const std::string_view kStyle;
/// Their hashes as a content security policy names them: "'sha256-...'".
extern const std::string_view kScriptSource;
extern const std::string_view kStyleSource;

}  // namespace edgetide::web
