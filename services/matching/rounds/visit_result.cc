#include "services/matching/rounds/visit_result.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rounds/round_parts.h"
#include "services/matching/rules/visit_verify.h"
#include "services/matching/snapshot/visit_snapshot.h"

namespace tsunagu::matching {
namespace {

constexpr absl::string_view kVisits = "visits";
// Each takes some 40 bytes while it is solved.
constexpr size_t kMostVisits = 20'000'000;

// Stops most, the first of the enum among equals. Never that somebody would not go there: that is told to nobody.
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

v1::VisitRow::ShortReason WhyShort(const rules::Visits& visits, const rules::VisitAccount& account) {
  if (visits.kinds.empty()) return v1::VisitRow::SHORT_REASON_NO_SUPPLY;
  if (account.eligible == 0) return v1::VisitRow::SHORT_REASON_NOBODY_ELIGIBLE;
  // Something is free there, so whoever would come is kept out by a cap.
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

// Whether the rows are those that the snapshot wants, each with the sums that follow from who covers it.
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

v1::Blocker BlockerOf(const rules::Visits& visits, int32_t supply, int32_t place) {
  if (!rules::TakesKind(visits, supply, place)) return v1::BLOCKER_SUPPLIER;
  if (!rules::GivesSlot(visits, supply, place)) return v1::BLOCKER_HALF_DAYS;
  return BlockerOf(rules::FirstBlocker(visits.instance.nurses[supply], visits.instance.openings[place]));
}

absl::StatusOr<VisitResult> SolveVisits(const v1::Snapshot& snapshot, const v1::Round& round) {
  const rules::Visits visits = ToVisits(snapshot, round.seed());
  const auto covers = rules::SolveVisits(visits, kMostVisits);
  if (!covers) {
    return Fail("ROUND_TOO_LARGE"_reason,
                {{"count", absl::StrCat(kMostVisits + 1)}, {"max", absl::StrCat(kMostVisits)}});
  }
  const std::vector<rules::VisitAccount> accounts = rules::AccountsOf(visits, *covers);
  const std::vector<WantedVisit> wanted = WantedVisitsOf(snapshot);
  VisitResult result;
  auto cover = covers->begin();
  for (int32_t place = 0; place < static_cast<int32_t>(wanted.size()); ++place) {
    const v1::SnapshotOpening& opening = snapshot.openings(wanted[place].opening);
    const v1::SnapshotHalfDay& visit = opening.visits(wanted[place].visit);
    v1::VisitRow& row = result.rows.emplace_back();
    row.set_opening(opening.name());
    row.set_facility(opening.facility());
    row.set_half_day(visit.half_day());
    row.set_holidays(visit.holidays());
    row.set_wanted_count(visit.posts());
    row.set_short_count(visit.posts());
    for (; cover != covers->end() && cover->place == place; ++cover) {
      v1::VisitRow::Cover& one = *row.add_covers();
      one.set_supply(snapshot.supplies(cover->supply).name());
      one.set_count(cover->count);
      row.set_short_count(row.short_count() - cover->count);
    }
    row.set_eligible_count(accounts[place].eligible);
    row.set_main_blocker(MainBlocker(accounts[place]));
    if (row.short_count() > 0) row.set_short_reason(WhyShort(visits, accounts[place]));
    result.wanted += row.wanted_count();
    result.covered += row.wanted_count() - row.short_count();
  }
  return result;
}

std::vector<rules::Cover> CoversOf(const v1::Snapshot& snapshot, const std::vector<v1::VisitRow>& rows) {
  std::unordered_map<std::string, int32_t> supplies;
  for (int32_t i = 0; i < snapshot.supplies_size(); ++i) supplies[snapshot.supplies(i).name()] = i;
  std::vector<rules::Cover> covers;
  for (size_t place = 0; place < rows.size(); ++place) {
    for (const v1::VisitRow::Cover& cover : rows[place].covers()) {
      const auto found = supplies.find(cover.supply());
      covers.push_back({found == supplies.end() ? -1 : found->second, static_cast<int32_t>(place), cover.count()});
    }
  }
  return covers;
}

v1::VerifySolutionResponse VerifyVisits(const v1::Snapshot& snapshot, const v1::Round& round,
                                        const std::vector<v1::VisitRow>& rows) {
  v1::VerifySolutionResponse response;
  if (!FitsSnapshot(snapshot, rows)) {
    response.add_findings()->set_kind("WRONG_SIZE");
    return response;
  }
  const rules::Visits visits = ToVisits(snapshot, round.seed());
  const rules::VisitVerdict verdict =
      rules::VerifyVisits(visits, CoversOf(snapshot, rows), round.rule_table_version());
  response.set_stable(verdict.stable);
  response.set_checked_pair_count(verdict.checked_pairs);
  for (const rules::VisitFinding& finding : verdict.findings) {
    auto& row = *response.add_findings();
    row.set_kind(Word(finding.kind));
    if (finding.supply >= 0) row.set_supply(snapshot.supplies(finding.supply).name());
    if (finding.cap >= 0) row.set_cap(snapshot.caps(finding.cap).place());
    if (finding.place < 0) continue;
    row.set_opening(rows[finding.place].opening());
    row.set_half_day(rows[finding.place].half_day());
    row.set_holidays(rows[finding.place].holidays());
  }
  return response;
}

std::string DigestOf(const v1::Round& round, const std::vector<v1::VisitRow>& rows) {
  std::string text = absl::StrCat("tsunagu.visits.v1\n", round.snapshot_digest(), "\n", round.seed(), "\n",
                                  round.rule_table_version(), "\n");
  for (const v1::VisitRow& row : rows) {
    absl::StrAppend(&text, row.opening(), "\t", row.half_day(), "\t", row.holidays() ? 1 : 0);
    for (const v1::VisitRow::Cover& cover : row.covers()) absl::StrAppend(&text, "\t", cover.supply(), "\t", cover.count());
    text += "\n";
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
