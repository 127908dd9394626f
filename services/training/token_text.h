#ifndef TSUNAGU_SERVICES_TRAINING_TOKEN_TEXT_H_
#define TSUNAGU_SERVICES_TRAINING_TOKEN_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::training {

// Returns whether the text is only the beginning of a token: it starts with a JSON header, but has no complete
// signature.
bool IsCutOff(absl::string_view token);

// Returns the canonical encoding of a token from a text that was broken into lines, padded, or written in the other
// alphabet of base64.
std::string AsIssued(absl::string_view text);

// Returns whether the text is a PDF, with or without a token in it.
bool IsPdf(absl::string_view text);

// Returns the first token in a PDF of a certificate or in a JSON answer of the server. Returns any other text, and one
// without a token, unchanged.
absl::string_view TokenWithin(absl::string_view text);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_TOKEN_TEXT_H_
