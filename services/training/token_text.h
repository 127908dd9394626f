#ifndef TSUNAGU_SERVICES_TRAINING_TOKEN_TEXT_H_
#define TSUNAGU_SERVICES_TRAINING_TOKEN_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::training {

// Whether it is the beginning of a token, and no more: a header in JSON comes first, and a signature last.
bool IsCutOff(absl::string_view token);

// The one way of writing a token in which it is taken, of a text that was broken into lines, padded, or written in the
// other letters of base64.
std::string AsIssued(absl::string_view text);

// A PDF, whether there is a token in it or not.
bool IsPdf(absl::string_view text);

// The token within a PDF of a certificate or within an answer of the server in JSON, the first one where there are
// several; any other text as it is, and one that holds none.
absl::string_view TokenWithin(absl::string_view text);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_TOKEN_TEXT_H_
