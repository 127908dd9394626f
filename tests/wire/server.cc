#include "tests/wire/server.h"

#include <filesystem>

#include "common/access/access.h"
#include "common/base/deadline.h"
#include "common/identity/principal.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "gtest/gtest.h"
#include "services/matching/module.h"
#include "services/registry/module.h"
#include "services/subsidy/module.h"
#include "services/training/module.h"
#include "tests/wire/schemas.h"

namespace tsunagu::wire {
namespace {

Deadline Patience() { return Deadline::After(absl::Minutes(1)); }

}  // namespace

absl::Span<const ServiceKind> Server::Kinds() {
  static const auto& kinds = *new std::vector<ServiceKind>{
      {"registry", [](Service& service, const PeerFinder&) { registry::Build(service); }},
      {"training", &training::Build},
      {"subsidy", &subsidy::Build},
      {"matching", &matching::Build},
  };
  return kinds;
}

Server::Server(Engine engine, const Clock& clock, Entropy& entropy, Options options)
    : clock_(clock),
      entropy_(entropy),
      kinds_(options.kinds.empty() ? std::vector<ServiceKind>(Kinds().begin(), Kinds().end()) : options.kinds) {
  config_.data_dir = absl::StrCat(testing::TempDir(), "/tsunagu-wire-", Base32(Entropy::System().Bytes(10)));
  config_.listen = "127.0.0.1:0";
  // Most tests are about these, and each service more takes its time.
  config_.services = options.services.empty() && options.kinds.empty()
                         ? std::vector<std::string>{"registry", "matching"}
                         : options.services;
  config_.peers = options.peers;
  config_.peer_key_file = options.peer_key_file;
  if (engine == Engine::kMysql) {
    prefix_ = TheSchemas().Take();
    config_.database = absl::StrCat(TheSchemas().url(), "/", prefix_);
    // Key stores stay when another test takes the schemas over.
    config_.master_keys = kMasterKey;
    if (options.more_tables) {
      const auto migrated = Migrate(config_, kinds_, true);
      EXPECT_TRUE(migrated.ok()) << migrated.status();
    }
  }
  const absl::Status started = Start();
  EXPECT_TRUE(started.ok()) << started;
}

Server::~Server() {
  Stop();
  if (!prefix_.empty()) TheSchemas().GiveBack(prefix_, spoilt_);
  std::filesystem::remove_all(config_.data_dir);
}

void Server::Stop() {
  peer_.reset();
  host_.reset();
}

absl::Status Server::Start() {
  absl::StatusOr<std::unique_ptr<Host>> host = Host::Start(config_, kinds_, {&clock_, &entropy_});
  if (!host.ok()) return host.status();
  host_ = *std::move(host);
  for (const ServiceKind& kind : kinds_) {
    Service* service = host_->Find(kind.name);
    if (service != nullptr) service->access().AddFixed(kAdminKey, identity::Principal::All("admin"));
  }
  peer_ = std::make_unique<rpc::Peer>("suite", channel());
  return absl::OkStatus();
}

void Server::Restart() {
  Stop();
  const absl::Status started = Start();
  ASSERT_TRUE(started.ok()) << started;
}

store::Database& Server::database(absl::string_view service) { return host_->Find(service)->store().database(); }

std::shared_ptr<grpc::Channel> Server::channel() { return rpc::Connect(host_->address()); }

std::vector<std::string> Column(store::Database& database, absl::string_view sql,
                                absl::Span<const store::Value> parameters) {
  std::vector<std::string> rows;
  const absl::Status read = database.Read(Patience(), [&](store::Session& session) {
    rows.clear();
    return session.Query(sql, parameters, [&](const store::Row& row) {
      rows.push_back(row.Bytes(0));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(read.ok()) << read;
  return rows;
}

int64_t Count(store::Database& database, absl::string_view sql, absl::Span<const store::Value> parameters) {
  int64_t count = -1;
  const absl::Status read = database.Read(Patience(), [&](store::Session& session) {
    return session.Query(sql, parameters, [&](const store::Row& row) {
      count = row.Integer(0);
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(read.ok()) << read;
  return count;
}

void Execute(store::Database& database, absl::string_view sql, absl::Span<const store::Value> parameters) {
  const absl::Status written =
      database.Write(Patience(), [&](store::Session& session) { return session.Execute(sql, parameters).status(); });
  ASSERT_TRUE(written.ok()) << written;
}

}  // namespace tsunagu::wire
