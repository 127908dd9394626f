#include "tools/demo/words.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/strings/substitute.h"
#include "google/protobuf/descriptor.h"
#include "services/suite/progress.h"
#include "tools/demo/numbers.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::demo {
namespace {

namespace v1 = matching::v1;

struct Word {
  const char* key;
  const char* ja;
  const char* en;
};
constexpr Word kSteps[] = {{"openings", "求人の取り込み", "import openings"},
                           {"nurses", "看護職員の取り込み", "import nurses"},
                           {"solve", "マッチング", "match"},
                           {"verify", "検証", "verify"},
                           {"read", "結果の読み出し", "read the result"}};

template <typename Enum>
const google::protobuf::EnumValueDescriptor& ValueOf(Enum value) {
  const auto* found = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(value);
  return found != nullptr ? *found : *google::protobuf::GetEnumDescriptor<Enum>()->value(0);
}

// In Japanese the word of the contract; in English the name of the value without `prefix`.
template <typename Enum>
std::string Plain(Enum value, absl::string_view prefix, Language language) {
  if (language == Language::kJapanese) return ValueOf(value).options().GetExtension(tsunagu::ja);
  if (value == 0) return "";
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(ValueOf(value).name(), prefix)), {{"_", " "}});
}

}  // namespace

std::string StepWord(absl::string_view step, Language language) {
  for (const Word& word : kSteps) {
    if (step == word.key) return std::string(In(language, word.ja, word.en));
  }
  return std::string(step);
}

std::string ReasonWords(v1::UnmatchedReason reason, Language language) {
  if (language == Language::kJapanese) return ValueOf(reason).options().GetExtension(tsunagu::ja);
  switch (reason) {
    case v1::UNMATCHED_REASON_NO_OPENINGS:
      return "There are no openings";
    case v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING:
      return "No opening fits";
    case v1::UNMATCHED_REASON_OUTRANKED:
      return "Openings that fit went to nurses who rank higher";
    case v1::UNMATCHED_REASON_FILLED:
      return "Openings that fit went to others";
    case v1::UNMATCHED_REASON_CAPPED:
      return "Openings that fit are filled, or a cap is reached";
    default:
      return "";
  }
}

std::string BlockerWord(v1::Blocker blocker, Language language) { return Plain(blocker, "BLOCKER_", language); }

std::string LeftOutWords(v1::LeftOutReason reason, Language language) {
  return Plain(reason, "LEFT_OUT_REASON_", language);
}

std::string Explain(const v1::Assignment& row, Language language) {
  std::string text = ReasonWords(row.unmatched_reason(), language);
  if (row.main_blocker() != v1::BLOCKER_UNSPECIFIED) {
    absl::SubstituteAndAppend(
        &text, In(language, "（$0件のうち$1件は$2が理由）", " ($1 of $0 openings are ruled out by $2)"),
        suite::WithCommas(row.considered_opening_count()), suite::WithCommas(row.blocked_opening_count()),
        BlockerWord(row.main_blocker(), language));
  }
  std::vector<std::string> help;
  if (row.openings_by_skill_count() > 0) {
    help.push_back(absl::Substitute(In(language, "「$0」ができれば$1件が対象になる", "with $0, $1 more would fit"),
                                    Plain(row.missing_skill(), "SKILL_", language),
                                    suite::WithCommas(row.openings_by_skill_count())));
  }
  if (row.extra_metres() > 0) {
    const std::string kilometres = Kilometres(row.extra_metres() + 49);  // rounded up, so that it is sufficient
    help.push_back(absl::Substitute(In(language, "通勤の上限を$0 km延ばせば、ほかの条件が合う最寄りの求人に届く",
                                       "a limit $0 km wider would reach the nearest that fits otherwise"),
                                    kilometres));
  }
  const absl::string_view end = In(language, "。", ".");
  if (help.empty()) return absl::StrCat(text, end);
  return absl::StrCat(text, In(language, "。対策: ", ". What would help: "),
                      absl::StrJoin(help, In(language, "、", "; ")), end);
}

}  // namespace tsunagu::demo
