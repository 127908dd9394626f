#ifndef TSUNAGU_COMMON_TEXT_SEPARATOR_H_
#define TSUNAGU_COMMON_TEXT_SEPARATOR_H_

#include "absl/strings/string_view.h"

namespace tsunagu::contract {

// What stands between the cells of a file that begins with `window`: a comma, a tab or a semicolon. A first line
// `sep=;`, which Excel reads and does not show, says so itself and is taken off the window. Otherwise it is the one
// that the first line with any of them has most of, outside quotes: spreadsheets write as many into each line. A comma
// where there is none.
char TakeSeparator(absl::string_view& window);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_TEXT_SEPARATOR_H_
