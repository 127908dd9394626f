// For a backup of MariaDB, the command names the schemas to copy with MariaDB's own tools: those of every service.
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/host/backup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/wire/server.h"

namespace tsunagu::wire {
namespace {

TEST(BackupElsewhereTest, NamesTheSchemaOfEveryService) {
  HostConfig config;
  config.database = "mysql://root@127.0.0.1:1/suite";
  const Fault fault = FaultOf(CreateBackup(config, Server::Kinds(), {"/nowhere", ""}).status());
  EXPECT_EQ(ReasonWord(fault), "BACKUP_ELSEWHERE");
  for (const ServiceKind& kind : Server::Kinds()) {
    for (const Language language : {Language::kJapanese, Language::kEnglish}) {
      EXPECT_THAT(Text(fault, language), testing::HasSubstr(absl::StrCat(" <prefix>_", kind.name)));
    }
  }
}

}  // namespace
}  // namespace tsunagu::wire
