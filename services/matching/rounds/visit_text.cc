#include "services/matching/rounds/visit_text.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/matching/rounds/explanation_text.h"
#include "services/matching/rounds/worth.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::matching {
namespace {

using platform::v1::Label;
using Verdict = v1::ExplainVisitResponse::SupplyVerdict;

// Appends a sentence in both languages.
void Add(absl::string_view ja, absl::string_view en, Label& label) {
  label.mutable_ja()->append(ja.data(), ja.size());
  absl::StrAppend(label.mutable_en(), label.en().empty() ? "" : " ", en);
}

std::string JaOf(const google::protobuf::EnumDescriptor* type, int number) {
  const auto* value = type->FindValueByNumber(number);
  return value == nullptr ? "" : value->options().GetExtension(tsunagu::ja);
}

// NameOf in the words of visits.
Label VisitNameOf(v1::Blocker blocker) {
  Label name = NameOf(blocker);
  if (blocker == v1::BLOCKER_HALF_DAYS) name.set_ja("訪問できない半日");
  if (blocker == v1::BLOCKER_DISTANCE) {
    name.set_ja("訪問できる距離");
    name.set_en("distance");
  }
  return name;
}

void AddSums(const v1::ExplainVisitResponse& visit, Label& label) {
  const v1::VisitRow& row = visit.visit();
  const auto* half_day = registry::v1::HalfDay_descriptor()->FindValueByNumber(row.half_day());
  const std::string ja = JaOf(registry::v1::HalfDay_descriptor(), row.half_day());
  const std::string en = half_day == nullptr ? "" : half_day->name().substr(sizeof("HALF_DAY_") - 1);
  const int covered = row.wanted_count() - row.short_count();
  Add(absl::StrCat(row.holidays() ? "長期休業中の" : "", ja, "は、必要な", row.wanted_count(), "人のうち", covered,
                   "人の担当が決まりました。"),
      absl::StrCat(en, row.holidays() ? " in the holidays" : "", ": ", covered, " of ", row.wanted_count(),
                   " covered."),
      label);
  if (row.short_count() == 0) return;
  static const std::map<int, std::string> kWhy = {
      {v1::VisitRow::SHORT_REASON_NO_SUPPLY, "there were no supplies"},
      {v1::VisitRow::SHORT_REASON_NOBODY_ELIGIBLE, "no supply could cover it"},
      {v1::VisitRow::SHORT_REASON_SUPPLY_USED_UP, "those that could have reached a limit of theirs"},
      {v1::VisitRow::SHORT_REASON_CAPPED, "the cap of a place is reached"},
      {v1::VisitRow::SHORT_REASON_SUPPLY_ELSEWHERE,
       "those that could have reached a limit of theirs, elsewhere or here"}};
  const auto why = kWhy.find(row.short_reason());
  const Label place = NameOfPlace(visit.cap(), visit.cap_display_name());
  const std::string in_ja = visit.cap().empty() ? "" : absl::StrCat(": ", place.ja());
  const std::string in_en = visit.cap().empty() ? "" : absl::StrCat(": ", place.en());
  Add(absl::StrCat(row.short_count(), "人不足しています。",
                   JaOf(v1::VisitRow::ShortReason_descriptor(), row.short_reason()), in_ja, "。"),
      absl::StrCat(row.short_count(), " short: ", why == kWhy.end() ? "" : why->second, in_en, "."), label);
}

// Some may have a reason that is told to nobody, or to this caller, so the reasons need not add up to all.
void AddBlockers(const v1::ExplainVisitResponse& visit, Label& label) {
  int all = 0;
  std::map<v1::Blocker, int> counts;
  for (const Verdict& one : visit.supplies()) {
    if (one.standing() != v1::ExplainVisitResponse::STANDING_NOT_ELIGIBLE) continue;
    ++all;
    if (one.blocker() != v1::BLOCKER_UNSPECIFIED) ++counts[one.blocker()];
  }
  if (all == 0) return;
  Add(absl::StrCat("条件に合わない供給は", all, "件です。"), absl::StrCat("Supplies that could not: ", all, "."),
      label);
  std::vector<std::string> ja, en;
  for (const auto& [blocker, count] : counts) {
    const Label name = VisitNameOf(blocker);
    ja.push_back(absl::StrCat(name.ja(), count, "件"));
    en.push_back(absl::StrCat(name.en(), " ", count));
  }
  if (counts.empty()) return;
  Add(absl::StrCat("示せる理由: ", absl::StrJoin(ja, "、"), "。"),
      absl::StrCat("Reasons that can be named: ", absl::StrJoin(en, ", "), "."), label);
}

// Adds the smallest changes that would make more supplies eligible.
void AddHelp(const v1::ExplainVisitResponse& visit, Label& label) {
  if (visit.visit().short_count() == 0) return;
  int64_t metres = std::numeric_limits<int64_t>::max();
  int trained = 0;
  for (const Verdict& one : visit.supplies()) {
    if (one.blocker() == v1::BLOCKER_DISTANCE) metres = std::min(metres, one.extra_metres());
    trained += one.blocker() == v1::BLOCKER_SKILLS && one.missing_skill_count() == 1;
  }
  if (metres != std::numeric_limits<int64_t>::max()) {
    const std::string further = absl::StrCat((metres + 99) / 100 * 100);
    Add(absl::StrCat("あと", further, " m遠くまで訪問できれば、条件に合う供給があります。"),
        absl::StrCat("A supply that went ", further, " m further could."), label);
  }
  if (trained > 0) {
    Add(absl::StrCat("できるケアが一つ増えれば、必要なケアのできる供給が", trained, "件あります。"),
        absl::StrCat("Supplies that lack one kind of care only: ", trained, "."), label);
  }
}

// For a round of COVERAGE: the price of one more wanted nurse here, and of those who are not sent.
void AddWorth(const v1::ExplainVisitResponse& visit, Label& label) {
  if (!visit.has_post_worth()) return;
  const v1::Worth& post = visit.post_worth();
  Add("このラウンドの目的は充足優先で、担当は全体として最もよくなるように決まります。",
      "This round is solved for coverage: who covers what follows from the round as a whole.", label);
  if (IsNothing(post)) {
    Add("必要な人数を1人増やしても、全体の結果は変わりません。", "One more nurse wanted here would change nothing.",
        label);
  } else if (post.floor()) {
    Add("必要な人数を1人増やすと、下限を満たしやすくなることがあります。",
        "One more nurse wanted here might help to meet a floor.", label);
  } else if (post.weight() > 0) {
    Add(absl::StrCat("必要な人数を1人増やすと、全体で最大、重み", post.weight(),
                     "にあたる訪問の担当がさらに決まります。"),
        absl::StrCat("One more nurse wanted here would cover visits of weight ", post.weight(), " more at most."),
        label);
  } else {
    Add(absl::StrCat("必要な人数を1人増やすと、全体の移動が最大", post.metres(), " m短くなります。"),
        absl::StrCat("One more nurse wanted here would save ", post.metres(), " m of ways in all at most."), label);
  }
  const auto others = std::count_if(visit.supplies().begin(), visit.supplies().end(), [](const Verdict& one) {
    return one.standing() == v1::ExplainVisitResponse::STANDING_NOT_BETTER;
  });
  if (others == 0) return;
  Add(absl::StrCat("条件に合うほかの供給", others, "件は、ここに決まっても全体の結果がよくなりません。"),
      absl::StrCat("Others that could come, without the round being better for it: ", others, "."), label);
}

}  // namespace

Label TextOf(const v1::ExplainVisitResponse& visit) {
  Label label;
  AddSums(visit, label);
  AddWorth(visit, label);
  AddBlockers(visit, label);
  AddHelp(visit, label);
  return label;
}

Label TextOfVisits(const v1::ExplainAreaResponse& area) {
  Label label;
  Add(absl::StrCat("求人", area.opening_count(), "件の訪問", area.post_count(), "回（週）のうち", area.filled_count(),
                   "回の担当が決まりました。"),
      absl::StrCat("Openings: ", area.opening_count(), ". Of ", area.post_count(), " visits of a week ",
                   area.filled_count(), " are covered."),
      label);
  return label;
}

}  // namespace tsunagu::matching
