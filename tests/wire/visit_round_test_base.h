#ifndef TSUNAGU_TESTS_WIRE_VISIT_ROUND_TEST_BASE_H_
#define TSUNAGU_TESTS_WIRE_VISIT_ROUND_TEST_BASE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/visit_contract.pb.h"
#include "tsunagu/matching/v1/visit_round.pb.h"
#include "tsunagu/matching/v1/visit_supply.pb.h"

namespace tsunagu::wire {

using matching_v1::VisitContract;
using matching_v1::VisitSupply;

inline constexpr char kMonday[] = "school_half_days: HALF_DAY_MON_AM";

// Two facilities 10 km apart, each with an opening for visits: a wants one nurse on Monday and on Wednesday, b wants
// two on Monday, in school weeks and in the holidays; all must be able to do suction.
class VisitRoundTestBase : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    FacilityAt("kita", "areas/312011", 35'500'000);
    FacilityAt("minami", "areas/313025", 35'590'000);  // 10 km to the north
    ASSERT_EQ(OpeningSays("a", "facilities/kita", "areas/312011",
                          "kind: OPENING_KIND_VISIT posts: 1 school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]"),
              "OK");
    ASSERT_EQ(OpeningSays("b", "facilities/minami", "areas/313025",
                          "kind: OPENING_KIND_VISIT posts: 2 school_half_days: HALF_DAY_MON_AM "
                          "holiday_half_days: HALF_DAY_MON_AM care_needs { half_day: HALF_DAY_MON_AM skills: "
                          "SKILL_SUCTION }"),
              "OK");
  }
  void FacilityAt(const std::string& id, const std::string& area, int32_t latitude_e6) {
    registry_v1::Facility facility = AFacility(id, area);
    facility.set_latitude_e6(latitude_e6);
    facility.set_longitude_e6(134'230'000);
    Create(id, facility);
  }
  template <typename M, typename Request>
  static absl::StatusOr<M> Ask(const Caller& caller, const std::string& method, const std::string& fields) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &request)) << fields;
    return caller.Call<M>("matching.v1." + method, request);
  }
  std::string OpeningSays(const std::string& id, const std::string& facility, const std::string& area,
                          const std::string& fields) {
    return Said(Ask<matching_v1::Opening, matching_v1::CreateOpeningRequest>(
        admin(), "OpeningService/CreateOpening",
        absl::StrCat("opening_id: '", id, "' opening { facility: '", facility, "' area: '", area,
                     "' weekly_minutes: 60 ", fields, " }")));
  }
  // Creates a supply at the location of kita, with everything that the openings require, unless `fields` overrides it.
  absl::StatusOr<VisitSupply> Supply(const std::string& id, const std::string& fields, int32_t reach_metres = 30'000) {
    return Ask<VisitSupply, matching_v1::CreateVisitSupplyRequest>(
        admin(), "VisitSupplyService/CreateVisitSupply",
        absl::StrCat(
            "visit_supply_id: '", id, "' visit_supply { supplier_code: '31-", id,
            "' area: 'areas/312011' latitude_e6: 35500000 longitude_e6: 134230000 reach_metres: ", reach_metres,
            " licence: LICENCE_NURSE skills: SKILL_SUCTION ",
            fields.find("kind:") == std::string::npos ? "kind: SUPPLIER_VISITING_STATION " : "", fields, " }"));
  }
  std::string UpdateSupply(const std::string& id, const std::string& fields, const std::string& paths) {
    return Said(Ask<VisitSupply, matching_v1::UpdateVisitSupplyRequest>(
        admin(), "VisitSupplyService/UpdateVisitSupply",
        absl::StrCat("visit_supply { name: 'visitSupplies/", id, "' ", fields, " } update_mask { paths: '", paths,
                     "' }")));
  }
  std::string CreateOfVisits(const std::string& id, const std::string& fields) {
    return Said(Ask<matching_v1::Round, matching_v1::CreateRoundRequest>(
        admin(), "RoundService/CreateRound",
        absl::StrCat("round_id: '", id,
                     "' round { display_name: '訪問' area: 'areas/310000' seed: 7 opening_kind: "
                     "OPENING_KIND_VISIT ",
                     fields, " }")));
  }
  matching_v1::Round Solve(const std::string& id, const std::string& fields = "") {
    EXPECT_EQ(CreateOfVisits(id, fields), "OK");
    const auto solved = SolveRound(admin(), id);
    EXPECT_EQ(Said(solved), "OK");
    const auto verdict = Verify(admin(), id);
    EXPECT_TRUE(verdict.ok() && verdict->stable()) << Said(verdict);
    return solved.value_or(matching_v1::Round());
  }
  // Returns "a MON_AM st1 1" for what is covered, "a MON_AM short 1 REASON" for what is not.
  std::vector<std::string> Rows(const std::string& id, int size = 1000, int after_event = -1) {
    std::vector<std::string> rows;
    std::string token;
    do {
      const auto page = Ask<matching_v1::ListVisitsResponse, matching_v1::ListVisitsRequest>(
          admin(), "VisitRoundService/ListVisits",
          absl::StrCat("parent: 'rounds/", id, "' page_size: ", size, " page_token: '", token, "'",
                       after_event < 0 ? "" : absl::StrCat(" after_event: ", after_event)));
      if (!page.ok()) return {Said(page)};
      for (const matching_v1::VisitRow& row : page->visits()) {
        const std::string half_day =
            absl::StrCat(row.opening().substr(9), " ", registry_v1::HalfDay_Name(row.half_day()).substr(9),
                         row.holidays() ? " holidays" : "");
        for (const auto& cover : row.covers()) {
          rows.push_back(absl::StrCat(half_day, " ", cover.supply().substr(14), " ", cover.count()));
        }
        if (row.short_count() == 0) continue;
        rows.push_back(absl::StrCat(half_day, " short ", row.short_count(), " ",
                                    matching_v1::VisitRow::ShortReason_Name(row.short_reason()).substr(13)));
      }
      token = page->next_page_token();
    } while (!token.empty());
    return rows;
  }
  struct Opened {
    std::string said;
    std::map<std::string, std::string> contracts;  // by "opening supply"
    std::vector<std::string> refused;
  };
  Opened Open(const std::string& id, const std::string& fields = "") {
    matching_v1::OpenVisitContractsRequest request;
    EXPECT_TRUE(
        google::protobuf::TextFormat::ParseFromString(absl::StrCat("round: 'rounds/", id, "' ", fields), &request));
    Opened opened;
    const auto stream = admin().Stream("matching.v1.VisitRoundService/OpenVisitContracts");
    stream->Write(request);
    stream->WritesDone();
    matching_v1::OpenVisitContractsResponse answer;
    for (auto more = stream->Read(answer); more.ok() && *more; more = stream->Read(answer)) {
      opened.contracts[answer.opening().substr(9) + " " + answer.supply().substr(14)] += answer.visit_contract();
      for (const auto& refusal : answer.refusals()) opened.refused.push_back(answer.opening() + ":" + refusal.reason());
    }
    opened.said = Said(stream->Finish());
    return opened;
  }
  std::string Accept(const std::string& name) {
    return Said(Ask<VisitContract, matching_v1::AcceptVisitContractRequest>(
        admin(), "VisitContractService/AcceptVisitContract", "name: '" + name + "'"));
  }
  std::string Decline(const std::string& name) {
    return Said(Ask<VisitContract, matching_v1::DeclineVisitContractRequest>(
        admin(), "VisitContractService/DeclineVisitContract", "name: '" + name + "'"));
  }
  absl::StatusOr<VisitContract> Contract(const std::string& opening, const std::string& supply,
                                         const std::string& fields,
                                         const std::string& from = "year: 2050 month: 4 day: 4") {
    return Ask<VisitContract, matching_v1::CreateVisitContractRequest>(
        admin(), "VisitContractService/CreateVisitContract",
        absl::StrCat("visit_contract { opening: 'openings/", opening, "' supplier_code: '31-", supply,
                     "' supply: 'visitSupplies/", supply, "' valid_from_date { ", from, " } ", fields, " }"));
  }
  std::vector<std::string> LeftOut(const std::string& id) {
    std::vector<std::string> rows;
    const auto listed = ListLeftOut(admin(), id);
    if (!listed.ok()) return {Said(listed)};
    for (const auto& row : listed->left_out()) {
      rows.push_back(row.name() + " " + matching_v1::LeftOutReason_Name(row.reason()).substr(16));
    }
    return rows;
  }
};

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_VISIT_ROUND_TEST_BASE_H_
