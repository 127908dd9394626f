// Rounds of matching over the registry: in the suite, and as a process of its own that calls the registry's.
#include <fstream>

#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "tests/wire/rounds.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/matching/v1/round_comparison.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/round_explanation.pb.h"

namespace tsunagu::wire {
namespace {

constexpr char kFacilities[] =
    "facility_id,display_name,area,latitude_e6,longitude_e6\n"
    "akane,見本あかね,areas/312011,35495111,134231278\n"
    "asahi,見本あさひ,areas/312011,35489111,134238278\n"
    "umi,見本うみ,areas/313025,35575000,134335000\n"
    "matsu,見本まつ,areas/322016,35468000,133048000\n"
    "unplaced,見本ふめい,areas/312011,,\n";
constexpr char kOpenings[] =
    "opening_id,facility,area,display_name,posts,required_skills,weekly_minutes\n"
    "o-1,facilities/akane,areas/312011,求人一,2,SUCTION,1200\n"
    "o-2,facilities/asahi,areas/312011,求人二,1,,900\n"
    "o-3,facilities/umi,areas/313025,求人三,1,,900\n"
    "o-4,facilities/matsu,areas/322016,求人四,1,,900\n"
    "o-5,facilities/unplaced,areas/312011,求人五,1,,900\n";

std::string Nurses(int count) {
  std::string file =
      "source_key,display_name,licence,skills,weekly_minutes,home_mesh,home_area,commute_limit_metres,wishes,seeking\n";
  for (int i = 0; i < count; ++i) {
    const bool west = i % 6 == 5;
    absl::StrAppend(&file, "n/", i, ",見本 ", i, "子,NURSE,", i % 2 ? "SUCTION" : "", ",1200,",
                    west ? "52334040" : "53341188", ",", west ? "areas/322016" : "areas/312011", ",12000,",
                    i % 3 ? "facilities/akane" : "", ",", i % 7 == 6 ? "false" : "true", "\n");
  }
  return file;
}

class RoundRegistryTest : public SuiteTest {
 protected:
  // The same records everywhere; ids that the server makes come from the seed.
  static void Fill(const Caller& registry, const Caller& matching) {
    const Imported areas =
        ImportCsv(registry, "areas",
                  "団体コード,都道府県名（漢字）,市区町村名（漢字）\n310000,鳥取県,\n312011,鳥取県,鳥取市\n"
                  "313025,鳥取県,岩美町\n320005,島根県,\n322016,島根県,松江市\n");
    EXPECT_EQ(areas.summary, "5 rows: 5 created");
    EXPECT_EQ(ImportCsv(registry, "facilities", kFacilities).summary, "5 rows: 5 created");
    const Imported nurses = ImportCsv(registry, "nurses", Nurses(60));
    EXPECT_EQ(nurses.summary, "60 rows: 60 created") << absl::StrJoin(nurses.rows, "; ");
    const Imported openings = ImportCsv(matching, "openings", kOpenings);
    EXPECT_EQ(openings.summary, "5 rows: 5 created") << absl::StrJoin(openings.rows, "; ");
  }
  void FillSuite() { Fill(admin(), admin()); }
};
WIRE_TEST_ON_BOTH(RoundRegistryTest);

TEST_P(RoundRegistryTest, TakesWhoSeeksAndWhatHasAPlace) {
  FillSuite();
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  const auto solved = SolveRound(reader(), "r1");
  ASSERT_EQ(Said(solved), "OK");
  EXPECT_EQ(solved->nurse_count(), 52) << "of 60, each seventh does not look for work";
  EXPECT_EQ(solved->opening_count(), 4) << "a facility without a place is left out";
  EXPECT_EQ(solved->left_out_count(), 1);
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
  int parts = 0;
  const auto snapshot = ReadSnapshot(admin(), "r1", parts);
  ASSERT_EQ(Said(snapshot), "OK");
  for (const auto& nurse : snapshot->nurses()) {
    EXPECT_EQ(nurse.etag(), "1");
    EXPECT_EQ(nurse.name().substr(0, 7), "nurses/");
  }
  for (const auto& opening : snapshot->openings()) {
    EXPECT_EQ(opening.etag() + opening.facility_etag(), "11") << opening.DebugString();
  }
  const auto rows = ListAssignments(admin(), "r1");
  for (const auto& row : rows->assignments()) {
    EXPECT_EQ(row.opening().empty(), row.unmatched_reason() != matching_v1::UNMATCHED_REASON_UNSPECIFIED);
  }
}

TEST_P(RoundRegistryTest, AnAreaCutsBothSides) {
  FillSuite();
  auto solve = [&](const char* id, const char* area) {
    EXPECT_EQ(Said(CreateRound(admin(), id, 7, area)), "OK");
    const auto solved = SolveRound(reader(), id);
    EXPECT_EQ(Said(solved), "OK");
    return absl::StrCat(solved->nurse_count(), " for ", solved->opening_count());
  };
  EXPECT_EQ(solve("pref", "areas/310000"), "43 for 3");
  EXPECT_EQ(solve("city", "areas/312011"), "43 for 2");
  EXPECT_EQ(solve("west", "areas/320005"), "9 for 1");
  EXPECT_EQ(solve("none", "areas/130001"), "0 for 0");
}

TEST_P(RoundRegistryTest, EveryRowTakesPartOrIsSaidToBeLeftOut) {
  FillSuite();
  registry_v1::EndFacilityRequest end;
  end.set_name("facilities/umi");
  *end.mutable_end_date() = jp::ToDate(*jp::ParseDay("2020-01-01"));
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/EndFacility", end)), "OK");
  // Without an area of its own an opening stands where its facility does.
  EXPECT_EQ(ImportCsv(admin(), "openings",
                      "opening_id,facility,display_name,posts,weekly_minutes\n"
                      "o-6,facilities/akane,求人六,1,900\no-7,facilities/matsu,求人七,1,900\n")
                .summary,
            "2 rows: 2 created");
  EXPECT_EQ(ImportCsv(admin(), "openings",
                      "opening_id,facility,display_name,posts,weekly_minutes,kind,workplace\n"
                      "o-8,facilities/akane,求人八,1,900,DISPATCH,FACILITY\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_EQ(ImportCsv(admin(), "nurses",
                      "source_key,display_name,licence,weekly_minutes,home_mesh,commute_limit_metres,seeking\n"
                      "n/x,見本未定子,NURSE,1200,53341188,12000,true\nn/y,見本休子,NURSE,1200,53341188,12000,false\n")
                .summary,
            "2 rows: 2 created");
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7, "areas/310000")), "OK");
  const auto solved = SolveRound(reader(), "r1");
  ASSERT_EQ(Said(solved), "OK");
  const auto rows = ListLeftOut(admin(), "r1");
  ASSERT_EQ(Said(rows), "OK");
  std::vector<std::string> said;
  for (const auto& row : rows->left_out()) {
    const bool nurse = row.name().substr(0, 7) == "nurses/";
    said.push_back(absl::StrCat(nurse ? "a nurse" : row.name(), " ", row.facility(), " ",
                                matching_v1::LeftOutReason_Name(row.reason()).substr(16)));
  }
  EXPECT_THAT(said, testing::ElementsAre("a nurse  HOME_AREA_UNKNOWN", "openings/o-3 facilities/umi FACILITY_NOT_FOUND",
                                         "openings/o-5 facilities/unplaced FACILITY_WITHOUT_POSITION",
                                         "openings/o-8 facilities/akane NOT_AN_EMPLOYMENT"));
  EXPECT_EQ(solved->left_out_count(), 4);
  // A caller who asks about them also learns the reason.
  const std::string left_out = "LEFT_OUT_OF_ROUND";
  matching_v1::ExplainOpeningRequest opening;
  opening.set_name("rounds/r1");
  const auto explained = [&](const std::string& name) {
    opening.set_opening(name);
    return Said(admin().Call<matching_v1::ExplainOpeningResponse>("matching.v1.RoundExplanationService/ExplainOpening",
                                                                  opening));
  };
  EXPECT_EQ(explained("openings/o-5"), "INVALID_ARGUMENT INVALID_REQUEST opening:" + left_out);
  EXPECT_EQ(explained("openings/none"), "INVALID_ARGUMENT INVALID_REQUEST opening:NOT_IN_ROUND");
  matching_v1::ExplainAssignmentRequest nurse;
  nurse.set_name("rounds/r1");
  nurse.set_nurse(rows->left_out(0).name());
  EXPECT_EQ(Said(reader().Call<matching_v1::ExplainAssignmentResponse>(
                "matching.v1.RoundExplanationService/ExplainAssignment", nurse)),
            "INVALID_ARGUMENT INVALID_REQUEST nurse:" + left_out);
  matching_v1::ApplyEventsRequest events;
  events.set_name("rounds/r1");
  events.add_changes()->mutable_nurse_quits()->set_nurse(rows->left_out(0).name());
  events.add_changes()->mutable_posts_change()->set_opening("openings/o-8");
  events.mutable_changes(1)->mutable_posts_change()->set_posts(1);
  EXPECT_EQ(Said(reader().Call<matching_v1::ApplyEventsResponse>("matching.v1.RoundEventService/ApplyEvents", events)),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].nurse_quits.nurse:" + left_out +
                " changes[1].posts_change.opening:" + left_out);
  matching_v1::WhatIfRequest what_if;
  what_if.set_name("rounds/r1");
  what_if.add_changes()->mutable_remove_opening()->set_opening("openings/o-3");
  EXPECT_EQ(Said(admin().Call<matching_v1::WhatIfResponse>("matching.v1.RoundComparisonService/WhatIf", what_if)),
            "INVALID_ARGUMENT INVALID_REQUEST changes[0].remove_opening.opening:" + left_out);
  EXPECT_EQ(solved->nurse_count(), 43);
  EXPECT_EQ(solved->opening_count(), 3) << "o-1, o-2, o-6";
  ASSERT_EQ(Said(CreateRound(admin(), "all", 7)), "OK");
  const auto everywhere = SolveRound(reader(), "all");
  EXPECT_EQ(everywhere->nurse_count(), 53) << "where everybody takes part no area is needed";
  EXPECT_EQ(everywhere->opening_count() + everywhere->left_out_count(), 8);
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
}

// The blockers of each nurse for the opening, from the round's explanations.
TEST_P(RoundRegistryTest, ANurseIsMatchedToWhatSheSaysOfHerDays) {
  FillSuite();
  EXPECT_EQ(ImportCsv(admin(), "openings",
                      "opening_id,facility,display_name,posts,weekly_minutes,max_weekly_minutes,school_half_days,"
                      "holiday_half_days,start_date\n"
                      "days,facilities/matsu,平日午前,9,900,1200,MON_AM;TUE_AM,MON_AM,2050-04-10\n")
                .summary,
            "1 rows: 1 created");
  const Imported nurses =
      ImportCsv(admin(), "nurses",
                "source_key,display_name,licence,weekly_minutes,home_mesh,home_area,commute_limit_metres,seeking,"
                "school_half_days,"
                "holiday_half_days,min_weekly_minutes,available_from_date,unwanted_facilities,pools\n"
                "d/0,見本全子,NURSE,1200,53331063,areas/322016,12000,true,,,,,,\n"
                "d/1,見本合子,NURSE,1200,53331063,areas/"
                "322016,12000,true,MON_AM;MON_PM;TUE_AM,MON_AM,1200,2050-04-10,facilities/umi,"
                "\"{\"\"kind\"\":\"\"POOL_KIND_SUPPORTER\"\",\"\"area\"\":\"\"areas/"
                "320005\"\",\"\"max_yearly_visit_count\"\":2}\"\n"
                "d/2,見本月子,NURSE,1200,53331063,areas/322016,12000,true,MON_AM,,,,,\n"
                "d/3,見本休子,NURSE,1200,53331063,areas/322016,12000,true,,TUE_AM,,,,\n"
                "d/4,見本長子,NURSE,1800,53331063,areas/322016,12000,true,,,1201,,,\n"
                "d/5,見本遅子,NURSE,1200,53331063,areas/322016,12000,true,,,,2050-04-11,,\n"
                "d/6,見本否子,NURSE,1200,53331063,areas/322016,12000,true,,,,,facilities/matsu,\n");
  EXPECT_EQ(nurses.summary, "7 rows: 7 created") << absl::StrJoin(nurses.rows, "; ");
  ASSERT_EQ(Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/EndOpening",
                                                    [] {
                                                      matching_v1::EndOpeningRequest end;
                                                      end.set_name("openings/o-4");
                                                      *end.mutable_end_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
                                                      return end;
                                                    }())),
            "OK");
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7, "areas/320005")), "OK");
  ASSERT_EQ(Said(SolveRound(reader(), "r1")), "OK");
  EXPECT_TRUE(Verify(admin(), "r1")->stable());
  std::vector<std::string> said;
  for (int i = 0; i < 7; ++i) {
    const std::string nurse =
        Column(registry(), absl::StrCat("SELECT `id` FROM `nurses` WHERE `source_key` = 'd/", i, "'")).at(0);
    const auto rows = ListAssignments(admin(), "r1", "nurses/" + nurse);
    const auto& row = rows->assignments(0);
    said.push_back(row.opening().empty() ? matching_v1::Blocker_Name(row.main_blocker()) : row.opening());
  }
  EXPECT_THAT(said, testing::ElementsAre("openings/days", "openings/days", "BLOCKER_HALF_DAYS", "BLOCKER_HALF_DAYS",
                                         "BLOCKER_FEW_HOURS", "BLOCKER_START", "BLOCKER_EXCLUDED"));
  EXPECT_EQ(
      ImportCsv(admin(), "nurses",
                "source_key,display_name,licence,weekly_minutes,min_weekly_minutes,home_mesh,commute_limit_metres\n"
                "d/7,見本逆子,NURSE,600,601,52334040,12000\n")
          .rows,
      std::vector<std::string>{"2 refused min_weekly_minutes:NURSE_MINUTES_CONTRADICT"});
}

TEST_P(RoundRegistryTest, AnAreaOfAnotherKindOfIdIsNoInternalError) {
  FillSuite();
  EXPECT_EQ(Said(CreateRound(admin(), "odd", 7, "areas/x")),
            "INVALID_ARGUMENT INVALID_REQUEST round.area:MALFORMED_AREA_CODE");
  EXPECT_EQ(Said(CreateRound(admin(), "odd", 7, "areas/31")),
            "INVALID_ARGUMENT INVALID_REQUEST round.area:MALFORMED_AREA_CODE");
}

TEST_P(RoundRegistryTest, WhoMayNotSeeWhereNursesLiveCannotSolve) {
  FillSuite();
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  SetRole("solver", {"nurses.read", "facilities.read", "openings.read", "rounds.*", "operations.read"}, "registry");
  SetRole("solver", {"nurses.read", "facilities.read", "openings.read", "rounds.*", "operations.read"}, "matching");
  Grant("solver", {AGrant("solver", "*")}, "registry");
  const Caller solver = CallerWith("solver", {"solver@*"}, "matching");
  EXPECT_EQ(Said(SolveRound(solver.For("round"), "r1")), "PERMISSION_DENIED PERMISSION_DENIED");
  const Caller stranger = CallerWith("stranger", {"matching-operator@*"}, "matching");
  EXPECT_EQ(Said(SolveRound(stranger.For("round"), "r1")), "PERMISSION_DENIED PRINCIPAL_UNKNOWN");
  const matching_v1::Snapshot own = ASnapshot(3);
  EXPECT_EQ(Said(SolveRound(solver, "r1", &own)), "OK") << "with rows of her own she may";
}

TEST_P(RoundRegistryTest, IsReadInTheNameOfTheCallerAndLogged) {
  FillSuite();
  Execute(registry(), "DELETE FROM `access_log`");
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 7)), "OK");
  ASSERT_EQ(Said(SolveRound(admin().For("spring round"), "r1")), "OK");
  EXPECT_EQ(Column(registry(), "SELECT `actor` FROM `access_log`"), std::vector<std::string>{"service-matching"});
  EXPECT_EQ(Column(registry(), "SELECT `on_behalf_of` FROM `access_log`"), std::vector<std::string>{"admin"});
  EXPECT_EQ(Column(registry(), "SELECT `purpose` FROM `access_log`"), std::vector<std::string>{"spring round"});
}

TEST_P(RoundRegistryTest, WithoutARegistryTheCallerSendsTheRows) {
  Server::Options options;
  options.services = {"matching"};
  Server alone(GetParam(), clock(), Entropy::System(), options);
  ASSERT_EQ(Said(CreateRound(alone.admin(), "r1", 7)), "OK");
  EXPECT_EQ(Said(SolveRound(alone.admin(), "r1")), "FAILED_PRECONDITION NO_REGISTRY");
  EXPECT_EQ(Said(GetArea(alone.admin(), "areas/310000")), "UNIMPLEMENTED METHOD_NOT_FOUND");
  const matching_v1::Snapshot snapshot = ASnapshot(10);
  ASSERT_EQ(Said(SolveRound(alone.admin(), "r1", &snapshot)), "OK");
  EXPECT_TRUE(Verify(alone.admin(), "r1")->stable());
  EXPECT_EQ(ImportCsv(alone.admin(), "openings", kOpenings).summary, "5 rows: 5 created")
      << "references to facilities are kept as names";
}

// The licence of a nurse comes from the round.
TEST_P(RoundRegistryTest, WithoutARegistryABasisIsHeldAgainstTheRowsOfTheRound) {
  Server::Options options;
  options.services = {"matching"};
  Server alone(GetParam(), clock(), Entropy::System(), options);
  const matching_v1::Snapshot snapshot = ASnapshot(2);
  ASSERT_EQ(Said(CreateRound(alone.admin(), "r1", 7)), "OK");
  ASSERT_EQ(SolveRound(alone.admin(), "r1", &snapshot)->matched_count(), 2);
  ASSERT_EQ(Said(PublishRound(alone.admin(), "r1")), "OK");
  EXPECT_EQ(ImportCsv(alone.admin(), "openings",
                      "opening_id,facility,area,posts,weekly_minutes\na,facilities/a,areas/312011,2,1200\n"
                      "b,facilities/b,areas/312011,2,1200\n")
                .summary,
            "2 rows: 2 created");
  EXPECT_EQ(ImportCsv(alone.admin(), "legalBases",
                      "legal_basis_id,operator_code,area,kind,number,opening_kinds,licences\n"
                      "nurses,areas/310000,areas/310000,NOTICE,1,EMPLOYMENT,NURSE\n"
                      "assistants,areas/310000,areas/310000,NOTICE,1,EMPLOYMENT,ASSISTANT_NURSE\n")
                .summary,
            "2 rows: 2 created");
  const auto opened = [&](const std::string& basis) {
    matching_v1::OpenProposalsRequest request;
    request.set_round("rounds/r1");
    request.set_legal_basis("legalBases/" + basis);
    const auto stream = alone.admin().For("tests").Stream("matching.v1.ProposalService/OpenProposals");
    stream->Write(request);
    stream->WritesDone();
    std::vector<std::string> said;
    matching_v1::OpenProposalsResponse answer;
    for (auto more = stream->Read(answer); more.ok() && *more; more = stream->Read(answer)) {
      said.push_back(answer.refusals().empty() ? answer.proposal().substr(0, 10) : answer.refusals(0).reason());
    }
    EXPECT_EQ(Said(stream->Finish()), "OK");
    return said;
  };
  EXPECT_THAT(opened("assistants"), testing::ElementsAre("NURSE_OUTSIDE_BASIS", "NURSE_OUTSIDE_BASIS"));
  EXPECT_THAT(opened("nurses"), testing::ElementsAre("proposals/", "proposals/"));
}

TEST_P(RoundRegistryTest, WithTheRegistryAwayNothingIsKept) {
  Server::Options options;
  options.services = {"matching"};
  options.peers = {"registry=127.0.0.1:1"};
  Server alone(GetParam(), clock(), Entropy::System(), options);
  ASSERT_EQ(Said(CreateRound(alone.admin(), "r1", 7)), "OK");
  const auto started = StartSolving(alone.admin(), "r1");
  ASSERT_EQ(Said(started), "OK");
  platform_v1::WaitOperationRequest wait;
  wait.set_name(started->name());
  const auto ended =
      alone.admin().Call<google::longrunning::Operation>("platform.v1.OperationService/WaitOperation", wait);
  ASSERT_EQ(Said(ended), "OK");
  EXPECT_EQ(ended->error().code(), static_cast<int>(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Count(alone.database("matching"), "SELECT COUNT(*) FROM `round_parts`"), 0);
}

// The result digest of the round, solved by `caller`.
std::string Digest(const Caller& caller) {
  EXPECT_EQ(Said(CreateRound(caller, "r1", 20'250'401)), "OK");
  const auto solved = SolveRound(caller.For("round"), "r1");
  EXPECT_EQ(Said(solved), "OK");
  return solved.ok() ? solved->snapshot_digest() + solved->result_digest() : "";
}

TEST_P(RoundRegistryTest, TwoProcessesGiveTheSameResultAsTheSuite) {
  SeededEntropy one(5), two(5), three(6);
  Server suite(GetParam(), clock(), one, {});
  Fill(suite.admin(), suite.admin());

  Server::Options options;
  options.services = {"registry"};
  Server registry(GetParam(), clock(), two, options);
  platform_v1::SetPrincipalRequest principal;
  principal.set_parent("services/registry");
  principal.set_principal_id("matching");
  *principal.mutable_principal()->add_grants() = AGrant("service", "*");
  const char* set = "platform.v1.AccessService/SetPrincipal";
  ASSERT_EQ(Said(registry.admin().Call<platform_v1::Principal>(set, principal)), "OK");
  platform_v1::CreateApiKeyRequest key;
  key.set_parent("services/registry");
  key.mutable_api_key()->set_principal("matching");
  const auto created =
      registry.admin().Call<platform_v1::CreateApiKeyResponse>("platform.v1.AccessService/CreateApiKey", key);
  ASSERT_EQ(Said(created), "OK");

  options.services = {"matching"};
  options.peers = {"registry=" + registry.host().address()};
  options.peer_key_file = registry.config().data_dir + "/peer.key";
  std::ofstream(options.peer_key_file) << created->secret() << "\n";
  Server matching(GetParam(), clock(), three, options);
  Fill(registry.admin(), matching.admin());

  const std::string expected = Digest(suite.admin());
  EXPECT_EQ(expected.size(), 128);
  // Ids of nurses depend on how much chance was drawn before them, so the rows themselves are compared first.
  int parts = 0;
  const auto rows = ReadSnapshot(suite.admin(), "r1", parts);
  ASSERT_EQ(Said(rows), "OK");
  EXPECT_EQ(Digest(matching.admin()).size(), 128);
  EXPECT_TRUE(Verify(matching.admin(), "r1")->stable());
  const auto apart = ReadSnapshot(matching.admin(), "r1", parts);
  ASSERT_EQ(Said(apart), "OK");
  EXPECT_EQ(apart->nurses_size(), rows->nurses_size());
  // The same rows give the same result to the byte, wherever they are solved.
  ASSERT_EQ(Said(CreateRound(matching.admin(), "r2", 20'250'401)), "OK");
  const auto again = SolveRound(matching.admin(), "r2", &*rows);
  ASSERT_EQ(Said(again), "OK");
  EXPECT_EQ(again->snapshot_digest() + again->result_digest(), expected);
}

}  // namespace
}  // namespace tsunagu::wire
