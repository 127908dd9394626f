#include "services/matching/events/event_log.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/matching/rounds/round_parts.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::matching {
namespace {

constexpr absl::string_view kEvents = "events";

}  // namespace

template <typename Event>
absl::Status StoreEvent(store::Tx& tx, absl::string_view round, const Event& event) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<v1::Round>(tx, round));
  return blobs.Write(tx, kEvents, {event.number(), "", event.SerializeAsString()});
}

template <typename Event>
absl::StatusOr<std::vector<Event>> LoadEvents(store::View& view, absl::string_view round, int32_t after,
                                              int32_t until) {
  ASSIGN_OR_RETURN(const store::Blobs blobs, store::Blobs::Of<v1::Round>(view, round));
  std::vector<Event> events;
  RETURN_IF_ERROR(blobs.Read(kEvents, int64_t{after} + 1, int64_t{until} + 1, [&](absl::string_view bytes) {
    const bool parsed = events.emplace_back().ParseFromString(std::string(bytes));
    return parsed ? absl::OkStatus() : absl::DataLossError("round event");
  }));
  return events;
}

// Without maps and unknown fields, the same fields always give the same protobuf bytes.
template <typename Event>
std::string DigestOf(const Event& event, absl::string_view before) {
  Event told = event;
  told.clear_digest();
  return absl::BytesToHexString(Sha256(absl::StrCat("tsunagu.event.v1\n", before, "\n", told.SerializeAsString())));
}

template <typename Event>
bool IsWhole(const v1::Round& round, const std::vector<Event>& log) {
  std::string digest = round.result_digest();
  for (size_t i = 0; i < log.size(); ++i) {
    if (log[i].number() != static_cast<int32_t>(i) + 1 || log[i].digest() != DigestOf(log[i], digest)) return false;
    digest = log[i].digest();
  }
  if (static_cast<int32_t>(log.size()) != round.event_count()) return false;
  return log.empty() ? round.events_digest().empty() : round.events_digest() == digest;
}

template absl::Status StoreEvent(store::Tx&, absl::string_view, const v1::RoundEvent&);
template absl::Status StoreEvent(store::Tx&, absl::string_view, const v1::VisitEvent&);
template absl::StatusOr<std::vector<v1::RoundEvent>> LoadEvents(store::View&, absl::string_view, int32_t, int32_t);
template absl::StatusOr<std::vector<v1::VisitEvent>> LoadEvents(store::View&, absl::string_view, int32_t, int32_t);
template std::string DigestOf(const v1::RoundEvent&, absl::string_view);
template std::string DigestOf(const v1::VisitEvent&, absl::string_view);
template bool IsWhole(const v1::Round&, const std::vector<v1::RoundEvent>&);
template bool IsWhole(const v1::Round&, const std::vector<v1::VisitEvent>&);

Seats SeatsAfter(const std::vector<v1::Assignment>& result, const std::vector<v1::RoundEvent>& log) {
  Seats seats;
  for (const v1::Assignment& row : result) seats[row.nurse()] = row.opening();
  for (const v1::RoundEvent& event : log) {
    if (event.change().has_nurse_arrives()) seats[event.change().nurse_arrives().nurse()] = "";
    for (const v1::NurseMove& move : event.moves()) seats[move.nurse()] = move.opening_after();
    if (event.change().has_nurse_quits()) seats.erase(event.change().nurse_quits().nurse());
  }
  return seats;
}

absl::StatusOr<Seats> LoadSeats(store::View& view, const v1::Round& round, int32_t after_event) {
  if (round.result_digest().empty()) return Fail("ROUND_NOT_SOLVED"_reason);
  ASSIGN_OR_RETURN(const auto result, LoadAssignments(view, round.name(), 0, round.nurse_count()));
  ASSIGN_OR_RETURN(const auto log, LoadEvents(view, round.name(), 0, after_event));
  return SeatsAfter(result, log);
}

}  // namespace tsunagu::matching
