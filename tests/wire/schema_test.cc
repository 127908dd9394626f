// The schema of a database, and rows of newer versions in it.
#include "absl/strings/match.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class SchemaTest : public SuiteTest {
 protected:
  absl::StatusOr<std::vector<std::string>> Plan(bool apply) {
    return Migrate(server().config(), Server::Kinds(), apply);
  }
  void Define(const char* statement) {
    server().Spoil();
    const absl::Status defined = registry().Define(statement);
    ASSERT_TRUE(defined.ok()) << defined;
  }
  bool mysql() const { return GetParam() == Engine::kMysql; }
};
WIRE_TEST_ON_BOTH(SchemaTest);

TEST_P(SchemaTest, OfARunningServerLacksNothing) {
  EXPECT_THAT(*Plan(false), testing::IsEmpty());
  server().Restart();
  EXPECT_THAT(*Plan(false), testing::IsEmpty());
}

TEST_P(SchemaTest, AMissingColumnIsAddedAtStartOnSqliteAndRefusedOnMysql) {
  Create("kita", AFacility("きた", ""));
  Define("ALTER TABLE `facilities` DROP COLUMN `note`");
  server().Stop();
  const absl::Status started = server().Start();
  if (mysql()) {
    EXPECT_EQ(started.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(absl::StrContains(started.message(), "tsunagu migrate --apply")) << started;
    EXPECT_TRUE(absl::StrContains(started.message(), "registry")) << started;
    EXPECT_THAT(*Plan(false), testing::ElementsAre(testing::HasSubstr("ADD COLUMN `note`")));
    EXPECT_EQ(server().Start().code(), absl::StatusCode::kFailedPrecondition) << "a plan changes nothing";
    EXPECT_THAT(*Plan(true), testing::SizeIs(1));
    ASSERT_EQ(Said(server().Start()), "OK");
  } else {
    ASSERT_EQ(Said(started), "OK");
  }
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->display_name(), "きた");
}

TEST_P(SchemaTest, MigrationAddsTablesAndIndexesAndLeavesWhatItDoesNotKnow) {
  Create("kita", AFacility("きた", ""));
  Define("DROP TABLE `journal_seal`");
  Define(mysql() ? "DROP INDEX `i_facilities_area` ON `facilities`" : "DROP INDEX `i_facilities_area`");
  Define("ALTER TABLE `facilities` ADD COLUMN `of_a_newer_version` BIGINT");
  Define("CREATE TABLE `of_a_newer_version` (`id` BIGINT)");
  server().Stop();
  const auto plan = Plan(false);
  ASSERT_EQ(Said(plan), "OK");
  EXPECT_THAT(*plan, testing::UnorderedElementsAre(testing::HasSubstr("CREATE TABLE `journal_seal`"),
                                                   testing::HasSubstr("`u_journal_seal_id`"),
                                                   testing::HasSubstr("`i_facilities_area`")));
  EXPECT_EQ(*Plan(true), *plan) << "it tells what it did";
  EXPECT_THAT(*Plan(false), testing::IsEmpty());
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_FALSE(registry().Columns("of_a_newer_version")->empty());
  EXPECT_EQ(Said(GetFacility(admin(), "facilities/kita")), "OK");
  Create("minami", AFacility("みなみ", ""));
}

TEST_P(SchemaTest, ARowOfANewerVersionIsReadAndNotWritten) {
  Create("kita", AFacility("きた", ""));
  Execute(registry(), "UPDATE `facilities` SET `contract` = 1000 WHERE `id` = 'kita'");
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->display_name(), "きた");
  registry_v1::UpdateFacilityRequest request;
  request.mutable_facility()->set_name("facilities/kita");
  request.mutable_facility()->set_note("あたらしい");
  request.mutable_update_mask()->add_paths("note");
  EXPECT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request)),
            "UNAVAILABLE NEWER_RECORD");
  const Imported imported = ImportCsv(admin(), "facilities", "facility_id,display_name\nkita,みなみ\nnishi,にし\n");
  EXPECT_EQ(imported.summary, "2 rows: 1 created, 1 refused") << Said(imported.status);
  EXPECT_THAT(imported.rows, testing::ElementsAre("2 refused :NEWER_RECORD"));
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->display_name(), "きた");
}

TEST_P(SchemaTest, AnEnumValueOfANewerVersionReadsAsUnspecified) {
  Create("kita", AFacility("きた", ""));
  Execute(registry(), "UPDATE `facilities` SET `service_kind` = 'FACILITY_SERVICE_KIND_BAKERY' WHERE `id` = 'kita'");
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->service_kind(),
            registry_v1::FACILITY_SERVICE_KIND_UNSPECIFIED);
}

TEST_P(SchemaTest, AFolderBelongsToOneServer) {
  const auto second = Host::Start(server().config(), Server::Kinds());
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(absl::StrContains(second.status().message(), "in use by another server")) << second.status();
}

}  // namespace
}  // namespace tsunagu::wire
