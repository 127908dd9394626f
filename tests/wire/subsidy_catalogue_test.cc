// The public data of programmes, readable without a key, in the format of the public API of jGrants.
#include "google/protobuf/util/json_util.h"
#include "tests/wire/subsidy_test_base.h"
#include "tsunagu/subsidy/v1/catalogue.pb.h"

namespace tsunagu::wire {
namespace {

using namespace subsidy_v1;  // NOLINT: requests by the dozen

class SubsidyCatalogueTest : public SubsidyTest {
 protected:
  void SetUp() override {
    SubsidyTest::SetUp();
    if (IsSkipped()) return;
    Publish("early", "医療的ケア児等総合支援事業", "application_end_date { year: 2050 month: 4 day: 2 }",
            "レスパイト、ｷｮｳﾀﾞｲ児への支援");
    Publish(
        "late", "ＡＢＣ事業",
        "application_start_date { year: 2050 month: 4 day: 3 } application_end_date { year: 2050 month: 6 day: 30 }",
        "見本のレスパイト");
  }
  void Publish(const std::string& id, const std::string& title, const std::string& days, const std::string& detail) {
    clock().Advance(absl::Seconds(1));
    ASSERT_EQ(Said(Ask<Programme, CreateProgrammeRequest>(
                  admin(), "ProgrammeService/CreateProgramme",
                  absl::StrCat("programme_id: '", id, "' programme { display_name: '", title,
                               "' fiscal_year: 2050 grantor: 'areas/310000' rule_set: 'ruleSets/r1' ", days,
                               " catalogue_entry { institution: '見本県' target_area: '見本県' subsidy_rate: '1/2以内' "
                               "subsidy_max_yen: 400000 project_end_date { year: 2051 month: 3 day: 31 } detail: '",
                               detail, "' } }"))),
              "OK");
  }
  // "late early": the ids that are listed.
  std::string Search(const std::string& keyword, const std::string& acceptance = "0",
                     const std::string& sort = "acceptance_end_datetime", const std::string& order = "ASC") {
    const Caller nobody = server().CallerWith("");
    const auto found = Ask<SearchSubsidiesResponse, SearchSubsidiesRequest>(
        nobody, "CatalogueService/SearchSubsidies",
        absl::StrCat("keyword: '", keyword, "' sort: '", sort, "' order: '", order, "' acceptance: '", acceptance,
                     "'"));
    if (!found.ok()) return Said(found);
    EXPECT_EQ(found->metadata().resultset().count(), found->result_size());
    std::string ids;
    for (const auto& one : found->result()) absl::StrAppend(&ids, ids.empty() ? "" : " ", one.id());
    return ids;
  }
};

TEST_P(SubsidyCatalogueTest, WhatIsPublishedIsFoundWithoutAKey) {
  EXPECT_EQ(Search("レスパイト"), "early late");
  EXPECT_EQ(Search("レスパイト", "0", "acceptance_end_datetime", "DESC"), "late early");
  EXPECT_EQ(Search("レスパイト", "0", "created_date", "DESC"), "late early");
  EXPECT_EQ(Search("レスパイト", "1"), "late") << "that day takes applications for one of them";
  EXPECT_EQ(Search("ﾚｽﾊﾟｲﾄ"), "early late") << "half width";
  EXPECT_EQ(Search("きょうだい"), Search("キョウダイ"));
  EXPECT_EQ(Search("abc"), "late") << "small and half for large and full";
  EXPECT_EQ(Search("見本事業"), "") << "programmes/p1 is not published";
  EXPECT_EQ(Search("没有"), "");
  EXPECT_EQ(Search("見", "2", "name", "asc"),
            "INVALID_ARGUMENT INVALID_REQUEST acceptance:UNKNOWN_ENUM_VALUE keyword:KEYWORD_TOO_SHORT "
            "order:UNKNOWN_ENUM_VALUE sort:UNKNOWN_ENUM_VALUE");
}

TEST_P(SubsidyCatalogueTest, OneIsReadInTheShapeThatProgramsKnow) {
  const Caller nobody = server().CallerWith("");
  const auto read = [&](const std::string& id) {
    return Ask<ReadSubsidyResponse, ReadSubsidyRequest>(nobody, "CatalogueService/ReadSubsidy",
                                                        absl::StrCat("id: '", id, "'"));
  };
  const auto late = read("late");
  ASSERT_EQ(Said(late), "OK");
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(late->result(0), &json).ok());
  EXPECT_EQ(
      json,
      R"({"id":"late","name":"late","title":"ＡＢＣ事業","institution_name":"見本県","target_area_search":"見本県",)"
      R"("subsidy_max_limit":400000,"acceptance_start_datetime":"2050-04-02T15:00:00.000Z",)"
      R"("acceptance_end_datetime":"2050-06-30T14:59:59.000Z","detail":"見本のレスパイト","subsidy_rate":"1/2以内",)"
      R"("project_end_deadline":"2051-03-31T14:59:59.000Z"})");
  EXPECT_EQ(Said(read("p1")), "NOT_FOUND SUBSIDY_NOT_PUBLISHED") << "there, and not for everybody";
  EXPECT_EQ(Said(read("p9")), "NOT_FOUND SUBSIDY_NOT_PUBLISHED");
  EXPECT_EQ(Said(read("../x")), "NOT_FOUND SUBSIDY_NOT_PUBLISHED");
  EXPECT_EQ(
      Said(Ask<Programme, GetProgrammeRequest>(nobody, "ProgrammeService/GetProgramme", "name: 'programmes/late'")),
      "UNAUTHENTICATED UNAUTHENTICATED");
}

WIRE_TEST_ON_BOTH(SubsidyCatalogueTest);

}  // namespace
}  // namespace tsunagu::wire
