#ifndef TSUNAGU_COMMON_HOST_WORDS_H_
#define TSUNAGU_COMMON_HOST_WORDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"

namespace tsunagu {

// The language in which a command addresses the person who runs it: help, results, errors. The log of a server is for
// operators and always English.

// Reads the language from the command line (--lang ja, --lang=en). Call once, at the start of a program and before the
// flags are made, because their help texts depend on it.
void ChooseLanguage(int argc, const char* const* argv);

// Returns the chosen language, else that of LC_ALL, LC_MESSAGES or LANG, the first that is set: Japanese or English.
Language SpokenLanguage();

// Returns the text in that language.
std::string Words(absl::string_view ja, absl::string_view en);

// Returns a failure of this program itself, as opposed to one that a service declares. `reason` is a word in the same
// form.
absl::Status FailHere(absl::StatusCode code, absl::string_view reason, absl::string_view ja, absl::string_view en);

struct FailureHere {
  std::string reason, ja, en;
};
// Returns the arguments of FailHere; nothing for any other status.
absl::optional<FailureHere> FailureHereIn(const absl::Status& status);

// Returns the text of a failure, followed by its reason in brackets if it has one.
std::string WordsOf(const absl::Status& status);

// Prints that text to standard error. Returns the exit code, 1.
int Complain(const absl::Status& status);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_WORDS_H_
