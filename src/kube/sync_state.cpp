#include "kube/sync_state.h"

#include "edgetide/core/time.h"

namespace edgetide::kube {
namespace {

bool is_refusal(ErrorCode code) {
  return code == ErrorCode::kUnauthorized || code == ErrorCode::kForbidden;
}

bool will_last(ErrorCode code) {
  return code == ErrorCode::kNotFound || code == ErrorCode::kInvalid ||
         code == ErrorCode::kForbidden;
}

/// A collection of ours that does not exist is a CRD that nobody installed.
std::string advice(ErrorCode code) {
  if (code != ErrorCode::kNotFound) return "";
  return "; are the CRDs installed? edgetide crds | kubectl apply -f -";
}

}  // namespace

SyncState sync_state(const std::vector<Reflector*>& reflectors) {
  SyncState state;
  for (const Reflector* reflector : reflectors) {
    if (reflector->synced()) continue;
    const auto trouble = reflector->trouble();
    state.missing.push_back(
        reflector->name() +
        (trouble ? " (" + trouble->text() + advice(trouble->code) + ")" : std::string{}));
    if (trouble && is_refusal(trouble->code) && !state.refused) state.refused = trouble;
  }
  return state;
}

std::vector<std::string> unsettled(const std::vector<Reflector*>& reflectors) {
  std::vector<std::string> names;
  for (const Reflector* reflector : reflectors) {
    const auto trouble = reflector->trouble();
    if (reflector->synced() || (trouble && will_last(trouble->code))) continue;
    names.push_back(reflector->name() + (trouble ? " (" + trouble->text() + ")" : std::string{}));
  }
  return names;
}

std::optional<Error> not_current(const Reflector& reflector,
                                 std::chrono::milliseconds stale_after) {
  const auto age = reflector.contact_age();
  if (reflector.synced() && age <= stale_after) return std::nullopt;
  const auto trouble = reflector.trouble();
  std::string why = trouble ? trouble->text() : "still being read";
  if (reflector.synced()) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age);
    why = "not followed for " + to_string(seconds) + (trouble ? ": " + why : "");
  }
  return Error{.code = trouble ? trouble->code : ErrorCode::kUnavailable,
               .message = std::move(why),
               .context = reflector.name()};
}

}  // namespace edgetide::kube
