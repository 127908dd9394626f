#include "services/matching/mediation/proposals.h"

#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/records/rule.h"
#include "common/rpc/call.h"
#include "common/service/change_newest.h"
#include "common/service/due.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "services/matching/mediation/employment_record.h"
#include "services/matching/mediation/legal_bases.h"
#include "services/matching/mediation/nurses.h"
#include "services/matching/rounds/open_proposals.h"
#include "services/matching/rounds/round_states.h"
#include "services/matching/rules/legal_basis.h"
#include "services/matching/rules/opening.h"
#include "services/matching/rules/proposal.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::matching {
namespace {

using contract::Where;
using v1::Proposal;

// Returns the guards of all data that decides about a proposal: the posts of its opening, the days of its nurse, its
// basis.
std::vector<store::GuardKey> GuardsOf(const Proposal& proposal) {
  return {GuardOfOpening(proposal.opening()),
          {"promises to nurse", proposal.nurse()},
          GuardOfBasis(proposal.legal_basis())};
}

// Returns the days on which other proposals hold posts of the opening.
absl::StatusOr<std::vector<jp::Period>> HeldByOthers(const store::Records<Proposal>& proposals,
                                                     const std::string& opening, const std::string& own,
                                                     jp::CivilDay today) {
  std::vector<jp::Period> held;
  RETURN_IF_ERROR(proposals.ForEach(Where("opening", opening), [&](const Proposal& other) {
    const auto days = rules::DaysHeld(other, today);
    if (days && other.name() != own) held.push_back(*days);
    return absl::OkStatus();
  }));
  return held;
}

absl::Status CheckPostIsFree(const store::Decision<Proposal>& decision, const v1::Opening& opening) {
  const auto days = rules::DaysHeld(decision.after(), decision.today());
  if (!days) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto held,
                   HeldByOthers(decision.all(), opening.name(), decision.after().name(), decision.today()));
  if (rules::MostAtOnce(held, *days) < opening.posts()) return absl::OkStatus();
  decision.faults().Add("opening", "POSTS_PROMISED"_reason, {{"posts", absl::StrCat(opening.posts())}});
  return absl::OkStatus();
}

absl::Status CheckNurseIsFree(const store::Decision<Proposal>& decision) {
  const Proposal& proposal = decision.after();
  const auto days = rules::DaysPromised(proposal);
  if (!days) return absl::OkStatus();
  bool told = false;
  return decision.all().ForEach(Where("nurse", proposal.nurse()), [&](const Proposal& other) -> absl::Status {
    const auto others = rules::DaysPromised(other);
    const bool collides =
        others && other.name() != proposal.name() && others->Overlaps(*days) && rules::MayCollide(proposal, other);
    if (!collides || told) return absl::OkStatus();
    told = true;
    return decision.AddConflict("nurse", "NURSE_PROMISED"_reason, "NURSE_PROMISED_ELSEWHERE"_reason, other);
  });
}

absl::Status CheckNotProposedAlready(const store::Decision<Proposal>& decision) {
  const Proposal& proposal = decision.after();
  bool told = false;
  const Where same = Where("nurse", proposal.nurse()) && Where("opening", proposal.opening());
  return decision.all().ForEach(same, [&](const Proposal& other) -> absl::Status {
    const bool goes_on = rules::IsUnderWay(other) && !rules::IsExpired(other, decision.today());
    if (told || other.name() == proposal.name() || !(goes_on || other.state() == Proposal::STATE_STARTED)) {
      return absl::OkStatus();
    }
    told = true;
    return decision.AddConflict("nurse", "PROPOSED_ALREADY"_reason, "PROPOSED_ALREADY_ELSEWHERE"_reason, other);
  });
}

// A proposal, and passing on a name, requires a basis that is in force on that day. A caller who proposes under it must
// see it; a nurse who consents need not.
absl::Status CheckMayMediate(const store::Decision<Proposal>& decision, const v1::Opening& opening) {
  const std::string& name = decision.after().legal_basis();
  const store::ReadAs all(decision.tx(), identity::Scope::Everything());
  ASSIGN_OR_RETURN(const Basis basis, Basis::Read(decision.tx(), name, opening.area(), decision.today()));
  rules::MayMediateFor(decision.after().nurse_licence(), basis.claim(), opening, decision.today(), decision.faults());
  return absl::OkStatus();
}

// If the proposal is from a round, it must be the published one.
absl::Status CheckRound(const store::Decision<Proposal>& decision) {
  const std::string& name = decision.after().round();
  if (name.empty()) return absl::OkStatus();
  const auto seen = decision.all<v1::Round>().Get(name);
  if (absl::IsNotFound(seen.status()) || absl::IsInvalidArgument(seen.status()))
    return absl::OkStatus();  // already reported
  RETURN_IF_ERROR(seen.status());
  RETURN_IF_ERROR(decision.tx().Guard({GuardOfPublished(*seen)}));
  ASSIGN_OR_RETURN(const v1::Round round, decision.all<v1::Round>().Get(name));
  if (round.state() == v1::Round::STATE_SUPERSEDED) {
    decision.faults().Add("round", "ROUND_SUPERSEDED"_reason);
  } else if (round.state() == v1::Round::STATE_CANCELLED) {
    decision.faults().Add("round", "ROUND_CANCELLED"_reason);
  } else if (round.state() != v1::Round::STATE_PUBLISHED) {
    decision.faults().Add("round", "ROUND_NOT_PUBLISHED"_reason);
  }
  return absl::OkStatus();
}

absl::Status DecideProposal(const store::Decision<Proposal>& decision) {
  const Proposal& sent = decision.after();
  RETURN_IF_ERROR(decision.tx().Guard(GuardsOf(sent)));
  const auto opening = decision.all<v1::Opening>().Get(sent.opening());
  if (absl::IsNotFound(opening.status()) || absl::IsInvalidArgument(opening.status())) {  // already reported
    if (sent.legal_basis().empty()) decision.faults().Add("legal_basis", "LEGAL_BASIS_NOT_NAMED"_reason);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(opening.status());
  const bool is_new = decision.before() == nullptr;
  if (is_new) {
    RETURN_IF_ERROR(CheckRound(decision));
    RETURN_IF_ERROR(CheckNotProposedAlready(decision));
    Faults& faults = decision.faults();
    decision.Derive([&](Proposal& made) { rules::Propose(*opening, decision.today(), made, faults); });
  }
  const Proposal& after = decision.after();
  const bool moves = is_new || after.state() != decision.before()->state() || after.state() == Proposal::STATE_LEFT;
  if (!moves) return absl::OkStatus();  // a retention check
  if (rules::NeedsOpening(after.state())) {
    if (const absl::Status open = rules::CheckOpen(*opening, decision.today()); !open.ok()) {
      decision.faults().Add("opening", open);
    }
  }
  const bool consents = after.state() == Proposal::STATE_CONSENTED;
  if (consents) rules::CheckAsTold(*opening, after, decision.faults());
  if (is_new || consents) RETURN_IF_ERROR(CheckMayMediate(decision, *opening));
  RETURN_IF_ERROR(CheckPostIsFree(decision, *opening));
  return CheckNurseIsFree(decision);
}

// If the only fault of a step is about the proposal as a whole, that fault is the error.
absl::Status StatusOf(const Faults& faults) {
  const bool is_one = faults.all().size() == 1 && faults.all().front().field().empty();
  return is_one ? ToStatus(faults.all().front()) : faults.ToStatus();
}

using AfterStep = absl::FunctionRef<absl::Status(store::Tx&, const Proposal& before, const Proposal& after)>;

template <typename Request>
absl::StatusOr<Proposal> TakeStep(Service& service, const rpc::Call& call, const Request& request,
                                  void (*step)(const Request&, jp::CivilDay, Proposal&, Faults&), AfterStep then) {
  Proposal after;
  RETURN_IF_ERROR(ChangeNewest(service, call, "proposals", request, after, [&](store::Tx& tx) -> absl::Status {
    const store::Records<Proposal> proposals(tx);
    ASSIGN_OR_RETURN(const Proposal seen, proposals.Get(request.name()));
    RETURN_IF_ERROR(tx.Guard(GuardsOf(seen)));
    // A record that was read before the guards may have changed.
    ASSIGN_OR_RETURN(const Proposal before, proposals.Get(request.name()));
    if (!request.etag().empty() && request.etag() != before.etag()) return Fail("ETAG_MISMATCH"_reason);
    after = before;
    Faults faults;
    step(request, service.Today(), after, faults);
    RETURN_IF_ERROR(StatusOf(faults));
    RETURN_IF_ERROR(OrOvertaken(store::Records<Proposal>::Update(tx, before, after)));
    return then(tx, before, after);
  }));
  return after;
}

// Binds one step of a proposal.
template <typename Request>
void BindStep(Service& service, rpc::Binder& binder, absl::string_view method,
              void (*step)(const Request&, jp::CivilDay, Proposal&, Faults&)) {
  binder.Unary(method, [&service, step](rpc::Call& call, const Request& request) {
    return TakeStep(service, call, request, step,
                    [](store::Tx&, const Proposal&, const Proposal&) { return absl::OkStatus(); });
  });
}

void StartAndTell(const v1::StartProposalRequest& request, jp::CivilDay today, Proposal& proposal, Faults& faults) {
  rules::Start(request, today, proposal, faults);
  proposal.set_registry_told(true);
}

// The registry stores her employment. If no registry is connected, nothing is sent.
void BindStart(Service& service, rpc::Binder& binder, const PeerFinder& find_peer) {
  binder.Unary("StartProposal", [&service, find_peer](rpc::Call& call, const v1::StartProposalRequest& request) {
    const bool has_registry = find_peer("registry").peer != nullptr;
    return TakeStep(service, call, request, has_registry ? StartAndTell : rules::Start,
                    [&](store::Tx& tx, const Proposal&, const Proposal& after) -> absl::Status {
                      return TellOfEmployment(service, tx, after, !request.still_seeking());
                    });
  });
}

// Binds a step that changes until when she works there, of which the registry is told.
template <typename Request>
void BindLastDay(Service& service, rpc::Binder& binder, absl::string_view method,
                 void (*step)(const Request&, jp::CivilDay, Proposal&, Faults&)) {
  binder.Unary(method, [&service, step](rpc::Call& call, const Request& request) {
    return TakeStep(service, call, request, step,
                    [&](store::Tx& tx, const Proposal&, const Proposal& after) -> absl::Status {
                      return TellOfEmployment(service, tx, after, false);
                    });
  });
}

absl::Status CollectDueSteps(DueRun& run) {
  const Where waits = Where::AtMost("reply_by_date", jp::FormatIso(run.days().to));
  return run.records<Proposal>().ForEach(waits, [&](const Proposal& proposal) -> absl::Status {
    if (!rules::IsUnderWay(proposal)) return absl::OkStatus();
    const bool expired = rules::IsExpired(proposal, run.days().from);
    const jp::CivilDay day = jp::DayOf(proposal.reply_by_date());
    const auto* state = Proposal::State_descriptor()->FindValueByNumber(proposal.state());
    run.Add({expired ? run.days().from : day, proposal.name(), expired ? "proposal-expired" : "proposal-reply",
             absl::StrCat("紹介の", expired ? "期限が過ぎました（終了するか、提案し直してください）: " : "回答期限: ",
                          state->options().GetExtension(tsunagu::ja)),
             absl::StrCat(expired ? "A proposal is over its day (end it, or propose again): " : "A proposal waits: ",
                          state->name().substr(sizeof("STATE_") - 1))});
    return absl::OkStatus();
  });
}

absl::Status CollectDueStarts(DueRun& run) {
  const Where accepted =
      Where("state", Proposal::STATE_ACCEPTED) && Where::AtMost("start_date", jp::FormatIso(run.days().to));
  return run.records<Proposal>().ForEach(accepted, [&](const Proposal& proposal) {
    run.Add({std::max(run.days().from, jp::DayOf(proposal.start_date())), proposal.name(), "proposal-start",
             "就業開始日です（開始を記録してください）", "She is to start: record it"});
    return absl::OkStatus();
  });
}

absl::Status CollectDueChecks(DueRun& run) {
  const Where began = Where("state", Proposal::STATE_STARTED) || Where("state", Proposal::STATE_LEFT);
  return run.records<Proposal>().ForEach(began, [&](const Proposal& proposal) {
    const auto due = rules::NextCheck(proposal);
    if (!due || due->day > run.days().to) return absl::OkStatus();
    run.Add({std::max(run.days().from, due->day), proposal.name(), "retention-check",
             absl::StrCat("就業後", due->months, "か月の定着確認"),
             absl::StrCat("Ask whether she stays: ", due->months, due->months == 1 ? " month" : " months",
                          " after the start")});
    return absl::OkStatus();
  });
}

}  // namespace

store::GuardKey GuardOfOpening(const std::string& name) { return {"openings", name}; }

absl::StatusOr<Kept> KeptByProposals(const store::Decision<v1::Opening>& decision) {
  Kept kept;
  const Where of_opening = Where("opening", decision.after().name());
  RETURN_IF_ERROR(decision.all<Proposal>().ForEach(of_opening, [&](const Proposal& proposal) {
    kept.place = kept.place || rules::KeepsPlace(proposal, decision.today());
    kept.half_days = kept.half_days || rules::KeepsHalfDays(proposal, decision.today());
    return absl::OkStatus();
  }));
  return kept;
}

absl::Status CheckPostsPromised(const store::Decision<v1::Opening>& decision) {
  const v1::Opening& opening = decision.after();
  ASSIGN_OR_RETURN(const auto held, HeldByOthers(decision.all<Proposal>(), opening.name(), "", decision.today()));
  const int promised = rules::MostAtOnce(held, {decision.today(), jp::kLastDay});
  if (promised > opening.posts()) {
    decision.faults().Add("posts", "POSTS_PROMISED"_reason, {{"posts", absl::StrCat(promised)}});
  }
  return absl::OkStatus();
}

void AddProposals(Service& service, PeerFinder find_peer) {
  Resource& proposals = service.Add<Proposal>()
                            .AskFirst<Proposal>(AskAboutNurses(service, find_peer))
                            .ShowPersonalWhile<Proposal>("introduced_to", rules::MayBeKnown)
                            .Rule(DecideProposal);
  rpc::Binder binder = BindStandard(service, "tsunagu.matching.v1.ProposalService", proposals);
  BindStep(service, binder, "ConsentProposal", rules::Consent);
  BindStep(service, binder, "AgreeProposal", rules::Agree);
  BindStep(service, binder, "RecordInterview", rules::Meet);
  BindStep(service, binder, "DecideProposal", rules::Decide);
  BindStep(service, binder, "AcceptProposal", rules::Accept);
  BindStep(service, binder, "RecordRetention", rules::Check);
  BindStep(service, binder, "WithdrawProposal", rules::Withdraw);
  BindStart(service, binder, find_peer);
  BindLastDay(service, binder, "LeaveProposal", rules::Leave);
  BindLastDay(service, binder, "StayProposal", rules::Stay);
  BindOpenProposals(binder, service, find_peer);
  service.AddDue({"proposals.read", CollectDueSteps});
  service.AddDue({"proposals.read", CollectDueStarts});
  service.AddDue({"proposals.read", CollectDueChecks});
}

}  // namespace tsunagu::matching
