#include "services/matching/rounds/held_visits.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "services/matching/rounds/visit_changes.h"
#include "services/matching/snapshot/snapshot.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"

namespace tsunagu::matching {
namespace {

using v1::VisitContract;

v1::VisitEvent::RoundContract RowOf(const VisitContract& contract) {
  v1::VisitEvent::RoundContract row;
  row.set_visit_contract(contract.name());
  row.set_opening(contract.opening());
  row.set_supply(contract.supply());
  *row.mutable_school_half_days() = contract.school_half_days();
  *row.mutable_holiday_half_days() = contract.holiday_half_days();
  return row;
}

// Subtracts one from `now`, if it is above 0.
int32_t LessOne(int32_t now, int64_t& missing) {
  missing += now <= 0;
  return std::max(0, now - 1);
}

void TakeFromSupply(int half_day, bool holidays, v1::SnapshotSupply& row, int64_t& missing) {
  auto& given = *row.mutable_given();
  const auto found = std::find_if(given.begin(), given.end(), [&](const v1::SnapshotSupply::Given& one) {
    return one.half_day() == half_day && one.holidays() == holidays;
  });
  if (found == given.end()) {
    ++missing;
  } else if (found->visit_count() > 1) {
    found->set_visit_count(found->visit_count() - 1);
  } else {
    given.erase(found);
  }
  if (holidays) {
    row.set_holiday_visit_count(LessOne(row.holiday_visit_count(), missing));
  } else {
    row.set_school_visit_count(LessOne(row.school_visit_count(), missing));
  }
  row.set_all_visit_count(LessOne(row.all_visit_count(), missing));
}

void TakeFromOpening(int half_day, bool holidays, v1::SnapshotOpening& row, int64_t& missing) {
  for (v1::SnapshotHalfDay& visit : *row.mutable_visits()) {
    if (visit.half_day() != half_day || visit.holidays() != holidays) continue;
    return visit.set_posts(LessOne(visit.posts(), missing));
  }
  ++missing;
}

// Reduces the room of each cap by what contracts hold below it.
void TakeFromCaps(int32_t opening, v1::Snapshot& rows) {
  for (v1::SnapshotCap& cap : *rows.mutable_caps()) {
    const bool counts = std::binary_search(cap.openings().begin(), cap.openings().end(), opening);
    if (counts) cap.set_limit(std::max(0, cap.limit() - 1));
  }
}

}  // namespace

absl::StatusOr<ContractsOfRound> ReadContractsOf(store::View& view, const std::string& round, jp::CivilDay day) {
  ContractsOfRound read;
  RETURN_IF_ERROR(store::Records<VisitContract>::All(view).ForEach(
      contract::Where("round", round), [&](const VisitContract& contract) {
        const bool declined = contract.state() == VisitContract::STATE_DECLINED;
        const bool over = contract.has_valid_to_date() && jp::DayOf(contract.valid_to_date()) < day;
        if (declined || !over) *(declined ? read.declined : read.held).Add() = RowOf(contract);
        return absl::OkStatus();
      }));
  for (RoundContracts* rows : {&read.held, &read.declined}) {
    std::sort(rows->pointer_begin(), rows->pointer_end(),
              [](const auto* a, const auto* b) { return a->visit_contract() < b->visit_contract(); });
  }
  return read;
}

Rest RestOf(const v1::Snapshot& whole, const RoundContracts& held) {
  Rest rest = {whole};
  ForEachVisit(held, [&](const v1::VisitEvent::RoundContract& contract, int half_day, bool holidays) {
    const int32_t supply = IndexOf(rest.rows.supplies(), contract.supply());
    const int32_t opening = IndexOf(rest.rows.openings(), contract.opening());
    rest.missing += (supply < 0) + (opening < 0);
    if (supply >= 0) TakeFromSupply(half_day, holidays, *rest.rows.mutable_supplies(supply), rest.missing);
    if (opening < 0) return;
    TakeFromOpening(half_day, holidays, *rest.rows.mutable_openings(opening), rest.missing);
    TakeFromCaps(opening, rest.rows);
  });
  for (int32_t opening = rest.rows.openings_size() - 1; opening >= 0; --opening) DropEmptyVisits(opening, rest.rows);
  return rest;
}

}  // namespace tsunagu::matching
