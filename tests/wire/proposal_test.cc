// The steps of a proposal between a nurse and a post: who may see which part, what is promised to whom, also with eight
// concurrent writers, and what the registry is told.
#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/jp/civil_day.h"
#include "common/jp/months.h"
#include "common/service/service.h"
#include "common/work/outbox.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/platform/v1/delivery.pb.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/registry/v1/nurse_employment.pb.h"
#include "tsunagu/registry/v1/nurse_training.pb.h"

namespace tsunagu::wire {
namespace {

using matching_v1::Proposal;
using testing::AnyOf;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Outcomes = std::map<std::string, int>;

class ProposalTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Create("kita", AFacility("きた", "areas/312011"));
    Create("minami", AFacility("みなみ", "areas/312011"));
    ASSERT_EQ(Said(Make<matching_v1::LegalBasis>(
                  "LegalBasisService/CreateLegalBasis", matching_v1::CreateLegalBasisRequest(),
                  "legal_basis_id: 'p' legal_basis { kind: BASIS_KIND_NOTICE number: '1' opening_kinds: "
                  "OPENING_KIND_EMPLOYMENT operator_code: 'areas/310000' area: 'areas/310000' }")),
              "OK");
    ASSERT_EQ(OpeningSays("o1", "kita", "posts: 1"), "OK");
    for (const char* name : {"見本 一子", "見本 二子"}) {
      registry_v1::Nurse nurse = ANurse(name, "areas/312011");
      nurse.set_seeking(true);
      nurses_.push_back(Create(nurse).name());
    }
  }

  template <typename M, typename Request>
  absl::StatusOr<M> Make(const Caller& caller, const std::string& method, Request request, const std::string& fields) {
    Request more;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &more)) << fields;
    request.MergeFrom(more);
    return caller.Call<M>("matching.v1." + method, request);
  }
  template <typename M, typename Request>
  absl::StatusOr<M> Make(const std::string& method, Request request, const std::string& fields) {
    return Make<M>(reader(), method, std::move(request), fields);
  }
  std::string OpeningSays(const std::string& id, const std::string& facility, const std::string& fields) {
    matching_v1::CreateOpeningRequest request;
    request.set_opening_id(id);
    request.mutable_opening()->set_facility("facilities/" + facility);
    request.mutable_opening()->set_area("areas/312011");
    request.mutable_opening()->set_weekly_minutes(200);
    return Said(Make<matching_v1::Opening>("OpeningService/CreateOpening", request, "opening { " + fields + " }"));
  }
  absl::StatusOr<Proposal> Propose(const Caller& caller, const std::string& nurse, const std::string& opening,
                                   const std::string& fields = "") {
    matching_v1::CreateProposalRequest request;
    request.mutable_proposal()->set_nurse(nurse);
    request.mutable_proposal()->set_opening("openings/" + opening);
    request.mutable_proposal()->set_legal_basis("legalBases/p");
    return Make<Proposal>(caller, "ProposalService/CreateProposal", request, fields);
  }
  std::string Proposed(const std::string& nurse, const std::string& opening) {
    const auto proposal = Propose(reader(), nurse, opening);
    EXPECT_EQ(Said(proposal), "OK");
    return proposal.ok() ? proposal->name() : "";
  }

  absl::StatusOr<Proposal> Consent(const Caller& caller, const std::string& name, const std::string& nurse) {
    matching_v1::ConsentProposalRequest request;
    request.set_name(name);
    request.set_nurse(nurse);
    return Make<Proposal>(caller, "ProposalService/ConsentProposal", request,
                          "nurse_display_name: '見本 一子' nurse_contact: '000-0000' evidence: '電話で確認'");
  }
  absl::StatusOr<Proposal> Agree(const Caller& caller, const std::string& name) {
    matching_v1::AgreeProposalRequest request;
    request.set_name(name);
    return Make<Proposal>(caller, "ProposalService/AgreeProposal", request, "");
  }
  absl::StatusOr<Proposal> Meet(const Caller& caller, const std::string& name) {
    matching_v1::RecordInterviewRequest request;
    request.set_name(name);
    return Make<Proposal>(caller, "ProposalService/RecordInterview", request, On("interview_date", Today()));
  }
  absl::StatusOr<Proposal> Offer(const Caller& caller, const std::string& name, int days = 0) {
    matching_v1::DecideProposalRequest request;
    request.set_name(name);
    return Make<Proposal>(caller, "ProposalService/DecideProposal", request,
                          "hired: true" + On("start_date", Today() + days));
  }
  absl::StatusOr<Proposal> Accept(const Caller& caller, const std::string& name, const std::string& nurse) {
    matching_v1::AcceptProposalRequest request;
    request.set_name(name);
    request.set_nurse(nurse);
    return Make<Proposal>(caller, "ProposalService/AcceptProposal", request, "");
  }
  absl::StatusOr<Proposal> Start(const std::string& name, const std::string& fields = "") {
    matching_v1::StartProposalRequest request;
    request.set_name(name);
    return Make<Proposal>("ProposalService/StartProposal", request, On("start_date", Today()) + fields);
  }
  absl::StatusOr<Proposal> Leave(const std::string& name, int days) {
    matching_v1::LeaveProposalRequest request;
    request.set_name(name);
    return Make<Proposal>("ProposalService/LeaveProposal", request,
                          "reason: END_REASON_COMMUTE" + On("leave_date", Today() + days));
  }
  absl::StatusOr<Proposal> Stay(const std::string& name) {
    matching_v1::StayProposalRequest request;
    request.set_name(name);
    return Make<Proposal>("ProposalService/StayProposal", request, "");
  }
  absl::StatusOr<Proposal> Withdraw(const Caller& caller, const std::string& name) {
    matching_v1::WithdrawProposalRequest request;
    request.set_name(name);
    return Make<Proposal>(caller, "ProposalService/WithdrawProposal", request, "reason: END_REASON_NURSE_DECLINED");
  }
  absl::StatusOr<Proposal> Get(const Caller& caller, const std::string& name) {
    matching_v1::GetProposalRequest request;
    request.set_name(name);
    return caller.Call<Proposal>("matching.v1.ProposalService/GetProposal", request);
  }
  // What is said of a change of an opening; `mask` names fields with commas.
  static std::string Changes(const Caller& caller, const std::string& opening, const std::string& fields,
                             const std::string& mask, bool validate_only = false) {
    matching_v1::UpdateOpeningRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, request.mutable_opening())) << fields;
    request.mutable_opening()->set_name("openings/" + opening);
    for (const absl::string_view path : absl::StrSplit(mask, ',')) {
      request.mutable_update_mask()->add_paths(std::string(path));
    }
    request.set_validate_only(validate_only);
    return Said(caller.Call<matching_v1::Opening>("matching.v1.OpeningService/UpdateOpening", request));
  }
  // Brings a proposal up to an interview.
  std::string Met(const std::string& nurse, const std::string& opening) {
    const std::string name = Proposed(nurse, opening);
    EXPECT_EQ(Said(Consent(reader(), name, nurse)), "OK");
    EXPECT_EQ(Said(Agree(reader(), name)), "OK");
    EXPECT_EQ(Said(Meet(reader(), name)), "OK");
    return name;
  }
  std::string Offered(const std::string& nurse, const std::string& opening) {
    const std::string name = Met(nurse, opening);
    EXPECT_EQ(Said(Offer(reader(), name)), "OK");
    return name;
  }
  std::string Working(const std::string& nurse, const std::string& opening) {
    const std::string name = Offered(nurse, opening);
    EXPECT_EQ(Said(Accept(reader(), name, nurse)), "OK");
    EXPECT_EQ(Said(Start(name)), "OK");
    return name;
  }

  std::vector<std::string> DueSays(const Caller& caller, int days) {
    platform_v1::ListDueRequest request;
    request.set_parent("services/matching");
    *request.mutable_until_date() = jp::ToDate(Today() + days);
    const auto due = caller.Call<platform_v1::ListDueResponse>("platform.v1.DueService/ListDue", request);
    EXPECT_EQ(Said(due), "OK");
    std::vector<std::string> said;
    for (const auto& item : due->due()) {
      said.push_back(absl::StrCat(item.kind(), " ", jp::FormatIso(jp::DayOf(item.due_date()))));
    }
    return said;
  }

  jp::CivilDay Today() { return jp::JapanDay(clock().Now()); }
  static std::string On(const char* field, jp::CivilDay day) {
    return absl::StrCat(" ", field, " { year: ", day.year(), " month: ", day.month(), " day: ", day.day(), " }");
  }
  std::vector<std::string> nurses_;
};
WIRE_TEST_ON_BOTH(ProposalTest);

TEST_P(ProposalTest, FromProposalToRetention) {
  const std::string name = Working(nurses_[0], "o1");
  clock().Advance(absl::Hours(24 * 31));
  EXPECT_THAT(DueSays(reader(), 0), ElementsAre(absl::StrCat("retention-check ", jp::FormatIso(Today()))));
  matching_v1::RecordRetentionRequest check;
  check.set_name(name);
  EXPECT_EQ(Said(Make<Proposal>("ProposalService/RecordRetention", check, "months: 1" + On("check_date", Today() - 2))),
            "INVALID_ARGUMENT INVALID_REQUEST check_date:RETENTION_CHECK_EARLY");
  const auto checked = Make<Proposal>("ProposalService/RecordRetention", check,
                                      "months: 1 note: '続いている'" + On("check_date", Today()));
  ASSERT_EQ(Said(checked), "OK");
  EXPECT_EQ(checked->retention_checks_size(), 1);
  EXPECT_THAT(DueSays(reader(), 0), IsEmpty());
  const auto left = Leave(name, 0);
  ASSERT_EQ(Said(left), "OK");
  std::vector<std::string> states;
  for (const auto& step : left->steps()) states.push_back(Proposal::State_Name(step.state()));
  EXPECT_EQ(
      absl::StrJoin(states, " "),
      "STATE_PROPOSED STATE_CONSENTED STATE_AGREED STATE_MET STATE_OFFERED STATE_ACCEPTED STATE_STARTED STATE_LEFT");
}

TEST_P(ProposalTest, WhoeverIsProposedHasTheLicenceAndTheCare) {
  ASSERT_EQ(OpeningSays("midwives", "kita", "posts: 1 licences: LICENCE_MIDWIFE"), "OK");
  ASSERT_EQ(OpeningSays("nurses", "kita", "posts: 1 licences: LICENCE_NURSE"), "OK");
  ASSERT_EQ(OpeningSays("suction", "kita", "posts: 9 required_skills: SKILL_SUCTION licences: LICENCE_NURSE"), "OK");
  registry_v1::Nurse record = ANurse("見本 准子", "areas/312011");
  record.set_licence(registry_v1::LICENCE_ASSISTANT_NURSE);
  record.set_seeking(true);
  const std::string assistant = Create(record).name();
  record = ANurse("見本 産子", "areas/312011");
  record.set_licence(registry_v1::LICENCE_MIDWIFE);
  record.set_seeking(true);
  record.add_skills(registry_v1::SKILL_SUCTION);
  const std::string midwife = Create(record).name();
  const auto says = [&](const std::string& nurse, const std::string& opening) {
    return Said(Propose(reader(), nurse, opening, "validate_only: true"));
  };
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(says(nurses_[0], "midwives"), refused + "proposal.nurse:NURSE_LICENCE_MISSING");
  EXPECT_EQ(says(assistant, "nurses"), refused + "proposal.nurse:NURSE_LICENCE_NOT_TAKEN");
  EXPECT_EQ(says(assistant, "suction"),
            refused + "proposal.nurse:NURSE_LICENCE_NOT_TAKEN proposal.nurse:NURSE_SKILLS_MISSING");
  EXPECT_EQ(says(nurses_[0], "suction"), refused + "proposal.nurse:NURSE_SKILLS_MISSING");
  EXPECT_EQ(says(nurses_[0], "nurses"), "OK");
  EXPECT_EQ(says(midwife, "suction"), "OK") << "she may do the work of a 看護師";
  EXPECT_EQ(says(assistant, "o1"), "OK") << "which takes anybody";
  // A valid training counts as a skill.
  registry_v1::CreateNurseTrainingRequest training;
  training.set_parent(nurses_[0]);
  training.mutable_nurse_training()->set_display_name("吸引の研修");
  *training.mutable_nurse_training()->mutable_completion_date() = jp::ToDate(Today() - 30);
  training.mutable_nurse_training()->add_skills(registry_v1::SKILL_SUCTION);
  ASSERT_EQ(
      Said(reader().Call<registry_v1::NurseTraining>("registry.v1.NurseTrainingService/CreateNurseTraining", training)),
      "OK");
  EXPECT_EQ(says(nurses_[0], "suction"), "OK");
}

// The faults from the registry are in one answer with those of the opening, the basis and other proposals.
TEST_P(ProposalTest, EveryFaultComesAtOnce) {
  ASSERT_EQ(OpeningSays(
                "over", "kita",
                "posts: 1 licences: LICENCE_MIDWIFE required_skills: SKILL_SUCTION" + On("valid_to_date", Today() - 1)),
            "OK");
  EXPECT_EQ(Said(Propose(reader(), nurses_[0], "over",
                         "proposal { legal_basis: 'legalBases/none'" + On("reply_by_date", Today() - 1) + " }")),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.legal_basis:NO_LEGAL_BASIS "
            "proposal.legal_basis:REFERENCE_NOT_FOUND proposal.nurse:NURSE_LICENCE_MISSING "
            "proposal.nurse:NURSE_SKILLS_MISSING proposal.opening:OPENING_OVER proposal.reply_by_date:REPLY_BY_PAST");
  EXPECT_EQ(Said(Propose(reader(), "nurses/nobody", "over")),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:REFERENCE_NOT_FOUND proposal.opening:OPENING_OVER");
}

// Only a caller who may read it learns which facilities she excludes. The proposal is the same for all others: she is
// asked, and until she consents the facility learns nothing.
TEST_P(ProposalTest, ThatSheExcludesAFacilityIsToldToWhoMayReadIt) {
  registry_v1::Nurse record = ANurse("見本 選子", "areas/312011");
  record.set_seeking(true);
  record.add_unwanted_facilities("facilities/kita");
  const std::string nurse = Create(record).name();
  ASSERT_EQ(OpeningSays("o2", "minami", "posts: 1"), "OK");
  SetRole("blind", {"nurses.read", "nurses.identity", "facilities.read"}, "registry");
  SetRole("blind", {"openings.read", "proposals.*", "legalBases.read"}, "matching");
  Grant("blind", {AGrant("blind", "*")}, "registry");
  const Caller blind = CallerWith("blind", {"blind@*"}, "matching");
  Caller manager = CallerWith("manager", {"facility-manager@facilities/kita"}, "matching").For("面接");
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:NURSE_EXCLUDES_FACILITY";
  struct Row {
    std::string name;
    Caller caller;
    std::string opening, said;
  };
  for (const Row& row : std::vector<Row>{{"who may read it, and says why", reader(), "o1", refused},
                                         {"of another facility", reader(), "o2", "OK"},
                                         {"who may read it, and does not say why", admin(), "o1", "OK"},
                                         {"who may not", blind, "o1", "OK"},
                                         {"who may not, and says why", blind.For("電話相談"), "o1", "OK"}}) {
    const auto told = Propose(row.caller, nurse, row.opening, "validate_only: true");
    const auto other = Propose(row.caller, nurses_[0], row.opening, "validate_only: true");
    EXPECT_EQ(Said(told), row.said) << row.name;
    ASSERT_EQ(Said(other), "OK") << row.name;
    if (!told.ok()) continue;
    const auto without_names = [](Proposal proposal) {
      for (auto* field : {proposal.mutable_name(), proposal.mutable_nurse(), proposal.mutable_opening(),
                          proposal.mutable_facility(), proposal.mutable_etag()}) {
        field->clear();
      }
      return proposal.DebugString();
    };
    EXPECT_EQ(without_names(*told), without_names(*other)) << row.name << ": nothing tells the two apart";
  }
  const auto proposal = Propose(blind, nurse, "o1");
  ASSERT_EQ(Said(proposal), "OK");
  EXPECT_EQ(Said(Get(manager, proposal->name())), "NOT_FOUND PROPOSAL_NOT_FOUND");
  EXPECT_THAT(DueSays(manager, 30), IsEmpty());
  const Caller she = CallerWith("she", {"nurse@" + nurse}, "matching").For("本人");
  EXPECT_EQ(Said(Consent(she, proposal->name(), nurse)), "OK") << "she may have thought otherwise";
}

TEST_P(ProposalTest, ABasisForOneOccupationBringsNobodyOfAnotherTogether) {
  ASSERT_EQ(Said(Make<matching_v1::LegalBasis>(
                "LegalBasisService/CreateLegalBasis", matching_v1::CreateLegalBasisRequest(),
                "legal_basis_id: 'a' legal_basis { kind: BASIS_KIND_NOTICE number: '2' opening_kinds: "
                "OPENING_KIND_EMPLOYMENT "
                "operator_code: 'areas/310000' area: 'areas/310000' licences: LICENCE_ASSISTANT_NURSE }")),
            "OK");
  EXPECT_EQ(Said(Propose(reader(), nurses_[0], "o1", "proposal { legal_basis: 'legalBases/a' }")),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:NURSE_OUTSIDE_BASIS");
  const auto proposal = Propose(reader(), nurses_[0], "o1");
  ASSERT_EQ(Said(proposal), "OK");
  EXPECT_EQ(proposal->nurse_licence(), registry_v1::LICENCE_NURSE);
  // Nor does her name go out once it covers her no more.
  matching_v1::UpdateLegalBasisRequest narrower;
  narrower.mutable_legal_basis()->set_name("legalBases/p");
  narrower.mutable_legal_basis()->add_licences(registry_v1::LICENCE_ASSISTANT_NURSE);
  narrower.mutable_update_mask()->add_paths("licences");
  ASSERT_EQ(Said(reader().Call<matching_v1::LegalBasis>("matching.v1.LegalBasisService/UpdateLegalBasis", narrower)),
            "OK");
  EXPECT_EQ(Said(Consent(reader(), proposal->name(), nurses_[0])),
            "INVALID_ARGUMENT INVALID_REQUEST nurse:NURSE_OUTSIDE_BASIS");
}

TEST_P(ProposalTest, NoNameReachesAFacilityBeforeConsent) {
  Caller manager = CallerWith("manager", {"facility-manager@facilities/kita"}, "matching").For("面接");
  Caller other = CallerWith("other", {"facility-manager@facilities/minami"}, "matching").For("面接");
  Caller she = CallerWith("she", {"nurse@" + nurses_[0]}, "matching").For("本人");
  Caller another = CallerWith("another", {"nurse@" + nurses_[1]}, "matching").For("本人");
  const std::string name = Proposed(nurses_[0], "o1");
  EXPECT_EQ(Said(Get(manager, name)), "NOT_FOUND PROPOSAL_NOT_FOUND");
  EXPECT_EQ(Said(Agree(manager, name)), "NOT_FOUND PROPOSAL_NOT_FOUND");
  EXPECT_EQ(Said(Withdraw(manager, name)), "NOT_FOUND PROPOSAL_NOT_FOUND");
  EXPECT_THAT(DueSays(manager, 30), IsEmpty());
  matching_v1::ListProposalsRequest list;
  const auto listed =
      manager.Call<matching_v1::ListProposalsResponse>("matching.v1.ProposalService/ListProposals", list);
  ASSERT_EQ(Said(listed), "OK");
  EXPECT_EQ(listed->proposals_size(), 0);
  EXPECT_EQ(Said(Consent(another, name, nurses_[1])), "NOT_FOUND PROPOSAL_NOT_FOUND");
  EXPECT_EQ(Said(Consent(manager, name, nurses_[0])), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Consent(she, name, nurses_[1])), "INVALID_ARGUMENT INVALID_REQUEST nurse:PROPOSAL_OF_ANOTHER");
  ASSERT_EQ(Said(Consent(she, name, nurses_[0])), "OK") << "she may do it herself";
  const auto seen = Get(manager, name);
  ASSERT_EQ(Said(seen), "OK");
  EXPECT_EQ(seen->nurse_display_name(), "見本 一子");
  EXPECT_EQ(seen->nurse_contact(), "000-0000");
  EXPECT_EQ(seen->consent_evidence(), "") << "how she told the officer is no business of the facility";
  EXPECT_EQ(Said(Get(other, name)), "NOT_FOUND PROPOSAL_NOT_FOUND");
  EXPECT_EQ(Said(Agree(manager, name)), "OK");
  EXPECT_EQ(Said(Meet(manager, name)), "OK");
  EXPECT_EQ(Said(Offer(manager, name)), "OK");
  EXPECT_EQ(Said(Accept(manager, name, nurses_[0])), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(Said(Accept(she, name, nurses_[0])), "OK");
}

// Shown as the proposal stands now, whichever revision is requested; her office and she herself can always read it.
TEST_P(ProposalTest, NoNameIsReadWithoutAStandingConsent) {
  const Caller manager = CallerWith("manager", {"facility-manager@facilities/kita"}, "matching").For("面接");
  const Caller she = CallerWith("she", {"nurse@" + nurses_[0]}, "matching").For("本人");
  ASSERT_EQ(OpeningSays("o9", "kita", "posts: 9"), "OK");
  const auto reads = [&](const Caller& caller, const std::string& name) {
    const auto seen = Get(caller, name);
    return seen.ok() ? absl::StrCat(seen->nurse_display_name(), "/", seen->nurse_contact()) : Said(seen);
  };
  const std::string known = "見本 一子/000-0000";
  const std::string withdrawn = Met(nurses_[0], "o9");
  EXPECT_EQ(reads(manager, withdrawn), known);
  clock().Advance(absl::Minutes(1));
  matching_v1::GetProposalRequest earlier;
  earlier.set_name(withdrawn);
  earlier.mutable_as_known_at()->set_seconds(absl::ToUnixSeconds(clock().Now()));
  EXPECT_EQ(Said(reader().Call<Proposal>("matching.v1.ProposalService/GetProposal", earlier)), "OK")
      << "it is known by now";
  clock().Advance(absl::Minutes(1));
  ASSERT_EQ(Said(Withdraw(she, withdrawn)), "OK");
  EXPECT_EQ(reads(manager, withdrawn), "/");
  EXPECT_EQ(reads(she, withdrawn), known);
  EXPECT_EQ(reads(reader(), withdrawn), known);
  EXPECT_EQ(Get(manager, withdrawn)->state(), Proposal::STATE_WITHDRAWN) << "that it has ended, the facility reads";
  const auto as_known = manager.Call<Proposal>("matching.v1.ProposalService/GetProposal", earlier);
  ASSERT_EQ(Said(as_known), "OK");
  EXPECT_EQ(as_known->state(), Proposal::STATE_MET);
  EXPECT_EQ(as_known->nurse_display_name(), "");
  matching_v1::ListProposalsRequest list;
  const auto listed =
      manager.Call<matching_v1::ListProposalsResponse>("matching.v1.ProposalService/ListProposals", list);
  ASSERT_EQ(Said(listed), "OK");
  ASSERT_EQ(listed->proposals_size(), 1);
  EXPECT_EQ(listed->proposals(0).nurse_display_name() + listed->proposals(0).nurse_contact(), "");

  const std::string expires = Met(nurses_[0], "o9");
  clock().Advance(absl::Hours(24 * 14));
  EXPECT_EQ(reads(manager, expires), known) << "its last day";
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(reads(manager, expires), "/") << "nobody has closed it yet";
  EXPECT_EQ(reads(reader(), expires), known);
  ASSERT_EQ(Said(Withdraw(manager, expires)), "OK");
  EXPECT_EQ(reads(manager, expires), "/");

  const std::string works = Working(nurses_[0], "o9");
  ASSERT_EQ(Said(Leave(works, 0)), "OK");
  EXPECT_EQ(reads(manager, works), known) << "whom it has employed, it knows";
}

TEST_P(ProposalTest, WhatMayNotBeProposed) {
  ASSERT_EQ(OpeningSays("visit", "kita", "posts: 1 kind: OPENING_KIND_VISIT school_half_days: HALF_DAY_MON_AM"), "OK");
  ASSERT_EQ(OpeningSays("over", "kita", "posts: 1" + On("valid_to_date", Today() - 1)), "OK");
  EXPECT_EQ(Said(Propose(reader(), nurses_[0], "none")),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.opening:REFERENCE_NOT_FOUND");
  EXPECT_EQ(Said(Propose(reader(), "nurses/nobody", "o1")),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:REFERENCE_NOT_FOUND");
  EXPECT_EQ(
      Said(Propose(reader(), nurses_[0], "visit")),
      "INVALID_ARGUMENT INVALID_REQUEST proposal.legal_basis:OUTSIDE_BASIS proposal.opening:OPENING_NOT_EMPLOYMENT");
  EXPECT_EQ(Said(Propose(reader(), nurses_[0], "over")),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.opening:OPENING_OVER");
  EXPECT_EQ(
      Said(Propose(reader(), nurses_[0], "o1", "proposal { legal_basis: 'legalBases/none' }")),
      "INVALID_ARGUMENT INVALID_REQUEST proposal.legal_basis:NO_LEGAL_BASIS proposal.legal_basis:REFERENCE_NOT_FOUND");
  const auto without_basis = [&](const char* opening) {
    matching_v1::CreateProposalRequest request;
    request.mutable_proposal()->set_nurse(nurses_[0]);
    request.mutable_proposal()->set_opening(opening);
    return Said(reader().Call<Proposal>("matching.v1.ProposalService/CreateProposal", request));
  };
  EXPECT_EQ(without_basis("openings/o1"),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.legal_basis:LEGAL_BASIS_NOT_NAMED");
  EXPECT_EQ(without_basis("openings/none"),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.legal_basis:LEGAL_BASIS_NOT_NAMED "
            "proposal.opening:REFERENCE_NOT_FOUND");
  const std::string name = Proposed(nurses_[0], "o1");
  EXPECT_EQ(Said(Propose(reader(), nurses_[0], "o1")),
            "INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:PROPOSED_ALREADY");
  ASSERT_EQ(Said(Withdraw(reader(), name)), "OK");
  EXPECT_EQ(Said(Withdraw(reader(), name)), "FAILED_PRECONDITION PROPOSAL_ENDED");
  EXPECT_EQ(Said(Propose(reader(), nurses_[0], "o1")), "OK") << "one that has ended is in nobody's way";
}

TEST_P(ProposalTest, AClosedOpeningAndABasisThatEnded) {
  const std::string first = Proposed(nurses_[0], "o1"), second = Met(nurses_[1], "o1");
  matching_v1::EndLegalBasisRequest basis;
  basis.set_name("legalBases/p");
  ASSERT_EQ(Said(Make<matching_v1::LegalBasis>("LegalBasisService/EndLegalBasis", basis, On("end_date", Today()))),
            "OK");
  matching_v1::EndOpeningRequest opening;
  opening.set_name("openings/o1");
  ASSERT_EQ(Said(Make<matching_v1::Opening>("OpeningService/EndOpening", opening, On("end_date", Today()))), "OK");
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(Said(Consent(reader(), first, nurses_[0])),
            "INVALID_ARGUMENT INVALID_REQUEST legal_basis:BASIS_NOT_VALID opening:OPENING_OVER");
  EXPECT_EQ(Said(Offer(reader(), second)), "INVALID_ARGUMENT INVALID_REQUEST opening:OPENING_OVER");
  EXPECT_EQ(Said(Withdraw(reader(), second)), "OK");
}

TEST_P(ProposalTest, AfterItsDayNothingIsDone) {
  const std::string name = Met(nurses_[0], "o1");
  ASSERT_EQ(Said(Offer(reader(), name, 20)), "OK");
  const std::string waiting = Met(nurses_[1], "o1");
  EXPECT_EQ(Said(Offer(reader(), waiting)), "INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED");
  clock().Advance(absl::Hours(24 * 14));
  EXPECT_EQ(Said(Offer(reader(), waiting)), "INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED")
      << "the last day";
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(Said(Accept(reader(), name, nurses_[0])), "FAILED_PRECONDITION PROPOSAL_EXPIRED");
  EXPECT_EQ(Said(Offer(reader(), waiting)), "FAILED_PRECONDITION PROPOSAL_EXPIRED") << "its own day is over too";
  EXPECT_THAT(DueSays(reader(), 0), UnorderedElementsAre(absl::StrCat("proposal-expired ", jp::FormatIso(Today())),
                                                         absl::StrCat("proposal-expired ", jp::FormatIso(Today()))));
  const auto closed = Withdraw(reader(), name);
  ASSERT_EQ(Said(closed), "OK");
  EXPECT_EQ(closed->state(), Proposal::STATE_EXPIRED);
}

TEST_P(ProposalTest, APostIsNeverPromisedTwice) {
  ASSERT_EQ(OpeningSays("two", "kita", "posts: 2"), "OK");
  std::vector<std::string> met;
  for (int i = 0; i < 8; ++i) {
    registry_v1::Nurse record = ANurse(absl::StrCat("見本 ", i), "areas/312011");
    record.set_seeking(true);
    const auto nurse = Create(record).name();
    met.push_back(Met(nurse, "two"));
  }
  EXPECT_EQ(EightAtOnce([&](int i) { return Said(Offer(reader(), met[i])); }),
            (Outcomes{{"OK", 2}, {"INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED", 6}}));
  matching_v1::UpdateOpeningRequest fewer;
  EXPECT_EQ(
      Said(Make<matching_v1::Opening>("OpeningService/UpdateOpening", fewer,
                                      "opening { name: 'openings/two' posts: 1 } update_mask { paths: 'posts' }")),
      "INVALID_ARGUMENT INVALID_REQUEST opening.posts:POSTS_PROMISED");
}

TEST_P(ProposalTest, APostThatIsTakenAwayIsNotPromised) {
  ASSERT_EQ(OpeningSays("ends", "kita", "posts: 1"), "OK");
  const std::string name = Met(nurses_[0], "ends");
  const Outcomes told = EightAtOnce([&](int i) {
    if (i % 2 == 0) return "offer " + Said(Offer(reader(), name));
    matching_v1::EndOpeningRequest request;
    request.set_name("openings/ends");
    return "end " + Said(Make<matching_v1::Opening>("OpeningService/EndOpening", request, On("end_date", Today() - 1)));
  });
  const bool offered = told.count("offer OK") > 0;
  const auto proposal = Get(reader(), name);
  ASSERT_EQ(Said(proposal), "OK");
  EXPECT_EQ(proposal->state() == Proposal::STATE_OFFERED, offered);
  EXPECT_EQ(told.count("end OK"), 1u) << "an opening may be closed at any time: what is offered stays so";
}

TEST_P(ProposalTest, ANurseIsNeverPromisedTwiceAtATime) {
  std::vector<std::string> offered;
  for (int i = 0; i < 8; ++i) {
    ASSERT_EQ(OpeningSays(absl::StrCat("many", i), i % 2 == 0 ? "kita" : "minami", "posts: 1"), "OK");
    offered.push_back(Offered(nurses_[0], absl::StrCat("many", i)));
  }
  EXPECT_EQ(EightAtOnce([&](int i) { return Said(Accept(reader(), offered[i], nurses_[0])); }),
            (Outcomes{{"OK", 1}, {"INVALID_ARGUMENT INVALID_REQUEST nurse:NURSE_PROMISED", 7}}));
}

TEST_P(ProposalTest, HalfDaysOfTwoPostsMayStandBesideEachOther) {
  const auto half = [&](const char* id, const char* half_day) {
    return OpeningSays(id, "kita", absl::StrCat("posts: 1 school_half_days: ", half_day));
  };
  ASSERT_EQ(half("am", "HALF_DAY_MON_AM"), "OK");
  ASSERT_EQ(half("pm", "HALF_DAY_MON_PM"), "OK");
  ASSERT_EQ(half("am2", "[HALF_DAY_MON_AM, HALF_DAY_FRI_AM]"), "OK");
  const std::string beside = Offered(nurses_[0], "pm"), against = Offered(nurses_[0], "am2");
  Working(nurses_[0], "am");
  EXPECT_EQ(Said(Accept(reader(), against, nurses_[0])), "INVALID_ARGUMENT INVALID_REQUEST nurse:NURSE_PROMISED");
  EXPECT_EQ(Said(Accept(reader(), beside, nurses_[0])), "OK");
}

TEST_P(ProposalTest, WhoLeavesMakesRoomFromTheNextDayOn) {
  const std::string name = Working(nurses_[0], "o1");
  const std::string successor = Met(nurses_[1], "o1");
  EXPECT_EQ(Said(Offer(reader(), successor, 10)), "INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED");
  ASSERT_EQ(Said(Leave(name, 9)), "OK");
  EXPECT_EQ(Said(Offer(reader(), successor, 9)), "INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED");
  EXPECT_EQ(Said(Offer(reader(), successor, 10)), "OK");
  EXPECT_EQ(Said(Leave(name, 10)), "INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED")
      << "a day that is promised";
  EXPECT_EQ(Said(Leave(name, 8)), "OK") << "a day that was wrong";
}

TEST_P(ProposalTest, EightStepsAtOnceAreOne) {
  const std::string name = Proposed(nurses_[0], "o1");
  EXPECT_EQ(EightAtOnce([&](int) { return Said(Consent(reader(), name, nurses_[0])); }),
            (Outcomes{{"OK", 1}, {"FAILED_PRECONDITION PROPOSAL_STEP_UNFIT", 7}}));
  EXPECT_EQ(EightAtOnce([&](int i) {
              return i % 2 == 0 ? "agree " + Said(Agree(reader(), name)) : "withdraw " + Said(Withdraw(reader(), name));
            }).count("withdraw OK"),
            1u);
  EXPECT_EQ(EightAtOnce([&](int) { return Said(Propose(reader(), nurses_[1], "o1")); }),
            (Outcomes{{"OK", 1}, {"INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:PROPOSED_ALREADY", 7}}));
}

TEST_P(ProposalTest, TheRegistryIsToldOfStartAndEnd) {
  const auto employments = [&] {
    registry_v1::ListNurseEmploymentsRequest request;
    request.set_parent(nurses_[0]);
    const auto listed = reader().Call<registry_v1::ListNurseEmploymentsResponse>(
        "registry.v1.NurseEmploymentService/ListNurseEmployments", request);
    EXPECT_EQ(Said(listed), "OK");
    std::vector<std::string> said;
    for (const auto& one : listed->nurse_employments()) {
      said.push_back(absl::StrCat(one.facility(), " ", one.source(), one.has_end_date() ? " ended" : ""));
    }
    return said;
  };
  const auto delivered = [&] {
    const Deadline patience = Deadline::After(absl::Seconds(40));
    for (;;) {
      platform_v1::ListDeliveriesRequest request;
      request.set_parent("services/matching");
      const auto owed =
          admin().Call<platform_v1::ListDeliveriesResponse>("platform.v1.DeliveryService/ListDeliveries", request);
      if (owed.ok() && owed->deliveries_size() == 0) return true;
      if (patience.Over()) return false;
      clock().Advance(absl::Milliseconds(50));
      server().host().Find("matching")->outbox().Wake();
      std::this_thread::yield();
    }
  };
  const std::string name = Working(nurses_[0], "o1");
  ASSERT_TRUE(delivered());
  EXPECT_THAT(employments(), ElementsAre("facilities/kita " + name));
  EXPECT_FALSE(GetNurse(reader(), nurses_[0])->seeking()) << "she looks for no more work";
  ASSERT_EQ(Said(Leave(name, 3)), "OK");
  ASSERT_EQ(Said(Leave(name, 2)), "OK");
  ASSERT_TRUE(delivered());
  EXPECT_THAT(employments(), ElementsAre("facilities/kita " + name + " ended"));
  ASSERT_EQ(Said(Stay(name)), "OK");
  ASSERT_TRUE(delivered());
  EXPECT_THAT(employments(), ElementsAre("facilities/kita " + name)) << "she stays";
  EXPECT_FALSE(GetNurse(reader(), nurses_[0])->seeking());
}

// 退職届の撤回: as if she had not given it, as long as she is there and the post is not somebody else's.
TEST_P(ProposalTest, ANoticeIsTakenBack) {
  const std::string name = Working(nurses_[0], "o1");
  EXPECT_EQ(Said(Stay(name)), "FAILED_PRECONDITION PROPOSAL_STEP_UNFIT") << "she has not given notice";
  ASSERT_EQ(Said(Leave(name, 9)), "OK");
  EXPECT_THAT(DueSays(reader(), 200), IsEmpty()) << "she is not there after a month";
  const auto stays = Stay(name);
  ASSERT_EQ(Said(stays), "OK");
  EXPECT_EQ(stays->state(), Proposal::STATE_STARTED);
  EXPECT_FALSE(stays->has_leave_date());
  EXPECT_EQ(stays->end_reason(), matching_v1::END_REASON_UNSPECIFIED);
  ASSERT_GE(stays->steps_size(), 2);
  EXPECT_EQ(stays->steps(stays->steps_size() - 2).state(), Proposal::STATE_LEFT) << "that she gave it is kept";
  EXPECT_EQ(Said(Stay(name)), "FAILED_PRECONDITION PROPOSAL_STEP_UNFIT") << "once";
  EXPECT_THAT(DueSays(reader(), 40),
              ElementsAre(absl::StrCat("retention-check ", jp::FormatIso(jp::MonthsAfter(Today(), 1)))));
  const std::string successor = Met(nurses_[1], "o1");
  EXPECT_EQ(Said(Offer(reader(), successor, 10)), "INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED")
      << "the post is hers again";
}

TEST_P(ProposalTest, ANoticeIsNotTakenBackFromWhoeverComesAfterHer) {
  const std::string name = Working(nurses_[0], "o1");
  const std::string successor = Met(nurses_[1], "o1");
  ASSERT_EQ(Said(Leave(name, 9)), "OK");
  ASSERT_EQ(Said(Offer(reader(), successor, 10)), "OK");
  EXPECT_EQ(Said(Stay(name)), "INVALID_ARGUMENT INVALID_REQUEST opening:POSTS_PROMISED");
  EXPECT_EQ(Get(reader(), name)->state(), Proposal::STATE_LEFT) << "nothing half-done";
  ASSERT_EQ(Said(Withdraw(reader(), successor)), "OK");
  EXPECT_EQ(Said(Stay(name)), "OK");
}

TEST_P(ProposalTest, ANoticeIsNotTakenBackOnceSheHasAcceptedAnotherPost) {
  ASSERT_EQ(OpeningSays("next", "kita", "posts: 1"), "OK");
  const std::string next = Met(nurses_[0], "next");
  const std::string name = Working(nurses_[0], "o1");
  ASSERT_EQ(Said(Leave(name, 9)), "OK");
  ASSERT_EQ(Said(Offer(reader(), next, 10)), "OK");
  ASSERT_EQ(Said(Accept(reader(), next, nurses_[0])), "OK");
  EXPECT_EQ(Said(Stay(name)), "INVALID_ARGUMENT INVALID_REQUEST nurse:NURSE_PROMISED");
}

TEST_P(ProposalTest, ANoticeIsTakenBackUntilHerLastDay) {
  const std::string name = Working(nurses_[0], "o1");
  ASSERT_EQ(Said(Leave(name, 2)), "OK");
  clock().Advance(absl::Hours(24 * 2));
  ASSERT_EQ(Said(Stay(name)), "OK") << "on her last day";
  ASSERT_EQ(Said(Leave(name, 2)), "OK");
  clock().Advance(absl::Hours(24 * 3));
  EXPECT_EQ(Said(Stay(name)), "FAILED_PRECONDITION NOTICE_OVER");
}

// Whichever of them is first: the post is hers again, or that of whoever comes after her.
TEST_P(ProposalTest, ANoticeIsTakenBackWhileThePostIsOffered) {
  const std::string name = Working(nurses_[0], "o1");
  const std::string successor = Met(nurses_[1], "o1");
  ASSERT_EQ(Said(Leave(name, 9)), "OK");
  const Outcomes told =
      EightAtOnce([&](int i) { return Said(i % 2 == 0 ? Stay(name) : Offer(reader(), successor, 10)); });
  EXPECT_EQ(told.at("OK"), 1);
}

// A nurse's name is never passed to another facility than the one she was asked about.
TEST_P(ProposalTest, AnOpeningStaysWhatItIsWhileAProposalGoesOn) {
  const auto to = [&](const std::string& facility) {
    return Changes(reader(), "o1", "facility: 'facilities/" + facility + "'", "facility");
  };
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST opening.facility:OPENING_IN_USE";
  const std::string visit = "kind: OPENING_KIND_VISIT school_half_days: HALF_DAY_MON_AM ";
  const std::string known = Met(nurses_[0], "o1");
  EXPECT_EQ(to("minami"), refused);
  EXPECT_EQ(Changes(reader(), "o1", visit + "facility: 'facilities/minami'", "kind,school_half_days,facility"),
            refused + " opening.kind:OPENING_IN_USE opening.school_half_days:OPENING_IN_USE");
  EXPECT_EQ(Changes(reader(), "o1", "kind: OPENING_KIND_EMPLOYMENT", "kind"), "OK") << "what it is where nobody says";
  EXPECT_EQ(to("kita"), "OK") << "where it is already";
  EXPECT_EQ(Changes(reader(), "o1", "posts: 2", "posts"), "OK");
  ASSERT_EQ(Said(Withdraw(reader(), known)), "OK");
  EXPECT_EQ(to("minami"), "OK");

  Met(nurses_[0], "o1");
  EXPECT_EQ(to("kita"), refused);
  clock().Advance(absl::Hours(24 * 15));
  EXPECT_EQ(to("kita"), "OK") << "nobody decides about it any more";
  const std::string works = Working(nurses_[0], "o1");
  EXPECT_EQ(to("minami"), refused);
  EXPECT_EQ(Changes(reader(), "o1", visit, "kind,school_half_days"),
            "INVALID_ARGUMENT INVALID_REQUEST opening.kind:OPENING_IN_USE")
      << "her post is nobody's visit";
  ASSERT_EQ(Said(Leave(works, 3)), "OK");
  EXPECT_EQ(to("minami"), refused) << "she is still there";
  clock().Advance(absl::Hours(24 * 4));
  EXPECT_EQ(to("minami"), "OK");
}

// Of two openings that are alike, nothing tells the facility for which of them somebody is proposed.
TEST_P(ProposalTest, AFacilityLearnsOfNobodyByChangingItsOpening) {
  const Caller manager = CallerWith("manager", {"facility-manager@facilities/kita"}, "matching");
  for (const char* id : {"asked", "idle"}) {
    ASSERT_EQ(OpeningSays(id, "kita", "posts: 2 school_half_days: HALF_DAY_TUE_AM"), "OK");
  }
  const std::string name = Proposed(nurses_[0], "asked");
  struct Row {
    std::string fields, mask, refused;
  };
  const std::vector<Row> rows = {
      {"kind: OPENING_KIND_VISIT", "kind", "kind"},
      {"school_half_days: HALF_DAY_MON_AM", "school_half_days", "school_half_days"},
      {"holiday_half_days: HALF_DAY_MON_AM", "holiday_half_days", "holiday_half_days"},
      {"posts: 1", "posts", ""},
  };
  for (const Row& row : rows) {
    for (const char* id : {"asked", "idle"}) {
      EXPECT_EQ(Changes(manager, id, row.fields, row.mask, true), "OK") << id << " " << row.fields;
    }
  }
  ASSERT_EQ(Said(Consent(reader(), name, nurses_[0])), "OK");
  for (const Row& row : rows) {
    EXPECT_EQ(
        Changes(manager, "asked", row.fields, row.mask, true),
        row.refused.empty() ? "OK" : "INVALID_ARGUMENT INVALID_REQUEST opening." + row.refused + ":OPENING_IN_USE");
    EXPECT_EQ(Changes(manager, "idle", row.fields, row.mask, true), "OK");
  }
}

// The opening may change until she consents, and she consents to nothing but what she was told.
TEST_P(ProposalTest, SheConsentsToWhatSheWasTold) {
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST opening:OPENING_CHANGED";
  struct Row {
    std::string change, back, mask, said;
  };
  const std::vector<Row> rows = {
      {"facility: 'facilities/minami'", "facility: 'facilities/kita'", "facility", refused},
      {"kind: OPENING_KIND_VISIT", "", "kind",
       "INVALID_ARGUMENT INVALID_REQUEST legal_basis:OUTSIDE_BASIS opening:OPENING_CHANGED"},
      {"school_half_days: [HALF_DAY_MON_AM, HALF_DAY_TUE_AM]", "school_half_days: HALF_DAY_TUE_AM", "school_half_days",
       refused},
      {"holiday_half_days: HALF_DAY_TUE_AM", "", "holiday_half_days", refused},
      {"posts: 3", "posts: 2", "posts", "OK"},
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    SCOPED_TRACE(row.change);
    const std::string id = absl::StrCat("told", i);
    ASSERT_EQ(OpeningSays(id, "kita", "posts: 2 school_half_days: HALF_DAY_TUE_AM"), "OK");
    const std::string name = Proposed(nurses_[0], id);
    ASSERT_EQ(Changes(reader(), id, row.change, row.mask), "OK");
    EXPECT_EQ(Said(Consent(reader(), name, nurses_[0])), row.said);
    if (row.said == "OK") continue;
    EXPECT_EQ(Get(reader(), name)->introduced_to(), "") << "nothing half-done";
    EXPECT_EQ(Said(Propose(reader(), nurses_[0], id)),
              row.mask == "kind" ? "INVALID_ARGUMENT INVALID_REQUEST proposal.legal_basis:OUTSIDE_BASIS "
                                   "proposal.nurse:PROPOSED_ALREADY proposal.opening:OPENING_NOT_EMPLOYMENT"
                                 : "INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:PROPOSED_ALREADY");
    ASSERT_EQ(Changes(reader(), id, row.back, row.mask), "OK");
    EXPECT_EQ(Said(Consent(reader(), name, nurses_[0])), "OK") << "it is again what she was told";
  }
  ASSERT_EQ(OpeningSays("new", "kita", "posts: 2 school_half_days: HALF_DAY_TUE_AM"), "OK");
  const std::string name = Proposed(nurses_[0], "new");
  ASSERT_EQ(Changes(reader(), "new", "school_half_days: HALF_DAY_MON_AM", "school_half_days"), "OK");
  ASSERT_EQ(Said(Withdraw(reader(), name)), "OK");
  const auto again = Propose(reader(), nurses_[0], "new");
  ASSERT_EQ(Said(again), "OK");
  EXPECT_THAT(again->school_half_days(), ElementsAre(registry_v1::HALF_DAY_MON_AM));
  EXPECT_EQ(Said(Consent(reader(), again->name(), nurses_[0])), "OK") << "she was told of the opening as it is now";
}

// What she has agreed to is compared with her other posts, on every way in: the opening does not move under it.
TEST_P(ProposalTest, AnOpeningKeepsItsHalfDaysFromTheConsentToTheStart) {
  ASSERT_EQ(OpeningSays("week", "kita",
                        "posts: 2 school_half_days: [HALF_DAY_TUE_AM, HALF_DAY_WED_AM] holiday_half_days: "
                        "HALF_DAY_TUE_AM"),
            "OK");
  const auto all_ways = [&] {
    platform_v1::ImportRowsRequest file;
    file.set_collection("openings");
    file.set_dry_run(true);
    const Imported imported = ImportCsv(reader(), file,
                                        "opening_id,facility,area,posts,weekly_minutes,school_half_days\n"
                                        "week,facilities/kita,areas/312011,2,200,MON_AM\n");
    return std::vector<std::string>{
        Changes(reader(), "week", "school_half_days: HALF_DAY_TUE_AM", "school_half_days", true),
        Changes(reader(), "week", "holiday_half_days: HALF_DAY_MON_AM", "holiday_half_days", true),
        absl::StrCat(imported.summary, " ", absl::StrJoin(imported.rows, "; "))};
  };
  const auto is_free = ElementsAre("OK", "OK", "1 rows: 1 updated ");
  const auto is_kept = ElementsAre("INVALID_ARGUMENT INVALID_REQUEST opening.school_half_days:OPENING_IN_USE",
                                   "INVALID_ARGUMENT INVALID_REQUEST opening.holiday_half_days:OPENING_IN_USE",
                                   "1 rows: 1 refused 2 refused school_half_days:OPENING_IN_USE");
  const std::string& she = nurses_[0];
  const std::string name = Proposed(she, "week");
  EXPECT_THAT(all_ways(), is_free);
  ASSERT_EQ(Said(Consent(reader(), name, she)), "OK");
  EXPECT_THAT(all_ways(), is_kept);
  EXPECT_EQ(Changes(reader(), "week", "school_half_days: [HALF_DAY_WED_AM, HALF_DAY_TUE_AM] posts: 3",
                    "school_half_days,posts", true),
            "OK")
      << "the same ones in another order";
  ASSERT_EQ(Said(Agree(reader(), name)), "OK");
  EXPECT_THAT(all_ways(), is_kept);
  ASSERT_EQ(Said(Meet(reader(), name)), "OK");
  EXPECT_THAT(all_ways(), is_kept);
  ASSERT_EQ(Said(Offer(reader(), name)), "OK");
  EXPECT_THAT(all_ways(), is_kept);
  ASSERT_EQ(Said(Accept(reader(), name, she)), "OK");
  EXPECT_THAT(all_ways(), is_kept);
  ASSERT_EQ(Said(Start(name)), "OK");
  EXPECT_THAT(all_ways(), is_free) << "who works there keeps what was agreed";
  ASSERT_EQ(Changes(reader(), "week", "school_half_days: HALF_DAY_MON_AM", "school_half_days"), "OK");
  EXPECT_THAT(Get(reader(), name)->school_half_days(),
              ElementsAre(registry_v1::HALF_DAY_TUE_AM, registry_v1::HALF_DAY_WED_AM));
  ASSERT_EQ(Changes(reader(), "week", "school_half_days: [HALF_DAY_TUE_AM, HALF_DAY_WED_AM]", "school_half_days"),
            "OK");

  const std::string other = Offered(nurses_[1], "week");
  EXPECT_THAT(all_ways(), is_kept);
  clock().Advance(absl::Hours(24 * 15));
  EXPECT_THAT(all_ways(), is_free) << "she accepts it no more";
  ASSERT_EQ(Said(Withdraw(reader(), other)), "OK");
  const std::string third = Met(nurses_[1], "week");
  EXPECT_THAT(all_ways(), is_kept);
  ASSERT_EQ(Said(Withdraw(reader(), third)), "OK");
  EXPECT_THAT(all_ways(), is_free);
}

// She has an offer for a morning of each of four days, and none of them moves to the morning of another.
TEST_P(ProposalTest, EightAcceptOffersAndChangeTheirHalfDays) {
  const char* mornings[] = {"HALF_DAY_MON_AM", "HALF_DAY_TUE_AM", "HALF_DAY_WED_AM", "HALF_DAY_THU_AM"};
  std::vector<std::string> offered;
  for (int i = 0; i < 4; ++i) {
    const std::string id = absl::StrCat("day", i);
    ASSERT_EQ(OpeningSays(id, "kita", absl::StrCat("posts: 1 school_half_days: ", mornings[i])), "OK");
    offered.push_back(Offered(nurses_[0], id));
  }
  const Outcomes told = EightAtOnce([&](int i) {
    if (i % 2 == 0) return "accepted " + Said(Accept(reader(), offered[i / 2], nurses_[0]));
    return "changed " +
           Changes(reader(), absl::StrCat("day", i / 2), "school_half_days: HALF_DAY_FRI_AM", "school_half_days");
  });
  EXPECT_EQ(told, (Outcomes{{"accepted OK", 4},
                            {"changed INVALID_ARGUMENT INVALID_REQUEST opening.school_half_days:OPENING_IN_USE", 4}}));
}

// Whichever is first: she consents to the half-days that she was told, and they stay, or they change and she does not.
TEST_P(ProposalTest, EightConsentAndChangeTheHalfDays) {
  std::vector<std::string> nurses, names;
  ASSERT_EQ(OpeningSays("week", "kita", "posts: 9 school_half_days: HALF_DAY_TUE_AM"), "OK");
  for (int i = 0; i < 4; ++i) {
    registry_v1::Nurse record = ANurse(absl::StrCat("見本 ", i), "areas/312011");
    record.set_seeking(true);
    nurses.push_back(Create(record).name());
    names.push_back(Proposed(nurses.back(), "week"));
  }
  const Outcomes told = EightAtOnce([&](int i) {
    if (i % 2 == 0) return "consented " + Said(Consent(reader(), names[i / 2], nurses[i / 2]));
    return "changed " + Changes(reader(), "week", "school_half_days: HALF_DAY_MON_AM", "school_half_days");
  });
  const bool consented = told.count("consented OK") > 0, changed = told.count("changed OK") > 0;
  EXPECT_NE(consented, changed) << testing::PrintToString(told);
  EXPECT_EQ(told.at(consented ? "consented OK" : "changed OK"), 4) << testing::PrintToString(told);
}

// Who moves the opening before she consents is not hindered, and her name does not go where she was not asked.
TEST_P(ProposalTest, EightConsentAndMoveTheOpening) {
  std::vector<std::string> names;
  for (const std::string& nurse : nurses_) names.push_back(Proposed(nurse, "o1"));
  const Outcomes told = EightAtOnce([&](int i) {
    if (i % 2 == 0) return "consent " + Said(Consent(reader(), names[i / 4], nurses_[i / 4]));
    return "opening " + Changes(reader(), "o1", "facility: 'facilities/minami'", "facility");
  });
  matching_v1::GetOpeningRequest get;
  get.set_name("openings/o1");
  const auto opening = reader().Call<matching_v1::Opening>("matching.v1.OpeningService/GetOpening", get);
  ASSERT_EQ(Said(opening), "OK");
  EXPECT_EQ(opening->facility() == "facilities/minami", told.count("opening OK") > 0);
  EXPECT_NE(told.count("opening OK") > 0, told.count("consent OK") > 0) << testing::PrintToString(told);
  for (const std::string& name : names) {
    const auto proposal = Get(reader(), name);
    ASSERT_EQ(Said(proposal), "OK");
    if (!proposal->introduced_to().empty()) EXPECT_EQ(proposal->introduced_to(), opening->facility());
  }
}

// A nurse who has given notice works until her last day, and retention checks are due until then.
TEST_P(ProposalTest, ANoticeEndsNoCheckThatIsDueBeforeIt) {
  const std::string name = Working(nurses_[0], "o1");
  const jp::CivilDay start = Today();
  ASSERT_EQ(Said(Leave(name, 100)), "OK");
  EXPECT_THAT(DueSays(reader(), 40),
              ElementsAre(absl::StrCat("retention-check ", jp::FormatIso(jp::MonthsAfter(start, 1)))));
  clock().Advance(absl::Hours(24 * 95));
  const auto check = [&](int months) {
    matching_v1::RecordRetentionRequest request;
    request.set_name(name);
    request.set_months(months);
    return Said(Make<Proposal>("ProposalService/RecordRetention", request, On("check_date", Today())));
  };
  EXPECT_EQ(check(1), "OK");
  EXPECT_EQ(check(3), "OK");
  EXPECT_THAT(DueSays(reader(), 200), IsEmpty()) << "after six months she is not there";
  clock().Advance(absl::Hours(24 * 100));
  EXPECT_EQ(check(6), "FAILED_PRECONDITION PROPOSAL_STEP_UNFIT");
}

TEST_P(ProposalTest, DaysStandInTheirOrder) {
  const std::string name = Proposed(nurses_[0], "o1");
  clock().Advance(absl::Hours(24 * 2));
  ASSERT_EQ(Said(Consent(reader(), name, nurses_[0])), "OK");
  ASSERT_EQ(Said(Agree(reader(), name)), "OK");
  matching_v1::RecordInterviewRequest meet;
  meet.set_name(name);
  EXPECT_EQ(Said(Make<Proposal>("ProposalService/RecordInterview", meet, On("interview_date", Today() - 1))),
            "INVALID_ARGUMENT INVALID_REQUEST interview_date:INTERVIEW_BEFORE_CONSENT");
  ASSERT_EQ(Said(Meet(reader(), name)), "OK");
  matching_v1::DecideProposalRequest offer;
  offer.set_name(name);
  offer.set_hired(true);
  const auto decides = [&](int start, int reply_by) {
    return Said(Make<Proposal>("ProposalService/DecideProposal", offer,
                               On("start_date", Today() + start) + On("reply_by_date", Today() + reply_by)));
  };
  EXPECT_EQ(decides(10, 11), "INVALID_ARGUMENT INVALID_REQUEST reply_by_date:REPLY_BY_AFTER_START");
  EXPECT_EQ(decides(10, 10), "OK");
  ASSERT_EQ(Said(Accept(reader(), name, nurses_[0])), "OK");
  matching_v1::StartProposalRequest start;
  start.set_name(name);
  const auto starts = [&](jp::CivilDay day) {
    return Said(Make<Proposal>("ProposalService/StartProposal", start, On("start_date", day)));
  };
  EXPECT_EQ(starts(Today() - 1), "INVALID_ARGUMENT INVALID_REQUEST start_date:START_BEFORE_CONSENT");
  EXPECT_EQ(starts(jp::CivilDay(1990, 1, 1)), "INVALID_ARGUMENT INVALID_REQUEST start_date:START_BEFORE_CONSENT");
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(starts(Today() - 1), "OK") << "on the day of her consent, before the day of the offer";
}

// Its first month is over at the earliest a month after the consent; repeated, it is one check.
TEST_P(ProposalTest, ARetentionCheckIsRecordedOnce) {
  const std::string name = Working(nurses_[0], "o1");
  clock().Advance(absl::Hours(24 * 31));
  matching_v1::RecordRetentionRequest check;
  check.set_name(name);
  check.set_request_id("check");
  const auto said = [&] {
    return Said(Make<Proposal>("ProposalService/RecordRetention", check, "months: 1" + On("check_date", Today())));
  };
  const Outcomes told = EightAtOnce([&](int) { return said(); });
  EXPECT_GE(told.at("OK"), 1);
  for (const auto& [answer, count] : told) {
    EXPECT_THAT(answer, AnyOf("OK", "ABORTED REQUEST_IN_FLIGHT")) << count;
  }
  EXPECT_EQ(said(), "OK") << "the same answer again";
  EXPECT_EQ(Get(reader(), name)->retention_checks_size(), 1);
}

// The default reply day is never after the first day of work.
TEST_P(ProposalTest, AnOfferForSoonIsAnsweredBeforeTheStart) {
  const std::string name = Met(nurses_[0], "o1");
  const auto offered = Offer(reader(), name, 3);
  ASSERT_EQ(Said(offered), "OK");
  EXPECT_EQ(jp::DayOf(offered->reply_by_date()), Today() + 3);
}

TEST_P(ProposalTest, WhoDoesNotLookForWorkIsNotProposed) {
  const std::string rests = Create(ANurse("見本 休子", "areas/312011")).name();
  EXPECT_EQ(Said(Propose(reader(), rests, "o1")), "INVALID_ARGUMENT INVALID_REQUEST proposal.nurse:NURSE_NOT_SEEKING");
}

// Only the round sets that a proposal comes from a round, not a caller who creates one.
TEST_P(ProposalTest, NobodySaysOfAProposalThatARoundMadeIt) {
  const auto proposal = Propose(reader(), nurses_[0], "o1", "proposal { round: 'rounds/any' }");
  ASSERT_EQ(Said(proposal), "OK");
  EXPECT_EQ(proposal->round(), "");
}

}  // namespace
}  // namespace tsunagu::wire
