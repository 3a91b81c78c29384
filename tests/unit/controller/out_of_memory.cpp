#include "unit/controller/out_of_memory.h"

#include <cstdlib>
#include <new>

namespace edgetide::controller {
namespace {

thread_local long done = 0;
thread_local long fails_at = -1;
thread_local bool failed = false;

void* allocate(std::size_t size) {
  failed = failed || done + 1 == fails_at;
  if (++done == fails_at) throw std::bad_alloc();
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

long allocations() { return done; }

bool allocation_failed() { return failed; }

void fail_allocation_after(long count) { fails_at = done + count + 1; }

}  // namespace edgetide::controller

/// In place of the library's, in this test program alone, and all that may meet each other.
void* operator new(std::size_t size) { return edgetide::controller::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return edgetide::controller::allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
