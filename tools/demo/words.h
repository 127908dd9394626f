#ifndef TSUNAGU_TOOLS_DEMO_WORDS_H_
#define TSUNAGU_TOOLS_DEMO_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::demo {

// Returns the text of the language.
inline absl::string_view In(Language language, absl::string_view ja, absl::string_view en) {
  return language == Language::kJapanese ? ja : en;
}

// Returns the name of a step of DemoReport::millis.
std::string StepWord(absl::string_view step, Language language);
std::string ReasonWords(matching::v1::UnmatchedReason reason, Language language);
std::string BlockerWord(matching::v1::Blocker blocker, Language language);
std::string LeftOutWords(matching::v1::LeftOutReason reason, Language language);

// Returns why the nurse of `assignment` got no post, and what would help; one sentence each.
std::string Explain(const matching::v1::Assignment& assignment, Language language);

}  // namespace tsunagu::demo

#endif  // TSUNAGU_TOOLS_DEMO_WORDS_H_
