// The schema of a database, and rows of newer versions in it.
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/host/databases.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class SchemaTest : public SuiteTest {
 protected:
  absl::StatusOr<std::vector<std::string>> Plan(bool apply) {
    ASSIGN_OR_RETURN(Migration migration, Migrate(server().config(), Server::Kinds(), apply));
    return std::move(migration.steps);
  }
  Reason StartReason() { return ReasonOf(server().Start()); }
  void Define(const char* statement) {
    server().Spoil();
    const absl::Status defined = registry().Define(statement);
    ASSERT_TRUE(defined.ok()) << defined;
  }
  // Signs rows that the test has written, as if a newer program had written them.
  void SignFacilities() {
    EXPECT_EQ(Said(server().host().Find("registry")->store().FindTable("facilities")->SignRows()), "OK");
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
    EXPECT_EQ(ReasonOf(started), "SCHEMA_INCOMPLETE"_reason) << started;
    EXPECT_THAT(TextForOperator(started), testing::HasSubstr("tsunagu migrate --apply"));
    EXPECT_THAT(TextForOperator(started), testing::HasSubstr("registry"));
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
  Define("DROP TABLE `outbox`");
  Define(mysql() ? "DROP INDEX `i_facilities_area` ON `facilities`" : "DROP INDEX `i_facilities_area`");
  Define("ALTER TABLE `facilities` ADD COLUMN `of_a_newer_version` BIGINT");
  Define("CREATE TABLE `of_a_newer_version` (`id` BIGINT)");
  server().Stop();
  const auto plan = Plan(false);
  ASSERT_EQ(Said(plan), "OK");
  const auto table = testing::HasSubstr("CREATE TABLE `outbox`"), state = testing::HasSubstr("`i_outbox_state`"),
             resource = testing::HasSubstr("`i_outbox_resource`"), area = testing::HasSubstr("`i_facilities_area`");
  if (mysql()) {
    EXPECT_THAT(*plan, testing::UnorderedElementsAre(testing::AllOf(table, state, resource), area));
  } else {
    EXPECT_THAT(*plan, testing::UnorderedElementsAre(table, state, resource, area));
  }
  EXPECT_EQ(*Plan(true), *plan) << "it tells what it did";
  EXPECT_THAT(*Plan(false), testing::IsEmpty());
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_FALSE(registry().Columns("of_a_newer_version")->empty());
  EXPECT_EQ(Said(GetFacility(admin(), "facilities/kita")), "OK");
  Create("minami", AFacility("みなみ", ""));
}

TEST_P(SchemaTest, ARowOfANewerVersionIsReadAndNotWritten) {
  Create("kita", AFacility("きた", ""));
  Execute(registry(), "UPDATE `facilities` SET `contract` = 1000, `mac` = NULL WHERE `id` = 'kita'");
  SignFacilities();
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->display_name(), "きた");
  registry_v1::UpdateFacilityRequest request;
  request.mutable_facility()->set_name("facilities/kita");
  request.mutable_facility()->set_note("あたらしい");
  request.mutable_update_mask()->add_paths("note");
  EXPECT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request)),
            "UNAVAILABLE NEWER_RECORD");
  const Imported imported = ImportCsv(admin(), "facilities", "facility_id,display_name\nkita,キタ\nnishi,にし\n");
  EXPECT_EQ(imported.summary, "2 rows: 1 created, 1 refused") << Said(imported.status);
  EXPECT_THAT(imported.rows, testing::ElementsAre("2 refused :NEWER_RECORD"));
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->display_name(), "きた");
}

TEST_P(SchemaTest, AnEnumValueOfANewerVersionReadsAsUnspecified) {
  Create("kita", AFacility("きた", ""));
  Execute(registry(),
          "UPDATE `facilities` SET `service_kind` = 'FACILITY_SERVICE_KIND_BAKERY', `mac` = NULL WHERE `id` "
          "= 'kita'");
  SignFacilities();
  EXPECT_EQ(GetFacility(admin(), "facilities/kita")->service_kind(), registry_v1::FACILITY_SERVICE_KIND_UNSPECIFIED);
}

TEST_P(SchemaTest, AFolderBelongsToOneServer) {
  const auto second = Host::Start(server().config(), Server::Kinds());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(ReasonOf(second.status()), "DATA_FOLDER_IN_USE"_reason) << second.status();
}

TEST_P(SchemaTest, AnIndexOfAnEarlierVersionGetsItsNewColumns) {
  const auto columns = [this] {
    const store::FoundTable shape = *registry().Describe("operations");
    const store::FoundTable::Index* index = shape.FindIndex("i_operations_principal");
    return index == nullptr ? "" : index->columns;
  };
  Define(mysql() ? "DROP INDEX `i_operations_principal` ON `operations`" : "DROP INDEX `i_operations_principal`");
  Define("CREATE INDEX `i_operations_principal` ON `operations` (`principal`, `id`)");
  Execute(registry(), "DELETE FROM `schema_steps`");
  server().Stop();
  if (mysql()) {
    EXPECT_EQ(StartReason(), "SCHEMA_INCOMPLETE"_reason);
  }
  EXPECT_THAT(*Plan(false), testing::ElementsAre(testing::HasSubstr("DROP INDEX `i_operations_principal`"),
                                                 testing::HasSubstr("CREATE INDEX `i_operations_principal`")));
  ASSERT_EQ(Said(Plan(true)), "OK");
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_EQ(columns(), "`principal`, `on_behalf_of`, `id`");
}

TEST_P(SchemaTest, AnIndexOrColumnChangedByHandIsNamed) {
  Define(mysql() ? "DROP INDEX `i_facilities_area` ON `facilities`" : "DROP INDEX `i_facilities_area`");
  Define("CREATE INDEX `i_facilities_area` ON `facilities` (`id`)");
  server().Stop();
  const absl::Status started = server().Start();
  EXPECT_EQ(ReasonOf(started), "SCHEMA_DIFFERS"_reason) << started;
  EXPECT_THAT(TextForOperator(started), testing::HasSubstr("i_facilities_area is on `id` instead of on `area`, `id`"));
  const auto plan = Migrate(server().config(), Server::Kinds(), false);
  ASSERT_EQ(Said(plan), "OK");
  EXPECT_THAT(plan->steps, testing::IsEmpty());
  ASSERT_THAT(plan->refusals, testing::SizeIs(1));
  EXPECT_EQ(TextForOperator(plan->refusals[0]), TextForOperator(started));
  EXPECT_EQ(ReasonOf(Plan(true).status()), "SCHEMA_DIFFERS"_reason);
}

TEST_P(SchemaTest, ASchemaThatThisVersionCannotServe) {
  server().Spoil();
  const char* insert =
      "INSERT INTO `schema_steps` (`series`, `number`, `name`, `state`, `serves_from`) "
      "VALUES ('registry', 9, 'x', 'DONE', 0)";
  Execute(registry(), insert);
  server().Restart();
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `schema_steps` WHERE `number` = 9"), 1)
      << "it lets older ones serve";
  Execute(registry(), "UPDATE `schema_steps` SET `serves_from` = 9 WHERE `number` = 9");
  server().Stop();
  const absl::Status started = server().Start();
  EXPECT_EQ(ReasonOf(started), "DATABASE_TOO_NEW"_reason) << started;
  EXPECT_THAT(TextForOperator(started), testing::HasSubstr("registry 9"));
}

TEST_P(SchemaTest, ADatabaseOfAnotherInstallationIsRefusedUntilItIsAdopted) {
  server().Spoil();
  Create("kita", AFacility("きた", ""));
  Execute(matching(), "UPDATE `installation` SET `installation` = 'elsewhere'");
  server().Stop();
  const absl::Status started = server().Start();
  EXPECT_EQ(ReasonOf(started), "DATABASE_OF_ANOTHER_INSTALLATION"_reason) << started;
  EXPECT_THAT(TextForOperator(started), testing::AllOf(testing::HasSubstr("matching"), testing::HasSubstr("elsewhere"),
                                                       testing::HasSubstr("tsunagu adopt")));
  EXPECT_EQ(ReasonOf(Plan(true).status()), "DATABASE_OF_ANOTHER_INSTALLATION"_reason);
  const auto adopted = Adopt(server().config(), Server::Kinds());
  ASSERT_EQ(Said(adopted), "OK");
  EXPECT_THAT(*adopted, testing::SizeIs(4)) << "key stores too";
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_EQ(Said(GetFacility(admin(), "facilities/kita")), "OK");
}

TEST_P(SchemaTest, ADatabaseOfAnotherServiceIsNeverAdopted) {
  server().Spoil();
  Execute(matching(), "UPDATE `installation` SET `service` = 'registry'");
  server().Stop();
  EXPECT_EQ(StartReason(), "DATABASE_OF_ANOTHER_SERVICE"_reason);
  EXPECT_EQ(ReasonOf(Adopt(server().config(), Server::Kinds()).status()), "DATABASE_OF_ANOTHER_SERVICE"_reason);
}

}  // namespace
}  // namespace tsunagu::wire
