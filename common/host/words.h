#ifndef TSUNAGU_COMMON_HOST_WORDS_H_
#define TSUNAGU_COMMON_HOST_WORDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"

namespace tsunagu {

// In what language a command speaks to the person who runs it: its help, its results, its complaints. The log of a
// server is for operators and always English.

// Takes the language from the command line (--lang ja, --lang=en), before the flags are made, since their help is
// already in it. Once, at the start of a program.
void ChooseLanguage(int argc, const char* const* argv);

// What was chosen, else the language of LC_ALL, LC_MESSAGES or LANG, the first that is set: Japanese or English.
Language SpokenLanguage();

// The one that is spoken.
std::string Words(absl::string_view ja, absl::string_view en);

// A failure of this program itself, as opposed to one that a service declares. `reason` is a word as theirs.
absl::Status FailHere(absl::StatusCode code, absl::string_view reason, absl::string_view ja, absl::string_view en);

struct FailureHere {
  std::string reason, ja, en;
};
// What FailHere was told; nothing for any other status.
absl::optional<FailureHere> FailureHereIn(const absl::Status& status);

// What a failure says, with its reason behind it in brackets where it has one.
std::string WordsOf(const absl::Status& status);

// Prints that to the standard error. Returns the exit code, 1.
int Complain(const absl::Status& status);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_WORDS_H_
