#include "tests/faults/journey.h"

#include <signal.h>

#include <filesystem>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "google/longrunning/operations.pb.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/load.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::faults {
namespace {

using LongOperation = google::longrunning::Operation;
using process::ServerProcess;

constexpr int kRows = 1'200;  // of an import: three chunks

Deadline Soon() { return Deadline::After(process::kPatience); }

int64_t Count(store::Database& database, absl::string_view sql, const std::string& parameter) {
  int64_t count = -1;
  const absl::Status read = database.Read(Soon(), [&](store::Session& session) {
    return session.Query(sql, {absl::string_view(parameter)}, [&](const store::Row& row) {
      count = row.Integer(0);
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(read.ok()) << read;
  return count;
}

}  // namespace

Journey::Journey(Ground& ground, History& history, std::string name)
    : ground_(ground), history_(history), name_(std::move(name)) {}

bool Journey::Run(const std::string& failpoints) {
  if (!ground_.Prepare(failpoints) || RunServer(failpoints)) return true;
  const process::Outcome key =
      ground_.Run({"keys", "create", "--principal", "tool-" + name_, "--role", "admin"}, failpoints);
  if (key.code == -SIGKILL) return true;
  LeaveSomethingToMigrate();
  return ground_.Run({"migrate", "--apply"}, failpoints).code == -SIGKILL;
}

bool Journey::RunServer(const std::string& failpoints) {
  ServerProcess::Options options = ground_.Server(failpoints);
  options.may_not_listen = true;
  ServerProcess server(ground_.data_dir(), options);
  if (!server.listens()) {
    EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
    return true;
  }
  Load load(server, history_, {"j" + name_, Seed(), 3});
  std::thread import([&] { Import(server, Refused::kMayBe); });
  std::thread others([&] {
    CreateKey(server, Refused::kMayBe);
    Solve(server, Refused::kMayBe);
  });
  load.WaitForAcknowledged(60);
  import.join();
  others.join();
  load.Stop();
  server.process().Signal(SIGTERM);
  return server.process().Wait() == -SIGKILL;
}

void Journey::Repeat() {
  ground_.Prepare();
  EXPECT_EQ(ground_.Run({"migrate", "--apply"}).code, 0);
  {
    ServerProcess first(ground_.data_dir(), ground_.Server());  // creates what the killed server did not create
    first.process().Signal(SIGTERM);
    EXPECT_EQ(first.process().Wait(), 0) << first.process().Errors();
  }
  LetLeasesEnd();
  ServerProcess server(ground_.data_dir(), ground_.Server());
  Import(server, Refused::kIsAFailure);
  CreateKey(server, Refused::kIsAFailure);
  Solve(server, Refused::kIsAFailure);
}

void Journey::ExpectEachOnce() const {
  const auto registry = ground_.Database("registry"), matching = ground_.Database("matching");
  ASSERT_TRUE(registry != nullptr && matching != nullptr);
  EXPECT_EQ(Count(*registry, "SELECT COUNT(*) FROM `facilities` WHERE `operator_name` = ?", name_), kRows);
  EXPECT_EQ(Count(*registry, "SELECT COUNT(*) FROM `journal` WHERE `request_id` LIKE ?", "import-" + name_ + "/%"),
            kRows);
  EXPECT_EQ(Count(*matching, "SELECT COUNT(*) FROM `journal` WHERE `name` = ?", "rounds/" + name_), 2)
      << "created and solved";
  EXPECT_EQ(Count(*matching, "SELECT COUNT(*) FROM `operations` WHERE `state` <> ?", "SUCCEEDED"), 0);
  for (store::Database* database : {registry.get(), matching.get()}) {
    EXPECT_EQ(Count(*database, "SELECT COUNT(*) FROM `api_keys` WHERE `id` <> ?", ""),
              Count(*database, "SELECT COUNT(*) FROM `api_key_hashes` WHERE `id` <> ?", ""))
        << "a key without its hash cannot be used, nor a hash without its key be revoked";
  }
}

void Journey::Import(ServerProcess& server, Refused refused) const {
  platform::v1::ImportRowsRequest request;
  request.set_parent("services/registry");
  request.set_collection("facilities");
  request.set_request_id("import-" + name_);
  std::string file = "事業所の名称,取込元のキー,法人の名称\n";
  for (int row = 0; row < kRows; ++row) absl::StrAppend(&file, "見本,", name_, "/", row, ",", name_, "\n");
  request.set_data(std::move(file));
  const auto stream = server.Stream("platform.v1.TransferService/ImportRows");
  (void)stream->Write(request);
  stream->WritesDone();
  platform::v1::ImportRowsResponse response, last;
  for (auto read = stream->Read(response); read.ok() && *read; read = stream->Read(response)) last = response;
  const absl::Status end = stream->Finish();
  if (refused == Refused::kMayBe) return;
  EXPECT_TRUE(end.ok()) << end;
  EXPECT_EQ(last.summary().created_count(), kRows) << last.ShortDebugString();
}

void Journey::CreateKey(ServerProcess& server, Refused refused) const {
  platform::v1::CreateApiKeyRequest request;
  request.set_parent("services/registry");
  request.mutable_api_key()->set_principal("admin-" + name_);
  request.set_request_id("key-" + name_);
  platform::v1::SetPrincipalRequest principal;
  principal.set_parent("services/registry");
  principal.set_principal_id("admin-" + name_);
  auto& grant = *principal.mutable_principal()->add_grants();
  grant.set_role("integrator");
  grant.set_scope("*");
  principal.set_request_id("principal-" + name_);
  const auto set = server.Call<platform::v1::Principal>("platform.v1.AccessService/SetPrincipal", principal);
  const auto key = server.Call<platform::v1::CreateApiKeyResponse>("platform.v1.AccessService/CreateApiKey", request);
  if (refused == Refused::kMayBe) return;
  EXPECT_TRUE(set.ok()) << set.status();
  EXPECT_TRUE(key.ok() || process::RefusalOf(key.status()).second == "API_KEY_EXISTS") << key.status();
}

void Journey::Solve(ServerProcess& server, Refused refused) const {
  matching::v1::CreateRoundRequest create;
  create.set_round_id(name_);
  create.set_request_id("round-" + name_);
  create.mutable_round()->set_display_name("見本");
  create.mutable_round()->set_seed(1);
  const auto round = server.Call<matching::v1::Round>("matching.v1.RoundService/CreateRound", create);
  matching::v1::SolveRoundRequest solve;
  solve.set_name("rounds/" + name_);
  solve.set_request_id("solve-" + name_);
  auto& opening = *solve.mutable_snapshot()->add_openings();
  opening.set_name("openings/a");
  opening.set_facility("facilities/a");
  opening.set_latitude_e6(35'495'000);
  opening.set_longitude_e6(134'231'000);
  opening.set_posts(1);
  opening.set_weekly_minutes(600);
  const auto started = server.Call<LongOperation>("matching.v1.RoundService/SolveRound", solve);
  platform::v1::WaitOperationRequest wait;
  if (started.ok()) wait.set_name(started->name());
  const auto done = server.Call<LongOperation>("platform.v1.OperationService/WaitOperation", wait);
  if (refused == Refused::kMayBe) return;
  EXPECT_TRUE(round.ok()) << round.status();
  ASSERT_TRUE(started.ok()) << started.status();
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_TRUE(done->done() && done->has_response()) << done->ShortDebugString();
}

// Makes the database like that of an older binary.
void Journey::LeaveSomethingToMigrate() const {
  const auto database = ground_.Database("registry");
  ASSERT_NE(database, nullptr);
  const bool mysql = database->dialect() == store::Dialect::kMysql;
  const absl::Status dropped =
      database->Define(absl::StrCat("DROP INDEX `i_requests_expire_time`", mysql ? " ON `requests`" : ""));
  EXPECT_TRUE(dropped.ok()) << dropped;
}

// Another process takes over the work of a killed process when the lease has ended, after half a minute.
void Journey::LetLeasesEnd() const {
  const auto database = ground_.Database("matching");
  ASSERT_NE(database, nullptr);
  const absl::Status ended = database->Write(Soon(), [](store::Session& session) {
    return session.Execute("UPDATE `operations` SET `lease_time` = 0").status();
  });
  EXPECT_TRUE(ended.ok()) << ended;
}

}  // namespace tsunagu::faults
