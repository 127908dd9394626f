#include "tools/demo/proposal.h"

#include <algorithm>
#include <map>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "services/suite/text_table.h"
#include "tools/demo/basis.h"
#include "tools/demo/places.h"
#include "tools/demo/words.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::demo {
namespace {

namespace v1 = matching::v1;
using google::protobuf::Message;
using v1::Proposal;

// The actor of a step. The officer uses the key of the command.
enum class Who { kOfficer, kNurse, kFacility };

struct Step {
  Proposal::State comes_to;
  Who who;
  const char* method;
};
constexpr Step kSteps[] = {{Proposal::STATE_PROPOSED, Who::kOfficer, "CreateProposal"},
                           {Proposal::STATE_CONSENTED, Who::kNurse, "ConsentProposal"},
                           {Proposal::STATE_AGREED, Who::kFacility, "AgreeProposal"},
                           {Proposal::STATE_MET, Who::kFacility, "RecordInterview"},
                           {Proposal::STATE_OFFERED, Who::kFacility, "DecideProposal"},
                           {Proposal::STATE_ACCEPTED, Who::kNurse, "AcceptProposal"},
                           {Proposal::STATE_STARTED, Who::kOfficer, "StartProposal"}};

class Walk {
 public:
  explicit Walk(const suite::Client& client) : client_(client) {}

  absl::StatusOr<ProposalReport> Go(const std::string& prefecture) {
    ASSIGN_OR_RETURN(Proposal proposal, FindOrPropose(prefecture));
    if (proposal.name().empty()) return ProposalReport();
    for (const Step& step : kSteps) {
      if (proposal.state() >= step.comes_to) continue;
      ASSIGN_OR_RETURN(proposal, Take(step, proposal));
    }
    ProposalReport report;
    registry::v1::GetFacilityRequest facility;
    facility.set_name(proposal.facility());
    ASSIGN_OR_RETURN(const auto at, Ask<registry::v1::Facility>("tsunagu.registry.v1.FacilityService/GetFacility",
                                                                facility, client_.once));
    report.facility = at.display_name();
    if (proposal.registry_told()) {
      ASSIGN_OR_RETURN(report.employment, AwaitEmployment(proposal));
    }
    ASSIGN_OR_RETURN(const registry::v1::Nurse her, ReadNurse(proposal.nurse()));
    report.seeking = her.seeking();
    report.proposal = std::move(proposal);
    return report;
  }

 private:
  template <typename Response>
  absl::StatusOr<Response> Ask(absl::string_view method, const Message& request, const rpc::CallOptions& caller) {
    return client_.peer->Unary<Response>(method, request, caller);
  }
  template <typename Response>
  absl::StatusOr<Response> AskMatching(absl::string_view method, const Message& request) {
    return Ask<Response>(absl::StrCat("tsunagu.matching.v1.", method), request, client_.once);
  }

  // Returns the proposal that the opening has led to so far, unless it failed; else proposes a candidate. Without a
  // name if there is no candidate.
  absl::StatusOr<Proposal> FindOrPropose(const std::string& prefecture) {
    v1::ListOpeningsRequest openings;
    openings.set_filter(InPrefecture("area", prefecture));
    openings.set_page_size(1);
    ASSIGN_OR_RETURN(const auto opening,
                     AskMatching<v1::ListOpeningsResponse>("OpeningService/ListOpenings", openings));
    if (opening.openings().empty()) return Proposal();
    const std::string& name = opening.openings(0).name();
    v1::ListProposalsRequest begun;
    begun.set_page_size(1);
    begun.set_filter(
        absl::Substitute("opening = \"$0\" AND NOT state = STATE_NOT_HIRED AND NOT state = STATE_WITHDRAWN AND "
                         "NOT state = STATE_EXPIRED",
                         name));
    ASSIGN_OR_RETURN(const auto proposals,
                     AskMatching<v1::ListProposalsResponse>("ProposalService/ListProposals", begun));
    if (!proposals.proposals().empty()) return proposals.proposals(0);
    return Propose(prefecture, name);
  }

  absl::StatusOr<Proposal> Propose(const std::string& prefecture, const std::string& opening) {
    ASSIGN_OR_RETURN(const v1::LegalBasis basis, BasisOfToday(client_, prefecture));
    if (basis.name().empty()) return Proposal();
    v1::RecommendNursesRequest recommend;
    recommend.set_opening(opening);
    recommend.set_operator_code(basis.operator_code());
    recommend.set_legal_basis(basis.name());
    recommend.set_page_size(200);
    ASSIGN_OR_RETURN(const auto told,
                     AskMatching<v1::RecommendNursesResponse>("RecommendationService/RecommendNurses", recommend));
    if (told.candidates().empty()) return Proposal();
    v1::CreateProposalRequest create;
    create.mutable_proposal()->set_opening(opening);
    // The candidates before her have more skills than this opening requires; other openings need them.
    create.mutable_proposal()->set_nurse(told.candidates().rbegin()->nurse());
    create.mutable_proposal()->set_legal_basis(recommend.legal_basis());
    return AskMatching<Proposal>(absl::StrCat("ProposalService/", kSteps[0].method), create);
  }

  // Returns the additional fields of the step's request, as text.
  absl::StatusOr<std::string> SaidAt(const Step& step, const Proposal& proposal) {
    const google::type::Date today = jp::ToDate(jp::JapanDay(Clock::System().Now()));
    const std::string day =
        absl::Substitute("{ year: $0 month: $1 day: $2 }", today.year(), today.month(), today.day());
    switch (step.comes_to) {
      case Proposal::STATE_CONSENTED: {
        ASSIGN_OR_RETURN(const registry::v1::Nurse her, ReadNurse(proposal.nurse()));
        return absl::Substitute("nurse: '$0' nurse_display_name: '$1' evidence: '電話（見本）'", proposal.nurse(),
                                absl::Utf8SafeCEscape(her.display_name()));
      }
      case Proposal::STATE_MET:
        return "interview_date " + day;
      case Proposal::STATE_OFFERED:
        return absl::StrCat("hired: true start_date ", day);
      case Proposal::STATE_ACCEPTED:
        return absl::Substitute("nurse: '$0'", proposal.nurse());
      case Proposal::STATE_STARTED:
        return "start_date " + day;
      default:
        return "";
    }
  }

  absl::StatusOr<Proposal> Take(const Step& step, const Proposal& proposal) {
    const auto* method = Proposal::descriptor()->file()->service(0)->FindMethodByName(step.method);
    const std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->input_type())->New());
    ASSIGN_OR_RETURN(const std::string said, SaidAt(step, proposal));
    if (!google::protobuf::TextFormat::ParseFromString(absl::Substitute("name: '$0' $1", proposal.name(), said),
                                                       request.get())) {
      return absl::InternalError(said);
    }
    rpc::CallOptions caller = client_.once;
    if (step.who == Who::kNurse) {
      ASSIGN_OR_RETURN(caller.api_key, KeyOf("nurse", proposal.nurse()));
    } else if (step.who == Who::kFacility) {
      ASSIGN_OR_RETURN(caller.api_key, KeyOf("facility-manager", proposal.facility()));
    }
    return Ask<Proposal>(absl::StrCat("tsunagu.matching.v1.ProposalService/", step.method), *request, caller);
  }

  // Returns a key that may do the steps of that role, for this nurse or facility only.
  absl::StatusOr<std::string> KeyOf(const std::string& role, const std::string& scope) {
    if (keys_.count(role) > 0) return keys_[role];
    platform::v1::SetPrincipalRequest set;
    set.set_parent("services/matching");
    set.set_principal_id(absl::StrCat("sample-", role));
    auto& grant = *set.mutable_principal()->add_grants();
    grant.set_role(role);
    grant.set_scope(scope);
    RETURN_IF_ERROR(
        Ask<platform::v1::Principal>("tsunagu.platform.v1.AccessService/SetPrincipal", set, client_.once).status());
    platform::v1::CreateApiKeyRequest create;
    create.set_parent("services/matching");
    create.mutable_api_key()->set_principal(set.principal_id());
    ASSIGN_OR_RETURN(const auto key, Ask<platform::v1::CreateApiKeyResponse>(
                                         "tsunagu.platform.v1.AccessService/CreateApiKey", create, client_.once));
    return keys_[role] = key.secret();
  }

  absl::StatusOr<registry::v1::Nurse> ReadNurse(const std::string& name) {
    registry::v1::GetNurseRequest get;
    get.set_name(name);
    return Ask<registry::v1::Nurse>("tsunagu.registry.v1.NurseService/GetNurse", get, client_.once);
  }

  // The matching service sends the record by itself, a moment later; a delay is not an error.
  absl::StatusOr<registry::v1::NurseEmployment> AwaitEmployment(const Proposal& proposal) {
    registry::v1::ListNurseEmploymentsRequest list;
    list.set_parent(proposal.nurse());
    list.set_filter(absl::StrCat("source = \"", proposal.name(), "\""));
    for (int tries = 0; tries < 100; ++tries) {
      ASSIGN_OR_RETURN(const auto known,
                       Ask<registry::v1::ListNurseEmploymentsResponse>(
                           "tsunagu.registry.v1.NurseEmploymentService/ListNurseEmployments", list, client_.once));
      if (!known.nurse_employments().empty()) return known.nurse_employments(0);
      absl::SleepFor(absl::Milliseconds(100));
    }
    return registry::v1::NurseEmployment();
  }

  const suite::Client& client_;
  std::map<std::string, std::string> keys_;  // by role
};

std::string WordOf(Who who, Language language) {
  if (who == Who::kNurse) return std::string(In(language, "本人", "the nurse"));
  if (who == Who::kFacility) return std::string(In(language, "事業所", "the facility"));
  return std::string(In(language, "担当者", "the officer"));
}

}  // namespace

absl::StatusOr<ProposalReport> WalkProposal(const suite::Client& client, const std::string& prefecture) {
  return Walk(client).Go(prefecture);
}

std::string ProposalText(const ProposalReport& report, Language language) {
  const Proposal& proposal = report.proposal;
  std::string text = absl::StrCat("■ ", In(language, "紹介から就業まで", "From a proposal to work"), "\n");
  if (proposal.name().empty()) {
    return absl::StrCat(text, In(language, "  紹介できる求人・根拠・候補者がありません\n",
                                 "  there is no opening, no legal basis, or nobody who fits\n"));
  }
  absl::SubstituteAndAppend(&text, In(language, "  $0 を $1（$2）へ\n", "  $0, to $1 ($2)\n"), proposal.nurse(),
                            report.facility, proposal.opening());
  suite::TextTable table(
      {{std::string(In(language, "段階", "state"))}, {std::string(In(language, "記録した人", "by"))}});
  for (const Proposal::Step& taken : proposal.steps()) {
    const auto* step = std::find_if(std::begin(kSteps), std::end(kSteps),
                                    [&](const Step& one) { return one.comes_to == taken.state(); });
    if (step == std::end(kSteps)) continue;  // she has left since
    const auto& state = *Proposal::State_descriptor()->FindValueByNumber(taken.state());
    table.Add({language == Language::kJapanese ? state.options().GetExtension(tsunagu::ja)
                                               : state.name().substr(sizeof("STATE_") - 1),
               WordOf(step->who, language)});
  }
  absl::StrAppend(&text, table.Draw("  "));
  if (report.employment.name().empty()) return text;
  absl::SubstituteAndAppend(
      &text, In(language, "  台帳への通知: $0 で就業、$1\n", "  the registry was told: she works at $0 and $1\n"),
      report.employment.facility(),
      report.seeking ? In(language, "求職は続ける", "still looks for work")
                     : In(language, "求職は終了", "does not look for work any more"));
  return text;
}

}  // namespace tsunagu::demo
