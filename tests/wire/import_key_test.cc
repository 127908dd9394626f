// Import through the wire: a key that obviously belongs to something else is a conflict, lost characters are not
// stored, and records without a key are reported.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/coordinator.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ImportKeyTest : public SuiteTest {
 protected:
  Imported Import(const Caller& caller, const std::string& collection, const std::string& file, bool rename = false) {
    platform_v1::ImportRowsRequest options;
    options.set_collection(collection);
    options.set_rename(rename);
    return ImportCsv(caller, options, file);
  }
  std::string Warnings(const Imported& imported) {
    return absl::StrJoin(imported.counts.warnings(), " ",
                         [](std::string* out, const auto& warning) { absl::StrAppend(out, warning.reason()); });
  }
  std::string OnlyNurse() {
    const auto listed = reader().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses",
                                                                       registry_v1::ListNursesRequest());
    return listed.ok() && listed->nurses_size() == 1 ? listed->nurses(0).display_name() : Said(listed);
  }
};
WIRE_TEST_ON_BOTH(ImportKeyTest);

constexpr char kNurses[] =
    "source_key,display_name,kana,birth_date,licence,weekly_minutes,home_mesh,home_area,commute_limit_metres\n";
std::string ANurseRow(const std::string& key, const std::string& name, const std::string& kana,
                      const std::string& born) {
  return absl::StrCat(key, ",", name, ",", kana, ",", born, ",NURSE,1200,53341198,areas/312011,8000\n");
}

TEST_P(ImportKeyTest, OfEveryResourceAKeyOfAnotherIsRefusedUnlessItIsSaid) {
  CreateAreas();
  ASSERT_EQ(
      Import(admin(), "facilities", "facility_id,display_name\nkita,きた\nminami,みなみ\n").counts.refused_count(), 0);
  ASSERT_EQ(Import(reader(), "coordinators", "source_key,display_name,home_area\nc1,見本 一花,areas/312011\n").summary,
            "1 rows: 1 created");
  struct Case {
    const char* name;
    const char* collection;
    const char* heading;
    const char* first;
    const char* same;   // another spelling, or a change that leaves it what it is
    const char* other;  // something else under the same key
    const char* fault;
  };
  const Case cases[] = {
      {"area", "areas", "code,kind,display_name,parent", "312029,CITY,米子市,areas/310000",
       "312029,CITY,米子 市,areas/310000", "312029,CITY,倉吉市,areas/310000", "display_name:KEY_OF_ANOTHER"},
      {"region", "regions", "region_id,display_name,kind,prefecture", "tobu,東部圏域,DISABILITY_WELFARE,areas/310000",
       "tobu,東部　圏域,DISABILITY_WELFARE,areas/310000", "tobu,西部圏域,DISABILITY_WELFARE,areas/310000",
       "display_name:KEY_OF_ANOTHER"},
      {"facility by its id", "facilities", "facility_id,display_name", "nishi,にし", "nishi,ニシ", "nishi,ひがし",
       "display_name:KEY_OF_ANOTHER"},
      {"facility by its key", "facilities", "source_key,display_name,identifiers", "list/1,うみ,x/1/63",
       "list/1,やま,x/1/63", "list/1,かわ,x/2/63", "display_name:KEY_OF_ANOTHER"},
      {"kind of service", "serviceKinds", "code,display_name", "22,架空介護", "22,架空 介護", "22,別の介護",
       "display_name:KEY_OF_ANOTHER"},
      {"placement", "placements", "source_key,coordinator,body,stage,valid_from_date,fte_hundredths",
       "p1,c1,areas/312011,ACTUAL,2049-04-01,50", "p1,c1,areas/312011,ACTUAL,2049-04-01,60",
       "p1,c1,areas/313025,ACTUAL,2049-04-01,60", "body:KEY_OF_ANOTHER"},
      {"opening", "openings", "opening_id,facility,area,posts,weekly_minutes,start_date,source",
       "o1,facilities/kita,areas/312011,1,900,2051-04-01,invented",
       "o1,facilities/kita,areas/312011,2,900,2051-04-01,invented",
       "o1,facilities/minami,areas/312011,2,900,2051-04-01,invented", "facility:KEY_OF_ANOTHER"},
  };
  for (const Case& c : cases) {
    const auto file = [&](const char* row) { return absl::StrCat(c.heading, "\n", row, "\n"); };
    const Imported first = Import(admin(), c.collection, file(c.first));
    EXPECT_EQ(first.summary, "1 rows: 1 created") << c.name << absl::StrJoin(first.rows, "; ") << Said(first.status);
    EXPECT_EQ(Import(admin(), c.collection, file(c.same)).summary, "1 rows: 1 updated") << c.name;
    const Imported other = Import(admin(), c.collection, file(c.other));
    EXPECT_THAT(other.rows, ElementsAre(absl::StrCat("2 refused ", c.fault))) << c.name;
    EXPECT_EQ(Import(admin(), c.collection, file(c.same)).summary, "1 rows: 1 unchanged") << c.name;
    EXPECT_EQ(Import(admin(), c.collection, file(c.other), true).summary, "1 rows: 1 updated") << c.name;
  }
}

TEST_P(ImportKeyTest, TheFaultNamesBoth) {
  CreateAreas();
  const auto stream = admin().In(Language::kEnglish).Stream("platform.v1.TransferService/ImportRows");
  platform_v1::ImportRowsRequest request;
  request.set_parent("services/registry");
  request.set_collection("areas");
  request.set_data("団体コード,都道府県名（漢字）,市区町村名（漢字）\n312011,島根県,松江市\n312011,鳥取県,松江市\n");
  stream->Write(request);
  stream->WritesDone();
  std::vector<std::string> texts;
  platform_v1::ImportRowsResponse response;
  while (true) {
    const auto more = stream->Read(response);
    if (!more.ok() || !*more) break;
    for (const auto& fault : response.row().faults()) texts.push_back(fault.text());
  }
  ASSERT_EQ(texts.size(), 2u);
  EXPECT_EQ(texts[0],
            "The code 312011 is one of 鳥取県鳥取市, and the row says 島根県松江市. Correct the one or the other.");
  EXPECT_EQ(
      texts[1],
      "The key 312011 is that of 鳥取市, and the row says 松江市. If it is the same under another name, import it with "
      "rename; else correct the key.");
}

TEST_P(ImportKeyTest, APersonIsComparedOnlyByWhoeverMaySeeHer) {
  CreateAreas();
  const auto file = [](const std::string& row) { return kNurses + row; };
  ASSERT_EQ(Import(reader(), "nurses", file(ANurseRow("n1", "見本 花子", "ミホン ハナコ", "1985-04-02"))).summary,
            "1 rows: 1 created");
  // Married: her day of birth says that it is she.
  EXPECT_EQ(Import(reader(), "nurses", file(ANurseRow("n1", "架空 花子", "カクウ ハナコ", "1985-04-02"))).summary,
            "1 rows: 1 updated");
  const std::string another = file(ANurseRow("n1", "例示 月子", "レイジ ツキコ", "1990-12-31"));
  EXPECT_THAT(Import(reader(), "nurses", another).rows, ElementsAre("2 refused display_name:KEY_OF_ANOTHER_PERSON"));
  EXPECT_EQ(OnlyNurse(), "架空 花子");

  // A caller who may not read her name gets the same answer whatever the name is: right, wrong, with or without marks
  // for lost characters.
  const Caller robot = CallerWith("robot", {"integrator@*"}).For("tests");
  for (const Caller& blind : {robot, admin().WithoutPurpose()}) {
    const auto told = [&](const std::string& name) {
      const Imported imported = Import(blind, "nurses", file(ANurseRow("n1", name, "", "")));
      return absl::StrCat(imported.counts.refused_count(), absl::StrJoin(imported.rows, ";"));
    };
    EXPECT_EQ(told("架空 花?"), "0");
    EXPECT_EQ(told("例示 花?"), "0");
    EXPECT_EQ(told("架空 花〓"), told("例示 月〓"));
  }
}

TEST_P(ImportKeyTest, CharactersThatWereLostAreNotStored) {
  const auto stored = [&] { return GetFacility(admin(), "facilities/k")->display_name(); };
  const auto import = [&](const std::string& name, const std::string& note = "") {
    return Import(admin(), "facilities", absl::StrCat("facility_id,display_name,note\nk,", name, ",", note, "\n"));
  };
  ASSERT_EQ(import("𠮷田の家", "髙い").summary, "1 rows: 1 created");
  const Exported cp932 = ExportCsv(admin(), "facilities", platform_v1::TEXT_ENCODING_CP932);
  ASSERT_EQ(cp932.warned.size(), 1u);
  const Imported again = Import(admin(), "facilities", cp932.file);
  EXPECT_EQ(again.summary, "1 rows: 1 unchanged, 1 warned") << absl::StrJoin(again.rows, ";");
  EXPECT_EQ(stored(), "𠮷田の家");
  for (const char* damaged : {"〓田の家", "?田の家", "？田の家", "\uFFFD田の〓"}) {
    EXPECT_EQ(import(damaged, "髙い").counts.unchanged_count(), 1) << damaged;
    EXPECT_EQ(stored(), "𠮷田の家") << damaged;
  }
  EXPECT_THAT(import("?田の家", "安い").rows, ElementsAre("2 warned display_name:LOST_CHARACTERS"));
  EXPECT_EQ(GetFacility(admin(), "facilities/k")->note(), "安い") << "the rest of the row is taken";
  EXPECT_THAT(import("???").rows, ElementsAre("2 refused display_name:KEY_OF_ANOTHER"));
}

TEST_P(ImportKeyTest, RowsWithoutAKeyAreTold) {
  CreateAreas();
  const std::string file = "display_name,area,capacity\nきた,areas/312011,10\nみなみ,areas/312011,\n";
  const Imported first = Import(admin(), "facilities", file);
  EXPECT_EQ(first.summary, "2 rows: 2 created");
  EXPECT_EQ(Warnings(first), "ROWS_WITHOUT_KEY");
  const Imported second = Import(admin(), "facilities", file);
  EXPECT_THAT(second.rows, ElementsAre("2 warned :EQUAL_RECORD", "3 warned :EQUAL_RECORD"));
  EXPECT_EQ(second.summary, "2 rows: 2 created, 2 warned");
  const Imported third = Import(admin(), "facilities", "display_name,area,capacity\nきた,areas/312011,20\n");
  EXPECT_THAT(third.rows, IsEmpty()) << "another capacity: not the same";
  EXPECT_EQ(Warnings(Import(admin(), "facilities", "facility_id,display_name\nk,きた\n")), "");
  EXPECT_EQ(Warnings(Import(admin(), "facilities", "source_key,display_name\nk,きた\n")), "");

  const std::string nurses = kNurses + ANurseRow("", "見本 花子", "ミホン ハナコ", "1985-04-02");
  EXPECT_EQ(Warnings(Import(reader(), "nurses", nurses)), "ROWS_WITHOUT_KEY");
  EXPECT_THAT(Import(reader(), "nurses", nurses).rows, ElementsAre("2 warned :EQUAL_RECORD"));
  EXPECT_THAT(Import(CallerWith("robot", {"integrator@*"}).For("tests"), "nurses", nurses).rows, IsEmpty())
      << "whoever may not read names does not learn that she is there";
}

TEST_P(ImportKeyTest, SoManyThatLookAlikeThatNotAllWereComparedAreTold) {
  CreateAreas();
  const std::string heading = "display_name,area,capacity\n";
  std::string file = heading;
  for (int i = 1; i <= 21; ++i) absl::StrAppend(&file, "きた,areas/312011,", i, "\n");
  EXPECT_THAT(Import(admin(), "facilities", file).rows, IsEmpty()) << "twenty are compared";
  EXPECT_THAT(Import(admin(), "facilities", heading + "きた,areas/312011,99\n").rows,
              ElementsAre("2 warned :EQUAL_RECORDS_NOT_COMPARED"));
}

TEST_P(ImportKeyTest, AWholeListNeedsTheRightToRead) {
  SetRole("writer", {"rows.import", "facilities.write"});
  platform_v1::ImportRowsRequest options;
  options.set_collection("facilities");
  options.set_full(true);
  EXPECT_EQ(Said(ImportCsv(CallerWith("w", {"writer@*"}), options, "facility_id,display_name\nk,きた\n").status),
            "PERMISSION_DENIED PERMISSION_DENIED");
  // Only what lies in the caller's scope is named.
  CreateAreas();
  Create("tottori", AFacility("とっとり", "areas/312011"));
  Create("matsue", AFacility("まつえ", "areas/322016"));
  const Imported imported = ImportCsv(CallerWith("officer", {"prefecture-officer@areas/310000"}), options,
                                      "facility_id,display_name,area\nk,きた,areas/312011\n");
  EXPECT_THAT(imported.missing, ElementsAre("facilities/tottori とっとり"));
}

}  // namespace
}  // namespace tsunagu::wire
