#include "services/matching/rounds/visit_result.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/status_macros.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/round_parts.h"
#include "services/matching/rounds/verify_visit_coverage.h"
#include "services/matching/rounds/visit_objective.h"
#include "services/matching/rules/visit_verify.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

constexpr absl::string_view kVisits = "visits";

// Returns the blocker of most supplies, of equal ones the first in the enum. Never that a supply refuses to go there:
// that is told to nobody.
v1::Blocker MainBlocker(const rules::VisitAccount& account) {
  v1::Blocker main = v1::BLOCKER_UNSPECIFIED;
  int32_t most = 0;
  const auto consider = [&](v1::Blocker blocker, int32_t count) {
    if (count > most) main = blocker, most = count;
  };
  for (const rules::Blocker blocker : rules::kBlockersInOrder) {
    if (blocker == rules::Blocker::kExcluded) continue;
    consider(BlockerOf(blocker), rules::CountOf(account.blocked, blocker));
  }
  consider(v1::BLOCKER_SUPPLIER, account.wrong_kind);
  return main;
}

// By half-day: whether some supply may visit there and has a nurse left.
std::vector<bool> HaveSomebody(const rules::Visits& visits, const std::vector<rules::Cover>& covers) {
  std::vector<market::VisitLimits> left = visits.limits;
  for (const rules::Cover& cover : covers) {
    const int32_t slot = visits.slots[cover.half_day];
    left[cover.supply].at_once[slot] -= cover.count;
    left[cover.supply].weekly[slot / market::kSlotsOfWeek] -= cover.count;
    left[cover.supply].all -= cover.count;
  }
  rules::Visits rest = visits;
  rest.limits = std::move(left);
  std::vector<bool> have(visits.slots.size(), false);
  rules::Candidates candidates(rest.instance);
  for (int32_t supply = 0; supply < static_cast<int32_t>(rest.kinds.size()); ++supply) {
    for (const int32_t half_day : rules::ListOf(rest, candidates, supply)) have[half_day] = true;
  }
  return have;
}

// The half-day has a free post, so a cap keeps out every supply that would come or, for COVERAGE, could come. COVERAGE
// does not consider visits that a supply would prefer.
v1::VisitRow::ShortReason WhyShort(const rules::Visits& visits, const rules::VisitAccount& account, bool by_coverage,
                                   bool have_somebody) {
  if (visits.kinds.empty()) return v1::VisitRow::SHORT_REASON_NO_SUPPLY;
  if (account.eligible == 0) return v1::VisitRow::SHORT_REASON_NOBODY_ELIGIBLE;
  if (by_coverage) {
    return have_somebody ? v1::VisitRow::SHORT_REASON_CAPPED : v1::VisitRow::SHORT_REASON_SUPPLY_ELSEWHERE;
  }
  return account.would_send > 0 ? v1::VisitRow::SHORT_REASON_CAPPED : v1::VisitRow::SHORT_REASON_SUPPLY_USED_UP;
}

const char* Word(rules::VisitFindingKind kind) {
  switch (kind) {
    case rules::VisitFindingKind::kUnknownRules:
      return "UNKNOWN_RULES";
    case rules::VisitFindingKind::kUnknownSupply:
      return "UNKNOWN_SUPPLY";
    case rules::VisitFindingKind::kNotEligible:
      return "NOT_ELIGIBLE";
    case rules::VisitFindingKind::kOverCapacity:
      return "OVER_CAPACITY";
    case rules::VisitFindingKind::kOverCap:
      return "OVER_CAP";
    case rules::VisitFindingKind::kOverSupply:
      return "OVER_SUPPLY";
    case rules::VisitFindingKind::kBlockingPair:
      return "BLOCKING_PAIR";
    case rules::VisitFindingKind::kEmptyPostWanted:
      return "EMPTY_POST_WANTED";
  }
  return "";
}

// Returns whether the rows are those that the snapshot wants, each with the sums that follow from its covers.
bool FitsSnapshot(const v1::Snapshot& snapshot, const std::vector<v1::VisitRow>& rows) {
  const std::vector<WantedVisit> wanted = WantedVisitsOf(snapshot);
  if (wanted.size() != rows.size()) return false;
  for (size_t i = 0; i < rows.size(); ++i) {
    const v1::SnapshotOpening& opening = snapshot.openings(wanted[i].opening);
    const v1::SnapshotHalfDay& visit = opening.visits(wanted[i].visit);
    int32_t left = visit.posts();
    for (const v1::VisitRow::Cover& cover : rows[i].covers()) left -= cover.count();
    const bool fits = rows[i].opening() == opening.name() && rows[i].facility() == opening.facility() &&
                      rows[i].half_day() == visit.half_day() && rows[i].holidays() == visit.holidays() &&
                      rows[i].wanted_count() == visit.posts() && rows[i].short_count() == left;
    if (!fits) return false;
  }
  return true;
}

}  // namespace

v1::Blocker BlockerOf(const rules::Visits& visits, int32_t supply, int32_t half_day) {
  if (!rules::TakesKind(visits, supply, half_day)) return v1::BLOCKER_SUPPLIER;
  if (!rules::GivesSlot(visits, supply, half_day)) return v1::BLOCKER_HALF_DAYS;
  return BlockerOf(rules::FirstBlocker(visits.instance.nurses[supply], visits.instance.openings[half_day]));
}

absl::StatusOr<VisitResult> SolveVisits(const v1::Snapshot& snapshot, const v1::Round& round) {
  const rules::Visits visits = ToVisits(snapshot, round.seed());
  ASSIGN_OR_RETURN(SolvedCovers solved, SolveVisitsFor(round, snapshot, visits));
  const std::vector<rules::Cover>& covers = solved.covers;
  const std::vector<rules::VisitAccount> accounts = rules::AccountsOf(visits, covers);
  const bool by_coverage = round.objective() == v1::Round::OBJECTIVE_COVERAGE;
  const std::vector<bool> have_somebody =
      by_coverage ? HaveSomebody(visits, covers) : std::vector<bool>(accounts.size(), false);
  const std::vector<WantedVisit> wanted = WantedVisitsOf(snapshot);
  VisitResult result;
  result.certificate = std::move(solved.certificate);
  auto cover = covers.begin();
  for (int32_t half_day = 0; half_day < static_cast<int32_t>(wanted.size()); ++half_day) {
    const v1::SnapshotOpening& opening = snapshot.openings(wanted[half_day].opening);
    const v1::SnapshotHalfDay& visit = opening.visits(wanted[half_day].visit);
    v1::VisitRow& row = result.rows.emplace_back();
    row.set_opening(opening.name());
    row.set_facility(opening.facility());
    row.set_half_day(visit.half_day());
    row.set_holidays(visit.holidays());
    row.set_wanted_count(visit.posts());
    row.set_short_count(visit.posts());
    for (; cover != covers.end() && cover->half_day == half_day; ++cover) {
      v1::VisitRow::Cover& one = *row.add_covers();
      one.set_supply(snapshot.supplies(cover->supply).name());
      one.set_count(cover->count);
      row.set_short_count(row.short_count() - cover->count);
    }
    row.set_eligible_count(accounts[half_day].eligible);
    row.set_main_blocker(MainBlocker(accounts[half_day]));
    if (row.short_count() > 0) {
      row.set_short_reason(WhyShort(visits, accounts[half_day], by_coverage, have_somebody[half_day]));
    }
    result.wanted += row.wanted_count();
    result.covered += row.wanted_count() - row.short_count();
  }
  return result;
}

std::vector<rules::Cover> CoversOf(const v1::Snapshot& snapshot, const std::vector<v1::VisitRow>& rows) {
  std::unordered_map<std::string, int32_t> supplies;
  for (int32_t i = 0; i < snapshot.supplies_size(); ++i) supplies[snapshot.supplies(i).name()] = i;
  std::vector<rules::Cover> covers;
  for (size_t half_day = 0; half_day < rows.size(); ++half_day) {
    for (const v1::VisitRow::Cover& cover : rows[half_day].covers()) {
      const auto found = supplies.find(cover.supply());
      covers.push_back({found == supplies.end() ? -1 : found->second, static_cast<int32_t>(half_day), cover.count()});
    }
  }
  return covers;
}

std::vector<v1::Round::Outcome> OutcomesOf(const v1::Snapshot& snapshot, const v1::Round& round,
                                           const std::vector<v1::VisitRow>& rows) {
  const rules::Visits visits = ToVisits(snapshot, round.seed());
  std::vector<v1::Round::Outcome> outcomes;
  for (CoverAlternative& one : AlternativesFor(round, snapshot, visits, CoversOf(snapshot, rows))) {
    outcomes.push_back(std::move(one.outcome));
  }
  return outcomes;
}

v1::VerifySolutionResponse VerifyVisits(const v1::Snapshot& snapshot, const v1::Round& round,
                                        const std::vector<v1::VisitRow>& rows, const v1::Certificate& certificate) {
  v1::VerifySolutionResponse response;
  if (!FitsSnapshot(snapshot, rows)) {
    response.add_findings()->set_kind("WRONG_SIZE");
    return response;
  }
  const rules::Visits visits = ToVisits(snapshot, round.seed());
  const std::vector<rules::Cover> covers = CoversOf(snapshot, rows);
  if (round.objective() == v1::Round::OBJECTIVE_COVERAGE) {
    return VerifyVisitCoverage(snapshot, visits, round.rule_table_version(), covers, rows, certificate);
  }
  const rules::VisitVerdict verdict = rules::VerifyVisits(visits, covers, round.rule_table_version());
  response.set_stable(verdict.stable);
  response.set_checked_pair_count(verdict.checked_pairs);
  for (const rules::VisitFinding& finding : verdict.findings) {
    auto& row = *response.add_findings();
    row.set_kind(Word(finding.kind));
    if (finding.supply >= 0) row.set_supply(snapshot.supplies(finding.supply).name());
    if (finding.cap >= 0) row.set_cap(snapshot.caps(finding.cap).place());
    if (finding.half_day < 0) continue;
    row.set_opening(rows[finding.half_day].opening());
    row.set_half_day(rows[finding.half_day].half_day());
    row.set_holidays(rows[finding.half_day].holidays());
  }
  return response;
}

std::string DigestOf(const v1::Round& round, const std::vector<v1::VisitRow>& rows,
                     const v1::Certificate& certificate) {
  std::string text = absl::StrCat("tsunagu.visits.v1\n", round.snapshot_digest(), "\n", round.seed(), "\n",
                                  round.rule_table_version(), "\n");
  for (const v1::VisitRow& row : rows) {
    absl::StrAppend(&text, row.opening(), "\t", row.half_day(), "\t", row.holidays() ? 1 : 0);
    for (const v1::VisitRow::Cover& cover : row.covers())
      absl::StrAppend(&text, "\t", cover.supply(), "\t", cover.count());
    text += "\n";
  }
  if (certificate.ByteSizeLong() > 0) {
    absl::StrAppend(&text, v1::Round::Objective_Name(round.objective()), "\n", certificate.SerializeAsString());
  }
  return absl::BytesToHexString(Sha256(text));
}

absl::Status StoreVisits(store::Tx& tx, absl::string_view round, const std::vector<v1::VisitRow>& rows) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<v1::Round>(tx, round));
  const auto count = static_cast<int64_t>(rows.size());
  for (int64_t i = 0; i < count; i += kPartRows) {
    v1::ListVisitsResponse piece;
    piece.mutable_visits()->Add(rows.begin() + i, rows.begin() + std::min(count, i + kPartRows));
    RETURN_IF_ERROR(blobs.Write(tx, kVisits, {i / kPartRows, "", piece.SerializeAsString()}));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::VisitRow>> LoadVisits(store::View& view, absl::string_view round) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<v1::Round>(view, round));
  std::vector<v1::VisitRow> rows;
  constexpr int64_t kAll = std::numeric_limits<int64_t>::max();
  RETURN_IF_ERROR(blobs.Read(kVisits, 0, kAll, [&](absl::string_view bytes) -> absl::Status {
    v1::ListVisitsResponse piece;
    if (!piece.ParseFromString(std::string(bytes))) return absl::DataLossError("round part");
    rows.insert(rows.end(), piece.visits().begin(), piece.visits().end());
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace tsunagu::matching
