#ifndef TSUNAGU_COMMON_RPC_EXCEPTIONS_H_
#define TSUNAGU_COMMON_RPC_EXCEPTIONS_H_

#include <exception>
#include <new>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace tsunagu::rpc {

// Converts exceptions of a step of a call to errors: OUT_OF_MEMORY, else INTERNAL. A step returns a status or a
// StatusOr.
template <class Step>
auto CatchExceptions(Step step) -> decltype(step()) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
    return Fail("OUT_OF_MEMORY"_reason);
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    return absl::InternalError("exception of unknown type");
  }
}

}  // namespace tsunagu::rpc

#endif  // TSUNAGU_COMMON_RPC_EXCEPTIONS_H_
