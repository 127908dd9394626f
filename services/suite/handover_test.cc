#include "services/suite/handover.h"

#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/host/words.h"
#include "common/jp/civil_day.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/suite/import.h"
#include "services/suite/print_error.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/matching/v1/proposal.pb.h"

namespace tsunagu::suite {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HandoverFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    client_.once.purpose = client_.stream.purpose = "tests";
    japanese_.once.purpose = japanese_.stream.purpose = "tests";
    Import("areas", "code,kind,display_name,parent\n310000,PREFECTURE,鳥取県,\n312011,CITY,鳥取市,areas/310000\n");
    Import("facilities", "facility_id,display_name,area\nakane,見本あかね,areas/312011\n");
    Import("openings",
           "opening_id,facility,area,display_name,posts,licences,required_skills,weekly_minutes,start_date,employment_"
           "form\n"
           "o1,facilities/akane,areas/312011,=見本,2,NURSE;ASSISTANT_NURSE,SUCTION,900,2050-04-01,PART_TIME\n");
    Import("nurses",
           "source_key,display_name,licence,weekly_minutes,home_mesh,home_area,commute_limit_metres,seeking,"
           "handover_consent_date,school_half_days\n"
           "n1,見本一花,NURSE,1200,53341198,areas/312011,8000,true,2026-04-01,MON_AM;TUE_AM\n"
           "n2,見本二葉,NURSE,1200,53341198,areas/312011,8000,true,,\n");
  }
  void Import(const std::string& collection, const std::string& rows) {
    ImportOptions options;
    options.collection = collection;
    std::ostringstream told;
    const auto imported = ImportRows(client_, options, *Input::Of(rows), told, silent_);
    ASSERT_TRUE(imported.ok() && imported->refused_count() == 0) << told.str() << imported.status();
  }
  static std::string Written(const Client& client, HandoverOptions options) {
    std::ostringstream out;
    const absl::Status done = WriteHandover(client, options, out);
    return done.ok() ? out.str() : ErrorJson(done, client.once.language);
  }

  // A step of a proposal, its request as text.
  absl::StatusOr<matching::v1::Proposal> Step(const std::string& method, const std::string& text) {
    const auto* type = matching::v1::Proposal::descriptor()->file()->service(0)->FindMethodByName(method)->input_type();
    const std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, request.get())) << text;
    return client_.peer->Unary<matching::v1::Proposal>("tsunagu.matching.v1.ProposalService/" + method, *request,
                                                       client_.once);
  }

  RunningSuite suite_;
  Client client_ = suite_.Administrator(), japanese_ = suite_.Administrator("ja");
  Progress silent_{nullptr, Language::kEnglish, Clock::System()};
};

TEST_F(HandoverFileTest, OpeningsInBothLanguages) {
  const std::string japanese = Written(japanese_, {.what = "openings", .area = "areas/310000"});
  EXPECT_THAT(japanese, StartsWith("求人番号,事業所番号,事業所の名称,所在地,地域,求人名,募集人数,雇用形態,免許,"));
  EXPECT_THAT(japanese, HasSubstr("\nopenings/o1,facilities/akane,見本あかね,,"));
  EXPECT_THAT(japanese, HasSubstr(",'=見本,2,非常勤,看護師;准看護師,,吸引,900,,,,,,2050-04-01,,")) << "no formula";
  const std::string english = Written(client_, {.what = "openings"});
  EXPECT_THAT(english,
              StartsWith("opening,facility,facility_name,address,area_name,display_name,posts,employment_form,"));
  EXPECT_THAT(english, HasSubstr(",2,PART_TIME,NURSE;ASSISTANT_NURSE,,SUCTION,900,"));
}

TEST_F(HandoverFileTest, NursesWhoHaveAgreed) {
  const std::string japanese = Written(japanese_, {.what = "nurses", .area = "areas/312011"});
  EXPECT_THAT(japanese, StartsWith("登録番号,氏名,氏名カナ,電話番号,免許,できるケア,居住地域,"));
  EXPECT_THAT(japanese, HasSubstr(",見本一花,,,看護師,,鳥取市,8000,1200,,月午前;火午前,,,2026-04-01"));
  EXPECT_THAT(japanese, testing::Not(HasSubstr("二葉")));
  Client silent = suite_.Administrator();
  EXPECT_THAT(Written(silent, {.what = "nurses"}), HasSubstr("PURPOSE_REQUIRED"));
  EXPECT_THAT(Written(client_, {.what = "nurses", .area = "areas/31"}), HasSubstr("MALFORMED_AREA_CODE"));
}

TEST_F(HandoverFileTest, WhoHasAcceptedAPostIsNotHandedOver) {
  Import(
      "legalBases",
      "legal_basis_id,operator_code,area,kind,number,opening_kinds\np,areas/310000,areas/310000,NOTICE,1,EMPLOYMENT\n");
  Import("openings", "opening_id,facility,area,posts,weekly_minutes\no2,facilities/akane,areas/312011,1,900\n");
  const std::string before = Written(client_, {.what = "nurses"});
  const size_t name = before.find("nurses/");
  ASSERT_NE(name, std::string::npos);
  const std::string nurse = before.substr(name, before.find(',', name) - name);
  const auto make = [&](const char* method, const std::string& text) {
    const auto done = Step(method, text);
    EXPECT_TRUE(done.ok()) << method << ": " << done.status();
    return done.ok() ? done->name() : "";
  };
  const std::string proposal =
      make("CreateProposal",
           absl::StrCat("proposal { nurse: '", nurse, "' opening: 'openings/o2' legal_basis: 'legalBases/p' }"));
  const std::string named = absl::StrCat("name: '", proposal, "' ");
  make("ConsentProposal", absl::StrCat(named, "nurse: '", nurse, "' nurse_display_name: '見本一花' evidence: '見本'"));
  make("AgreeProposal", named);
  const jp::CivilDay today = jp::JapanDay(Clock::System().Now());
  make("RecordInterview", absl::StrCat(named, "interview_date { year: ", today.year(), " month: ", today.month(),
                                       " day: ", today.day(), " }"));
  make("DecideProposal", named + "hired: true start_date { year: 2050 month: 4 day: 1 }");
  EXPECT_THAT(Written(client_, {.what = "nurses"}), HasSubstr(nurse)) << "she may still say no";
  make("AcceptProposal", absl::StrCat(named, "nurse: '", nurse, "'"));
  EXPECT_THAT(Written(client_, {.what = "nurses"}), testing::Not(HasSubstr(nurse)));
}

TEST_F(HandoverFileTest, IntoAWorkbook) {
  HandoverOptions options{.what = "openings"};
  options.workbook = (suite_.folder.path / "openings.xlsx").string();
  EXPECT_EQ(Written(japanese_, options), "");
  EXPECT_THAT(suite_.folder.Read("openings.xlsx"), StartsWith("PK"));
}

}  // namespace
}  // namespace tsunagu::suite
