// Personal data: masked, unmasked with a purpose, logged, searched, and nowhere else.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

class PersonalDataTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    registry_v1::Nurse nurse = ANurse("髙橋 花子", "areas/312011");
    nurse.set_kana("タカハシ ハナコ");
    nurse.set_phone("0857-00-1111");
    nurse.set_note("夜勤不可という秘密");
    nurse.mutable_birth_date()->set_year(1985);
    nurse.mutable_birth_date()->set_month(4);
    nurse.mutable_birth_date()->set_day(2);
    hanako_ = Create(nurse);
    Execute(registry(), "DELETE FROM `access_log`");
  }
  // Which of her personal fields are shown: "display_name kana … ".
  static std::string Shown(const absl::StatusOr<registry_v1::Nurse>& nurse) {
    if (!nurse.ok()) return Said(nurse);
    std::string shown;
    for (const char* name : {"display_name", "kana", "birth_date", "phone", "home_mesh", "note"}) {
      const auto* field = registry_v1::Nurse::descriptor()->FindFieldByName(name);
      if (nurse->GetReflection()->HasField(*nurse, field)) absl::StrAppend(&shown, name, " ");
    }
    return shown;
  }
  std::vector<std::string> Log() {
    return Column(registry(), registry().dialect() == store::Dialect::kMysql
                                  ? "SELECT CONCAT(`actor`, '|', `purpose`, '|', `method`, '|', `names`) FROM "
                                    "`access_log` ORDER BY `id`"
                                  : "SELECT `actor` || '|' || `purpose` || '|' || `method` || '|' || `names` FROM "
                                    "`access_log` ORDER BY `id`");
  }
  static absl::StatusOr<registry_v1::SearchNursesResponse> Search(const Caller& caller, const std::string& name,
                                                                  int birth_year = 0) {
    registry_v1::SearchNursesRequest request;
    request.set_display_name(name);
    if (birth_year != 0) {
      request.mutable_birth_date()->set_year(birth_year);
      request.mutable_birth_date()->set_month(4);
      request.mutable_birth_date()->set_day(2);
    }
    return caller.Call<registry_v1::SearchNursesResponse>("registry.v1.NurseService/SearchNurses", request);
  }
  registry_v1::Nurse hanako_;
};
WIRE_TEST_ON_BOTH(PersonalDataTest);

constexpr char kAll[] = "display_name kana birth_date phone home_mesh note ";

TEST_P(PersonalDataTest, IsShownWithPermissionAndPurposeOnly) {
  SetRole("who", {"nurses.read", "nurses.identity"});
  SetRole("what", {"nurses.read", "nurses.confidential"});
  struct Case {
    const char* name;
    std::vector<std::string> grants;
    const char* purpose;
    const char* shown;
  };
  const Case cases[] = {
      {"both", {"matching-operator@*"}, "care", kAll},
      {"no purpose", {"matching-operator@*"}, "", ""},
      {"no permission", {"integrator@*"}, "care", ""},
      {"identity only", {"who@*"}, "care", "display_name kana birth_date phone "},
      {"confidential only", {"what@*"}, "care", "home_mesh note "},
      {"permission for another area", {"integrator@*", "who@areas/320005"}, "care", ""},
      {"permission for her area", {"integrator@*", "who@areas/312011"}, "care", "display_name kana birth_date phone "},
      {"herself", {absl::StrCat("nurse@", hanako_.name())}, "own", kAll},
      {"another herself", {"nurse@nurses/somebody"}, "own", "NOT_FOUND NURSE_NOT_FOUND"},
  };
  int id = 0;
  for (const Case& c : cases) {
    const Caller caller = CallerWith(absl::StrCat("p", ++id), c.grants);
    EXPECT_EQ(Shown(GetNurse(caller.For(c.purpose), hanako_.name())), c.shown) << c.name;
    const auto listed = caller.For(c.purpose).Call<registry_v1::ListNursesResponse>(
        "registry.v1.NurseService/ListNurses", registry_v1::ListNursesRequest());
    ASSERT_EQ(Said(listed), "OK") << c.name;
    for (const registry_v1::Nurse& nurse : listed->nurses()) EXPECT_EQ(Shown(nurse), c.shown) << c.name << ", listed";
  }
}

TEST_P(PersonalDataTest, EachUnmaskedCallWritesOneRowOfTheLog) {
  const auto jiro = Create(ANurse("見本 次郎", "areas/312011"));
  Execute(registry(), "DELETE FROM `access_log`");
  ASSERT_EQ(Said(GetNurse(admin(), hanako_.name())), "OK");
  EXPECT_THAT(Log(), testing::IsEmpty()) << "masked";
  ASSERT_EQ(Said(GetNurse(admin().For("care"), hanako_.name())), "OK");
  ASSERT_EQ(Said(admin().For("round").Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses",
                                                                            registry_v1::ListNursesRequest())),
            "OK");
  EXPECT_EQ(Said(GetNurse(admin().For("care"), "nurses/absent")), "NOT_FOUND NURSE_NOT_FOUND");
  clock().Advance(absl::Seconds(1));
  ASSERT_EQ(Said(Search(admin().For("search"), "たかはし花子")), "OK");
  EXPECT_THAT(Log(), testing::UnorderedElementsAre(
                         absl::StrCat("admin|care|tsunagu.registry.v1.NurseService/GetNurse|", hanako_.name()),
                         testing::AnyOf(absl::StrCat("admin|round|tsunagu.registry.v1.NurseService/ListNurses|",
                                                     hanako_.name(), " ", jiro.name()),
                                        absl::StrCat("admin|round|tsunagu.registry.v1.NurseService/ListNurses|",
                                                     jiro.name(), " ", hanako_.name()))));
}

TEST_P(PersonalDataTest, ALongPurposeIsKeptOrRefusedButNeverAnError) {
  const auto answer = GetNurse(admin().For(std::string(300, 'p')), hanako_.name());
  EXPECT_NE(answer.status().code(), absl::StatusCode::kInternal) << Said(answer);
}

TEST_P(PersonalDataTest, IdentifyingFieldsAreNoMeansOfFilteringOrSorting) {
  registry_v1::ListNursesRequest request;
  for (const char* field : {"display_name", "kana", "birth_date", "phone", "home_mesh", "note", "wishes"}) {
    request.set_filter(absl::StrCat(field, " = \"x\""));
    request.set_order_by(field);
    EXPECT_EQ(Said(reader().Call<registry_v1::ListNursesResponse>("registry.v1.NurseService/ListNurses", request)),
              "INVALID_ARGUMENT INVALID_REQUEST filter:FIELD_NOT_FILTERABLE order_by:FIELD_NOT_SORTABLE")
        << field;
  }
}

TEST_P(PersonalDataTest, SearchFindsEverySpellingOfOneName) {
  struct Case {
    const char* text;
    int birth_year;
    int found;
  };
  const Case cases[] = {
      {"髙橋 花子", 0, 1},       {"高橋花子", 0, 1}, {"高橋　花子", 0, 1},     {"髙\U000E0100橋花子", 0, 1},
      {"たかはし はなこ", 0, 1}, {"ﾀｶﾊｼ ﾊﾅｺ", 0, 1}, {"タカハシハナコ", 0, 1}, {"高橋花子", 1985, 1},
      {"高橋花子", 1986, 0},     {"高橋", 0, 0},     {"橋花子", 0, 0},         {"%", 0, 0},
  };
  for (const Case& c : cases) {
    const auto found = Search(reader(), c.text, c.birth_year);
    ASSERT_EQ(Said(found), "OK") << c.text;
    ASSERT_EQ(found->nurses_size(), c.found) << c.text << " " << c.birth_year;
    for (const registry_v1::Nurse& nurse : found->nurses())
      EXPECT_EQ(nurse.display_name(), "髙橋 花子") << "as she writes it";
  }
}

TEST_P(PersonalDataTest, SearchNeedsAPurposeAndKeepsToTheScope) {
  EXPECT_EQ(Said(Search(admin(), "高橋花子")), "INVALID_ARGUMENT PURPOSE_REQUIRED");
  const Caller elsewhere = CallerWith("elsewhere", {"prefecture-officer@areas/320005"});
  EXPECT_EQ(Search(elsewhere.For("care"), "高橋花子")->nurses_size(), 0);
  EXPECT_EQ(Said(Search(CallerWith("robot", {"integrator@*"}).For("care"), "高橋花子")),
            "PERMISSION_DENIED PERMISSION_DENIED");
}

TEST_P(PersonalDataTest, SearchFollowsTheRecord) {
  registry_v1::UpdateNurseRequest request;
  request.mutable_nurse()->set_name(hanako_.name());
  request.mutable_nurse()->set_display_name("架空 花子");
  request.mutable_update_mask()->add_paths("display_name");
  request.mutable_update_mask()->add_paths("kana");
  ASSERT_EQ(Said(reader().Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", request)), "OK");
  EXPECT_EQ(Search(reader(), "高橋花子")->nurses_size(), 0);
  EXPECT_EQ(Search(reader(), "たかはしはなこ")->nurses_size(), 0);
  EXPECT_EQ(Search(reader(), "架空花子")->nurses_size(), 1);
}

TEST_P(PersonalDataTest, ASearchWithADayLooksAtAllOfThatName) {
  for (int i = 0; i < 3; ++i) Create(ANurse("髙橋 花子", "areas/312011"));
  registry_v1::SearchNursesRequest request;
  request.set_display_name("高橋花子");
  request.set_page_size(1);
  *request.mutable_birth_date() = hanako_.birth_date();
  const auto found = reader().Call<registry_v1::SearchNursesResponse>("registry.v1.NurseService/SearchNurses", request);
  ASSERT_EQ(Said(found), "OK");
  EXPECT_EQ(found->nurses_size(), 1);
}

// A nurse who is left out silently would seem not to exist.
TEST_P(PersonalDataTest, ASearchTellsAllOrIsRefused) {
  for (int i = 0; i < 2; ++i) {
    registry_v1::Nurse twin = ANurse("髙橋 花子", "areas/312011");
    *twin.mutable_birth_date() = hanako_.birth_date();
    Create(twin);
  }
  const auto search = [&](int page_size, bool with_day) {
    registry_v1::SearchNursesRequest request;
    request.set_display_name("高橋花子");
    request.set_page_size(page_size);
    if (with_day) *request.mutable_birth_date() = hanako_.birth_date();
    const auto found =
        reader().Call<registry_v1::SearchNursesResponse>("registry.v1.NurseService/SearchNurses", request);
    if (!found.ok()) return absl::StrCat(Said(found), " ", FaultOf(found.status()).args().at("most"));
    return absl::StrCat(found->nurses_size());
  };
  for (const bool with_day : {false, true}) {
    EXPECT_EQ(search(1, with_day), "FAILED_PRECONDITION TOO_MANY_FOUND 1");
    EXPECT_EQ(search(2, with_day), "FAILED_PRECONDITION TOO_MANY_FOUND 2");
    EXPECT_EQ(search(3, with_day), "3");
    EXPECT_EQ(search(0, with_day), "3");
  }
}

TEST_P(PersonalDataTest, NothingPersonalStandsOutsideThePrivateColumns) {
  const std::vector<std::string> secrets = {"髙橋", "タカハシ", "0857-00-1111", "夜勤不可", "53341198"};
  for (const char* sql : {"SELECT `image` FROM `journal`", "SELECT `keys_after` FROM `journal`",
                          "SELECT `name` FROM `journal`", "SELECT `revisions` FROM `requests`",
                          "SELECT `token` FROM `nurses_search`", "SELECT `names` FROM `access_log`"}) {
    for (const std::string& cell : Column(registry(), sql)) {
      for (const std::string& secret : secrets) EXPECT_FALSE(absl::StrContains(cell, secret)) << sql;
    }
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `nurses_search`"), 2) << "her name and its reading";
  const auto columns = registry().Columns("nurses");
  ASSERT_TRUE(columns.ok()) << columns.status();
  for (const char* personal : {"display_name", "kana", "birth_date", "phone"}) {
    EXPECT_THAT(*columns, testing::Not(testing::Contains(personal)));
  }
}

TEST_P(PersonalDataTest, RefusalsRepeatNothingPersonal) {
  registry_v1::CreateNurseRequest request;
  *request.mutable_nurse() = ANurse("秘密 " + std::string(200, 'x'), "areas/312011");
  request.mutable_nurse()->set_phone(std::string(40, '7'));
  request.mutable_nurse()->set_home_mesh("5334119X");
  const auto refused = reader().Call<registry_v1::Nurse>("registry.v1.NurseService/CreateNurse", request);
  EXPECT_EQ(Said(refused),
            "INVALID_ARGUMENT INVALID_REQUEST nurse.display_name:FIELD_TOO_LONG "
            "nurse.home_mesh:MALFORMED_MESH_CODE nurse.phone:FIELD_TOO_LONG");
  const std::string told = FaultOf(refused.status()).DebugString();
  for (const char* secret : {"xxx", "777", "5334119", "秘密"}) EXPECT_FALSE(absl::StrContains(told, secret)) << told;
}

TEST_P(PersonalDataTest, RevisionsAndExportsAreMaskedTheSame) {
  platform_v1::ListRevisionsRequest request;
  request.set_parent("services/registry");
  request.set_resource_name(hanako_.name());
  auto image = [&](const Caller& caller) {
    const auto listed =
        caller.Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
    registry_v1::Nurse nurse;
    if (listed.ok() && listed->revisions_size() == 1) listed->revisions(0).image().UnpackTo(&nurse);
    return nurse;
  };
  EXPECT_EQ(Shown(image(admin())), "");
  EXPECT_EQ(image(admin()).licence(), registry_v1::LICENCE_NURSE);
  EXPECT_THAT(Log(), testing::IsEmpty());
  EXPECT_EQ(Shown(image(reader())), kAll);
  EXPECT_EQ(Log().size(), 1);
  EXPECT_EQ(Shown(image(CallerWith("auditor", {"auditor@*"}).For("audit"))), "");

  EXPECT_FALSE(absl::StrContains(ExportCsv(admin(), "nurses").file, "髙橋"));
  EXPECT_FALSE(absl::StrContains(ExportCsv(admin(), "nurses").file, "53341198"));
  EXPECT_EQ(Log().size(), 1);
  EXPECT_TRUE(absl::StrContains(ExportCsv(reader(), "nurses").file, "髙橋"));
  EXPECT_EQ(Log().size(), 2);
}

}  // namespace
}  // namespace tsunagu::wire
