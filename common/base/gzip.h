#ifndef TSUNAGU_COMMON_BASE_GZIP_H_
#define TSUNAGU_COMMON_BASE_GZIP_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace tsunagu {

std::string Gzip(absl::string_view bytes);
// Returns nothing when `packed` is no gzip, is truncated, or unpacks to more than `most` bytes.
absl::optional<std::string> Gunzip(absl::string_view packed, size_t most);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_GZIP_H_
