// An opening is refused in the right of a legal basis, once, and for a ground that the basis lists; what an opening
// says about its week comes from files as from calls.
#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/tables.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"

namespace tsunagu::wire {
namespace {

class LegalBasisTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Create("kita", AFacility("きた", "areas/312011"));
    ASSERT_EQ(Basis("p", "operator_code: 'areas/310000' area: 'areas/310000'"), "OK");
    ASSERT_EQ(CreateSays("o1", "posts: 1"), "OK");
  }
  std::string Basis(const std::string& id, const std::string& fields) {
    matching_v1::CreateLegalBasisRequest request;
    request.set_legal_basis_id(id);
    Parse(absl::StrCat(
              "kind: BASIS_KIND_NOTICE number: '1' opening_kinds: OPENING_KIND_EMPLOYMENT refusal_grounds { code: "
              "'unlawful' text: '法令違反' } ",
              fields),
          *request.mutable_legal_basis());
    return Said(admin().Call<matching_v1::LegalBasis>("matching.v1.LegalBasisService/CreateLegalBasis", request));
  }
  std::string CreateSays(const std::string& id, const std::string& fields) {
    matching_v1::CreateOpeningRequest request;
    request.set_opening_id(id);
    request.mutable_opening()->set_facility("facilities/kita");
    request.mutable_opening()->set_area("areas/312011");
    request.mutable_opening()->set_weekly_minutes(600);
    matching_v1::Opening more;
    Parse(fields, more);
    request.mutable_opening()->MergeFrom(more);
    return Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/CreateOpening", request));
  }
  static absl::StatusOr<matching_v1::Opening> Refuse(const Caller& caller, const std::string& ground,
                                                     const std::string& basis = "p",
                                                     const std::string& opening = "o1") {
    matching_v1::RefuseOpeningRequest request;
    request.set_name("openings/" + opening);
    if (!basis.empty()) request.set_legal_basis("legalBases/" + basis);
    request.set_ground(ground);
    return caller.Call<matching_v1::Opening>("matching.v1.OpeningService/RefuseOpening", request);
  }
  std::string EndSays(const std::string& service, const std::string& name, const std::string& day) {
    matching_v1::EndOpeningRequest opening;
    matching_v1::EndLegalBasisRequest basis;
    const auto date = jp::ToDate(*jp::ParseDay(day));
    if (service == "Opening") {
      opening.set_name(name);
      *opening.mutable_end_date() = date;
      return Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/EndOpening", opening));
    }
    basis.set_name(name);
    *basis.mutable_end_date() = date;
    return Said(admin().Call<matching_v1::LegalBasis>("matching.v1.LegalBasisService/EndLegalBasis", basis));
  }

 private:
  template <typename M>
  static void Parse(const std::string& text, M& message) {
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  }
};
WIRE_TEST_ON_BOTH(LegalBasisTest);

TEST_P(LegalBasisTest, AnOpeningIsRefusedForAListedGroundOnce) {
  EXPECT_EQ(Said(Refuse(admin(), "")), "INVALID_ARGUMENT INVALID_REQUEST ground:GROUND_NOT_LISTED");
  EXPECT_EQ(Said(Refuse(admin(), "crowded")), "INVALID_ARGUMENT INVALID_REQUEST ground:GROUND_NOT_LISTED");
  EXPECT_EQ(Said(Refuse(admin(), "unlawful", "none")), "INVALID_ARGUMENT INVALID_REQUEST legal_basis:NO_LEGAL_BASIS");
  EXPECT_EQ(Said(Refuse(admin(), "unlawful", "")),
            "INVALID_ARGUMENT INVALID_REQUEST legal_basis:LEGAL_BASIS_NOT_NAMED");
  const auto refused = Refuse(admin(), "unlawful");
  ASSERT_EQ(Said(refused), "OK");
  EXPECT_EQ(refused->state(), matching_v1::OPENING_STATE_REFUSED);
  EXPECT_EQ(refused->refusal().legal_basis(), "legalBases/p");
  EXPECT_EQ(refused->refusal().text(), "法令違反");
  EXPECT_EQ(Said(Refuse(admin(), "unlawful")), "FAILED_PRECONDITION OPENING_REFUSED");
  EXPECT_EQ(EndSays("Opening", "openings/o1", "2050-12-31"), "INVALID_ARGUMENT INVALID_REQUEST :OPENING_REFUSED")
      << "it is not changed again";
}

TEST_P(LegalBasisTest, ABasisThatDoesNotHoldOrAnOpeningThatIsOver) {
  ASSERT_EQ(Basis("s", "operator_code: 'areas/320005' area: 'areas/320005'"), "OK");
  EXPECT_EQ(Said(Refuse(admin(), "", "s")), "OK") << "it lies outside its scope, which needs no ground";
  ASSERT_EQ(CreateSays("o2", "posts: 1"), "OK");
  ASSERT_EQ(EndSays("LegalBasis", "legalBases/p", "2050-04-02"), "OK");
  EXPECT_EQ(Said(Refuse(admin(), "unlawful", "p", "o2")),
            "INVALID_ARGUMENT INVALID_REQUEST legal_basis:BASIS_NOT_VALID");
  ASSERT_EQ(EndSays("Opening", "openings/o2", "2050-04-02"), "OK");
  EXPECT_EQ(Said(Refuse(admin(), "unlawful", "p", "o2")), "FAILED_PRECONDITION OPENING_OVER");
}

TEST_P(LegalBasisTest, OneOfEightRefuses) {
  std::atomic<int> refused{0}, told{0};
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] {
      const std::string said = Said(Refuse(admin(), "unlawful"));
      if (said == "OK") ++refused;
      if (said == "FAILED_PRECONDITION OPENING_REFUSED") ++told;
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(told, 7);
}

TEST_P(LegalBasisTest, AFacilityOrACityRefusesNothing) {
  for (const char* role : {"facility-manager@facilities/kita", "municipality-officer@areas/312011"}) {
    EXPECT_EQ(Said(Refuse(CallerWith("who", {role}, "matching"), "unlawful")), "PERMISSION_DENIED PERMISSION_DENIED")
        << role;
  }
  EXPECT_EQ(Said(Refuse(CallerWith("officer", {"prefecture-officer@areas/310000"}, "matching"), "unlawful")), "OK");
}

TEST_P(LegalBasisTest, AnOpeningTellsAllItsFaultsAtOnce) {
  EXPECT_EQ(CreateSays("o3",
                       "posts: 1 kind: OPENING_KIND_VISIT employment_form: EMPLOYMENT_FORM_FULL_TIME begins_at: '8:15' "
                       "ends_at: '15:00' care_times: '7:00' care_times: '10:30' care_times: '15:30'"),
            "INVALID_ARGUMENT INVALID_REQUEST opening.care_times[0]:CARE_TIME_OUTSIDE_HOURS "
            "opening.care_times[2]:CARE_TIME_OUTSIDE_HOURS opening.employment_form:OPENING_FIELD_NOT_OF_KIND "
            "opening.school_half_days:HALF_DAYS_MISSING");
}

TEST_P(LegalBasisTest, AWeekComesFromAFile) {
  const Table table = {
      {"opening_id", "事業所", "地域", "人数", "求人の種類", "雇用形態", "勤務する半日", "分けない半日", "始業時刻",
       "終業時刻", "休憩（分）", "ケアの時刻", "週の勤務分数"},
      {"f1", "facilities/kita", "312011", "1", "雇用", "非常勤", "月午前;月午後;水午前;水午後",
       R"({"half_days":["HALF_DAY_MON_AM","HALF_DAY_MON_PM"]};{"half_days":["HALF_DAY_WED_AM","HALF_DAY_WED_PM"]})",
       "8:15", "15:00", "45", "10:30;13:00-13:20", "720"},
      {"f2", "facilities/kita", "312011", "1", "雇用", "", "月午前", "", "8:15", "12:00", "", "13:00", "720"}};
  const Imported imported = ImportCsv(admin(), "openings", CsvOf(table));
  EXPECT_EQ(imported.summary, "2 rows: 1 created, 1 refused");
  EXPECT_THAT(imported.rows,
              testing::ElementsAre("3 refused ケアの時刻:CARE_TIME_OUTSIDE_HOURS 勤務する半日:HOURS_TOO_SHORT"));
  matching_v1::GetOpeningRequest get;
  get.set_name("openings/f1");
  const auto opening = admin().Call<matching_v1::Opening>("matching.v1.OpeningService/GetOpening", get);
  ASSERT_EQ(Said(opening), "OK");
  ASSERT_EQ(opening->together_size(), 2);
  EXPECT_EQ(opening->together(1).half_days(1), registry_v1::HALF_DAY_WED_PM);
  EXPECT_EQ(opening->school_half_days_size(), 4);
  EXPECT_EQ(ImportCsv(admin(), "openings", ExportCsv(admin(), "openings").file).counts.unchanged_count(), 2);
}

}  // namespace
}  // namespace tsunagu::wire
