#include "services/suite/survey.h"

#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = registry::v1;
using testing::HasSubstr;

class SurveyCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    Ask<v1::Area, v1::CreateAreaRequest>("AreaService/CreateArea",
                                         "area { code: '310000' kind: AREA_KIND_PREFECTURE display_name: '鳥取県' }");
    Ask<v1::Area, v1::CreateAreaRequest>(
        "AreaService/CreateArea",
        "area { code: '312011' kind: AREA_KIND_CITY display_name: '鳥取市' parent: 'areas/310000' }");
    Ask<v1::Area, v1::CreateAreaRequest>(
        "AreaService/CreateArea",
        "area { code: '313025' kind: AREA_KIND_TOWN display_name: '岩美町' parent: 'areas/310000' }");
    Ask<v1::SurveyForm, v1::CreateSurveyFormRequest>("SurveyFormService/CreateSurveyForm",
                                                     "survey_form_id: 'f' survey_form { display_name: '見本調査票' "
                                                     "items { code: 'persons' label: '人数' kind: KIND_NUMBER "
                                                     "required: true } }");
    Ask<v1::SurveyRound, v1::CreateSurveyRoundRequest>(
        "SurveyRoundService/CreateSurveyRound",
        "survey_round_id: 'r' survey_round { display_name: '見本調査' form: 'surveyForms/f' prefecture: 'areas/310000' "
        "as_of_date { year: 2026 month: 8 day: 1 } due_date { year: 2026 month: 9 day: 30 } }");
  }
  template <typename M, typename Request>
  void Ask(const std::string& method, const std::string& text) {
    Request request;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const auto made = client_.peer->Unary<M>(absl::StrCat("tsunagu.registry.v1.", method), request, client_.once);
    ASSERT_TRUE(made.ok()) << made.status();
  }
  std::string Shown(const Client& client) {
    std::ostringstream told;
    EXPECT_TRUE(ShowSurvey(client, "r", told).ok());
    return told.str();
  }
  std::string InFolder(const std::string& name) const { return (suite_.folder.path / name).string(); }

  const RunningSuite suite_;
  const Client client_ = suite_.Administrator();
};

TEST_F(SurveyCommandTest, OutToEachBodyAndBack) {
  EXPECT_EQ(Shown(suite_.Administrator("ja")),
            "■ 見本調査（基準日 令和8年8月1日、回答期限 令和8年9月30日）\n"
            "  団体    状態    提出  回答\n"
            "  ------  ------  ----  ----\n"
            "  鳥取市  未回答         0/1\n"
            "  岩美町  未回答         0/1\n"
            "  未回答 2\n");
  std::ostringstream told, errors;
  ASSERT_TRUE(
      WriteSurveyForms(client_, "surveyRounds/r", v1::SurveyFile::FORMAT_CSV, suite_.folder.path.string(), told).ok());
  EXPECT_EQ(told.str(), absl::StrCat(InFolder("312011.csv"), "\n", InFolder("313025.csv"), "\n"));
  const std::string filled = suite_.folder.Write(
      "filled.csv", absl::StrReplaceAll(suite_.folder.Read("312011.csv"), {{"人数,,", "人数,２,"}}));
  SurveyAnswers answers;
  answers.files = {InFolder("313025.csv"), InFolder("none.csv"), filled};
  answers.submit = true;
  told.str("");
  const auto refused = ReadSurveyForms(client_, answers, told, errors);
  ASSERT_TRUE(refused.ok());
  EXPECT_EQ(*refused, 2) << "one that is refused keeps no other from being taken";
  EXPECT_EQ(told.str(), absl::StrCat(filled, ": surveyRounds/r/surveyResponses/312011 SUBMITTED\n"));
  EXPECT_THAT(errors.str(), testing::AllOf(HasSubstr("313025.csv: {"), HasSubstr("\"field\": \"D7\""),
                                           HasSubstr("ANSWER_MISSING"), HasSubstr("FILE_NOT_READABLE")));
  EXPECT_THAT(Shown(client_), testing::AllOf(HasSubstr("DRAFT 1, SUBMITTED 1\n"), HasSubstr("  1/1\n")));
  const std::string large = suite_.folder.Write("large.csv", std::string((3 << 20) + 1, 'x'));
  answers.files = {large};
  EXPECT_EQ(*ReadSurveyForms(client_, answers, told, errors), 1);
  EXPECT_THAT(errors.str(), HasSubstr("SURVEY_FILE_TOO_LARGE"));
}

TEST_F(SurveyCommandTest, SaysWhichRoundAndWhichFolder) {
  std::ostringstream told;
  EXPECT_THAT(ErrorJson(ShowSurvey(client_, "none", told), Language::kEnglish), HasSubstr("SURVEY_ROUND_NOT_FOUND"));
  EXPECT_THAT(ErrorJson(WriteSurveyForms(client_, "r", v1::SurveyFile::FORMAT_XLSX, InFolder("none"), told),
                        Language::kEnglish),
              HasSubstr("FILE_NOT_WRITABLE"));
}

}  // namespace
}  // namespace tsunagu::suite
