#include "services/matching/rounds/open_visit_contracts.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/records/records.h"
#include "common/service/refusals.h"
#include "services/matching/events/visits_after.h"
#include "services/matching/rounds/held_visits.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::matching {
namespace {

using v1::VisitContract;

constexpr int kDaysToReply = 14;

// What one nurse of a supply would cover for one opening: the first nurse goes to every covered half-day, the second to
// those with two, and so on.
struct Line {
  std::string opening, supply;
  int32_t number = 0;
  std::vector<registry::v1::HalfDay> school, holidays;
};

std::vector<Line> LinesOf(const VisitsAfter& round) {
  std::map<std::tuple<std::string, std::string, bool, int>, int32_t> declined;  // lines that are not proposed again
  ForEachVisit(round.contracts.declined,
               [&](const v1::VisitEvent::RoundContract& contract, int half_day, bool holidays) {
                 ++declined[{contract.opening(), contract.supply(), holidays, half_day}];
               });
  std::map<std::tuple<std::string, std::string, int32_t>, Line> lines;
  for (const v1::VisitRow& row : round.solved.rows) {
    for (const v1::VisitRow::Cover& cover : row.covers()) {
      const auto said_no = declined.find({row.opening(), cover.supply(), row.holidays(), row.half_day()});
      const int32_t count = cover.count() - (said_no == declined.end() ? 0 : said_no->second);
      for (int32_t number = 0; number < count; ++number) {
        Line& line = lines[{row.opening(), cover.supply(), number}];
        line.opening = row.opening();
        line.supply = cover.supply();
        line.number = number;
        (row.holidays() ? line.holidays : line.school).push_back(row.half_day());
      }
    }
  }
  std::vector<Line> sorted;
  for (auto& [key, line] : lines) sorted.push_back(std::move(line));
  return sorted;
}

// Handles one contract after another, each in its own transaction: proposed contracts remain, wherever the call ends.
class Proposing : public rpc::Source<v1::OpenVisitContractsResponse> {
 public:
  Proposing(Service& service, rpc::Call& call, v1::OpenVisitContractsRequest request)
      : service_(service), call_(call), request_(std::move(request)) {}

  absl::Status Begin() {
    if (!request_.has_reply_by_date()) {
      *request_.mutable_reply_by_date() = jp::ToDate(service_.Today() + kDaysToReply);
    } else if (jp::DayOf(request_.reply_by_date()) < service_.Today()) {
      return FailAt("reply_by_date", "REPLY_BY_PAST"_reason);
    }
    return service_.Read(call_, [&](store::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(round_, store::Records<v1::Round>(view).Get(request_.round()));
      if (!IsOfVisits(round_)) return Fail("ROUND_NOT_OF_VISITS"_reason);
      if (round_.state() == v1::Round::STATE_SUPERSEDED) return Fail("ROUND_SUPERSEDED"_reason);
      if (round_.state() != v1::Round::STATE_PUBLISHED) return Fail("ROUND_NOT_PUBLISHED"_reason);
      ASSIGN_OR_RETURN(const VisitsAfter after, LoadVisitRows(view, request_.round(), std::nullopt));
      lines_ = LinesOf(after);
      return round_.event_count() == 0 ? absl::OkStatus() : ReadEarlier(view);
    });
  }

  absl::StatusOr<bool> Next(v1::OpenVisitContractsResponse& response) override {
    const size_t next = next_++;
    if (next >= earlier_.size() + lines_.size()) return false;
    if (call_.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
    if (next < earlier_.size()) {
      response.set_opening(earlier_[next].opening());
      response.set_supply(earlier_[next].supply());
      response.set_visit_contract(earlier_[next].name());
      return true;
    }
    const Line& line = lines_[next - earlier_.size()];
    response.set_opening(line.opening);
    response.set_supply(line.supply);
    ASSIGN_OR_RETURN(*response.mutable_visit_contract(), OpenedBefore(line));
    if (!response.visit_contract().empty()) return true;
    const auto opened = Open(line);
    if (!opened.ok()) {  // another call has proposed it meanwhile
      ASSIGN_OR_RETURN(*response.mutable_visit_contract(), OpenedBefore(line));
      if (!response.visit_contract().empty()) return true;
    }
    if (opened.ok()) {
      if (!request_.validate_only()) response.set_visit_contract(*opened);
      return true;
    }
    if (absl::IsAborted(opened.status())) return opened.status();
    RETURN_IF_ERROR(AddRefusals(opened.status(), call_.headers.language, response));
    return true;
  }

 private:
  // Returns the same id for the same line of the same round after the same event, so that it is proposed once, however
  // many calls propose it at once or again. A contract from before an event is held by the event, and is no line after
  // it.
  std::string IdOf(const Line& line) const {
    std::string text = absl::StrCat(round_.name(), "\n", line.opening, "\n", line.supply, "\n", line.number);
    if (round_.event_count() > 0) absl::StrAppend(&text, "\n", round_.event_count());
    return "r-" + absl::BytesToHexString(Sha256(text)).substr(0, 24);
  }

  // Reads the contracts proposed before the last event, whatever has become of them, in the order in which they were
  // proposed, so that a repeated call returns them as before.
  absl::Status ReadEarlier(store::View& view) {
    std::set<std::string> of_lines;
    for (const Line& line : lines_) of_lines.insert("visitContracts/" + IdOf(line));
    RETURN_IF_ERROR(store::Records<VisitContract>::All(view).ForEach(contract::Where("round", round_.name()),
                                                                     [&](const VisitContract& contract) {
                                                                       if (of_lines.count(contract.name()) == 0)
                                                                         earlier_.push_back(contract);
                                                                       return absl::OkStatus();
                                                                     }));
    std::sort(earlier_.begin(), earlier_.end(), [](const VisitContract& a, const VisitContract& b) {
      const auto stamp = [](const VisitContract& one) {
        return std::make_tuple(one.create_time().seconds(), one.create_time().nanos(), one.name());
      };
      return stamp(a) < stamp(b);
    });
    return absl::OkStatus();
  }

  // Returns the contract that was opened before, whatever has become of it.
  absl::StatusOr<std::string> OpenedBefore(const Line& line) {
    const std::string name = "visitContracts/" + IdOf(line);
    bool is_there = false;
    RETURN_IF_ERROR(service_.Read(call_, [&](store::View& view) -> absl::Status {
      const absl::Status found = store::Records<VisitContract>::All(view).Get(name).status();
      is_there = found.ok();
      return absl::IsNotFound(found) ? absl::OkStatus() : found;
    }));
    return is_there ? name : "";
  }

  absl::StatusOr<std::string> Open(const Line& line) {
    VisitContract made;
    identity::Actor actor = ActorOf(call_);
    actor.request_id.clear();  // a proposed contract is found by its id
    const std::string id = IdOf(line);
    RETURN_IF_ERROR(service_.Change(actor, call_.deadline, {id, request_.validate_only()}, made,
                                    [&](store::Tx& tx) -> absl::Status {
                                      RETURN_IF_ERROR(CheckNoEventSince(tx));
                                      ASSIGN_OR_RETURN(made, ContractOf(tx, line));
                                      return store::Records<VisitContract>::Insert(tx, id, made);
                                    }));
    return made.name();
  }

  // An event holds the contracts proposed before it, and changes the remaining lines.
  absl::Status CheckNoEventSince(store::Tx& tx) const {
    RETURN_IF_ERROR(tx.Guard("rounds", round_.name()));
    ASSIGN_OR_RETURN(const v1::Round now, store::Records<v1::Round>::All(tx).Get(round_.name()));
    return now.event_count() == round_.event_count() ? absl::OkStatus() : Fail("ETAG_MISMATCH"_reason);
  }

  // From the first day that the round, the opening and the supply permit to the last day of the round, or of the
  // supply.
  absl::StatusOr<VisitContract> ContractOf(store::Tx& tx, const Line& line) const {
    VisitContract contract;
    contract.set_opening(line.opening);
    contract.set_supply(line.supply);
    contract.set_round(round_.name());
    contract.set_state(VisitContract::STATE_PROPOSED);
    *contract.mutable_reply_by_date() = request_.reply_by_date();
    for (const auto half_day : line.school) contract.add_school_half_days(half_day);
    for (const auto half_day : line.holidays) contract.add_holiday_half_days(half_day);
    jp::CivilDay from = std::max(service_.Today(), jp::DayOf(round_.as_of_date()));
    jp::CivilDay to = VisitDaysOf(round_).to;
    const auto opening = store::Records<v1::Opening>::All(tx).Get(line.opening);
    if (opening.ok() && opening->has_start_date()) from = std::max(from, jp::DayOf(opening->start_date()));
    const auto supply = store::Records<v1::VisitSupply>::All(tx).Get(line.supply);
    if (supply.ok()) {
      contract.set_supplier_code(supply->supplier_code());
      contract.set_supplier_name(supply->supplier_name());
      if (supply->has_valid_from_date()) from = std::max(from, jp::DayOf(supply->valid_from_date()));
      if (supply->has_valid_to_date()) to = std::min(to, jp::DayOf(supply->valid_to_date()));
    }
    if (to < jp::kLastDay) *contract.mutable_valid_to_date() = jp::ToDate(to);
    *contract.mutable_valid_from_date() = jp::ToDate(from);
    return contract;
  }

  Service& service_;
  rpc::Call& call_;
  v1::OpenVisitContractsRequest request_;
  v1::Round round_;
  std::vector<VisitContract> earlier_;
  std::vector<Line> lines_;
  size_t next_ = 0;
};

}  // namespace

void BindOpenVisitContracts(rpc::Binder& binder, Service& service) {
  binder.ServerStream(
      "OpenVisitContracts",
      [&service](rpc::Call& call,
                 const v1::OpenVisitContractsRequest& request) -> absl::StatusOr<std::unique_ptr<Proposing>> {
        auto proposing = std::make_unique<Proposing>(service, call, request);
        RETURN_IF_ERROR(proposing->Begin());
        return proposing;
      });
}

}  // namespace tsunagu::matching
