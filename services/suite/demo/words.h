#ifndef TSUNAGU_SERVICES_SUITE_DEMO_WORDS_H_
#define TSUNAGU_SERVICES_SUITE_DEMO_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::suite {

// One text in the two languages.
inline absl::string_view In(Language language, absl::string_view ja, absl::string_view en) {
  return language == Language::kJapanese ? ja : en;
}

// areas as 地域 or Areas.
std::string CollectionWord(absl::string_view collection, Language language);
// A step of a demonstration.
std::string StepWord(absl::string_view step, Language language);
std::string ReasonWords(matching::v1::UnmatchedReason reason, Language language);
std::string BlockerWord(matching::v1::Blocker blocker, Language language);

// The value without its enum's prefix: BLOCKER_SKILLS is SKILLS. Empty for the value 0.
std::string ShortWord(matching::v1::UnmatchedReason reason);
std::string ShortWord(matching::v1::Blocker blocker);
std::string ShortWord(registry::v1::Skill skill);

// Why the nurse of `assignment` got no post, and what would help; one sentence each.
std::string Explain(const matching::v1::Assignment& assignment, Language language);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_DEMO_WORDS_H_
