#include "services/matching/events/visits_after.h"

#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/view.h"
#include "common/service/service.h"
#include "services/matching/events/event_log.h"
#include "services/matching/rounds/round_parts.h"
#include "services/matching/rounds/visit_changes.h"
#include "services/matching/rules/instance.h"
#include "services/matching/snapshot/snapshot.h"

namespace tsunagu::matching {
namespace {

// Opening, kind of week and half-day, in the order of ListVisits. Refers to rows that must outlive it.
using Key = std::tuple<absl::string_view, bool, int>;
using Rows = std::map<Key, const v1::VisitRow*>;

Key KeyOf(const v1::VisitRow& row) { return {row.opening(), row.holidays(), row.half_day()}; }

Rows ByKey(const std::vector<v1::VisitRow>& rows) {
  Rows by_key;
  for (const v1::VisitRow& row : rows) by_key.emplace(KeyOf(row), &row);
  return by_key;
}

// Returns the rows of ListVisits, replaced by those that the events have changed.
std::vector<v1::VisitRow> RowsAfter(const std::vector<v1::VisitRow>& solved, const std::vector<v1::VisitEvent>& log) {
  Rows by_key = ByKey(solved);
  for (const v1::VisitEvent& event : log) {
    for (const v1::VisitRow& row : event.rows()) {
      by_key.erase(KeyOf(row));
      if (row.wanted_count() > 0) by_key.emplace(KeyOf(row), &row);
    }
  }
  std::vector<v1::VisitRow> rows;
  for (const auto& [key, row] : by_key) rows.push_back(*row);
  return rows;
}

ContractsOfRound ContractsAfter(const std::vector<v1::VisitEvent>& log) {
  std::map<absl::string_view, const v1::VisitEvent::RoundContract*> held, declined;
  for (const v1::VisitEvent& event : log) {
    for (const std::string& name : event.over()) {
      held.erase(name);
      declined.erase(name);
    }
    for (const auto& contract : event.declined()) {
      held.erase(contract.visit_contract());
      declined[contract.visit_contract()] = &contract;
    }
    for (const auto& contract : event.held()) {
      declined.erase(contract.visit_contract());
      held[contract.visit_contract()] = &contract;
    }
  }
  ContractsOfRound contracts;
  for (const auto& [name, contract] : held) *contracts.held.Add() = *contract;
  for (const auto& [name, contract] : declined) *contracts.declined.Add() = *contract;
  return contracts;
}

// Applies the changes of the log, which were accepted before, again.
absl::Status BringRows(store::View& view, VisitsAfter& round) {
  ASSIGN_OR_RETURN(round.solved.certificate, LoadCertificate(view, round.solved.round.name()));
  for (const v1::VisitEvent& event : round.log) {
    if (!TakeVisitChange(event.change(), round.whole).ok()) return Fail("EVENT_LOG_DAMAGED"_reason);
  }
  round.solved.snapshot = RestOf(round.whole, round.contracts.held).rows;
  return absl::OkStatus();
}

using Loaded = absl::StatusOr<VisitsAfter>;

template <typename Load>
Loaded Read(Service& service, const rpc::Call& call, const Load& load) {
  Loaded round;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) {
    round = load(view);
    return round.status();
  }));
  return round;
}

}  // namespace

Loaded LoadVisitRows(store::View& view, const std::string& name, std::optional<int32_t> after_event,
                     absl::string_view field) {
  VisitsAfter round;
  ASSIGN_OR_RETURN(round.solved, LoadSolvedVisits(view, name, false));
  const int32_t event = after_event.value_or(round.solved.round.event_count());
  if (event > round.solved.round.event_count()) {
    return FailAt(field, "NOT_IN_ROUND"_reason, {{"name", absl::StrCat("#", event)}});
  }
  round.solved.after_event = event;
  ASSIGN_OR_RETURN(round.log, LoadEvents<v1::VisitEvent>(view, name, 0, event));
  if (static_cast<int32_t>(round.log.size()) != event) return Fail("EVENT_LOG_DAMAGED"_reason);
  round.solved.rows = RowsAfter(round.solved.rows, round.log);
  round.contracts = ContractsAfter(round.log);
  return round;
}

Loaded LoadVisitsAfter(store::View& view, const std::string& name, std::optional<int32_t> after_event,
                       absl::string_view field) {
  ASSIGN_OR_RETURN(VisitsAfter round, LoadVisitRows(view, name, after_event, field));
  ASSIGN_OR_RETURN(round.whole, LoadSnapshot(view, name));
  RETURN_IF_ERROR(BringRows(view, round));
  return round;
}

Loaded LoadVisitsOfToday(store::View& view, const std::string& name, std::optional<int32_t> after_event) {
  ASSIGN_OR_RETURN(VisitsAfter round, LoadVisitRows(view, name, after_event));
  ASSIGN_OR_RETURN(round.whole, LoadSnapshot(view, name));
  if (DigestOf(round.whole) != round.solved.round.snapshot_digest()) return Fail("SNAPSHOT_CHANGED"_reason);
  const int32_t version = round.solved.round.rule_table_version();
  if (version != rules::kRuleTableVersion)
    return Fail("ROUND_OF_OTHER_RULES"_reason, {{"version", absl::StrCat(version)}});
  RETURN_IF_ERROR(BringRows(view, round));
  return round;
}

Loaded LoadVisitsAfter(Service& service, const rpc::Call& call, const std::string& name,
                       std::optional<int32_t> after_event, absl::string_view field) {
  return Read(service, call, [&](store::View& view) { return LoadVisitsAfter(view, name, after_event, field); });
}

Loaded LoadVisitsOfToday(Service& service, const rpc::Call& call, const std::string& name,
                         std::optional<int32_t> after_event) {
  return Read(service, call, [&](store::View& view) { return LoadVisitsOfToday(view, name, after_event); });
}

std::vector<v1::VisitRow> ChangedOf(const std::vector<v1::VisitRow>& before, const std::vector<v1::VisitRow>& after) {
  Rows was = ByKey(before);
  std::map<Key, v1::VisitRow> changed;
  for (const v1::VisitRow& row : after) {
    const auto found = was.find(KeyOf(row));
    if (found == was.end() || found->second->SerializeAsString() != row.SerializeAsString()) changed[KeyOf(row)] = row;
    if (found != was.end()) was.erase(found);
  }
  for (const auto& [key, row] : was) {
    v1::VisitRow& gone = changed[key];
    gone.set_opening(row->opening());
    gone.set_facility(row->facility());
    gone.set_half_day(row->half_day());
    gone.set_holidays(row->holidays());
  }
  std::vector<v1::VisitRow> rows;
  for (auto& [key, row] : changed) rows.push_back(std::move(row));
  return rows;
}

}  // namespace tsunagu::matching
