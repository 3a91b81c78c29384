#pragma once

namespace edgetide::controller {

/// How often this thread has asked for memory by `new`.
[[nodiscard]] long allocations();
/// Of this thread's next so many and one, the last throws std::bad_alloc.
void fail_allocation_after(long count);
/// Whether that has come to pass.
[[nodiscard]] bool allocation_failed();

}  // namespace edgetide::controller
