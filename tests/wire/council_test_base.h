#ifndef TSUNAGU_TESTS_WIRE_COUNCIL_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_COUNCIL_TEST_BASE_H_

#include <string>

#include "google/protobuf/text_format.h"
#include "tests/wire/report_test_base.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/registry/v1/council.pb.h"
#include "tsunagu/registry/v1/local_issue.pb.h"
#include "tsunagu/registry/v1/meeting.pb.h"
#include "tsunagu/registry/v1/plan_target.pb.h"
#include "tsunagu/registry/v1/region.pb.h"

namespace tsunagu::wire {

// Creates councils and their records, from the text of their messages, in the areas of most tests.
class CouncilTestBase : public ReportTest {
 protected:
  template <typename M>
  static M Read(const std::string& text) {
    M message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
    return message;
  }
  template <typename M, typename Request>
  absl::StatusOr<M> Make(const std::string& method, const std::string& text) {
    return admin().Call<M>(method, Read<Request>(text));
  }

  // Defaults for fields that are not in `text`: an actual council of form OWN, not shared, from 2040-04-01 on.
  absl::StatusOr<registry_v1::Council> MakeCouncil(const std::string& text) {
    registry_v1::CreateCouncilRequest request;
    registry_v1::Council& council = *request.mutable_council();
    council = Read<registry_v1::Council>(
        "display_name: '見本協議会' form: COUNCIL_FORM_OWN sharing: COUNCIL_SHARING_SINGLE stage: COUNCIL_STAGE_ACTUAL "
        "valid_from_date { year: 2040 month: 4 day: 1 }");
    council.MergeFrom(Read<registry_v1::Council>(text));
    return admin().Call<registry_v1::Council>("registry.v1.CouncilService/CreateCouncil", request);
  }
  static absl::StatusOr<registry_v1::Council> Get(const Caller& caller, const std::string& council) {
    registry_v1::GetCouncilRequest request;
    request.set_name(council);
    return caller.Call<registry_v1::Council>("registry.v1.CouncilService/GetCouncil", request);
  }
  absl::StatusOr<registry_v1::Council> Change(const std::string& council, const std::string& path) {
    return Make<registry_v1::Council, registry_v1::UpdateCouncilRequest>(
        "registry.v1.CouncilService/UpdateCouncil",
        "council { " + council + " } update_mask { paths: '" + path + "' }");
  }
  absl::StatusOr<registry_v1::Council> End(const std::string& council, const std::string& day) {
    registry_v1::EndCouncilRequest request;
    request.set_name(council);
    *request.mutable_end_date() = Day(day);
    return admin().Call<registry_v1::Council>("registry.v1.CouncilService/EndCouncil", request);
  }
  absl::StatusOr<registry_v1::Meeting> Meet(const std::string& council, const std::string& day,
                                            const std::string& decisions = "", const Caller* caller = nullptr) {
    registry_v1::CreateMeetingRequest request;
    request.set_parent(council);
    *request.mutable_meeting()->mutable_held_date() = Day(day);
    request.mutable_meeting()->set_agenda("地域課題について");
    request.mutable_meeting()->set_decisions(decisions);
    return (caller == nullptr ? admin() : *caller)
        .Call<registry_v1::Meeting>("registry.v1.MeetingService/CreateMeeting", request);
  }
  absl::StatusOr<registry_v1::LocalIssue> MakeIssue(const std::string& text) {
    return Make<registry_v1::LocalIssue, registry_v1::CreateLocalIssueRequest>(
        "registry.v1.LocalIssueService/CreateLocalIssue", "local_issue { " + text + " }");
  }
  absl::StatusOr<registry_v1::PlanTarget> MakeTarget(const std::string& text) {
    return Make<registry_v1::PlanTarget, registry_v1::CreatePlanTargetRequest>(
        "registry.v1.PlanTargetService/CreatePlanTarget", "plan_target { " + text + " }");
  }
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_COUNCIL_TEST_BASE_H_
