#ifndef TSUNAGU_COMMON_TEXT_SEPARATOR_H_
#define TSUNAGU_COMMON_TEXT_SEPARATOR_H_

#include "absl/strings/string_view.h"

namespace tsunagu::contract {

// Returns the separator between the cells of a file that begins with `window`: a comma, a tab or a semicolon. A first
// line `sep=;`, which Excel reads and does not show, names the separator and is removed from the window. Otherwise it
// is the one that is most frequent, outside quotes, in the first line that has any, because spreadsheets write equally
// many into each line. A comma when there is none.
char TakeSeparator(absl::string_view& window);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_SEPARATOR_H_
