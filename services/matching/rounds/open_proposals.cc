#include "services/matching/rounds/open_proposals.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/access/actor.h"
#include "common/base/entropy.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/records.h"
#include "common/service/refusals.h"
#include "services/matching/events/event_log.h"
#include "services/matching/events/round_after.h"
#include "services/matching/mediation/nurses.h"
#include "services/matching/snapshot/visit_snapshot.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/round.pb.h"

namespace tsunagu::matching {
namespace {

using contract::Where;
using v1::Proposal;

// Handles one nurse after another, each in its own transaction: opened proposals remain, wherever the call ends.
class Proposing : public rpc::Source<v1::OpenProposalsResponse> {
 public:
  Proposing(Service& service, PeerAccess registry, rpc::Call& call, v1::OpenProposalsRequest request)
      : service_(service), registry_(std::move(registry)), call_(call), request_(std::move(request)) {}

  absl::Status Begin() {
    if (request_.legal_basis().empty()) return FailAt("legal_basis", "LEGAL_BASIS_NOT_NAMED"_reason);
    return service_.Read(call_, [&](store::View& view) -> absl::Status {
      ASSIGN_OR_RETURN(const v1::Round round, store::Records<v1::Round>(view).Get(request_.round()));
      if (IsOfVisits(round)) return Fail("ROUND_OF_VISITS"_reason);
      if (round.state() == v1::Round::STATE_SUPERSEDED) return Fail("ROUND_SUPERSEDED"_reason);
      if (round.state() == v1::Round::STATE_CANCELLED) return Fail("ROUND_CANCELLED"_reason);
      if (round.state() != v1::Round::STATE_PUBLISHED) return Fail("ROUND_NOT_PUBLISHED"_reason);
      ASSIGN_OR_RETURN(const Seats seats, LoadSeats(view, round, round.event_count()));
      after_event_ = round.event_count();
      assignments_.clear();
      for (const auto& [nurse, opening] : seats) {
        v1::Assignment& row = assignments_.emplace_back();
        row.set_nurse(nurse);
        row.set_opening(opening);
      }
      return registry_.peer == nullptr ? ReadLicences(view) : absl::OkStatus();
    });
  }

  absl::StatusOr<bool> Next(v1::OpenProposalsResponse& response) override {
    while (next_ < assignments_.size() && assignments_[next_].opening().empty()) ++next_;
    if (next_ == assignments_.size()) return false;
    if (call_.deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
    const v1::Assignment& assignment = assignments_[next_++];
    response.set_nurse(assignment.nurse());
    response.set_opening(assignment.opening());
    response.set_after_event(after_event_);
    ASSIGN_OR_RETURN(*response.mutable_proposal(), OpenedBefore(assignment));
    if (!response.proposal().empty()) return true;
    const auto opened = Open(assignment);
    if (!opened.ok()) {  // another call has opened it meanwhile
      ASSIGN_OR_RETURN(*response.mutable_proposal(), OpenedBefore(assignment));
      if (!response.proposal().empty()) return true;
    }
    if (opened.ok()) {
      if (!request_.validate_only()) response.set_proposal(opened->name());
      return true;
    }
    RETURN_IF_ERROR(AddRefusals(opened.status(), call_.headers.language, response));
    return true;
  }

 private:
  absl::Status ReadLicences(store::View& view) {
    ASSIGN_OR_RETURN(const RoundAfter now, LoadAfter(view, request_.round(), after_event_));
    licences_.clear();
    for (const v1::SnapshotNurse& row : now.solved.snapshot.nurses()) licences_[row.name()] = row.licence();
    return absl::OkStatus();
  }

  // Returns the proposal that was opened before, whatever has become of it. Searches the nurse's proposals, which are
  // few; a round has as many as posts.
  absl::StatusOr<std::string> OpenedBefore(const v1::Assignment& assignment) {
    std::string name;
    RETURN_IF_ERROR(service_.Read(call_, [&](store::View& view) {
      name.clear();
      return store::Records<Proposal>::All(view).ForEach(
          Where("nurse", assignment.nurse()), [&](const Proposal& before) {
            const bool is_it = before.round() == request_.round() && before.opening() == assignment.opening();
            if (is_it) name = before.name();
            return absl::OkStatus();
          });
    }));
    return name;
  }

  absl::StatusOr<Proposal> Open(const v1::Assignment& assignment) {
    Proposal made;
    made.set_nurse(assignment.nurse());
    made.set_opening(assignment.opening());
    made.set_legal_basis(request_.legal_basis());
    made.set_round(request_.round());
    if (request_.has_reply_by_date()) *made.mutable_reply_by_date() = request_.reply_by_date();
    Faults asked;
    RETURN_IF_ERROR(AskAbout(made, asked));
    const Proposal wanted = made;
    identity::Actor actor = ActorOf(call_);
    actor.request_id.clear();  // an opened proposal is found by its round
    RETURN_IF_ERROR(service_.Change(actor, call_.deadline, {wanted.SerializeAsString(), request_.validate_only()}, made,
                                    [&](store::Tx& tx) -> absl::Status {
                                      made = wanted;
                                      return store::Records<Proposal>::Insert(tx, tx.NewId(), made, &asked);
                                    }));
    return made;
  }

  // Her data may have changed since the snapshot.
  absl::Status AskAbout(Proposal& made, Faults& faults) {
    if (registry_.peer != nullptr) return AskAboutNurse(service_, registry_, call_, made, faults);
    made.set_nurse_licence(licences_[made.nurse()]);
    return absl::OkStatus();
  }

  Service& service_;
  const PeerAccess registry_;
  rpc::Call& call_;
  const v1::OpenProposalsRequest request_;
  std::vector<v1::Assignment> assignments_;                // after the events that existed when it began
  std::map<std::string, registry::v1::Licence> licences_;  // by nurse, if no registry is connected
  int32_t after_event_ = 0;
  size_t next_ = 0;
};

}  // namespace

void BindOpenProposals(rpc::Binder& binder, Service& service, PeerFinder find_peer) {
  binder.ServerStream(
      "OpenProposals",
      [&service, find_peer = std::move(find_peer)](
          rpc::Call& call, const v1::OpenProposalsRequest& request) -> absl::StatusOr<std::unique_ptr<Proposing>> {
        auto proposing = std::make_unique<Proposing>(service, find_peer("registry"), call, request);
        RETURN_IF_ERROR(proposing->Begin());
        return proposing;
      });
}

}  // namespace tsunagu::matching
