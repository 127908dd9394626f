// Ended records: nobody is matched to them or placed with them any more, and whole lists do not report them as missing.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "tests/wire/day.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/rounds.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kGone[] = "2050-04-02", kToday[] = "2050-04-03";

class EndTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (!IsSkipped()) CreateAreas();
  }

  template <typename Request, typename Record>
  static std::string EndBy(const Caller& caller, const std::string& method, const std::string& name,
                           absl::string_view day) {
    Request request;
    request.set_name(name);
    *request.mutable_end_date() = Day(day);
    return Said(caller.Call<Record>(method, request));
  }
  std::string End(const std::string& name, absl::string_view day) {
    if (absl::StartsWith(name, "nurses/")) {
      return EndBy<registry_v1::EndNurseRequest, registry_v1::Nurse>(reader(), "registry.v1.NurseService/EndNurse",
                                                                     name, day);
    }
    if (absl::StartsWith(name, "coordinators/")) {
      return EndBy<registry_v1::EndCoordinatorRequest, registry_v1::Coordinator>(
          reader(), "registry.v1.CoordinatorService/EndCoordinator", name, day);
    }
    if (absl::StartsWith(name, "facilities/")) {
      return EndBy<registry_v1::EndFacilityRequest, registry_v1::Facility>(
          admin(), "registry.v1.FacilityService/EndFacility", name, day);
    }
    return EndBy<matching_v1::EndOpeningRequest, matching_v1::Opening>(admin(), "matching.v1.OpeningService/EndOpening",
                                                                       name, day);
  }
  std::string NewCoordinator(const std::string& key) {
    registry_v1::CreateCoordinatorRequest request;
    request.mutable_coordinator()->set_display_name("見本 花子");
    request.mutable_coordinator()->set_home_area("areas/312011");
    request.mutable_coordinator()->set_source_key(key);
    return admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request)->name();
  }
  // From 2050-01-01; `to` may be empty. Returns the name if one is requested.
  static std::string Place(const Caller& caller, const std::string& person, absl::string_view to,
                           std::string* name = nullptr, const std::string& body = "areas/312011") {
    registry_v1::CreatePlacementRequest request;
    registry_v1::Placement& placement = *request.mutable_placement();
    placement.set_coordinator(person);
    placement.set_body(body);
    placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *placement.mutable_valid_from_date() = Day("2050-01-01");
    if (!to.empty()) *placement.mutable_valid_to_date() = Day(to);
    const auto placed = caller.Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request);
    if (name != nullptr && placed.ok()) *name = placed->name();
    return Said(placed);
  }
  static std::string Prolong(const Caller& caller, const std::string& placement, absl::string_view to) {
    registry_v1::UpdatePlacementRequest request;
    request.mutable_placement()->set_name(placement);
    request.mutable_update_mask()->add_paths("valid_to_date");
    if (!to.empty()) *request.mutable_placement()->mutable_valid_to_date() = Day(to);
    return Said(caller.Call<registry_v1::Placement>("registry.v1.PlacementService/UpdatePlacement", request));
  }
  Imported ImportWhole(const std::string& collection, const std::string& file) {
    platform_v1::ImportRowsRequest options;
    options.set_collection(collection);
    options.set_full(true);
    return ImportCsv(reader(), options, file);
  }
};
WIRE_TEST_ON_BOTH(EndTest);

TEST_P(EndTest, NobodyIsMatchedToWhatHasEnded) {
  for (const char* id : {"stays", "closes", "full"}) {
    registry_v1::Facility facility = AFacility("見本", "areas/312011");
    facility.set_latitude_e6(35'495'111);
    facility.set_longitude_e6(134'231'278);
    Create(id, facility);
  }
  const std::string opening = ",areas/312011,1,600\n";
  ASSERT_EQ(ImportCsv(admin(), "openings",
                      absl::StrCat("opening_id,facility,area,posts,weekly_minutes\no1,facilities/stays", opening,
                                   "o2,facilities/closes", opening, "o3,facilities/full", opening))
                .summary,
            "3 rows: 3 created");
  std::vector<std::string> nurses;
  for (int i = 0; i < 2; ++i) {
    registry_v1::Nurse nurse = ANurse("見本 花子", "areas/312011");
    nurse.set_seeking(true);
    nurses.push_back(Create(nurse).name());
  }
  int rounds = 0;
  const auto solve = [&] {
    const std::string id = absl::StrCat("r", ++rounds);
    EXPECT_EQ(Said(CreateRound(admin(), id, 7)), "OK");
    const auto solved = SolveRound(reader(), id);
    return solved.ok() ? absl::StrCat(solved->nurse_count(), " for ", solved->opening_count()) : Said(solved);
  };
  EXPECT_EQ(solve(), "2 for 3");
  ASSERT_EQ(End("openings/o3", kToday), "OK");
  ASSERT_EQ(End(nurses[0], kToday), "OK");
  EXPECT_EQ(solve(), "2 for 3") << "the last day belongs to it";
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(solve(), "1 for 2");
  ASSERT_EQ(End("facilities/closes", kToday), "OK");
  EXPECT_EQ(solve(), "1 for 1") << "nor to an opening where the facility has ended";
}

TEST_P(EndTest, NoPlacementOutlastsItsCoordinator) {
  const std::string person = NewCoordinator("k1");
  std::string placement;
  ASSERT_EQ(Place(admin(), person, "", &placement), "OK");
  EXPECT_EQ(End(person, kToday), "INVALID_ARGUMENT INVALID_REQUEST valid_to_date:PLACEMENT_GOES_ON");
  ASSERT_EQ(Prolong(admin(), placement, kGone), "OK");
  EXPECT_EQ(End(person, kGone), "OK");
  const std::string ended = "INVALID_ARGUMENT INVALID_REQUEST placement.valid_to_date:COORDINATOR_ENDED";
  EXPECT_EQ(Place(admin(), person, "", nullptr, "areas/313025"), ended);
  EXPECT_EQ(Place(admin(), person, kToday, nullptr, "areas/313025"), ended);
  EXPECT_EQ(Place(admin(), person, kGone, nullptr, "areas/313025"), "OK") << "what was, may be told later";
  EXPECT_EQ(Prolong(admin(), placement, kToday), ended);
  EXPECT_EQ(Prolong(admin(), placement, ""), ended);
  const std::string heading = "コーディネーター,配置団体,段階,開始日,終了日\n";
  for (const bool dry_run : {true, false}) {
    platform_v1::ImportRowsRequest options;
    options.set_collection("placements");
    options.set_dry_run(dry_run);
    EXPECT_THAT(ImportCsv(admin(), options, heading + "k1,areas/310000,実績,2050-01-01,\n").rows,
                ElementsAre("2 refused 終了日:COORDINATOR_ENDED"));
  }
  // Through a file she is ended as through EndCoordinator.
  const std::string other = NewCoordinator("k2");
  ASSERT_EQ(Place(admin(), other, ""), "OK");
  EXPECT_THAT(
      ImportCsv(reader(), "coordinators", "取込元のキー,氏名,所属地域,登録終了日\nk2,見本 花子,312011,2050-04-02\n")
          .rows,
      ElementsAre("2 refused 登録終了日:PLACEMENT_GOES_ON"));
  SetRole("keeper", {"coordinators.write", "coordinators.read"});
  const Caller keeper = CallerWith("keeper", {"keeper@areas/310000"});
  EXPECT_EQ((EndBy<registry_v1::EndCoordinatorRequest, registry_v1::Coordinator>(
                keeper, "registry.v1.CoordinatorService/EndCoordinator", other, kGone)),
            "INVALID_ARGUMENT INVALID_REQUEST valid_to_date:PLACEMENT_GOES_ON_UNSEEN");
}

TEST_P(EndTest, WhoEndsAndWhoPlacesDoNotOverlookEachOther) {
  for (int turn = 0; turn < 5; ++turn) {
    const std::string person = NewCoordinator(absl::StrCat("turn/", turn));
    const auto told = EightAtOnce([&](int writer) -> std::string {
      if (writer % 2 == 0) return absl::StrCat("end ", End(person, kToday) == "OK");
      return absl::StrCat("place ", Place(admin(), person, "", nullptr,
                                          writer == 1   ? "areas/312011"
                                          : writer == 3 ? "areas/313025"
                                          : writer == 5 ? "areas/310000"
                                                        : "areas/322016") == "OK");
    });
    const auto count = [&](const std::string& what) { return told.count(what) == 0 ? 0 : told.at(what); };
    EXPECT_TRUE(count("end 1") == 0 || count("place 1") == 0)
        << "ended " << count("end 1") << ", placed " << count("place 1");
    EXPECT_GT(count("end 1") + count("place 1"), 0);
  }
}

TEST_P(EndTest, AWholeListMissesNobodyWhoHasEnded) {
  struct Case {
    const char* collection;
    const char* both;  // a file with two records
    const char* one;   // the same without the second
  };
  const Case cases[] = {
      {"nurses",
       "source_key,display_name,licence,weekly_minutes,home_mesh,commute_limit_metres\n"
       "k/1,見本 一子,NURSE,600,53341188,9000\nk/2,見本 二子,NURSE,600,53341188,9000\n",
       "source_key,display_name,licence,weekly_minutes,home_mesh,commute_limit_metres\n"
       "k/1,見本 一子,NURSE,600,53341188,9000\n"},
      {"coordinators", "取込元のキー,氏名,所属地域\nc/1,見本 一子,312011\nc/2,見本 二子,312011\n",
       "取込元のキー,氏名,所属地域\nc/1,見本 一子,312011\n"},
      {"openings", "opening_id,facility,posts,weekly_minutes\no1,facilities/a,1,600\no2,facilities/b,1,600\n",
       "opening_id,facility,posts,weekly_minutes\no1,facilities/a,1,600\n"},
  };
  for (const char* id : {"a", "b"}) Create(id, AFacility("見本", "areas/312011"));
  for (const Case& c : cases) {
    SCOPED_TRACE(c.collection);
    EXPECT_THAT(ImportWhole(c.collection, c.both).missing, IsEmpty());
    const Imported without = ImportWhole(c.collection, c.one);
    ASSERT_EQ(without.missing.size(), 1u) << Said(without.status) << absl::StrJoin(without.rows, "; ");
    const std::string name = without.missing[0].substr(0, without.missing[0].find(' '));
    ASSERT_EQ(End(name, kGone), "OK");
    EXPECT_THAT(ImportWhole(c.collection, c.one).missing, IsEmpty());
    EXPECT_THAT(ImportWhole(c.collection, c.both).rows, ElementsAre("3 warned :ENDED_BUT_LISTED"));
  }
}

}  // namespace
}  // namespace tsunagu::wire
