// For ThreadSanitizer only. Debian's gRPC and Abseil are not instrumented, so ThreadSanitizer does not see the ordering
// that gRPC guarantees: it would report a race for every object that goes from the caller of an operation to its
// callback. These functions wrap three functions of gRPC and add the ordering: what came before the start of an
// operation, or of a server, came before every later callback and every later accepted call. That is more ordering than
// gRPC guarantees, and can hide a race only if such a start lies between its two sides. This file itself is not
// instrumented.
#include <dlfcn.h>
#include <grpc/grpc.h>
#include <link.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using Functor = grpc_completion_queue_functor;
using Run = void (*)(Functor*, int);

char all_operations;

// The code that a functor runs, by the functor's address. Entries are never removed, but replaced when another functor
// gets the address. Uses no lock that ThreadSanitizer would see.
class Originals {
 public:
  void Set(Functor* functor, Run run) {
    Slot& slot = SlotOf(functor);
    slot.run.store(run);
  }
  Run Get(Functor* functor) { return SlotOf(functor).run.load(); }

 private:
  struct Slot {
    std::atomic<Functor*> functor;
    std::atomic<Run> run;
  };
  static constexpr size_t kSlots = size_t{1} << 22;

  Slot& SlotOf(Functor* functor) {
    size_t at = reinterpret_cast<uintptr_t>(functor) * 0x9E3779B97F4A7C15u >> 42;
    for (size_t tried = 0; tried < kSlots; ++tried, at = (at + 1) % kSlots) {
      Functor* found = slots_[at].functor.load();
      if (found == functor) return slots_[at];
      if (found == nullptr && slots_[at].functor.compare_exchange_strong(found, functor)) return slots_[at];
      if (found == functor) return slots_[at];
    }
    std::abort();
  }

  Slot slots_[kSlots];
};
Originals originals;

// Returns whether the address is code, not a table of virtual functions: gRPC's own services are asynchronous, and
// their tags are other objects.
bool IsCode(const void* address) {
  struct Range {
    uintptr_t from, to;
  };
  static const std::vector<Range> code = [] {
    std::vector<Range> ranges;
    dl_iterate_phdr(
        [](dl_phdr_info* module, size_t, void* found) {
          for (int i = 0; i < module->dlpi_phnum; ++i) {
            const auto& segment = module->dlpi_phdr[i];
            if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
            const uintptr_t from = module->dlpi_addr + segment.p_vaddr;
            static_cast<std::vector<Range>*>(found)->push_back({from, from + segment.p_memsz});
          }
          return 0;
        },
        &ranges);
    return ranges;
  }();
  const auto at = reinterpret_cast<uintptr_t>(address);
  for (const Range& range : code) {
    if (range.from <= at && at < range.to) return true;
  }
  return false;
}

void Arrive(Functor* functor, int ok) {
  __tsan_acquire(&all_operations);
  originals.Get(functor)(functor, ok);
}

template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

// In the callback API, which is the only one that we use, the tag of an operation is the functor that runs at its end.
grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* ops, size_t count, void* tag, void* reserved) {
  static auto* const real = Real<decltype(grpc_call_start_batch)>("grpc_call_start_batch");
  auto* const functor = static_cast<Functor*>(tag);
  if (functor->functor_run != &Arrive && IsCode(reinterpret_cast<void*>(functor->functor_run))) {
    originals.Set(functor, functor->functor_run);
    functor->functor_run = &Arrive;
  }
  __tsan_release(&all_operations);
  return real(call, ops, count, tag, reserved);
}

void grpc_server_start(grpc_server* server) {
  static auto* const real = Real<decltype(grpc_server_start)>("grpc_server_start");
  __tsan_release(&all_operations);
  real(server);
}

// The first function that is called for an accepted call.
void grpc_call_ref(grpc_call* call) {
  static auto* const real = Real<decltype(grpc_call_ref)>("grpc_call_ref");
  __tsan_acquire(&all_operations);
  real(call);
}

}  // extern "C"
