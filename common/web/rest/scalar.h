#ifndef TSUNAGU_COMMON_WEB_SCALAR_H_
#define TSUNAGU_COMMON_WEB_SCALAR_H_

#include "absl/strings/string_view.h"

namespace tsunagu::web {

// The script of Scalar, packed by gzip: deploy/build/scalar.sh names the version.
absl::string_view Scalar();

// Japanese for the words of Scalar in our documents, because Scalar has no Japanese: JSON by Scalar's own keys. Words
// that are missing here stay English.
extern const char kScalarInJapanese[];

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_SCALAR_H_
