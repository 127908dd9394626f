// Files of records that lie under others, in and out.
#include "absl/strings/str_cat.h"
#include "tests/wire/school_test_base.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

class ParentTransferTest : public SchoolTest {
 protected:
  void SetUp() override {
    SchoolTest::SetUp();
    if (IsSkipped()) return;
    AddCourse("a");
    AddCourse("b");
    AddCourse("over", "2050-04-02");
  }
};
WIRE_TEST_ON_BOTH(ParentTransferTest);

TEST_P(ParentTransferTest, EachRowNamesItsParent) {
  struct Case {
    const char* name;
    std::string row, said;
  };
  const Case cases[] = {
      {"by name", "courses/a,s1,1,2050-05-01", ""},
      {"by id", "b,s1,2,2050-05-01", ""},
      {"without an id of its own", "courses/a,,3,2050-05-02", ""},
      {"with its own name as id", "courses/a,courses/a/sessions/s2,4,2050-05-03", ""},
      {"no such parent", "courses/none,s,5,2050-05-01", "講座:COURSE_NOT_FOUND"},
      {"another collection", "areas/312011,s,6,2050-05-01", "講座:MALFORMED_NAME"},
      {"none", ",s,7,2050-05-01", "講座:FIELD_REQUIRED"},
      {"one that has ended", "over,s,8,2050-05-01", "講座:PARENT_ENDED"},
      {"on the day of another of its parent", "b,s9,9,2050-05-01", "開始日:PERIODS_OVERLAP"},
      {"two faults", ",s,10,May", "終了日:MALFORMED_DATE 講座:FIELD_REQUIRED 開始日:MALFORMED_DATE"},
  };
  std::string file = "講座,session_id,会場,開始日,終了日\n";
  std::vector<std::string> rows;
  int line = 1;
  for (const Case& c : cases) {
    absl::StrAppend(&file, c.row, c.row.substr(c.row.rfind(',')), "\n");  // one day
    ++line;
    if (!c.said.empty()) rows.push_back(absl::StrCat(line, " refused ", c.said));
  }
  platform_v1::ImportRowsRequest dry;
  dry.set_collection("sessions");
  dry.set_dry_run(true);
  const Imported tried = ImportCsv(admin(), dry, file);
  EXPECT_THAT(tried.rows, testing::ElementsAreArray(rows));
  const Imported imported = ImportCsv(admin(), "sessions", file);
  EXPECT_THAT(imported.rows, testing::ElementsAreArray(rows));
  EXPECT_EQ(imported.summary, "10 rows: 4 created, 6 refused") << Said(imported.status);
  EXPECT_EQ(tried.summary, imported.summary);
  EXPECT_EQ(Said(GetSession(admin(), "courses/a/sessions/s2")), "OK");
  EXPECT_THAT(Said(ImportCsv(admin(), "sessions", "session_id,会場\ns,1\n").status),
              testing::HasSubstr("MISSING_COLUMNS"));
}

TEST_P(ParentTransferTest, FindsItsRowsAgain) {
  const std::string file =
      "course,session_id,room,valid_from_date,valid_to_date\n"
      "courses/a,s1,1,2050-05-01,2050-05-01\n"
      "courses/b,s1,2,2050-05-01,2050-05-01\n";
  EXPECT_EQ(ImportCsv(admin(), "sessions", file).summary, "2 rows: 2 created");
  EXPECT_EQ(ImportCsv(admin(), "sessions", file).summary, "2 rows: 2 unchanged");
  EXPECT_EQ(ImportCsv(admin(), "sessions", "course,session_id,room\na,s1,9\n").summary, "1 rows: 1 updated");
  EXPECT_EQ(GetSession(admin(), "courses/a/sessions/s1")->room(), "9");
  EXPECT_EQ(GetSession(admin(), "courses/b/sessions/s1")->room(), "2");
  EXPECT_THAT(ImportCsv(admin(), "sessions", file + "courses/a,s1,3,2050-06-01,2050-06-01\n").rows,
              ElementsAre("4 refused :DUPLICATE_ROW"));
}

TEST_P(ParentTransferTest, WhatComesOutGoesInAgain) {
  ASSERT_EQ(Said(AddSession(admin(), "courses/a", "s", "2050-05-01", "1")), "OK");
  ASSERT_EQ(Said(AddSession(admin(), "courses/b", "s", "2050-05-01", "2")), "OK");
  const std::string a = "courses/a,s,1,2050-05-01,2050-05-01\r\n", b = "courses/b,s,2,2050-05-01,2050-05-01\r\n";
  const std::string heading = "course,session_id,room,valid_from_date,valid_to_date\r\n";
  const Caller english = admin().In(Language::kEnglish);
  const std::pair<const char*, std::string> cases[] = {
      {"sessions", heading + a + b}, {"courses/-/sessions", heading + a + b}, {"courses/b/sessions", heading + b}};
  for (const auto& [collection, file] : cases) {
    const Exported exported = ExportCsv(english, collection);
    EXPECT_EQ(Said(exported.status), "OK") << collection;
    EXPECT_EQ(exported.file, file) << collection;
  }
  EXPECT_EQ(ImportCsv(english, "sessions", heading + a + b).summary, "2 rows: 2 unchanged");
  EXPECT_THAT(ExportCsv(admin().In(Language::kJapanese), "sessions").file, testing::StartsWith("講座,session_id"));
  EXPECT_EQ(Said(ExportCsv(english, "courses/none/sessions").status),
            "NOT_FOUND COURSE_NOT_FOUND collection:COURSE_NOT_FOUND");
  for (const char* of_none : {"areas/312011/courses", "/courses", "x/courses"}) {
    EXPECT_EQ(Said(ExportCsv(english, of_none).status), "INVALID_ARGUMENT INVALID_REQUEST collection:NOT_IMPORTABLE")
        << of_none;
  }
  for (const char* malformed : {"/sessions", "a/sessions", "areas/312011/sessions", "courses//sessions"}) {
    EXPECT_EQ(Said(ExportCsv(english, malformed).status), "INVALID_ARGUMENT INVALID_REQUEST parent:MALFORMED_NAME")
        << malformed;
  }
}

TEST_P(ParentTransferTest, PersonalRowsAreMaskedAsTheParentSays) {
  ASSERT_EQ(Said(AddSession(admin(), "courses/a", "s", "2050-05-01")), "OK");
  AddAttendance("courses/a/sessions/s", "見本 花子");
  SetRole("exporter", {"attendances.*", "rows.export"});
  const Caller near = CallerWith("near", {"exporter@areas/312011"}), far = CallerWith("far", {"exporter@areas/313025"});
  EXPECT_THAT(ExportCsv(near.For("tests"), "attendances").file, testing::HasSubstr("見本 花子"));
  EXPECT_THAT(ExportCsv(near, "attendances").file, testing::Not(testing::HasSubstr("見本 花子")));
  EXPECT_THAT(ExportCsv(far.For("tests"), "attendances").file, testing::Not(testing::HasSubstr("courses/a")));
}

}  // namespace
}  // namespace tsunagu::wire
