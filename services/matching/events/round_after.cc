#include "services/matching/events/round_after.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/view.h"
#include "common/rpc/call.h"
#include "common/service/service.h"
#include "services/matching/events/event_log.h"
#include "services/matching/events/roster.h"
#include "services/matching/rounds/result.h"
#include "services/matching/rules/rule_table.h"

namespace tsunagu::matching {
namespace {

// The rows of a roster in another order, or a part of them.
struct Order {
  std::vector<int32_t> old_of_new;
  std::vector<int32_t> new_of_old;  // -1: left out
};

template <typename Rows, typename Keeps>
Order ByName(const Rows& rows, Keeps keeps) {
  Order order;
  for (int32_t i = 0; i < rows.size(); ++i) {
    if (keeps(i)) order.old_of_new.push_back(i);
  }
  std::sort(order.old_of_new.begin(), order.old_of_new.end(),
            [&](int32_t a, int32_t b) { return rows.Get(a).name() < rows.Get(b).name(); });
  order.new_of_old.assign(rows.size(), -1);
  for (size_t i = 0; i < order.old_of_new.size(); ++i) order.new_of_old[order.old_of_new[i]] = static_cast<int32_t>(i);
  return order;
}

template <typename Indexes>
void Renumber(const Order& order, Indexes& indexes) {
  for (auto& index : indexes) index = order.new_of_old[index];
}

v1::Snapshot RowsOf(const Roster& roster, const Order& nurses, const Order& openings) {
  v1::Snapshot snapshot = roster.rows();  // with all other fields
  snapshot.clear_nurses();
  snapshot.clear_openings();
  snapshot.clear_caps();
  for (const int32_t nurse : nurses.old_of_new) {
    v1::SnapshotNurse& row = *snapshot.add_nurses() = roster.rows().nurses(nurse);
    const uint32_t left = roster.LicencesAt(nurse, roster.event_count() + 1);
    row.set_licence(left == 0 ? registry::v1::LICENCE_UNSPECIFIED
                              : static_cast<registry::v1::Licence>(std::countr_zero(left)));
  }
  for (const int32_t opening : openings.old_of_new) {
    *snapshot.add_openings() = roster.rows().openings(opening);
    snapshot.mutable_openings()->rbegin()->set_posts(roster.posts(opening));
  }
  for (const v1::SnapshotCap& cap : roster.rows().caps()) {
    v1::SnapshotCap& row = *snapshot.add_caps() = cap;
    Renumber(openings, *row.mutable_openings());
    std::sort(row.mutable_openings()->begin(), row.mutable_openings()->end());
  }
  return snapshot;
}

// Reorders the instance in the same way. It is not built from the rows, since wishes refer to the order in which
// openings came.
rules::Instance InstanceOf(const Roster& roster, int64_t seed, const Order& nurses, const Order& openings) {
  const rules::Instance now = roster.Now(seed);
  rules::Instance instance = now;
  instance.nurses.clear();
  instance.openings.clear();
  instance.caps.clear();
  for (const int32_t nurse : nurses.old_of_new) {
    Renumber(openings, instance.nurses.emplace_back(now.nurses[nurse]).wishes);
  }
  for (const int32_t opening : openings.old_of_new) instance.openings.push_back(now.openings[opening]);
  for (const rules::Cap& cap : now.caps) {
    std::vector<int32_t>& counted = instance.caps.emplace_back(cap).openings;
    Renumber(openings, counted);
    std::sort(counted.begin(), counted.end());
  }
  return instance;
}

// Brings everything up to date except the round and its certificate.
absl::Status Bring(RoundAfter& round) {
  SolvedRound& solved = round.solved;
  ASSIGN_OR_RETURN(const Roster roster, RosterAfter(solved.snapshot, round.log));
  const Seats seats = SeatsAfter(solved.assignments, round.log);
  const Order nurses = ByName(roster.rows().nurses(), [&](int32_t nurse) { return roster.present(nurse); });
  const Order openings = ByName(roster.rows().openings(), [](int32_t) { return true; });
  solved.snapshot = RowsOf(roster, nurses, openings);
  solved.instance =
      rules::ReadByTable(InstanceOf(roster, solved.round.seed(), nurses, openings), solved.round.rule_table_version());
  solved.opening_of_nurse.clear();
  for (const v1::SnapshotNurse& nurse : solved.snapshot.nurses()) {
    const auto seat = seats.find(nurse.name());
    if (seat == seats.end()) return Fail("EVENT_LOG_DAMAGED"_reason);
    solved.opening_of_nurse.push_back(seat->second.empty() ? -1 : solved.OpeningOf(seat->second));
  }
  ResultRows rows(solved.snapshot, solved.round, solved.instance, solved.opening_of_nurse);
  solved.assignments.clear();
  for (int32_t nurse = 0; nurse < solved.snapshot.nurses_size(); ++nurse) {
    solved.assignments.push_back(rows.Of(nurse, false));
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<int32_t> RoundAfter::ChangedBy(const std::string& nurse) const {
  std::vector<int32_t> numbers;
  for (const v1::RoundEvent& event : log) {
    const bool moved = std::any_of(event.moves().begin(), event.moves().end(),
                                   [&](const v1::NurseMove& move) { return move.nurse() == nurse; });
    if (moved) numbers.push_back(event.number());
  }
  return numbers;
}

const v1::RoundEvent* RoundAfter::LicenceLostWith(const std::string& nurse) const {
  const v1::RoundEvent* lost = nullptr;
  for (const v1::RoundEvent& event : log) {
    if (event.change().licence_expires().nurse() == nurse) lost = &event;
  }
  return lost;
}

std::optional<int32_t> RoundAfter::LeftWith(const std::string& nurse) const {
  std::optional<int32_t> left;
  for (const v1::RoundEvent& event : log) {
    if (event.change().nurse_quits().nurse() == nurse) left = event.number();
    if (event.change().nurse_arrives().nurse() == nurse) left.reset();
  }
  return left;
}

absl::StatusOr<RoundAfter> LoadAfter(store::View& view, const std::string& name, std::optional<int32_t> after_event,
                                     absl::string_view field) {
  RoundAfter round;
  ASSIGN_OR_RETURN(round.solved, LoadSolved(view, name));
  const int32_t event = after_event.value_or(round.solved.round.event_count());
  if (event > round.solved.round.event_count()) {
    return FailAt(field, "NOT_IN_ROUND"_reason, {{"name", absl::StrCat("#", event)}});
  }
  if (event == 0) return round;
  round.solved.after_event = event;
  ASSIGN_OR_RETURN(round.log, LoadEvents(view, name, 0, event));
  RETURN_IF_ERROR(Bring(round));
  return round;
}

absl::StatusOr<RoundAfter> LoadAfter(Service& service, const rpc::Call& call, const std::string& name,
                                     std::optional<int32_t> after_event, absl::string_view field) {
  absl::StatusOr<RoundAfter> round;
  RETURN_IF_ERROR(service.Read(call, [&](store::View& view) {
    round = LoadAfter(view, name, after_event, field);
    return round.status();
  }));
  return round;
}

}  // namespace tsunagu::matching
