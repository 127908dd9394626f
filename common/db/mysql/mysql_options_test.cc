#include "common/db/mysql/mysql_options.h"

#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::store {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ParseMysqlUrl, TakesEveryPart) {
  const auto options =
      ParseMysqlUrl("mysql://tsunagu:p%40ss%2Fw%C3%A9@db.example:3307/registry?ssl_ca=%2Fetc%2Fca.pem&pool=8");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->user, "tsunagu");
  EXPECT_EQ(options->password, "p@ss/w\xC3\xA9");
  EXPECT_EQ(options->host, "db.example");
  EXPECT_EQ(options->port, 3307);
  EXPECT_EQ(options->schema, "registry");
  EXPECT_EQ(options->ssl_ca, "/etc/ca.pem");
  EXPECT_EQ(options->pool_size, 8);
}

TEST(ParseMysqlUrl, NeedsOnlyTheHost) {
  const auto options = ParseMysqlUrl("mysql://[::1]");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->host, "[::1]");
  EXPECT_EQ(options->port, 3306);
  EXPECT_EQ(options->schema, "");
}

TEST(ParseMysqlUrl, ReadsThePasswordFromAFile) {
  const std::string path = testing::TempDir() + "/password";
  std::ofstream(path) << "from file\r\n";
  const auto options = ParseMysqlUrl("mysql://u@h/s?password_file=" + path);
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->password, "from file");
}

struct MalformedCase {
  const char* name;
  const char* url;
  const char* text;
};

class MalformedUrl : public testing::TestWithParam<MalformedCase> {};

TEST_P(MalformedUrl, IsExplainedWithoutThePassword) {
  const auto options = ParseMysqlUrl(GetParam().url);
  ASSERT_TRUE(absl::IsInvalidArgument(options.status())) << options.status();
  const std::string text(options.status().message());
  EXPECT_THAT(text, HasSubstr(GetParam().text));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

INSTANTIATE_TEST_SUITE_P(
    Urls, MalformedUrl,
    testing::Values(MalformedCase{"OtherScheme", "postgres://u:secret@h/s", "mysql://"},
                    MalformedCase{"NoHost", "mysql://u:secret@/s", "no host"},
                    MalformedCase{"Port", "mysql://u:secret@h:x/s", "port"},
                    MalformedCase{"PortTooLarge", "mysql://u:secret@h:70000/s", "port"},
                    MalformedCase{"SlashInPassword", "mysql://u:secret/x@h/s", "port"},
                    MalformedCase{"Percent", "mysql://u:secret%2@h/s", "password"},
                    MalformedCase{"Nul", "mysql://u:secret%00@h/s", "NUL"},
                    MalformedCase{"Pool", "mysql://u:secret@h/s?pool=0", "pool"},
                    MalformedCase{"UnknownParameter", "mysql://u:secret@h/s?ssl=secret", "none of"},
                    MalformedCase{"NoValue", "mysql://u:secret@h/s?ssl_ca", "no value"},
                    MalformedCase{"NoPasswordFile", "mysql://u:secret@h/s?password_file=/no/such", "/no/such"}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace tsunagu::store
