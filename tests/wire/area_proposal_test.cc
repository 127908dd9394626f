// Compares a newer list of codes with the areas: proposes explanations of the differences, and changes nothing without
// confirmation.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/wire/report_test_base.h"
#include "tsunagu/registry/v1/area_change.pb.h"

namespace tsunagu::wire {
namespace {

using registry_v1::ProposeAreaChangesResponse;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kHeading[] = "団体コード,都道府県名（漢字）,市区町村名（漢字）,都道府県名（カナ）,市区町村名（カナ）\n";
// 鳥取県 as of 2005-03-27, 福岡県 as of 2018-09-30 and 静岡県 as of 2023-12-31, in part.
constexpr char kBefore[] =
    "310000,鳥取県,,トットリケン,\n313866,鳥取県,大山町,トットリケン,ダイセンチョウ\n313874,鳥取県,名和町,トットリケン,"
    "ナワチョウ\n"
    "313882,鳥取県,中山町,トットリケン,ナカヤマチョウ\n400009,福岡県,,フクオカケン,\n403059,福岡県,那珂川町,"
    "フクオカケン,ナカガワマチ\n"
    "220001,静岡県,,シズオカケン,\n221309,静岡県,浜松市,シズオカケン,ハママツシ\n221350,静岡県,浜松市北区,シズオカケン,"
    "ハママツシキタク\n"
    "221376,静岡県,浜松市天竜区,シズオカケン,ハママツシテンリュウク\n";
constexpr char kAfter[] =
    "310000,鳥取県,,トットリケン,\n313866,鳥取県,大山町,トットリケン,ダイセンチョウ\n400009,福岡県,,フクオカケン,\n"
    "402311,福岡県,那珂川市,フクオカケン,ナカガワシ\n220001,静岡県,,シズオカケン,\n221309,静岡県,浜松市,シズオカケン,"
    "ハママツシ\n"
    "221384,静岡県,浜松市中央区,シズオカケン,ハママツシチュウオウク\n221392,静岡県,浜松市浜名区,シズオカケン,"
    "ハママツシハマナク\n"
    "221406,静岡県,浜松市天竜区,シズオカケン,ハママツシテンリュウク\n";

class AreaProposalTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(ImportCsv(admin(), "areas", absl::StrCat(kHeading, kBefore)).summary, "10 rows: 10 created");
  }
  absl::StatusOr<ProposeAreaChangesResponse> Propose(const std::string& list, const std::string& day = "2024-01-01") {
    registry_v1::ProposeAreaChangesRequest request;
    request.set_data(list);
    *request.mutable_effective_date() = Day(day);
    return CallerWith("officer", {"prefecture-officer@areas/310000"})
        .Call<ProposeAreaChangesResponse>("registry.v1.AreaChangeService/ProposeAreaChanges", request);
  }
  // "CODE 221376>221406", with "?" where it is ambiguous; at the end how many are the same.
  std::vector<std::string> Proposed(const std::string& list, const std::string& day = "2024-01-01") {
    const auto response = Propose(absl::StrCat(kHeading, list), day);
    if (!response.ok()) return {Said(response)};
    std::vector<std::string> said;
    const auto join = [](const auto& areas) {
      return absl::StrJoin(areas, "+", [](std::string* out, const std::string& area) { out->append(area.substr(6)); });
    };
    for (const auto& proposal : response->proposals()) {
      const registry_v1::AreaChange& change = proposal.area_change();
      said.push_back(absl::StrCat(AreaChangeKind_Name(change.kind()).substr(17), " ", join(change.from_areas()), ">",
                                  join(change.to_areas()), proposal.ambiguous() ? "?" : ""));
    }
    for (const std::string& prefecture : response->left_out_prefectures()) said.push_back("without " + prefecture);
    said.push_back(absl::StrCat(response->unchanged_count()));
    return said;
  }
};
WIRE_TEST_ON_BOTH(AreaProposalTest);

TEST_P(AreaProposalTest, UntilEverythingIsExplained) {
  EXPECT_THAT(Proposed(kBefore), ElementsAre("10"));
  EXPECT_THAT(Proposed(kAfter), ElementsAre("CODE 221376>221406", "SPLIT 221350>221384+221392?",
                                            "UNSPECIFIED 313874+313882>?", "NEW_KIND 403059>402311", "5"));
  EXPECT_THAT(Proposed(kBefore), ElementsAre("10")) << "nothing happened";
  // A person decides; the list comes first, so that the new codes are there.
  const std::string heading = "種別,施行日,変更前の地域,変更前の名称,変更後の地域,変更後の名称\n";
  ASSERT_EQ(ImportCsv(admin(), "areas", absl::StrCat(kHeading, kAfter)).summary, "9 rows: 4 created, 5 unchanged");
  ASSERT_EQ(ImportCsv(admin(), "areaChanges",
                      heading + "コード変更,2024-01-01,221376,浜松市天竜区,221406,浜松市天竜区\n"
                                "種別変更,2018-10-01,403059,那珂川町,402311,那珂川市\n")
                .summary,
            "2 rows: 2 created");
  EXPECT_THAT(Proposed(kAfter), ElementsAre("UNSPECIFIED 221350>?", "UNSPECIFIED 313874+313882>?", "9"));
  ASSERT_EQ(ImportCsv(admin(), "areaChanges",
                      heading + "分割,2024-01-01,221350,浜松市北区,221384;221392,浜松市中央区;浜松市浜名区\n"
                                "新設合併,2005-03-28,313866;313874;313882,大山町;名和町;中山町,313866,大山町\n")
                .summary,
            "2 rows: 2 created");
  EXPECT_THAT(Proposed(kAfter), ElementsAre("9"));
  const std::string own =
      "code,kind,display_name,parent,valid_from_date,valid_to_date\n310000,PREFECTURE,鳥取県,,,\n"
      "313866,TOWN,大山町,areas/310000,,\n313874,TOWN,名和町,areas/310000,,2005-03-27\n";
  const auto ours = Propose(own);
  ASSERT_EQ(Said(ours), "OK");
  EXPECT_EQ(ours->proposals_size(), 0) << "a list of ours says who has ended";
  EXPECT_THAT(Proposed(kAfter, "2005-03-28"), testing::Contains(HasSubstr("221376"))) << "it stands on that day";
}

// C8: the list goes from one name to the other; a rename that is recorded is not proposed again.
TEST_P(AreaProposalTest, ANewNameUntilItIsRecorded) {
  const std::string renamed =
      "310000,鳥取県,,トットリケン,\n313866,鳥取県,伯耆大山町,トットリケン,ホウキダイセンチョウ\n"
      "313874,鳥取県,名和町,トットリケン,ナワチョウ\n313882,鳥取県,中山町,トットリケン,ナカヤマチョウ\n";
  EXPECT_THAT(Proposed(renamed),
              ElementsAre("RENAME 313866>313866", "without areas/220001", "without areas/400009", "3"));
  ASSERT_EQ(ImportCsv(admin(), "areaChanges",
                      "種別,施行日,変更前の地域,変更前の名称,変更後の地域,変更後の名称\n"
                      "名称変更,2024-01-01,313866,大山町,313866,伯耆大山町\n")
                .summary,
            "1 rows: 1 created");
  EXPECT_THAT(Proposed(renamed), ElementsAre("without areas/220001", "without areas/400009", "4"));
}

TEST_P(AreaProposalTest, AListThatCannotBeReadIsRefusedAsAWhole) {
  const struct {
    const char* name;
    std::string list;
    const char* said;
  } cases[] = {
      {"no list", "a,b\n1,2\n", "MISSING_COLUMNS"},
      {"empty", "", "FIELD_REQUIRED"},
      {"one code twice", absl::StrCat(kHeading, kAfter, "313866,鳥取県,大山町,,\n"), "data[11]:AREA_LISTED_TWICE"},
      {"a code that is none", absl::StrCat(kHeading, kAfter, "31X866,鳥取県,大山町,,\n"), "data[11].団体コード:"},
      {"a code of another prefecture", absl::StrCat(kHeading, "322016,鳥取県,松江市,,\n"),
       "data[2].団体コード:AREA_CODE_CONTRADICTED"},
      {"a cell too many", absl::StrCat(kHeading, "310000,鳥取県,,,,,x\n"), "data[2]:WRONG_COLUMN_COUNT"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(Said(Propose(c.list)), testing::AllOf(HasSubstr("INVALID_ARGUMENT"), HasSubstr(c.said))) << c.name;
  }
  const std::string two = Said(Propose(absl::StrCat(kHeading, "31X866,鳥取県,大山町,,\n,鳥取県,名和町,,\n")));
  EXPECT_THAT(two, testing::AllOf(HasSubstr("data[2]"), HasSubstr("data[3]"))) << "all at once";
}

}  // namespace
}  // namespace tsunagu::wire
