#include "services/suite/access_log.h"

#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/suite_fixture.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::suite {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class AccessLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    registry::v1::CreateNurseRequest create;
    create.mutable_nurse()->set_display_name("見本 花子");
    create.mutable_nurse()->set_licence(registry::v1::LICENCE_NURSE);
    create.mutable_nurse()->set_weekly_minutes(600);
    create.mutable_nurse()->set_home_mesh("53341198");
    create.mutable_nurse()->set_commute_limit_metres(1000);
    rpc::CallOptions options = client_.once;
    options.purpose = "=care";
    const auto nurse =
        client_.peer->Unary<registry::v1::Nurse>("tsunagu.registry.v1.NurseService/CreateNurse", create, options);
    ASSERT_TRUE(nurse.ok()) << nurse.status();
    nurse_ = nurse->name();
  }
  std::string Written(const AccessLogOptions& options) {
    std::ostringstream out, notes;
    const absl::Status done = WriteAccessLog(client_, options, out, notes);
    notes_ = notes.str();
    return done.ok() ? out.str() : ErrorJson(done, Language::kEnglish);
  }

  RunningSuite suite_;
  const Client client_ = suite_.Administrator();
  std::string nurse_, notes_;
};

TEST_F(AccessLogTest, IsWrittenAsCsvThatNoSpreadsheetRuns) {
  AccessLogOptions options;
  options.record = nurse_;
  const std::string written = Written(options);
  EXPECT_THAT(written, StartsWith("time,service,actor,on_behalf_of,purpose,method,records"));
  EXPECT_THAT(written, HasSubstr(absl::StrCat(
                           "+09:00,registry,admin,,'=care,tsunagu.registry.v1.NurseService/CreateNurse,", nurse_)));
  EXPECT_THAT(written, Not(HasSubstr("花子")));
  options.record.clear();
  options.viewer = "admin";
  EXPECT_EQ(Written(options), written);
  EXPECT_EQ(notes_, "");
}

TEST_F(AccessLogTest, AsksEveryServiceAndSaysWhenNothingIsThere) {
  AccessLogOptions options;
  options.viewer = "nobody";
  EXPECT_EQ(Written(options), "time,service,actor,on_behalf_of,purpose,method,records\r\n");
  EXPECT_EQ(notes_, "Nothing was found in the access log of matching, registry, subsidy, training.\n");
  options.service = "matching";
  EXPECT_EQ(Written(options), "time,service,actor,on_behalf_of,purpose,method,records\r\n");
  EXPECT_EQ(notes_, "Nothing was found in the access log of matching.\n");
}

TEST_F(AccessLogTest, TakesDaysAndTimes) {
  struct Case {
    const char* name;
    std::string from, until;
    bool found;
  };
  const Case cases[] = {
      {"always", "", "", true},
      {"a day in the past", "2001-04-01", "2001-04-01", false},
      {"since a day", "2001-04-01", "", true},
      {"until a time in the past", "", "2001-04-01T09:00:00+09:00", false},
      {"in the future", "R99.4.1", "", false},
  };
  for (const Case& c : cases) {
    AccessLogOptions options;
    options.viewer = "admin";
    options.from = c.from;
    options.until = c.until;
    EXPECT_EQ(Written(options).find(nurse_) != std::string::npos, c.found) << c.name << Written(options);
  }
}

TEST_F(AccessLogTest, SaysWhatIsWrong) {
  AccessLogOptions options;
  EXPECT_THAT(Written(options), HasSubstr("FIELD_REQUIRED"));
  options.viewer = "admin";
  options.from = "yesterday";
  EXPECT_THAT(Written(options), HasSubstr("MALFORMED_TIME"));
}

}  // namespace
}  // namespace tsunagu::suite
