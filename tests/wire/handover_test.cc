// What is handed over to the nurse centre: openings, and nurses who have agreed to it, without any legal basis.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/access.h"
#include "common/jp/civil_day.h"
#include "common/service/service.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/handover.pb.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/registry/v1/nurse_handover.pb.h"

namespace tsunagu::wire {
namespace {

namespace matching_v1 = tsunagu::matching::v1;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kFacilities[] =
    "facility_id,display_name,area,address,latitude_e6,longitude_e6\n"
    "akane,見本あかね,areas/312011,鳥取県鳥取市架空町1番地,35495111,134231278\n"
    "matsu,見本まつ,areas/322016,,35468000,133048000\n";
// Open, over, yet to begin, elsewhere, no employment, refused.
constexpr char kOpenings[] =
    "opening_id,facility,area,display_name,posts,licences,required_skills,weekly_minutes,valid_from_date,valid_to_date,"
    "school_half_days,kind,supplier,conditions\n"
    "day,facilities/akane,areas/312011,日中,2,NURSE,SUCTION,900,,2050-12-31,,EMPLOYMENT,,時給 見本円\n"
    "matsu,facilities/matsu,areas/322016,松,1,,,600,,,,,,\n"
    "over,facilities/akane,areas/312011,終了,1,,,900,,2049-12-31,,,,\n"
    "later,facilities/akane,areas/312011,以後,1,,,900,2051-01-01,,,,,\n"
    "refused,facilities/akane,areas/312011,不受理,1,,,900,,,,,,\n"
    "visit,facilities/akane,areas/312011,訪問,1,,,600,,,MON_AM,VISIT,VISITING_STATION,\n";
// Agreed, not asked, agreed later than today, agreed and not looking, agreed and elsewhere.
constexpr char kNurses[] =
    "source_key,display_name,kana,phone,weekly_minutes,licence,skills,home_mesh,home_area,commute_limit_metres,seeking,"
    "handover_consent_date\n"
    "yes,見本 一花,ミホン イチカ,000-0000-0001,1200,NURSE,SUCTION,53341198,areas/312011,8000,true,2049-04-01\n"
    "no,見本 二葉,,,1200,NURSE,,53341198,areas/312011,8000,true,\n"
    "later,見本 三月,,,1200,NURSE,,53341198,areas/312011,8000,true,2050-12-01\n"
    "content,見本 四季,,,1200,NURSE,,53341198,areas/312011,8000,false,2049-04-01\n"
    "west,架空 五月,,,1200,ASSISTANT_NURSE,,53331063,areas/322016,8000,true,2049-04-01\n";

class HandoverTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Import("facilities", kFacilities, 2);
    Import("openings", kOpenings, 6);
    Import("nurses", kNurses, 5);
    RefuseOne();
    EXPECT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");  // what areas are called
  }
  void Import(const std::string& collection, const std::string& file, int rows) {
    const Imported imported = ImportCsv(reader(), collection, file);
    EXPECT_EQ(imported.summary, absl::StrCat(rows, " rows: ", rows, " created")) << absl::StrJoin(imported.rows, "; ");
  }
  void RefuseOne() {
    matching_v1::CreateLegalBasisRequest basis;
    basis.set_legal_basis_id("p");
    google::protobuf::TextFormat::ParseFromString(
        "operator_code: 'areas/310000' area: 'areas/310000' kind: BASIS_KIND_NOTICE number: '1' opening_kinds: "
        "OPENING_KIND_EMPLOYMENT refusal_grounds { code: 'a' text: '見本の事由' }",
        basis.mutable_legal_basis());
    EXPECT_EQ(Said(admin().Call<matching_v1::LegalBasis>("matching.v1.LegalBasisService/CreateLegalBasis", basis)),
              "OK");
    matching_v1::RefuseOpeningRequest refuse;
    refuse.set_name("openings/refused");
    refuse.set_legal_basis("legalBases/p");
    refuse.set_ground("a");
    EXPECT_EQ(Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/RefuseOpening", refuse)), "OK");
  }
  // The rows, each in a few words; or what the refusal says.
  template <typename Row, typename Request, typename Words>
  static std::vector<std::string> Read(const Caller& caller, const std::string& method, const Request& request,
                                       Words words) {
    std::vector<std::string> rows;
    const auto stream = caller.Stream(method);
    if (stream->Write(request)) stream->WritesDone();
    Row row;
    for (;;) {
      row.Clear();
      const auto more = stream->Read(row);
      if (!more.ok() || !*more) break;
      rows.push_back(words(row));
    }
    const absl::Status end = stream->Finish();
    return end.ok() ? rows : std::vector<std::string>{Said(end)};
  }
  std::vector<std::string> Openings(const Caller& caller, const std::string& area = "", const std::string& day = "") {
    matching_v1::ReadHandoverOpeningsRequest request;
    request.set_area(area);
    if (!day.empty()) *request.mutable_as_of_date() = jp::ToDate(*jp::ParseDay(day));
    return Read<matching_v1::HandoverOpening>(
        caller, "matching.v1.HandoverService/ReadHandoverOpenings", request, [](const auto& row) {
          return absl::StrCat(row.opening(), " ", row.facility_name(), " ", row.area_name(), " ", row.posts());
        });
  }
  std::vector<std::string> Nurses(const Caller& caller, const std::string& area = "", const std::string& day = "") {
    registry_v1::ReadNurseHandoverRequest request;
    request.set_area(area);
    if (!day.empty()) *request.mutable_as_of_date() = jp::ToDate(*jp::ParseDay(day));
    return Read<registry_v1::HandedNurse>(
        caller, "registry.v1.NurseHandoverService/ReadNurseHandover", request,
        [](const auto& row) { return absl::StrCat(row.display_name(), " ", row.phone(), " ", row.area_name()); });
  }
  int64_t Logged() {
    return Count(registry(), "SELECT COUNT(*) FROM `access_log` WHERE `method` LIKE '%ReadNurseHandover'");
  }
};
WIRE_TEST_ON_BOTH(HandoverTest);

TEST_P(HandoverTest, OpeningsAreThoseThatAreOpenAndNotRefused) {
  EXPECT_THAT(Openings(admin()), ElementsAre("openings/day 見本あかね 鳥取市 2", "openings/matsu 見本まつ 松江市 1"));
  EXPECT_THAT(Openings(admin(), "areas/310000"), ElementsAre("openings/day 見本あかね 鳥取市 2"));
  EXPECT_THAT(Openings(admin(), "areas/312011", "2051-02-01"), ElementsAre("openings/later 見本あかね 鳥取市 1"));
}

// Its opening is still open: who is handed it reads which facility that was, and that it has ended.
TEST_P(HandoverTest, AFacilityThatHasEndedHasTheNameThatItHad) {
  registry_v1::EndFacilityRequest end;
  end.set_name("facilities/akane");
  *end.mutable_end_date() = jp::ToDate(*jp::ParseDay("2050-04-01"));
  ASSERT_EQ(Said(reader().Call<registry_v1::Facility>("registry.v1.FacilityService/EndFacility", end)), "OK");
  const auto rows = Read<matching_v1::HandoverOpening>(
      admin(), "matching.v1.HandoverService/ReadHandoverOpenings", matching_v1::ReadHandoverOpeningsRequest(),
      [](const auto& row) {
        return absl::StrCat(
            row.opening(), " ", row.facility_name(), " ", row.address(), " ", row.area_name(), " ",
            row.has_facility_valid_to_date() ? jp::FormatIso(jp::DayOf(row.facility_valid_to_date())) : "goes on");
      });
  EXPECT_THAT(rows, ElementsAre("openings/day 見本あかね 鳥取県鳥取市架空町1番地 鳥取市 2050-04-01",
                                "openings/matsu 見本まつ  松江市 goes on"));
}

TEST_P(HandoverTest, NursesAreThoseWhoHaveAgreed) {
  EXPECT_THAT(Nurses(admin()), ElementsAre("INVALID_ARGUMENT PURPOSE_REQUIRED"));
  EXPECT_EQ(Logged(), 0);
  EXPECT_THAT(Nurses(reader(), "areas/310000"), ElementsAre("見本 一花 000-0000-0001 鳥取市"));
  EXPECT_EQ(Logged(), 1);
  EXPECT_THAT(Nurses(reader(), "areas/310000", "2050-12-01").size(), 2);
  EXPECT_THAT(Nurses(reader()).size(), 2) << "and one elsewhere";
}

// A nurse who withdraws her consent is no longer handed over.
TEST_P(HandoverTest, ConsentEnds) {
  ASSERT_EQ(Nurses(reader(), "areas/310000").size(), 1);
  const Imported again = ImportCsv(reader(), "nurses",
                                   "source_key,display_name,weekly_minutes,licence,home_mesh,commute_limit_metres,"
                                   "handover_consent_date\nyes,見本 一花,1200,NURSE,53341198,8000,\n");
  EXPECT_EQ(again.summary, "1 rows: 1 updated") << absl::StrJoin(again.rows, "; ");
  EXPECT_THAT(Nurses(reader(), "areas/310000"), IsEmpty());
}

TEST_P(HandoverTest, WhoMayNotSeeThemIsRefused) {
  const Caller facility = CallerWith("f", {"facility-manager@facilities/akane"}, "matching").For("tests");
  EXPECT_THAT(Openings(facility).front(), HasSubstr("PERMISSION_DENIED"));
  EXPECT_THAT(Nurses(CallerWith("m", {"municipality-officer@areas/312011"}).For("tests")).front(),
              HasSubstr("PERMISSION_DENIED"));
}

// A caller with the scope of one prefecture hands over only its nurses.
TEST_P(HandoverTest, NursesAreThoseInReach) {
  EXPECT_THAT(Nurses(CallerWith("p", {"prefecture-officer@areas/310000"}).For("tests")),
              ElementsAre("見本 一花 000-0000-0001 鳥取市"));
}

// Nurses live in wards.
TEST_P(HandoverTest, ADesignatedCityReachesItsWards) {
  ASSERT_EQ(ImportCsv(admin(), "areas",
                      "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n"
                      "220001,静岡県,,シズオカケン,\n221309,静岡県,浜松市,シズオカケン,ハママツシ\n"
                      "221317,静岡県,浜松市中央区,シズオカケン,ハママツシチュウオウク\n")
                .summary,
            "3 rows: 3 created");
  Import("nurses",
         "source_key,display_name,phone,weekly_minutes,licence,home_mesh,home_area,commute_limit_metres,seeking,"
         "handover_consent_date\n"
         "ward,見本 六花,,1200,NURSE,52372630,areas/221317,8000,true,2049-04-01\n",
         1);
  const auto six = ElementsAre("見本 六花  浜松市中央区");
  EXPECT_THAT(Nurses(reader(), "areas/221317"), six);
  EXPECT_THAT(Nurses(reader(), "areas/221309"), six);
  EXPECT_THAT(Nurses(reader(), "areas/220001"), six);
  EXPECT_THAT(Nurses(CallerWith("city", {"prefecture-officer@areas/221309"}).For("tests"), "areas/220001"), six);
  EXPECT_THAT(Nurses(CallerWith("p", {"prefecture-officer@areas/310000"}).For("tests"), "areas/221309"), IsEmpty());
  EXPECT_THAT(Nurses(reader(), "areas/322016"), ElementsAre(HasSubstr("架空 五月")));
}

}  // namespace
}  // namespace tsunagu::wire
