#include "services/matching/snapshot/left_out.h"

#include <algorithm>

#include "common/base/error.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::matching {
namespace {

const char* EnglishOf(v1::LeftOutReason reason) {
  switch (reason) {
    case v1::LEFT_OUT_REASON_FACILITY_NOT_FOUND:
      return "there is no such facility, or it may not be seen, or it has ended";
    case v1::LEFT_OUT_REASON_FACILITY_WITHOUT_POSITION:
      return "the facility has no latitude and longitude";
    case v1::LEFT_OUT_REASON_FACILITY_ELSEWHERE:
      return "the facility stands outside the area of the opening";
    case v1::LEFT_OUT_REASON_HOME_AREA_UNKNOWN:
      return "the area in which the nurse lives is not known";
    case v1::LEFT_OUT_REASON_REFUSED:
      return "the opening was refused";
    case v1::LEFT_OUT_REASON_NOT_AN_EMPLOYMENT:
      return "it is for visits or a dispatch, and no employment";
    case v1::LEFT_OUT_REASON_POSTS_PROMISED:
      return "all its posts are promised to somebody";
    case v1::LEFT_OUT_REASON_NURSE_PROMISED:
      return "she has accepted a post";
    case v1::LEFT_OUT_REASON_NOT_A_VISIT:
      return "it is no opening for visits";
    case v1::LEFT_OUT_REASON_HALF_DAYS_TOGETHER:
      return "it wants half-days together; agree on a contract without a round";
    case v1::LEFT_OUT_REASON_HALF_DAYS_HELD:
      return "contracts hold all its half-days";
    case v1::LEFT_OUT_REASON_SUPPLY_HELD:
      return "contracts hold all that the supply gives";
    case v1::LEFT_OUT_REASON_SUPPLY_YEAR_TOO_SMALL:
      return "what is left of its year is less than one visit a week; agree on a contract that ends sooner";
    default:
      return "no reason was given";
  }
}

}  // namespace

platform::v1::Label TextOf(v1::LeftOutReason reason) {
  const auto* value = v1::LeftOutReason_descriptor()->FindValueByNumber(reason);
  platform::v1::Label text;
  text.set_ja(value == nullptr ? "" : value->options().GetExtension(tsunagu::ja));
  if (text.ja().empty()) text.set_ja("理由の記載なし");
  text.set_en(EnglishOf(reason));
  return text;
}

absl::Status NotInRound(const v1::Snapshot& snapshot, const std::string& name, absl::string_view field) {
  const auto& rows = snapshot.left_out();
  const auto out = std::find_if(rows.begin(), rows.end(), [&](const v1::LeftOut& row) { return row.name() == name; });
  if (out == rows.end()) return FailAt(field, "NOT_IN_ROUND"_reason, {{"name", name}});
  const platform::v1::Label why = TextOf(out->reason());
  return FailAt(field, "LEFT_OUT_OF_ROUND"_reason, {{"name", name}, {"why", why.en()}, {"why_ja", why.ja()}});
}

}  // namespace tsunagu::matching
