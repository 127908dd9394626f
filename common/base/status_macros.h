#ifndef TSUNAGU_COMMON_BASE_STATUS_MACROS_H_
#define TSUNAGU_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Debian's Abseil has no status macros; these are named like those of later versions.
#define RETURN_IF_ERROR(expression)                                         \
  do {                                                                      \
    if (absl::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

#define TSUNAGU_CONCAT_INNER(a, b) a##b
#define TSUNAGU_CONCAT(a, b) TSUNAGU_CONCAT_INNER(a, b)

#define ASSIGN_OR_RETURN(target, expression) \
  TSUNAGU_ASSIGN_OR_RETURN(TSUNAGU_CONCAT(status_or_, __LINE__), target, expression)
#define TSUNAGU_ASSIGN_OR_RETURN(temporary, target, expression) \
  auto temporary = (expression);                                \
  if (!temporary.ok()) return std::move(temporary).status();    \
  target = *std::move(temporary)

#endif  // TSUNAGU_COMMON_BASE_STATUS_MACROS_H_
