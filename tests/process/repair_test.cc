// tsunagu repair: a record that somebody has changed in the database is restored; the person who restores it is
// recorded.
#include <sqlite3.h>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"

namespace tsunagu::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Sql(const std::string& file, const std::string& sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  sqlite3_busy_timeout(database, 10'000);
  std::string first;
  char* error = nullptr;
  const auto take = [](void* out, int, char** values, char**) {
    *static_cast<std::string*>(out) = values[0] == nullptr ? "" : values[0];
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), take, &first, &error), SQLITE_OK) << error;
  sqlite3_close(database);
  return first;
}

TEST(RepairTest, PutsARecordBackBesideARunningServer) {
  Folder folder;
  ServerProcess server(folder.path());
  ASSERT_TRUE(server.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("a")).ok());
  const auto repair = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {Binary("tsunagu"), "repair"});
    more.insert(more.end(), {"--data-dir", folder.path(), "--services", "registry"});
    return RunToEnd(std::move(more));
  };
  registry::v1::GetFacilityRequest get;
  get.set_name("facilities/a");
  const auto read = [&] { return server.Call<registry::v1::Facility>("registry.v1.FacilityService/GetFacility", get); };
  const auto before = read();
  ASSERT_TRUE(before.ok());
  EXPECT_EQ(repair({"facilities/a"}).code, 0) << "nothing is wrong with it";

  Sql(folder / "registry.db", "UPDATE facilities SET display_name = 'forged' WHERE id = 'a'");
  EXPECT_EQ(RefusalOf(read().status()), (Refusal{absl::StatusCode::kDataLoss, "ROW_FORGED"}));
  const Outcome looked = repair({"facilities/a"});
  EXPECT_EQ(looked.code, 1);
  EXPECT_THAT(looked.output, AllOf(HasSubstr("registry facilities/a revision 1 (display_name)"), HasSubstr("--apply")));
  EXPECT_EQ(repair({"facilities/a", "--apply"}).code, 1) << "nobody is named";
  EXPECT_FALSE(read().ok());

  const Outcome done = repair({"facilities/a", "--apply", "--by", "officer-31", "--purpose", "repair"});
  EXPECT_EQ(done.code, 0) << done.errors;
  EXPECT_THAT(done.output, AllOf(HasSubstr("what was there: "), HasSubstr("put back to what revision 1 says")));
  const auto after = read();
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->display_name(), before->display_name());
  EXPECT_EQ(after->etag(), "2");
  int kept = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder / "repaired")) {
    ++kept;
    EXPECT_THAT(ReadFile(file.path()), HasSubstr("\"display_name\": \"forged\""));
    EXPECT_EQ(file.status().permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_EQ(kept, 1);
  EXPECT_EQ(Sql(folder / "registry.db",
                "SELECT actor || ' ' || on_behalf_of || ' ' || purpose || ' ' || method FROM "
                "journal WHERE name = 'facilities/a' AND revision = 2"),
            "operator officer-31 repair repair");
  EXPECT_EQ(RunToEnd({Binary("tsunagu"), "verify-journal", "--data-dir", folder.path(), "--services", "registry"}).code,
            0);
  const Outcome unknown = repair({"facilities/none-such"});
  EXPECT_EQ(unknown.code, 0) << "no row, and no revision";
  EXPECT_EQ(repair({"nothing/x"}).code, 1);
}

}  // namespace
}  // namespace tsunagu::process
