#include "edgetide/core/result.h"

namespace edgetide {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return "invalid";
    case ErrorCode::kNotFound: return "not found";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kUnauthorized: return "unauthorized";
    case ErrorCode::kForbidden: return "forbidden";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kTimeout: return "timed out";
    case ErrorCode::kTooLarge: return "too large";
    case ErrorCode::kExpired: return "expired";
    case ErrorCode::kCancelled: return "cancelled";
  }
  return "unknown";
}

}  // namespace edgetide
