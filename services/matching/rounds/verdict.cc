#include "services/matching/rounds/verdict.h"

#include <string>

#include "absl/strings/string_view.h"

namespace tsunagu::matching {
namespace {

absl::string_view Word(rules::FindingKind kind) {
  switch (kind) {
    case rules::FindingKind::kWrongSize:
      return "WRONG_SIZE";
    case rules::FindingKind::kUnknownRules:
      return "UNKNOWN_RULES";
    case rules::FindingKind::kUnknownOpening:
      return "UNKNOWN_OPENING";
    case rules::FindingKind::kNotEligible:
      return "NOT_ELIGIBLE";
    case rules::FindingKind::kNotAcceptable:
      return "NOT_ACCEPTABLE";
    case rules::FindingKind::kOverCapacity:
      return "OVER_CAPACITY";
    case rules::FindingKind::kOverCap:
      return "OVER_CAP";
    case rules::FindingKind::kBlockingPair:
      return "BLOCKING_PAIR";
    case rules::FindingKind::kEmptyPostWanted:
      return "EMPTY_POST_WANTED";
  }
  return "";
}

}  // namespace

v1::VerifySolutionResponse ToResponse(const rules::Verdict& verdict, const v1::Snapshot& snapshot) {
  v1::VerifySolutionResponse response;
  response.set_stable(verdict.stable);
  response.set_checked_pair_count(verdict.checked_pairs);
  for (const rules::Finding& finding : verdict.findings) {
    auto& row = *response.add_findings();
    row.set_kind(std::string(Word(finding.kind)));
    if (finding.nurse >= 0 && finding.nurse < snapshot.nurses_size()) {
      row.set_nurse(snapshot.nurses(finding.nurse).name());
    }
    if (finding.cap >= 0) row.set_cap(snapshot.caps(finding.cap).place());
    if (finding.opening >= 0 && finding.opening < snapshot.openings_size()) {
      row.set_opening(snapshot.openings(finding.opening).name());
    }
  }
  return response;
}

}  // namespace tsunagu::matching
