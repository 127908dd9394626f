#ifndef TSUNAGU_COMMON_BASE_JSON_TEXT_H_
#define TSUNAGU_COMMON_BASE_JSON_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// Returns any bytes as a JSON string with its quotes, on one line. Control characters are escaped; bytes that are not
// UTF-8 become U+FFFD.
std::string JsonText(absl::string_view bytes);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_JSON_TEXT_H_
