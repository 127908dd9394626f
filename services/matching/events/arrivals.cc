#include "services/matching/events/arrivals.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "services/matching/rounds/caps.h"
#include "services/matching/snapshot/left_out.h"
#include "services/matching/snapshot/sent_rows.h"
#include "services/matching/snapshot/take_snapshot.h"

namespace tsunagu::matching {
namespace {

// Returns the names that have had a row in the round.
std::set<std::string> KnownOf(const LoggedRound& round) {
  std::set<std::string> known;
  for (const v1::SnapshotNurse& row : round.solved.snapshot.nurses()) known.insert(row.name());
  for (const v1::SnapshotOpening& row : round.solved.snapshot.openings()) known.insert(row.name());
  for (const v1::RoundEvent& event : round.log) {
    known.insert(event.change().nurse_arrives().nurse());
    known.insert(event.change().opening_arrives().opening());
  }
  return known;
}

// Returns the indexes of changes without a row. If a name arrives twice, only the first.
std::vector<int> MissingIn(const google::protobuf::RepeatedPtrField<v1::RoundChange>& changes,
                           std::set<std::string> known) {
  std::vector<int> missing;
  for (int i = 0; i < changes.size(); ++i) {
    const v1::RoundChange& change = changes[i];
    const bool nurse = change.has_nurse_arrives();
    if (!nurse && !change.has_opening_arrives()) continue;
    const bool has_row = nurse ? change.nurse_arrives().has_row() : change.opening_arrives().has_row();
    const std::string& name = nurse ? change.nurse_arrives().nurse() : change.opening_arrives().opening();
    if (known.insert(name).second && !has_row) missing.push_back(i);
  }
  return missing;
}

template <typename Rows>
auto ByNameOf(const Rows& rows) {
  std::map<std::string, typename Rows::value_type> by_name;
  for (const auto& row : rows) by_name[row.name()] = row;
  return by_name;
}

v1::Round AsOfToday(Service& service, v1::Round round) {
  *round.mutable_as_of_date() = jp::ToDate(service.Today());
  return round;
}

absl::Status LeftOut(const v1::LeftOut& row) {
  const platform::v1::Label why = TextOf(row.reason());
  return Fail("ROW_LEFT_OUT"_reason, {{"name", row.name()}, {"why", why.en()}, {"why_ja", why.ja()}});
}

// Returns every fault of the rows that were sent.
absl::Status CheckSent(const google::protobuf::RepeatedPtrField<v1::RoundChange>& changes) {
  Faults faults;
  for (int i = 0; i < changes.size(); ++i) {
    const std::string field = absl::StrCat("changes[", i, "]");
    CheckSentRow(changes[i].nurse_arrives().row(), field + ".nurse_arrives.row", faults);
    CheckSentRow(changes[i].opening_arrives().row(), field + ".opening_arrives.row", faults);
  }
  return faults.ToStatus();
}
absl::Status CheckSent(const google::protobuf::RepeatedPtrField<v1::VisitChange>& changes) {
  Faults faults;
  for (int i = 0; i < changes.size(); ++i) {
    const std::string field = absl::StrCat("changes[", i, "]");
    CheckSentRow(changes[i].add_supply().row(), field + ".add_supply.row", faults);
    CheckSentRow(changes[i].add_opening().row(), field + ".add_opening.row", faults);
  }
  return faults.ToStatus();
}

}  // namespace

absl::Status AddRows(Service& service, const PeerAccess& registry, const rpc::Call& call, const LoggedRound& round,
                     google::protobuf::RepeatedPtrField<v1::RoundChange>& changes) {
  RETURN_IF_ERROR(CheckSent(changes));
  const std::vector<int> missing = MissingIn(changes, KnownOf(round));
  if (missing.empty() || registry.peer == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Taken taken, TakeSnapshot(service, registry, call, AsOfToday(service, round.solved.round)));
  const auto nurses = ByNameOf(taken.snapshot.nurses());
  const auto openings = ByNameOf(taken.snapshot.openings());
  const auto left_out = ByNameOf(taken.snapshot.left_out());
  Faults faults;
  for (const int i : missing) {
    v1::RoundChange& change = changes[i];
    const bool is_nurse = change.has_nurse_arrives();
    const std::string& name = is_nurse ? change.nurse_arrives().nurse() : change.opening_arrives().opening();
    const auto out = left_out.find(name);
    if (out != left_out.end()) {
      const char* field = is_nurse ? "].nurse_arrives.nurse" : "].opening_arrives.opening";
      faults.Add(absl::StrCat("changes[", i, field), LeftOut(out->second));
    }
    const auto nurse = nurses.find(name);
    if (is_nurse && nurse != nurses.end()) *change.mutable_nurse_arrives()->mutable_row() = nurse->second;
    const auto opening = openings.find(name);
    if (!is_nurse && opening != openings.end()) *change.mutable_opening_arrives()->mutable_row() = opening->second;
  }
  return faults.ToStatus();
}

absl::Status AddVisitRows(Service& service, const PeerAccess& registry, const rpc::Call& call, const VisitsAfter& round,
                          google::protobuf::RepeatedPtrField<v1::VisitChange>& changes) {
  RETURN_IF_ERROR(CheckSent(changes));
  const auto misses_row = [](const v1::VisitChange& change) {
    return (change.has_add_supply() && !change.add_supply().has_row()) ||
           (change.has_add_opening() && !change.add_opening().has_row());
  };
  Faults faults;
  if (registry.peer != nullptr && std::any_of(changes.begin(), changes.end(), misses_row)) {
    ASSIGN_OR_RETURN(const Taken taken, TakeSnapshot(service, registry, call, AsOfToday(service, round.solved.round)));
    const auto supplies = ByNameOf(taken.snapshot.supplies());
    const auto openings = ByNameOf(taken.snapshot.openings());
    const auto left_out = ByNameOf(taken.snapshot.left_out());
    for (int i = 0; i < changes.size(); ++i) {
      v1::VisitChange& change = changes[i];
      if (!misses_row(change)) continue;
      const bool is_supply = change.has_add_supply();
      const std::string& name = is_supply ? change.add_supply().supply() : change.add_opening().opening();
      const auto out = left_out.find(name);
      if (out != left_out.end()) {
        faults.Add(absl::StrCat("changes[", i, is_supply ? "].add_supply.supply" : "].add_opening.opening"),
                   LeftOut(out->second));
      }
      const auto supply = supplies.find(name);
      if (is_supply && supply != supplies.end()) *change.mutable_add_supply()->mutable_row() = supply->second;
      const auto opening = openings.find(name);
      if (!is_supply && opening != openings.end()) *change.mutable_add_opening()->mutable_row() = opening->second;
    }
  }
  for (v1::VisitChange& change : changes) {
    if (!change.has_add_opening()) continue;
    v1::VisitChange::AddOpening& add = *change.mutable_add_opening();
    const auto caps = CapsAround(service.places(), round.solved.round, round.whole, add.row());
    add.mutable_caps()->Assign(caps.begin(), caps.end());
  }
  return faults.ToStatus();
}

}  // namespace tsunagu::matching
