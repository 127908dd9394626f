// A peer on another machine is called over TLS, and only if its certificate is valid.
#include <chrono>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "tests/process/server.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::process {
namespace {

// Acts as a registry: records the key of each call, and refuses the call.
class Registry : public grpc::CallbackGenericService {
 public:
  Registry(const std::string& key, const std::string& certificate) {
    grpc::SslServerCredentialsOptions tls;
    tls.pem_key_cert_pairs.push_back({ReadFile(key), ReadFile(certificate)});
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }
  ~Registry() override { server_->Shutdown(std::chrono::system_clock::time_point()); }

  std::string address() const { return absl::StrCat("localhost:", port_); }
  std::set<std::string> keys() {
    MutexLock lock(mutex_);
    return keys_;
  }
  // Waits for a call.
  bool WaitForCall() {
    const Deadline patience = Deadline::After(kPatience);
    MutexLock lock(mutex_);
    while (keys_.empty() && !patience.Over()) called_.wait_until(mutex_, patience);
    return !keys_.empty();
  }

 private:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    class Refusal : public grpc::ServerGenericBidiReactor {
     public:
      Refusal() { Finish(grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no")); }
      void OnDone() override { delete this; }
    };
    const auto key = context->client_metadata().find("authorization");
    {
      MutexLock lock(mutex_);
      keys_.insert(key == context->client_metadata().end() ? "" : std::string(key->second.data(), key->second.size()));
    }
    called_.notify_all();
    return new Refusal;
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  Mutex mutex_;
  CondVar called_;
  std::set<std::string> keys_ ABSL_GUARDED_BY(mutex_);
};

class PeerCaTest : public testing::Test {
 protected:
  PeerCaTest() {
    for (const char* name : {"ours", "foreign"}) {
      const Outcome made =
          RunToEnd({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-noenc", "-days", "1", "-subj", "/CN=test", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                    folder_ / absl::StrCat(name, ".key"), "-out", folder_ / absl::StrCat(name, ".crt")});
      EXPECT_EQ(made.code, 0) << made.errors;
    }
    WriteFile(folder_ / "peer.key", "a-key-of-the-role-service\n");
  }

  std::unique_ptr<ServerProcess> Matching(const std::string& registry, const std::string& authority) {
    ServerProcess::Options options{
        {"tsunagu-matching"},
        {"--peer", "registry=" + registry, "--peer-key-file", folder_ / "peer.key", "--peer-ca", folder_ / authority}};
    return std::make_unique<ServerProcess>(folder_ / "data", std::move(options));
  }

  Folder folder_;
};

// For an opening of a facility, which matching looks up in the registry first.
matching::v1::CreateOpeningRequest OpeningOf(const std::string& facility) {
  matching::v1::CreateOpeningRequest request;
  request.set_opening_id("o");
  request.mutable_opening()->set_facility(facility);
  request.mutable_opening()->set_area("areas/310000");
  request.mutable_opening()->set_posts(1);
  request.mutable_opening()->set_weekly_minutes(600);
  return request;
}
constexpr char kCreateOpening[] = "matching.v1.OpeningService/CreateOpening";

TEST_F(PeerCaTest, IsARegistryOnItsWebAddress) {
  ServerProcess::Options options;
  options.flags = {"--web-listen",       "127.0.0.1:0",   "--web-tls-cert",
                   folder_ / "ours.crt", "--web-tls-key", folder_ / "ours.key"};
  ServerProcess registry(folder_ / "registry", std::move(options));
  const absl::StatusOr<std::string> web = registry.process().ReadLine();
  ASSERT_TRUE(web.ok() && absl::StartsWith(*web, "web on 127.0.0.1:")) << web.status();
  ASSERT_TRUE(registry.Call<registry::v1::Facility>(kCreateFacility, FacilityRequest("f")).ok());
  const Outcome key = RunToEnd({Binary("tsunagu"), "keys", "create", "--data-dir", folder_ / "registry", "--services",
                                "registry", "--principal", "matching", "--role", "service"});
  ASSERT_EQ(key.code, 0) << key.errors;
  WriteFile(folder_ / "peer.key", key.output);

  const auto matching = Matching(absl::StrCat("localhost", web->substr(web->rfind(':'))), "ours.crt");
  const auto absent = matching->Call<matching::v1::Opening>(kCreateOpening, OpeningOf("facilities/none"));
  EXPECT_EQ(RefusalOf(absent.status()), Refusal(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST"));
  const auto made = matching->Call<matching::v1::Opening>(kCreateOpening, OpeningOf("facilities/f"));
  EXPECT_TRUE(made.ok()) << made.status();
}

TEST_F(PeerCaTest, IsCalledOverTlsWithTheKey) {
  Registry registry(folder_ / "ours.key", folder_ / "ours.crt");
  const auto matching = Matching(registry.address(), "ours.crt");
  EXPECT_TRUE(registry.WaitForCall());
  EXPECT_THAT(registry.keys(), testing::ElementsAre("Bearer a-key-of-the-role-service"));
}

TEST_F(PeerCaTest, IsNotToldTheKeyWhereItsCertificateIsForeign) {
  Registry stranger(folder_ / "foreign.key", folder_ / "foreign.crt");
  const auto matching = Matching(stranger.address(), "ours.crt");
  const auto opening = OpeningOf("facilities/f");
  const auto asked = matching->Call<matching::v1::Opening>(kCreateOpening, opening);
  EXPECT_EQ(RefusalOf(asked.status()), Refusal(absl::StatusCode::kUnavailable, "FACILITY_NOT_CHECKED"));
  // A caller that trusts it gets through: it is running and listens.
  grpc::SslCredentialsOptions trusting;
  trusting.pem_root_certs = ReadFile(folder_ / "foreign.crt");
  rpc::Peer friendly("stranger", rpc::Connect(stranger.address(), grpc::SslCredentials(trusting)));
  const absl::Status refused = friendly.Unary<matching::v1::Opening>("tsunagu.test/Test", opening).status();
  EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
  EXPECT_THAT(stranger.keys(), testing::ElementsAre(""));
}

TEST_F(PeerCaTest, HasToBeAFile) {
  const Outcome outcome = RunToEnd({Binary("tsunagu-matching"), "--data-dir", folder_ / "data", "--peer",
                                    "registry=localhost:1", "--peer-ca", folder_ / "none.crt", "--lang", "en"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.errors, testing::HasSubstr("FILE_NOT_READABLE"));
}

}  // namespace
}  // namespace tsunagu::process
