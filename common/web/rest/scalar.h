#ifndef TSUNAGU_COMMON_WEB_SCALAR_H_
#define TSUNAGU_COMMON_WEB_SCALAR_H_

#include "absl/strings/string_view.h"

namespace tsunagu::web {

// The script of Scalar, packed by gzip: deploy/build/scalar.sh says which.
absl::string_view Scalar();

// The words of Scalar that a reader of our documents meets, in Japanese, which it does not speak itself: as JSON, by
// its own names of them. What is not among them stays English.
extern const char kScalarInJapanese[];

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_SCALAR_H_
