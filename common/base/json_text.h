#ifndef TSUNAGU_COMMON_BASE_JSON_TEXT_H_
#define TSUNAGU_COMMON_BASE_JSON_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu {

// Any bytes as a JSON string with its quotes, on one line: control characters are escaped, bytes that are no UTF-8
// become U+FFFD.
std::string JsonText(absl::string_view bytes);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_JSON_TEXT_H_
