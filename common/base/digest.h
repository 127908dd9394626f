#ifndef TSUNAGU_COMMON_BASE_DIGEST_H_
#define TSUNAGU_COMMON_BASE_DIGEST_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// Lower-case letters and digits without i, l, o, u: 5 bits a character.
std::string Base32(absl::string_view bytes);

std::string Sha256(absl::string_view bytes);
std::string HmacSha256(absl::string_view key, absl::string_view bytes);

// Runs in the same time wherever the first difference is.
bool EqualInConstantTime(absl::string_view a, absl::string_view b);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_DIGEST_H_
