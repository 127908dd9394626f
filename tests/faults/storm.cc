#include "tests/faults/storm.h"

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/clock.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/message.h"
#include "tests/contracts/contracts.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::faults {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

std::string Today() {
  const jp::CivilDay day = jp::JapanDay(Clock::System().Now());
  return absl::StrCat("year: ", day.year(), " month: ", day.month(), " day: ", day.day());
}

std::vector<StormCall> OfServices() {
  return {
      {"registry.v1.AreaService/CreateArea", "registry",
       "area { code: '310000' kind: AREA_KIND_PREFECTURE display_name: '鳥取県' }"},
      {"registry.v1.AreaService/UpdateArea", "registry",
       "area { name: '$CreateArea' kana: 'トットリケン' etag: '1' } update_mask { paths: 'kana' }"},
      {"registry.v1.FacilityService/CreateFacility", "registry",
       "facility { display_name: '見本' area: '$CreateArea' }"},
      {"registry.v1.FacilityService/UpdateFacility", "registry",
       "facility { name: '$CreateFacility' note: '変更' etag: '1' } update_mask { paths: 'note' }"},
      {"registry.v1.FacilityService/EndFacility", "registry",
       "name: '$CreateFacility' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.ServiceKindService/CreateServiceKind", "registry",
       "service_kind { code: '99' display_name: '見本サービス' }"},
      {"registry.v1.ServiceKindService/UpdateServiceKind", "registry",
       "service_kind { name: '$CreateServiceKind' display_name: '見本' etag: '1' } update_mask { paths: 'display_name' "
       "}"},
      {"registry.v1.NurseService/CreateNurse", "registry",
       "nurse { display_name: '見本 花子' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' "
       "commute_limit_metres: 5000 }"},
      {"registry.v1.NurseService/UpdateNurse", "registry",
       "nurse { name: '$CreateNurse' weekly_minutes: 1200 etag: '1' } update_mask { paths: 'weekly_minutes' }"},
      {"registry.v1.NurseTrainingService/CreateNurseTraining", "registry",
       "parent: '$CreateNurse' nurse_training { display_name: '見本研修' completion_date { year: 2019 month: 4 day: 1 "
       "} }"},
      {"registry.v1.NurseTrainingService/UpdateNurseTraining", "registry",
       "nurse_training { name: '$CreateNurseTraining' revoked: true etag: '1' } update_mask { paths: 'revoked' }"},
      {"registry.v1.NurseTrainingService/RecordNurseTraining", "registry",
       "nurse_training { name: '$CreateNurse/nurseTrainings/told' display_name: '見本研修' completion_date { year: "
       "2020 "
       "month: 4 day: 1 } skills: SKILL_SUCTION }"},
      {"registry.v1.NurseEmploymentService/CreateNurseEmployment", "registry",
       "parent: '$CreateNurse' nurse_employment { facility: '$CreateFacility' start_date { year: 2019 month: 4 day: 1 "
       "} }"},
      {"registry.v1.NurseEmploymentService/UpdateNurseEmployment", "registry",
       "nurse_employment { name: '$CreateNurseEmployment' end_date { year: 2019 month: 5 day: 1 } etag: '1' } "
       "update_mask { "
       "paths: 'end_date' }"},
      {"registry.v1.NurseEmploymentService/RecordNurseEmployment", "registry",
       "nurse_employment { name: '$CreateNurse/nurseEmployments/told' facility: '$CreateFacility' start_date { year: "
       "2020 "
       "month: 4 day: 1 } }"},
      {"registry.v1.NurseService/EndNurse", "registry",
       "name: '$CreateNurse' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.NurseService/CreateNurse", "registry",
       "nurse { display_name: '見本 次郎' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' "
       "commute_limit_metres: 5000 }",
       1, "", true},
      {"registry.v1.CoordinatorService/CreateCoordinator", "registry",
       "coordinator { display_name: '見本 三郎' home_area: '$CreateArea' }"},
      {"registry.v1.CoordinatorService/UpdateCoordinator", "registry",
       "coordinator { name: '$CreateCoordinator' kana: 'ミホン サブロウ' etag: '1' } update_mask { paths: 'kana' }"},
      {"registry.v1.PlacementService/CreatePlacement", "registry",
       "placement { coordinator: '$CreateCoordinator' body: '$CreateArea' stage: PLACEMENT_STAGE_ACTUAL "
       "valid_from_date { year: 2019 month: 4 day: 1 } }"},
      {"registry.v1.CoordinatorTrainingService/CreateCoordinatorTraining", "registry",
       "parent: '$CreateCoordinator' coordinator_training { display_name: '見本研修' completion_date { year: 2019 "
       "month: 4 "
       "day: 1 } }"},
      {"registry.v1.CoordinatorTrainingService/UpdateCoordinatorTraining", "registry",
       "coordinator_training { name: '$CreateCoordinatorTraining' revoked: true etag: '1' } update_mask { paths: "
       "'revoked' "
       "}"},
      {"registry.v1.CoordinatorTrainingService/RecordCoordinatorTraining", "registry",
       "coordinator_training { name: '$CreateCoordinator/coordinatorTrainings/told' display_name: '見本研修' "
       "completion_date { year: 2020 month: 4 day: 1 } }"},
      {"registry.v1.PlacementService/UpdatePlacement", "registry",
       "placement { name: '$CreatePlacement' fte_hundredths: 50 etag: '1' } update_mask { paths: 'fte_hundredths' }"},
      {"registry.v1.PlacementService/EndPlacement", "registry",
       "name: '$CreatePlacement' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.CoordinatorService/EndCoordinator", "registry",
       "name: '$CreateCoordinator' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.CoordinatorService/CreateCoordinator", "registry",
       "coordinator { display_name: '見本 四郎' home_area: '$CreateArea' }"},
      {"registry.v1.PlacementService/MovePlacement", "registry",
       "name: '$CreatePlacement' coordinator: '$CreateCoordinator' end_date { year: 8000 month: 3 day: 31 } etag: '3'",
       2},
      {"registry.v1.RegionService/CreateRegion", "registry",
       "region { display_name: '見本圏域' kind: REGION_KIND_OTHER }"},
      {"registry.v1.RegionService/UpdateRegion", "registry",
       "region { name: '$CreateRegion' display_name: '見本圏' etag: '1' } update_mask { paths: 'display_name' }"},
      {"registry.v1.RegionMemberService/CreateRegionMember", "registry",
       "region_member { region: '$CreateRegion' area: '$CreateArea' }"},
      {"registry.v1.RegionMemberService/UpdateRegionMember", "registry",
       "region_member { name: '$CreateRegionMember' valid_from_date { year: 2019 month: 4 day: 1 } etag: '1' } "
       "update_mask { paths: 'valid_from_date' }"},
      {"registry.v1.RegionMemberService/EndRegionMember", "registry",
       "name: '$CreateRegionMember' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.CouncilService/CreateCouncil", "registry",
       "council { display_name: '見本協議会' level: COUNCIL_LEVEL_PREFECTURE convener: '$CreateArea' form: "
       "COUNCIL_FORM_OWN "
       "sharing: COUNCIL_SHARING_SINGLE stage: COUNCIL_STAGE_ACTUAL valid_from_date { year: 2019 month: 4 day: 1 } }"},
      {"registry.v1.CouncilService/UpdateCouncil", "registry",
       "council { name: '$CreateCouncil' family_members: 2 etag: '1' } update_mask { paths: 'family_members' }"},
      {"registry.v1.MeetingService/CreateMeeting", "registry",
       "parent: '$CreateCouncil' meeting { agenda: '見本' held_date { year: 2019 month: 5 day: 1 } }"},
      {"registry.v1.MeetingService/UpdateMeeting", "registry",
       "meeting { name: '$CreateMeeting' decisions: '見本' etag: '1' } update_mask { paths: 'decisions' }"},
      {"registry.v1.CouncilService/EndCouncil", "registry",
       "name: '$CreateCouncil' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.LocalIssueService/CreateLocalIssue", "registry",
       "local_issue { area: '$CreateArea' title: '見本' state: ISSUE_STATE_OPEN raised_date { year: 2019 month: 5 day: "
       "1 } }"},
      {"registry.v1.LocalIssueService/UpdateLocalIssue", "registry",
       "local_issue { name: '$CreateLocalIssue' text: '見本' etag: '1' } update_mask { paths: 'text' }"},
      {"registry.v1.PlanTargetService/CreatePlanTarget", "registry",
       "plan_target { body: '$CreateArea' fiscal_year: 2019 indicator: PLAN_INDICATOR_COUNCILS target: 1 }"},
      {"registry.v1.PlanTargetService/UpdatePlanTarget", "registry",
       "plan_target { name: '$CreatePlanTarget' target: 2 etag: '1' } update_mask { paths: 'target' }"},
      {"registry.v1.AreaChangeService/CreateAreaChange", "registry",
       "area_change { kind: AREA_CHANGE_KIND_RENAME effective_date { year: 2019 month: 4 day: 1 } from_areas: "
       "'$CreateArea' "
       "from_names: '見本' to_areas: '$CreateArea' to_names: '見本' }"},
      {"registry.v1.AreaChangeService/UpdateAreaChange", "registry",
       "area_change { name: '$CreateAreaChange' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      {"registry.v1.JointGroupService/CreateJointGroup", "registry", "joint_group { display_name: '見本共同配置' }"},
      {"registry.v1.JointGroupService/UpdateJointGroup", "registry",
       "joint_group { name: '$CreateJointGroup' display_name: '見本共同' etag: '1' } update_mask { paths: "
       "'display_name' }"},
      {"registry.v1.AreaService/CreateArea", "registry",
       "area { code: '312011' kind: AREA_KIND_CITY display_name: '鳥取市' parent: 'areas/310000' }"},
      {"registry.v1.AreaRoleService/CreateAreaRole", "registry",
       "area_role { area: '$CreateArea' role: AREA_ROLE_KIND_DIRECT_ANSWERER }"},
      {"registry.v1.AreaRoleService/UpdateAreaRole", "registry",
       "area_role { name: '$CreateAreaRole' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      {"registry.v1.AreaRoleService/EndAreaRole", "registry",
       "name: '$CreateAreaRole' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"registry.v1.JointGroupMemberService/CreateJointGroupMember", "registry",
       "joint_group_member { joint_group: '$CreateJointGroup' area: '$CreateArea' }"},
      {"registry.v1.JointGroupMemberService/UpdateJointGroupMember", "registry",
       "joint_group_member { name: '$CreateJointGroupMember' valid_from_date { year: 2019 month: 4 day: 1 } etag: '1' "
       "} "
       "update_mask { paths: 'valid_from_date' }"},
      {"registry.v1.JointGroupMemberService/EndJointGroupMember", "registry",
       "name: '$CreateJointGroupMember' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"platform.v1.ErasureService/EraseDataSubject", "registry",
       "parent: 'services/registry' subject: '$CreateNurse'"},
      {"matching.v1.OpeningService/CreateOpening", "matching",
       "opening { facility: '$CreateFacility' posts: 1 weekly_minutes: 600 }"},
      {"matching.v1.OpeningService/UpdateOpening", "matching",
       "opening { name: '$CreateOpening' posts: 2 etag: '1' } update_mask { paths: 'posts' }"},
      {"matching.v1.OpeningService/EndOpening", "matching",
       "name: '$CreateOpening' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"matching.v1.LegalBasisService/CreateLegalBasis", "matching",
       "legal_basis { operator_code: 'areas/310000' area: 'areas/310000' kind: BASIS_KIND_NOTICE number: '1' "
       "opening_kinds: "
       "OPENING_KIND_VISIT }"},
      {"matching.v1.LegalBasisService/UpdateLegalBasis", "matching",
       "legal_basis { name: '$CreateLegalBasis' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      {"matching.v1.OpeningService/RefuseOpening", "matching",
       "name: '$CreateOpening' legal_basis: '$CreateLegalBasis' etag: '3'"},
      {"matching.v1.LegalBasisService/EndLegalBasis", "matching",
       "name: '$CreateLegalBasis' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"matching.v1.OpeningService/CreateOpening", "matching",
       "opening { facility: '$CreateFacility' posts: 1 weekly_minutes: 600 }"},
      {"matching.v1.LegalBasisService/CreateLegalBasis", "matching",
       "legal_basis { operator_code: 'areas/310000' area: 'areas/310000' kind: BASIS_KIND_NOTICE number: '2' "
       "opening_kinds: "
       "OPENING_KIND_EMPLOYMENT }"},
      {"registry.v1.NurseService/CreateNurse", "registry",
       "nurse { display_name: '見本 三枝' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' "
       "commute_limit_metres: 5000 seeking: true }"},
      {"matching.v1.ProposalService/CreateProposal", "matching",
       "proposal { opening: '$CreateOpening' nurse: '$CreateNurse' legal_basis: '$CreateLegalBasis' }"},
      {"matching.v1.ProposalService/ConsentProposal", "matching",
       "name: '$CreateProposal' nurse: '$CreateNurse' nurse_display_name: '見本 次郎' evidence: '電話' etag: '1'"},
      {"matching.v1.ProposalService/AgreeProposal", "matching", "name: '$CreateProposal' etag: '2'"},
      {"matching.v1.ProposalService/RecordInterview", "matching",
       absl::StrCat("name: '$CreateProposal' etag: '3' interview_date { ", Today(), " }")},
      {"matching.v1.ProposalService/DecideProposal", "matching",
       "name: '$CreateProposal' hired: true start_date { year: 9000 month: 4 day: 1 } etag: '4'"},
      {"matching.v1.ProposalService/AcceptProposal", "matching",
       "name: '$CreateProposal' nurse: '$CreateNurse' etag: '5'"},
      {"matching.v1.ProposalService/StartProposal", "matching",
       absl::StrCat("name: '$CreateProposal' still_seeking: true etag: '6' start_date { ", Today(), " }")},
      {"matching.v1.ProposalService/LeaveProposal", "matching",
       "name: '$CreateProposal' reason: END_REASON_COMMUTE leave_date { year: 9000 month: 9 day: 30 } etag: '7'"},
      {"matching.v1.ProposalService/StayProposal", "matching", "name: '$CreateProposal' etag: '8'"},
      {"matching.v1.ProposalService/LeaveProposal", "matching",
       absl::StrCat("name: '$CreateProposal' reason: END_REASON_COMMUTE etag: '9' leave_date { ", Today(), " }")},
      {"matching.v1.ProposalService/CreateProposal", "matching",
       "proposal { opening: '$CreateOpening' nurse: '$CreateNurse' legal_basis: '$CreateLegalBasis' }"},
      {"matching.v1.ProposalService/WithdrawProposal", "matching",
       "name: '$CreateProposal' reason: END_REASON_NURSE_DECLINED etag: '1'"},
      {"matching.v1.OpeningService/CreateOpening", "matching",
       "opening { facility: '$CreateFacility' posts: 1 weekly_minutes: 60 kind: OPENING_KIND_VISIT school_half_days: "
       "HALF_DAY_MON_AM }"},
      {"matching.v1.VisitContractService/CreateVisitContract", "matching",
       "visit_contract { opening: '$CreateOpening' supplier_code: '3100000001' school_half_days: HALF_DAY_MON_AM "
       "valid_from_date { year: 2019 month: 4 day: 1 } }"},
      {"matching.v1.VisitContractService/UpdateVisitContract", "matching",
       "visit_contract { name: '$CreateVisitContract' supplier_name: '見本' etag: '1' } update_mask { paths: "
       "'supplier_name' }"},
      {"matching.v1.VisitContractService/EndVisitContract", "matching",
       "name: '$CreateVisitContract' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"matching.v1.CommuteRuleService/CreateCommuteRule", "matching",
       "commute_rule { area: '$CreateArea' road_factor_permille: 1300 }"},
      {"matching.v1.CommuteRuleService/UpdateCommuteRule", "matching",
       "commute_rule { name: '$CreateCommuteRule' road_factor_permille: 1200 etag: '1' } update_mask { paths: "
       "'road_factor_permille' }"},
      {"matching.v1.TravelTimeService/CreateTravelTime", "matching",
       "parent: '$CreateCommuteRule' travel_time { origin: '53341188' destination: 'facilities/a' minutes: 20 }"},
      {"matching.v1.TravelTimeService/UpdateTravelTime", "matching",
       "travel_time { name: '$CreateTravelTime' minutes: 25 etag: '1' } update_mask { paths: 'minutes' }"},
      {"matching.v1.CommuteRuleService/EndCommuteRule", "matching",
       "name: '$CreateCommuteRule' end_date { year: 9000 month: 3 day: 31 } etag: '2'"},
      {"matching.v1.VisitSupplyService/CreateVisitSupply", "matching",
       "visit_supply_id: 'storm-v' visit_supply { supplier_code: '3100000001' kind: SUPPLIER_POOL area: 'areas/310000' "
       "latitude_e6: 35495000 longitude_e6: 134231000 reach_metres: 9000 licence: LICENCE_NURSE school_half_days: "
       "HALF_DAY_TUE_AM concurrent_visit_count: 2 }"},
      {"matching.v1.VisitSupplyService/UpdateVisitSupply", "matching",
       "visit_supply { name: '$CreateVisitSupply' supplier_name: '見本' etag: '1' } update_mask { paths: "
       "'supplier_name' }"},
      {"matching.v1.OpeningService/CreateOpening", "matching",
       "opening_id: 'storm-v' opening { facility: '$CreateFacility' posts: 2 weekly_minutes: 60 kind: "
       "OPENING_KIND_VISIT "
       "school_half_days: HALF_DAY_TUE_AM }"},
      {"matching.v1.RoundService/CreateRound", "matching",
       "round_id: 'storm-visits' round { display_name: '見本' seed: 1 opening_kind: OPENING_KIND_VISIT }"},
      {"matching.v1.RoundService/FreezeRound", "matching",
       "name: '$CreateRound' snapshot { openings { name: 'openings/storm-v' facility: 'facilities/a' latitude_e6: "
       "35495000 "
       "longitude_e6: 134231000 posts: 2 weekly_minutes: 60 visits { half_day: HALF_DAY_TUE_AM posts: 2 } } supplies { "
       "name: 'visitSupplies/storm-v' kind: SUPPLIER_POOL latitude_e6: 35495000 longitude_e6: 134231000 reach_metres: "
       "9000 licence: LICENCE_NURSE given { half_day: HALF_DAY_TUE_AM visit_count: 2 } school_visit_count: 9 "
       "all_visit_count: 9 } }"},
      {"matching.v1.RoundService/SolveRound", "matching", "name: '$CreateRound'"},
      {"matching.v1.RoundService/PublishRound", "matching", "name: '$CreateRound' etag: '3'"},
      {"matching.v1.VisitRoundService/OpenVisitContracts", "matching", "round: '$PublishRound'", 2},
      {"matching.v1.VisitContractService/AcceptVisitContract", "matching",
       "name: 'visitContracts/r-e166e25067620dd3c48bb1b1' etag: '1'"},
      {"matching.v1.VisitContractService/DeclineVisitContract", "matching",
       "name: 'visitContracts/r-56aa7f61da03c997447c4094' etag: '1'"},
      {"matching.v1.VisitEventService/ApplyVisitEvents", "matching",
       "name: '$PublishRound' changes { change_half_day { opening: 'openings/storm-v' half_day: HALF_DAY_TUE_AM posts: "
       "1 } } "
       "etag: '4'"},
      {"matching.v1.VisitSupplyService/EndVisitSupply", "matching",
       "name: '$CreateVisitSupply' end_date { year: 9999 month: 12 day: 31 } etag: '2'"},
      {"matching.v1.RoundService/CreateRound", "matching", "round { display_name: '見本' seed: 1 }"},
      {"matching.v1.RoundService/FreezeRound", "matching",
       "name: '$CreateRound' snapshot { openings { name: 'openings/a' facility: 'facilities/a' latitude_e6: 35495000 "
       "longitude_e6: 134231000 posts: 1 weekly_minutes: 600 } nurses { name: 'nurses/a' licence: LICENCE_NURSE "
       "weekly_minutes: 600 home_mesh: '53341188' commute_limit_metres: 50000 } }"},
      {"matching.v1.RoundService/SolveRound", "matching", "name: '$CreateRound'"},
      {"platform.v1.OperationService/CancelOperation", "matching", "name: '$SolveRound'", 0},
      {"matching.v1.RoundService/PublishRound", "matching", "name: '$CreateRound' etag: '3'"},
      {"matching.v1.RoundEventService/ApplyEvents", "matching",
       "name: '$CreateRound' changes { posts_change { opening: 'openings/a' posts: 1 } } etag: '4'"},
      {"matching.v1.ProposalService/OpenProposals", "matching",
       "round: '$PublishRound' legal_basis: '$CreateLegalBasis'", 0},
      {"matching.v1.RoundService/CreateRound", "matching", "round { display_name: '見本' seed: 2 }"},
      {"matching.v1.RoundService/CancelRound", "matching", "name: '$CreateRound' reason: '見本' etag: '1'"},
      {"platform.v1.TransferService/ImportRows", "registry",
       "parent: 'services/registry' collection: 'facilities' data: "
       "'事業所の名称,取込元のキー\\n見本,a/1\\n見本,a/2\\n'",
       2},
      {"platform.v1.TransferService/ImportRows", "matching",
       "parent: 'services/matching' collection: 'openings' data: "
       "'事業所,人数,週の勤務分数\\n$CreateFacility,1,600\\n'"},
      {"registry.v1.SurveyFormService/CreateSurveyForm", "registry",
       "survey_form_id: 'storm' survey_form { display_name: '見本調査票' items { code: 'a' label: '人数' kind: "
       "KIND_NUMBER } }"},
      {"registry.v1.SurveyFormService/UpdateSurveyForm", "registry",
       "survey_form { name: '$CreateSurveyForm' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      {"registry.v1.SurveyRoundService/CreateSurveyRound", "registry",
       "survey_round_id: 'storm' survey_round { display_name: '見本調査' form: '$CreateSurveyForm' prefecture: "
       "'areas/310000' "
       "as_of_date { year: 2019 month: 8 day: 1 } due_date { year: 2019 month: 8 day: 31 } }",
       2},
      {"registry.v1.SurveyResponseService/UpdateSurveyResponse", "registry",
       "survey_response { name: '$CreateSurveyRound/surveyResponses/312011' answers { item: 'a' value: '1' } etag: '1' "
       "} "
       "update_mask { paths: 'answers' }"},
      {"registry.v1.SurveyResponseService/ImportSurveyFile", "registry",
       "parent: '$CreateSurveyRound' data: "
       "'tsunagu調査票1,$CreateSurveyForm,2,$CreateSurveyRound,areas/312011\\n\\n\\n\\n\\n"
       "番号,区分,項目,回答,単位,登録からの集計\\n1,,人数,2\\n,,備考\\n'"},
      {"registry.v1.SurveyResponseService/SubmitSurveyResponse", "registry",
       "name: '$CreateSurveyRound/surveyResponses/312011' etag: '3'"},
      {"registry.v1.SurveyResponseService/ReturnSurveyResponse", "registry",
       "name: '$CreateSurveyRound/surveyResponses/312011' objections { text: '見本' } etag: '4'"},
      {"registry.v1.SurveyResponseService/SubmitSurveyResponse", "registry",
       "name: '$CreateSurveyRound/surveyResponses/312011' etag: '5'"},
      {"registry.v1.SurveyResponseService/AcceptSurveyResponse", "registry",
       "name: '$CreateSurveyRound/surveyResponses/312011' etag: '6'"},
      {"registry.v1.SurveyRoundService/UpdateSurveyRound", "registry",
       "survey_round { name: '$CreateSurveyRound' display_name: '調査' etag: '1' } update_mask { paths: 'display_name' "
       "}"},
      {"registry.v1.SurveyRoundService/LockSurveyRound", "registry", "name: '$CreateSurveyRound' etag: '2'"},
      {"registry.v1.PublicationService/CreatePublication", "registry",
       "publication_id: 'storm' publication { display_name: '見本' prefecture: 'areas/310000' as_of_date { year: 2019 "
       "month: 8 day: 1 "
       "} tables: TABLE_STAGES }"},
      {"registry.v1.PublicationService/WithdrawPublication", "registry",
       "name: '$CreatePublication' reason: '見本' etag: '1'"},
  };
}

std::vector<StormCall> OfTraining() {
  std::vector<StormCall> calls = {
      {"CurriculumService/CreateCurriculum", "",
       "curriculum { display_name: '見本' series: 'sample' trains: TRAINS_COORDINATORS subjects { code: '1' "
       "display_name: '講義' method: METHOD_LECTURE "
       "minutes: 60 } tests { code: 't' display_name: '試験' questions: 1 pass_percent: 100 } acts { act: "
       "ACT_ORAL_SUCTION exercises: 1 } credit_rule { make_up: true } }"},
      {"CurriculumService/UpdateCurriculum", "",
       "curriculum { name: '$CreateCurriculum' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      {"CourseService/CreateCourse", "",
       "course { display_name: '見本研修' curriculum: '$CreateCurriculum' fiscal_year: 2019 hosts: 'areas/310000' "
       "capacity: 1 "
       "start_date { year: 2019 month: 4 day: 1 } end_date { year: 2020 month: 3 day: 31 } }"},
      {"SessionService/CreateSession", "",
       "parent: '$CreateCourse' session { held_date { year: 2019 month: 4 day: 10 } start_minute: 540 end_minute: 600 "
       "mode: MODE_ON_SITE lessons { subject: '1' minutes: 60 } }"},
      {"SessionService/UpdateSession", "",
       "session { name: '$CreateSession' place: '見本会館' etag: '1' } update_mask { paths: 'place' }"},
      {"LearnerService/CreateLearner", "", "learner { display_name: '見本 四郎' body: 'areas/310000' }"},
      {"LearnerService/UpdateLearner", "",
       "learner { name: '$CreateLearner' office: '見本事業所' etag: '1' } update_mask { paths: 'office' }"},
      {"EnrollmentService/CreateEnrollment", "",
       "parent: '$CreateCourse' enrollment { learner: '$CreateLearner' nominating_body: 'areas/310000' rank: 1 ground: "
       "GROUND_OTHER }"},
      {"EnrollmentService/UpdateEnrollment", "",
       "enrollment { name: '$CreateEnrollment' rank: 2 etag: '1' } update_mask { paths: 'rank' }"},
      {"LearnerService/CreateLearner", "", "learner { display_name: '見本 五郎' body: 'areas/310000' }"},
      {"EnrollmentService/CreateEnrollment", "",
       "parent: '$CreateCourse' enrollment { learner: '$CreateLearner' nominating_body: 'areas/310000' rank: 3 ground: "
       "GROUND_OTHER }"},
      {"CourseService/SelectLearners", "", "name: '$CreateCourse'", 2},
      {"CourseService/UpdateCourse", "",
       "course { name: '$CreateCourse' capacity: 2 etag: '1' } update_mask { paths: 'capacity' }"},
      {"CourseService/PromoteLearner", "", "name: '$CreateCourse'"},
      {"AttendanceService/CreateAttendance", "",
       "parent: '$CreateEnrollment' attendance { session: '$CreateSession' subject: '1' minutes: 60 }"},
      {"SessionService/CreateSession", "",
       "parent: '$CreateCourse' session { held_date { year: 2019 month: 5 day: 1 } mode: MODE_ON_DEMAND lessons { "
       "subject: "
       "'1' minutes: 60 } }"},
      {"ViewingService/CreateViewing", "",
       "parent: '$CreateEnrollment' viewing { session: '$CreateSession' subject: '1' start_date { year: 2019 month: 5 "
       "day: 2 "
       "} start_minute: 600 end_date { year: 2019 month: 5 day: 2 } end_minute: 630 }"},
      {"TestResultService/CreateTestResult", "",
       "parent: '$CreateEnrollment' test_result { test: 't' test_date { year: 2019 month: 5 day: 1 } correct: 1 }"},
      {"TrialService/CreateTrial", "",
       "parent: '$CreateEnrollment' trial { kind: KIND_EXERCISE act: ACT_ORAL_SUCTION trial_date { year: 2019 month: 5 "
       "day: 2 } number: 1 successful: true }"},
      {"StatementService/CreateStatement", "",
       "parent: '$CreateEnrollment' statement { subject: '1' minutes: 10 completion_date { year: 2019 month: 4 day: 1 "
       "} "
       "issuer: '見本県' evidence: '第1号' }"},
      {"CertificateService/IssueCertificate", "", "enrollment: '$CreateEnrollment'"},
      {"LearnerService/UpdateLearner", "",
       "learner { name: '$CreateLearner' coordinator: 'coordinators/storm' etag: '1' } update_mask { paths: "
       "'coordinator' "
       "}"},
      {"CertificateService/TellRegistry", "", "name: '$IssueCertificate'"},
      {"SigningKeyService/RotateSigningKey", "", "", 2},
      {"CertificateService/ReissueCertificate", "", "name: '$IssueCertificate' reason: '改姓'", 2},
      {"SigningKeyService/RetireSigningKey", "", "name: 'signingKeys/1' reason: '見本'"},
      {"CertificateService/RevokeCertificate", "", "name: '$ReissueCertificate' reason: '誤り'"},
      {"CertificateService/IssueCertificate", "", "enrollment: '$CreateEnrollment'"},
      {"CourseService/UpdateCourse", "",
       "course { name: '$CreateCourse' issuer: '見本県知事' etag: '2' } update_mask { paths: 'issuer' }"},
      // Dry runs: a repetition does not find again what they have already done.
      {"CertificateService/ReissueCertificates", "", "course: '$CreateCourse' reason: '訂正' validate_only: true", 0},
      {"CertificateService/RevokeCertificates", "", "course: '$CreateCourse' reason: '誤り' validate_only: true", 0},
      {"PermitRuleService/CreatePermitRule", "",
       "permit_rule { prefecture: 'areas/310000' any_client: UNIT_WORKER one_client: UNIT_WORKER }"},
      {"PermitRuleService/UpdatePermitRule", "",
       "permit_rule { name: '$CreatePermitRule' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      {"PermitApplicationService/CreatePermitApplication", "",
       "permit_application { learner: '$CreateLearner' prefecture: 'areas/310000' acts: ACT_ORAL_SUCTION evidence: "
       "'第1号' "
       "application_date { year: 2019 month: 4 day: 1 } }"},
      {"PermitApplicationService/UpdatePermitApplication", "",
       "permit_application { name: '$CreatePermitApplication' evidence: '第2号' etag: '1' } update_mask { paths: "
       "'evidence' "
       "}"},
      {"PermitApplicationService/GrantPermitApplication", "",
       "name: '$CreatePermitApplication' number: '認-1' certified_date { year: 2019 month: 4 day: 10 }", 2},
      {"WorkerFilingService/CreateWorkerFiling", "",
       "parent: '$Permit' worker_filing { office: '31-1' kind: KIND_ADDED filing_date { year: 2019 month: 5 day: 1 } "
       "}"},
      {"CarePermitService/RevokeCarePermit", "", "name: '$Permit' reason: '返納'"},
      {"PermitApplicationService/CreatePermitApplication", "",
       "permit_application { learner: '$CreateLearner' prefecture: 'areas/310000' acts: ACT_NASAL_SUCTION evidence: "
       "'第1号' "
       "application_date { year: 2019 month: 4 day: 1 } }"},
      {"PermitApplicationService/RefusePermitApplication", "", "name: '$CreatePermitApplication' reason: '取下げ'"},
      {"LearnerService/CreateLearner", "", "learner { display_name: '見本 七郎' body: 'areas/310000' }"},
      {"EnrollmentService/CreateEnrollment", "",
       "parent: '$CreateCourse' enrollment { learner: '$CreateLearner' nominating_body: 'areas/310000' rank: 4 ground: "
       "GROUND_OTHER }"},
      {"EnrollmentService/DeclineEnrollment", "", "name: '$CreateEnrollment' reason: '定員'"},
      {"EnrollmentService/CreateEnrollment", "",
       "parent: '$CreateCourse' enrollment { learner: '$CreateLearner' nominating_body: 'areas/310000' rank: 4 ground: "
       "GROUND_OTHER }"},
      {"EnrollmentService/WithdrawEnrollment", "", "name: '$CreateEnrollment' reason: '異動'"},
      {"CertificateService/IssueCertificates", "", "course: '$CreateCourse'", 0},
      {"LearnerService/CreateLearner", "", "learner { display_name: '見本 六郎' body: 'areas/310000' }", 1, "", true},
  };
  for (StormCall& call : calls) {
    call.method = absl::StrCat("training.v1.", call.method);
    call.service = "training";
  }
  calls.push_back({"platform.v1.ErasureService/EraseDataSubject", "training",
                   "parent: 'services/training' subject: '$CreateLearner'"});
  calls.push_back(
      {"platform.v1.TransferService/ImportRows", "training",
       "parent: 'services/training' collection: 'learners' data: '氏名,所属団体\\n見本 七郎,areas/310000\\n'"});
  return calls;
}

std::vector<StormCall> OfActivities() {
  const std::string day = " { year: 2019 month: 4 day: 1 } ";
  return {
      {"ActivitySchemeService/CreateActivityScheme", "",
       "activity_scheme { display_name: '見本' body: 'areas/312011' activity: ACTIVITY_RESPITE unit_minutes: 30 rest: "
       "REST_DROPPED start: START_DECISION unit_price_yen: 100 }"},
      {"ActivitySchemeService/UpdateActivityScheme", "",
       "activity_scheme { name: '$CreateActivityScheme' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      {"ProviderService/CreateProvider", "",
       "provider { display_name: '見本' body: 'areas/312011' activity: ACTIVITY_RESPITE registration_date" + day + "}"},
      {"ProviderService/UpdateProvider", "",
       "provider { name: '$CreateProvider' display_name: '見本2' etag: '1' } update_mask { paths: 'display_name' }"},
      {"UsageGrantService/CreateUsageGrant", "",
       "usage_grant { code: 'S-1' body: 'areas/312011' scheme: '$CreateActivityScheme' child: 'a-1' fiscal_year: 2019 "
       "application_date" +
           day + "decision_date" + day + "}"},
      {"UsageGrantService/UpdateUsageGrant", "",
       "usage_grant { name: '$CreateUsageGrant' siblings: 1 etag: '1' } update_mask { paths: 'siblings' }"},
      {"ServiceRecordService/CreateServiceRecord", "",
       "parent: '$CreateUsageGrant' service_record { provider: '$CreateProvider' begins_at: '9:00' ends_at: '10:00' "
       "place: "
       "SERVICE_PLACE_HOME served_by: SERVED_BY_NURSE service_date" +
           day + "}"},
      {"UsageClaimService/CreateUsageClaim", "",
       "parent: '$CreateProvider' usage_claim { lines { usage_grant: '$CreateUsageGrant' minutes: 60 yen: 200 } "
       "total_yen: 200 "
       "month_date" +
           day + "}"},
      {"UsageClaimService/WithdrawUsageClaim", "", "name: '$CreateUsageClaim' reason: '見本'"},
      {"UsageClaimService/FileUsageClaim", "",
       "parent: '$CreateProvider' data: 'code,minutes,yen\\nS-1,60,200\\n' month_date" + day},
      {"BudgetLineService/CreateBudgetLine", "",
       "budget_line { display_name: '市の費' fiscal_year: 2019 code: '2019-c' body: 'areas/312011' }"},
      {"BudgetChangeService/CreateBudgetChange", "",
       "parent: '$CreateBudgetLine' budget_change { kind: KIND_INITIAL yen: 1000 document_number: '1' change_date" +
           day + "}",
       3},
      {"UsageClaimService/ApproveUsageClaim", "",
       "name: '$FileUsageClaim' budget_line: '$CreateBudgetLine' approval_date { year: 2019 month: 4 day: 30 }", 3, "",
       false, "$Secret"},
      {"UsageClaimService/ReleaseUsageClaim", "",
       "name: '$FileUsageClaim' reason: '見本' release_date { year: 2019 month: 4 day: 30 }", 3, "", false, "$Secret"},
      {"UsageClaimService/ApproveUsageClaim", "",
       "name: '$FileUsageClaim' budget_line: '$CreateBudgetLine' approval_date { year: 2019 month: 4 day: 30 }", 3, "",
       false, "$Secret"},
      {"platform.v1.AccessService/SetPrincipal", "",
       "parent: 'services/subsidy' principal_id: 'cashier' principal { grants { role: 'treasurer' scope: '*' } }"},
      {"platform.v1.AccessService/CreateApiKey", "", "parent: 'services/subsidy' api_key { principal: 'cashier' }", 1,
       "API_KEY_EXISTS"},
      {"UsageClaimService/PayUsageClaim", "",
       "name: '$FileUsageClaim' voucher: 'v1' payment_date { year: 2019 month: 4 day: 30 }", 3, "", false, "$Secret"},
      // A record that is closed after all this must be unused.
      {"BudgetLineService/CreateBudgetLine", "",
       "budget_line { display_name: '見本費' fiscal_year: 2019 code: '2019-z' body: 'areas/310000' }"},
  };
}

std::vector<StormCall> OfSubsidy() {
  const std::string day = " { year: 2019 month: 4 day: 1 } ";
  std::vector<StormCall> calls = {
      {"RuleSetService/CreateRuleSet", "",
       "rule_set { display_name: '見本' result: 'grant' items { code: 'a' ja: '見本' en: 'sample' inputs { name: "
       "'spent' ja: "
       "'経費' en: 'cost' unit: UNIT_YEN } steps { name: 'grant' ja: '補助額' en: 'grant' formula: 'spent' } } }"},
      {"RuleSetService/UpdateRuleSet", "",
       "rule_set { name: '$CreateRuleSet' source: '見本' etag: '1' } update_mask { paths: 'source' }"},
      // Another body decides, so that one caller may do everything.
      {"ProgrammeService/CreateProgramme", "",
       "programme { display_name: '見本' fiscal_year: 2019 rule_set: '$CreateRuleSet' decided_elsewhere: true }"},
      {"ProgrammeService/UpdateProgramme", "",
       "programme { name: '$CreateProgramme' legal_basis: '見本' etag: '1' } update_mask { paths: 'legal_basis' }"},
      {"AllotmentService/CreateAllotment", "",
       "parent: '$CreateProgramme' allotment { body: 'areas/312011' yen: 1000 }"},
      {"AllotmentService/UpdateAllotment", "",
       "allotment { name: '$CreateAllotment' yen: 2000 etag: '1' } update_mask { paths: 'yen' }"},
      {"BudgetLineService/CreateBudgetLine", "",
       "budget_line { display_name: '見本費' fiscal_year: 2019 code: '2019-1' body: 'areas/310000' }"},
      {"BudgetLineService/UpdateBudgetLine", "",
       "budget_line { name: '$CreateBudgetLine' display_name: '見本' etag: '1' } update_mask { paths: 'display_name' "
       "}"},
      {"BudgetChangeService/CreateBudgetChange", "",
       "parent: '$CreateBudgetLine' budget_change { kind: KIND_INITIAL yen: 1000 document_number: '1' change_date" +
           day + "}",
       3},
      {"ApplicationService/CreateApplication", "",
       "application { programme: '$CreateProgramme' applicant: 'areas/312011' claim { items { code: 'a' entries { "
       "input: "
       "'spent' value: 500 } } } }"},
      {"ApplicationService/UpdateApplication", "",
       "application { name: '$CreateApplication' purpose: '見本' etag: '1' } update_mask { paths: 'purpose' }"},
      {"FilingService/CreateFiling", "",
       "parent: '$CreateApplication' filing { kind: KIND_APPLICATION filing_date" + day + "}", 2},
      {"DecisionService/CreateDecision", "",
       "parent: '$CreateApplication' decision { kind: KIND_EXAMINATION decision_date" + day + "}", 2},
      {"DecisionService/CreateDecision", "",
       "parent: '$CreateApplication' decision { kind: KIND_GRANT document_number: '1' decision_date" + day + "}", 2},
      {"PaymentService/CreatePayment", "",
       "parent: '$CreateApplication' payment { kind: KIND_ADVANCE yen: 100 document_number: 'v1' payment_date" + day +
           "}",
       2},
      // Own work needs a new programme, because another body decides in the first one.
      {"ProgrammeService/CreateProgramme", "",
       "programme { display_name: '見本' fiscal_year: 2019 grantor: 'areas/310000' rule_set: '$CreateRuleSet' }"},
      {"CommitmentService/CreateCommitment", "",
       "commitment { programme: '$CreateProgramme' body: 'areas/310000' kind: KIND_DIRECT display_name: '見本' item: "
       "'a' }"},
      {"CommitmentService/UpdateCommitment", "",
       "commitment { name: '$CreateCommitment' expense: '旅費' etag: '1' } update_mask { paths: 'expense' }"},
      {"CommitmentActService/CreateCommitmentAct", "",
       "parent: '$CreateCommitment' commitment_act { kind: KIND_COMMITMENT yen: 1 document_number: '1' budget_line: "
       "'$CreateBudgetLine' act_date" +
           day + "}",
       4},
      {"CommitmentActService/CreateCommitmentAct", "",
       "parent: '$CreateCommitment' commitment_act { kind: KIND_RELEASE yen: 1 document_number: '2' budget_line: "
       "'$CreateBudgetLine' act_date" +
           day + "}",
       4},
      {"ProgrammeService/CreateProgramme", "",
       "programme { display_name: '見本' fiscal_year: 2019 rule_set: '$CreateRuleSet' decided_elsewhere: true via: "
       "'areas/310000' }"},
      {"ApplicationService/CreateApplication", "",
       "application { programme: '$CreateProgramme' applicant: 'areas/312011' claim { items { code: 'a' entries { "
       "input: "
       "'spent' value: 500 } } } }"},
      {"FilingService/CreateFiling", "",
       "parent: '$CreateApplication' filing { kind: KIND_APPLICATION filing_date" + day + "}", 2},
      {"DecisionService/CreateDecision", "",
       "parent: '$CreateApplication' decision { kind: KIND_EXAMINATION decision_date" + day + "}", 2},
      {"ForwardingService/CreateForwarding", "",
       "parent: '$CreateProgramme' forwarding { body: 'areas/310000' document_number: '1' forwarding_date" + day + "}",
       2},
      // Three people: one files, one decides, and one imports what was paid.
      {"ProgrammeService/CreateProgramme", "",
       "programme { display_name: '見本' fiscal_year: 2019 grantor: 'areas/310000' rule_set: '$CreateRuleSet' }"},
      {"ApplicationService/CreateApplication", "",
       "application { programme: '$CreateProgramme' applicant: 'areas/312011' claim { items { code: 'a' entries { "
       "input: "
       "'spent' value: 500 } } } }"},
      {"FilingService/CreateFiling", "",
       "parent: '$CreateApplication' filing { kind: KIND_APPLICATION filing_date" + day + "}", 2},
      {"DecisionService/CreateDecision", "",
       "parent: '$CreateApplication' decision { kind: KIND_EXAMINATION decision_date" + day + "}", 2, "", false,
       "$Secret"},
      {"DecisionService/CreateDecision", "",
       "parent: '$CreateApplication' decision { kind: KIND_GRANT document_number: '1' budget_line: '$CreateBudgetLine' "
       "decision_date" +
           day + "}",
       4, "", false, "$Secret"},
      {"PaymentLayoutService/CreatePaymentLayout", "",
       "payment_layout { display_name: '見本' body: 'areas/310000' form { shape: SHAPE_CSV encoding: ENCODING_UTF8 "
       "columns { "
       "source: SOURCE_KEY } columns { source: SOURCE_YEN } result { key: 'k' day: 'd' voucher: 'v' yen: 'y' } } }"},
      {"PaymentLayoutService/UpdatePaymentLayout", "",
       "payment_layout { name: '$CreatePaymentLayout' display_name: '見本2' etag: '1' } update_mask { paths: "
       "'display_name' }"},
      {"PaymentBatchService/CreatePaymentBatch", "",
       "payment_batch { body: 'areas/310000' layout: '$CreatePaymentLayout' document_number: 'R' items { application: "
       "'$CreateApplication' yen: 500 } request_date" +
           day + "}",
       2},
      {"PaymentBatchService/ReleasePaymentBatch", "", "name: '$CreatePaymentBatch' reason: '見本'", 2},
      {"PaymentBatchService/CreatePaymentBatch", "",
       "payment_batch { body: 'areas/310000' layout: '$CreatePaymentLayout' document_number: 'S' items { application: "
       "'$CreateApplication' yen: 500 } request_date" +
           day + "}",
       2},
      {"platform.v1.AccessService/SetPrincipal", "",
       "parent: 'services/subsidy' principal_id: 'third' principal { grants { role: 'prefecture-officer' scope: '*' } "
       "grants "
       "{ role: 'treasurer' scope: '*' } }"},
      {"platform.v1.AccessService/CreateApiKey", "", "parent: 'services/subsidy' api_key { principal: 'third' }", 1,
       "API_KEY_EXISTS"},
      {"PaymentBatchService/ImportPaymentResult", "",
       "name: '$CreatePaymentBatch' data: 'k,d,v,y\\nS-0001,2019-04-01,v1,500\\n'", 6, "", false, "$Secret"},
      {"ApprovalLimitService/CreateApprovalLimit", "",
       "approval_limit { body: 'areas/310000' holder: 'robot' yen: 1000 valid_from_date" + day + "}"},
      {"ApprovalLimitService/UpdateApprovalLimit", "",
       "approval_limit { name: '$CreateApprovalLimit' yen: 2000 etag: '1' } update_mask { paths: 'yen' }"},
      {"OverrideService/CreateOverride", "",
       "parent: '$CreateApplication' override { reason: '見本' last_date { year: 2199 month: 3 day: 31 } }"},
      {"OverrideService/ApproveOverride", "", "name: '$CreateOverride'", 1, "", false, "$Secret"},
      {"CommitmentOverrideService/CreateCommitmentOverride", "",
       "parent: '$CreateCommitment' commitment_override { reason: '見本' last_date { year: 2199 month: 3 day: 31 } }"},
      {"CommitmentOverrideService/ApproveCommitmentOverride", "", "name: '$CreateCommitmentOverride'", 1, "", false,
       "$Secret"},
  };
  for (StormCall& call : OfActivities()) calls.push_back(std::move(call));
  for (StormCall& call : calls) {
    if (!absl::StartsWith(call.method, "platform.")) call.method = absl::StrCat("subsidy.v1.", call.method);
    call.service = "subsidy";
  }
  const std::string at = "parent: 'services/subsidy' ";
  calls.insert(calls.begin(),
               {{"platform.v1.AccessService/SetPrincipal", "subsidy",
                 at + "principal_id: 'second' principal { grants { role: 'prefecture-officer' scope: '*' } }"},
                {"platform.v1.AccessService/CreateApiKey", "subsidy", at + "api_key { principal: 'second' }", 1,
                 "API_KEY_EXISTS"}});
  calls.push_back({"subsidy.v1.BudgetLineService/CloseBudgetLine", "subsidy", "name: '$CreateBudgetLine'"});
  calls.push_back(
      {"subsidy.v1.BudgetLineService/ReopenBudgetLine", "subsidy", "name: '$CreateBudgetLine' reason: '見本'"});
  calls.push_back({"platform.v1.TransferService/ImportRows", "subsidy",
                   "parent: 'services/subsidy' collection: 'budgetLines' data: "
                   "'名称,年度,科目コード,団体\\n見本費,2019,2019-2,areas/310000\\n'"});
  return calls;
}

std::vector<StormCall> OfAccess(const std::string& service) {
  std::vector<StormCall> calls = {
      {"platform.v1.AccessService/SetRole", "", "role_id: 'reader' role { permissions: 'areas.read' }"},
      {"platform.v1.AccessService/SetPrincipal", "",
       "principal_id: 'robot' principal { grants { role: 'auditor' scope: '*' } }"},
      {"platform.v1.AccessService/CreateApiKey", "", "api_key { principal: 'robot' }", 1, "API_KEY_EXISTS"},
  };
  for (StormCall& call : calls) {
    call.service = service;
    absl::StrAppend(&call.request, " parent: 'services/", service, "'");
  }
  calls.push_back({"platform.v1.AccessService/RevokeApiKey", service, "name: '$CreateApiKey'"});
  return calls;
}

}  // namespace

const std::vector<StormCall>& StormCalls() {
  static const auto& calls = *new std::vector<StormCall>([] {
    std::vector<StormCall> all = OfServices();
    for (StormCall& call : OfTraining()) all.push_back(std::move(call));
    for (StormCall& call : OfSubsidy()) all.push_back(std::move(call));
    for (const char* service : {"registry", "training", "subsidy", "matching"}) {
      for (StormCall& call : OfAccess(service)) all.push_back(std::move(call));
    }
    return all;
  }());
  return calls;
}

std::vector<std::string> MutatingMethods() {
  std::vector<std::string> methods;
  contracts::ForEachMethod(contracts::OurContracts(), [&](const MethodDescriptor& method) {
    if (!method.options().GetExtension(tsunagu::method).mutating()) return;
    absl::string_view service = method.service()->full_name();
    absl::ConsumePrefix(&service, "tsunagu.");
    const std::string name = absl::StrCat(service, "/", method.name());
    const bool of_all = absl::StartsWith(name, "platform.");
    for (const char* offering : {"registry", "training", "subsidy", "matching"}) {
      if (of_all || absl::StartsWith(name, offering)) methods.push_back(absl::StrCat(name, " ", offering));
    }
  });
  return methods;
}

const MethodDescriptor& MethodOf(const StormCall& call) {
  return *DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrCat("tsunagu.", absl::StrReplaceAll(call.method, {{"/", "."}})));
}

absl::StatusOr<std::string> SendUntyped(process::ServerProcess& server, const StormCall& call, const Message& request) {
  const MethodDescriptor& method = MethodOf(call);
  std::unique_ptr<Message> response(MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
  if (!method.client_streaming() && !method.server_streaming()) {
    rpc::CallOptions options = server.call_options();
    if (!call.key.empty()) options.api_key = call.key;
    const absl::Status status =
        server.peer().UnaryUntyped(absl::StrCat("tsunagu.", call.method), request, *response, options);
    if (!status.ok()) return status;
    return response->SerializeAsString();
  }
  const auto stream = server.Stream(call.method);
  (void)stream->Write(request);
  stream->WritesDone();
  std::string answers;
  for (auto read = stream->Read(*response); read.ok() && *read; read = stream->Read(*response)) {
    absl::StrAppend(&answers, response->SerializeAsString());
  }
  const absl::Status end = stream->Finish();
  if (!end.ok()) return end;
  return answers;
}

}  // namespace tsunagu::faults
