// Half-days of an opening for visits are held by one contract for each post, even with concurrent requests.
#include <string>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"

namespace tsunagu::wire {
namespace {

using matching_v1::VisitContract;
using Outcomes = std::map<std::string, int>;

class VisitContractTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Create("kita", AFacility("きた", "areas/312011"));
    Create("minami", AFacility("みなみ", "areas/312011"));
    ASSERT_EQ(OpeningSays("v", "kind: OPENING_KIND_VISIT school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]"), "OK");
  }
  template <typename M, typename Request>
  static absl::StatusOr<M> Ask(const Caller& caller, const std::string& method, const std::string& fields) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &request)) << fields;
    return caller.Call<M>("matching.v1." + method, request);
  }
  std::string OpeningSays(const std::string& id, const std::string& fields) {
    return Said(Ask<matching_v1::Opening, matching_v1::CreateOpeningRequest>(
        admin(), "OpeningService/CreateOpening",
        absl::StrCat("opening_id: '", id,
                     "' opening { facility: 'facilities/kita' area: 'areas/312011' posts: 1 "
                     "weekly_minutes: 60 ",
                     fields, " }")));
  }
  static absl::StatusOr<VisitContract> Contract(const Caller& caller, const std::string& supplier,
                                                const std::string& fields, const std::string& opening = "v") {
    return Ask<VisitContract, matching_v1::CreateVisitContractRequest>(
        caller, "VisitContractService/CreateVisitContract",
        absl::StrCat("visit_contract { opening: 'openings/", opening, "' supplier_code: '", supplier,
                     "' valid_from_date { year: 2050 month: 4 day: 1 } ", fields, " }"));
  }
  std::string OpeningChanges(const std::string& fields, const std::string& path) {
    return Said(Ask<matching_v1::Opening, matching_v1::UpdateOpeningRequest>(
        admin(), "OpeningService/UpdateOpening",
        absl::StrCat("opening { name: 'openings/v' ", fields, " } update_mask { paths: '", path, "' }")));
  }
};
WIRE_TEST_ON_BOTH(VisitContractTest);

TEST_P(VisitContractTest, OneOfEightHoldsAHalfDay) {
  EXPECT_EQ(
      EightAtOnce(
          [&](int i) { return Said(Contract(admin(), absl::StrCat("31", i), "school_half_days: HALF_DAY_MON_AM")); }),
      (Outcomes{{"OK", 1}, {"INVALID_ARGUMENT INVALID_REQUEST visit_contract.school_half_days[0]:HALF_DAY_HELD", 7}}));
  EXPECT_EQ(Said(Contract(admin(), "32", "school_half_days: HALF_DAY_WED_AM")), "OK");
}

TEST_P(VisitContractTest, AnOpeningDoesNotTakeAwayWhatIsHeld) {
  const Outcomes told = EightAtOnce([&](int i) {
    if (i % 2 == 0)
      return "contract " + Said(Contract(admin(), absl::StrCat("31", i), "school_half_days: HALF_DAY_MON_AM"));
    return "opening " + OpeningChanges("school_half_days: HALF_DAY_WED_AM", "school_half_days");
  });
  EXPECT_NE(told.count("contract OK") > 0, told.count("opening OK") > 0) << "who was first has it";
}

TEST_P(VisitContractTest, AContractIsRefusedWithEverythingWrongWithIt) {
  ASSERT_EQ(OpeningSays("e", "school_half_days: HALF_DAY_MON_AM"), "OK");
  EXPECT_EQ(Said(Contract(admin(), "31", "school_half_days: HALF_DAY_FRI_AM", "e")),
            "INVALID_ARGUMENT INVALID_REQUEST visit_contract.opening:OPENING_NOT_VISIT "
            "visit_contract.school_half_days[0]:HALF_DAY_NOT_OFFERED");
  const auto made = Contract(admin(), "31", "school_half_days: HALF_DAY_MON_AM");
  ASSERT_EQ(Said(made), "OK");
  EXPECT_EQ(made->facility(), "facilities/kita");
  EXPECT_EQ(OpeningChanges("school_half_days: HALF_DAY_WED_AM", "school_half_days"),
            "INVALID_ARGUMENT INVALID_REQUEST opening.school_half_days:HALF_DAY_HELD");
  ASSERT_EQ(Said(Ask<VisitContract, matching_v1::EndVisitContractRequest>(
                admin(), "VisitContractService/EndVisitContract",
                absl::StrCat("name: '", made->name(), "' end_date { year: 2050 month: 4 day: 2 }"))),
            "OK");
  EXPECT_EQ(OpeningChanges("school_half_days: HALF_DAY_WED_AM", "school_half_days"), "OK") << "it is over";
}

TEST_P(VisitContractTest, AFacilitySeesItsOwn) {
  Caller kita = CallerWith("kita", {"facility-manager@facilities/kita"}, "matching");
  Caller minami = CallerWith("minami", {"facility-manager@facilities/minami"}, "matching");
  EXPECT_EQ(Said(Contract(kita, "31", "school_half_days: HALF_DAY_MON_AM")), "OK");
  EXPECT_EQ(Said(Contract(minami, "31", "school_half_days: HALF_DAY_WED_AM")),
            "INVALID_ARGUMENT INVALID_REQUEST visit_contract.opening:REFERENCE_NOT_FOUND");
  const auto listed = Ask<matching_v1::ListVisitContractsResponse, matching_v1::ListVisitContractsRequest>(
      minami, "VisitContractService/ListVisitContracts", "");
  ASSERT_EQ(Said(listed), "OK");
  EXPECT_EQ(listed->visit_contracts_size(), 0);
}

// What was agreed for one kind of post, at one facility, holds none of another.
TEST_P(VisitContractTest, AnOpeningStaysWhatItIsWhileAContractGoesOn) {
  const auto made = Contract(admin(), "31", "school_half_days: HALF_DAY_MON_AM");
  ASSERT_EQ(Said(made), "OK");
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST ";
  EXPECT_EQ(OpeningChanges("kind: OPENING_KIND_EMPLOYMENT", "kind"), refused + "opening.kind:OPENING_IN_USE");
  EXPECT_EQ(OpeningChanges("facility: 'facilities/minami'", "facility"), refused + "opening.facility:OPENING_IN_USE");
  EXPECT_EQ(OpeningChanges("kind: OPENING_KIND_VISIT", "kind"), "OK") << "what it is already";
  ASSERT_EQ(Said(Ask<VisitContract, matching_v1::EndVisitContractRequest>(
                admin(), "VisitContractService/EndVisitContract",
                absl::StrCat("name: '", made->name(), "' end_date { year: 2050 month: 4 day: 2 }"))),
            "OK");
  EXPECT_EQ(OpeningChanges("facility: 'facilities/minami'", "facility"), "OK") << "it is over";
}

// Whoever wants the visits does not accept them for whoever makes them.
TEST_P(VisitContractTest, AFacilityDoesNotAnswerForTheSupplier) {
  Caller kita = CallerWith("kita", {"facility-manager@facilities/kita"}, "matching");
  Caller operates = CallerWith("operates", {"matching-operator@areas/310000"}, "matching");
  const auto accept = [](const Caller& caller) {
    return Said(Ask<VisitContract, matching_v1::AcceptVisitContractRequest>(
        caller, "VisitContractService/AcceptVisitContract", "name: 'visitContracts/x'"));
  };
  const auto decline = [](const Caller& caller) {
    return Said(Ask<VisitContract, matching_v1::DeclineVisitContractRequest>(
        caller, "VisitContractService/DeclineVisitContract", "name: 'visitContracts/x'"));
  };
  EXPECT_EQ(accept(kita), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(decline(kita), "PERMISSION_DENIED PERMISSION_DENIED");
  EXPECT_EQ(accept(operates), "NOT_FOUND VISIT_CONTRACT_NOT_FOUND");
  EXPECT_EQ(decline(admin()), "NOT_FOUND VISIT_CONTRACT_NOT_FOUND");
}

}  // namespace
}  // namespace tsunagu::wire
