// Export as a workbook through the wire.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/text/sheet/archive_test.h"
#include "common/text/sheet/package.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/coordinator.pb.h"

namespace tsunagu::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

// All cells of the only sheet: "1[text code|...]2[...]".
std::string Cells(const Exported& exported) {
  EXPECT_EQ(Said(exported.status), "OK");
  return sheet::testing::Read(exported.file);
}

// A part of the workbook as XML.
std::string PartOf(const Exported& exported, absl::string_view name) {
  const sheet::Spool spool = sheet::testing::Spooled(exported.file);
  auto package = sheet::Package::Open(spool.descriptor(), {});
  EXPECT_TRUE(package.ok()) << package.status();
  auto xml = (*package)->Read(name, 1 << 20);
  EXPECT_TRUE(xml.ok()) << xml.status();
  std::string shown;
  for (auto token = xml->Next(); token.ok() && *token != sheet::XmlReader::Token::kFinish; token = xml->Next()) {
    if (*token == sheet::XmlReader::Token::kStart)
      absl::StrAppend(&shown, "<", xml->name(), " ", xml->Attribute("sqref"), ">");
    if (*token == sheet::XmlReader::Token::kText) absl::StrAppend(&shown, xml->text());
  }
  return shown;
}

class ExportWorkbookTest : public SuiteTest {
 protected:
  // An exported workbook can be imported again and changes nothing, in both languages.
  void ExpectRoundTrip(const Caller& caller, const std::string& collection, int rows) {
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      const Exported exported = ExportWorkbook(caller.In(language), collection);
      ASSERT_EQ(Said(exported.status), "OK");
      const Imported imported = ImportWorkbook(caller, collection, exported.file);
      EXPECT_EQ(imported.summary, absl::StrCat(rows, " rows: ", rows, " unchanged"))
          << collection << ": " << Said(imported.status) << absl::StrJoin(imported.rows, "; ");
    }
  }
};
WIRE_TEST_ON_BOTH(ExportWorkbookTest);

TEST_P(ExportWorkbookTest, CellsAreOfTheKindsOfTheirFields) {
  CreateAreas();
  ASSERT_EQ(ImportCsv(admin(), "facilities",
                      "facility_id,display_name,area,service_kind,capacity,source_key,note\n"
                      "007,=1+1,312011,放課後等デイサービス,10,0012,\"一\n二\"\n")
                .summary,
            "1 rows: 1 created");
  const std::string english = Cells(ExportWorkbook(admin(), "facilities"));
  EXPECT_THAT(english, HasSubstr("1[text facility_id|text display_name|"));
  EXPECT_THAT(english, HasSubstr("2[text 007|text =1+1|")) << "text is no formula, so nothing guards it";
  const std::string japanese = Cells(ExportWorkbook(admin().In(Language::kJapanese), "facilities"));
  EXPECT_THAT(japanese, HasSubstr("1[text facility_id|text 事業所の名称|text 事業所の名称_かな|text 所在地域"));
  EXPECT_THAT(japanese, HasSubstr("|text areas/312011|text 放課後等デイサービス|"));
  EXPECT_THAT(japanese, HasSubstr("|number 10|"));
  EXPECT_THAT(japanese, HasSubstr("|text 0012|"));
  EXPECT_THAT(japanese, HasSubstr("|text 一\n二]"));
  ASSERT_EQ(ImportCsv(admin(), "areas",
                      "code,kind,display_name,parent,valid_from_date\n"
                      "313866,TOWN,琴浦町,310000,2004-09-01\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_THAT(Cells(ExportWorkbook(admin(), "areas")),
              HasSubstr("[text 313866|text TOWN|text 琴浦町||text areas/310000|||date 2004-09-01]"));
}

TEST_P(ExportWorkbookTest, FieldsWithFixedValuesHaveADropDownOfTheWordsThatImportTakes) {
  CreateAreas();
  const std::string sheet =
      PartOf(ExportWorkbook(admin().In(Language::kJapanese), "areas"), "xl/worksheets/sheet1.xml");
  EXPECT_THAT(sheet, HasSubstr("<dataValidation B2:B1006>")) << "the five rows and a thousand to fill in";
  EXPECT_THAT(sheet, HasSubstr("\"都道府県,"));
  EXPECT_THAT(PartOf(ExportWorkbook(admin(), "areas"), "xl/worksheets/sheet2.xml"), HasSubstr("PREFECTURE"))
      << "the writer keeps words with _ in a sheet of their own";
}

TEST_P(ExportWorkbookTest, WhatComesOutGoesInAgainAndChangesNothing) {
  CreateAreas();
  std::string file = "facility_id,display_name,area,service_kind,capacity,identifiers,note,weekday_hours\n";
  const std::vector<std::string> texts = {"''=1+1", "''x",     "\"a,b\"", "''-5", "''@x",
                                          "''+81",  "𠮷田 髙", "ア；イ",  "0012"};
  for (int i = 0; i < 600; ++i) {
    absl::StrAppend(&file, "0", i, ",", texts[i % texts.size()], ",", i % 2 ? "areas/312011" : "", ",",
                    i % 3 ? "放課後等デイサービス" : "", ",", i % 4 ? std::to_string(i) : "", ",x/", i % 5, "/1;y/", i,
                    "/2,", i % 7 ? "\"一\n二\"" : "", ",09:00-17:00\n");
  }
  ASSERT_EQ(ImportCsv(admin(), "facilities", file).counts.created_count(), 600);
  ExpectRoundTrip(admin(), "facilities", 600);
  ExpectRoundTrip(admin(), "areas", 5);
  registry_v1::Nurse nurse = ANurse("辻󠄀 花子", "areas/312011");
  nurse.mutable_birth_date()->set_year(1985);
  nurse.mutable_birth_date()->set_month(4);
  nurse.mutable_birth_date()->set_day(2);
  nurse.set_phone("0857-00-0000");
  nurse.add_skills(registry_v1::SKILL_SUCTION);
  nurse.add_skills(registry_v1::SKILL_TUBE_FEEDING);
  Create(nurse);
  ExpectRoundTrip(reader(), "nurses", 1);
  registry_v1::CreateCoordinatorRequest request;
  request.mutable_coordinator()->set_display_name("見本 三郎");
  request.mutable_coordinator()->set_home_area("areas/312011");
  const auto saburo =
      reader().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request);
  ASSERT_EQ(Said(saburo), "OK");
  ASSERT_EQ(ImportCsv(admin(), "placements",
                      absl::StrCat("coordinator,body,stage,valid_from_date,valid_to_date,fte_hundredths\n",
                                   saburo->name(), ",312011,ACTUAL,2040-04-01,2041-03-31,50\n", saburo->name(),
                                   ",312011,PLANNED,2051-04-01,,\n"))
                .summary,
            "2 rows: 2 created");
  ExpectRoundTrip(reader(), "coordinators", 1);
  ExpectRoundTrip(admin(), "placements", 2);
}

TEST_P(ExportWorkbookTest, PersonalDataIsMaskedAndLoggedAsInCsv) {
  CreateAreas();
  Create(ANurse("髙橋 花子", "areas/312011"));
  const auto shown = [this] { return Count(registry(), "SELECT COUNT(*) FROM `access_log`"); };
  const int64_t before = shown();
  EXPECT_THAT(Cells(ExportWorkbook(admin(), "nurses")), Not(HasSubstr("髙橋")));
  EXPECT_EQ(shown(), before);
  EXPECT_THAT(Cells(ExportWorkbook(reader(), "nurses")), HasSubstr("|text 髙橋 花子|"));
  EXPECT_EQ(shown(), before + 1);
  const Caller centre = CallerWith("centre", {"centre-staff@*"});
  EXPECT_EQ(Said(ExportWorkbook(centre, "facilities").status), Said(ExportCsv(centre, "facilities").status));
}

TEST_P(ExportWorkbookTest, RowsAreTheOnesOfTheFilter) {
  CreateAreas();
  platform_v1::ExportRowsRequest request;
  request.set_collection("areas");
  request.set_format(platform_v1::FILE_FORMAT_XLSX);
  request.set_filter("kind = AREA_KIND_PREFECTURE");
  const std::string cells = Cells(Export(admin(), request));
  EXPECT_THAT(cells, HasSubstr("3[text 320005|"));
  EXPECT_THAT(cells, Not(HasSubstr("4[")));
  request.set_filter("bogus = 1");
  EXPECT_EQ(Said(Export(admin(), request).status), Said(ExportCsv(admin(), "areas", {}, "bogus = 1").status));
}

}  // namespace
}  // namespace tsunagu::wire
