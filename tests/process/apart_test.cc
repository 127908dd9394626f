// registry and matching in one process, and in two processes: the results are equal, byte for byte.
#include <signal.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/rpc/status.h"
#include "google/longrunning/operations.pb.h"
#include "gtest/gtest.h"
#include "tests/process/server.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::process {
namespace {

using google::longrunning::Operation;
using matching::v1::ListAssignmentsRequest;
using matching::v1::ListAssignmentsResponse;
using matching::v1::Round;
using matching::v1::SolveRoundRequest;

const ServerProcess::Options kSuite = {{"tsunagu", "serve"}};
constexpr int kFacilities = 6, kNurses = 40;

template <class Response>
Response Must(ServerProcess& server, absl::string_view method, const google::protobuf::Message& request) {
  const auto response = server.Call<Response>(method, request);
  EXPECT_TRUE(response.ok()) << method << ": " << response.status();
  return response.ok() ? *response : Response();
}

void CreateFacilities(ServerProcess& server) {
  registry::v1::CreateAreaRequest area;
  area.mutable_area()->set_code("310000");
  area.mutable_area()->set_kind(registry::v1::AREA_KIND_PREFECTURE);
  area.mutable_area()->set_display_name("鳥取県");
  Must<registry::v1::Area>(server, "registry.v1.AreaService/CreateArea", area);
  for (int i = 0; i < kFacilities; ++i) {
    registry::v1::CreateFacilityRequest facility = FacilityRequest(absl::StrCat("f", i));
    facility.mutable_facility()->set_area("areas/310000");
    facility.mutable_facility()->set_latitude_e6(35'480'000 + i * 7'000);
    facility.mutable_facility()->set_longitude_e6(134'200'000 + i * 11'000);
    Must<registry::v1::Facility>(server, kCreateFacility, facility);
    matching::v1::CreateOpeningRequest opening;
    opening.set_opening_id(absl::StrCat("o", i));
    opening.mutable_opening()->set_facility(absl::StrCat("facilities/f", i));
    opening.mutable_opening()->set_area("areas/310000");
    opening.mutable_opening()->set_posts(1 + i % 3);
    opening.mutable_opening()->set_weekly_minutes(600 + 120 * i);
    if (i % 2 == 0) opening.mutable_opening()->add_required_skills(registry::v1::SKILL_SUCTION);
    Must<matching::v1::Opening>(server, "matching.v1.OpeningService/CreateOpening", opening);
  }
}

void CreateNurses(ServerProcess& server) {
  for (int i = 0; i < kNurses; ++i) {
    registry::v1::CreateNurseRequest request;
    registry::v1::Nurse& nurse = *request.mutable_nurse();
    nurse.set_display_name(absl::StrCat("見本", i));
    nurse.set_licence(i % 5 == 0 ? registry::v1::LICENCE_ASSISTANT_NURSE : registry::v1::LICENCE_NURSE);
    if (i % 3 != 0) nurse.add_skills(registry::v1::SKILL_SUCTION);
    if (i % 4 == 0) nurse.add_skills(registry::v1::SKILL_VENTILATOR);
    nurse.set_weekly_minutes(600 + 60 * (i % 13));
    nurse.set_home_mesh(absl::StrFormat("533411%d%d", i % 10, (i * 3) % 10));
    nurse.set_home_area("areas/310000");
    nurse.set_commute_limit_metres(5'000 + 1'000 * (i % 9));
    nurse.set_seeking(true);
    if (i % 2 == 0) nurse.add_wishes(absl::StrCat("facilities/f", i % kFacilities));
    Must<registry::v1::Nurse>(server, "registry.v1.NurseService/CreateNurse", request);
  }
}

std::string CreateRound(ServerProcess& server, const std::string& id) {
  matching::v1::CreateRoundRequest request;
  request.set_round_id(id);
  request.mutable_round()->set_display_name("見本");
  request.mutable_round()->set_seed(20260401);
  return Must<Round>(server, "matching.v1.RoundService/CreateRound", request).name();
}

// Solves the round and waits; an error of the operation is returned as if SolveRound itself had failed.
absl::StatusOr<Round> Solve(ServerProcess& server, const std::string& name) {
  SolveRoundRequest solve;
  solve.set_name(name);
  const auto started = server.Call<Operation>("matching.v1.RoundService/SolveRound", solve);
  if (!started.ok()) return started.status();
  platform::v1::WaitOperationRequest wait;
  wait.set_name(started->name());
  const auto done = server.Call<Operation>("platform.v1.OperationService/WaitOperation", wait);
  if (!done.ok()) return done.status();
  if (done->has_error()) {
    return rpc::FromGrpc(grpc::Status(static_cast<grpc::StatusCode>(done->error().code()), done->error().message(),
                                      done->error().SerializeAsString()));
  }
  Round round;
  EXPECT_TRUE(done->response().UnpackTo(&round));
  return round;
}

std::string Assignments(ServerProcess& server, const std::string& name) {
  ListAssignmentsRequest request;
  request.set_parent(name);
  request.set_page_size(1000);
  const auto page = Must<ListAssignmentsResponse>(server, "matching.v1.RoundService/ListAssignments", request);
  EXPECT_EQ(page.assignments_size(), kNurses);
  return page.SerializeAsString();
}

class ApartTest : public testing::Test {
 protected:
  // Puts the same data first into one folder, then into two.
  void SetUp() override {
    {
      ServerProcess suite(folder_ / "suite", kSuite);
      CreateFacilities(suite);
      CreateNurses(suite);
      EXPECT_EQ(CreateRound(suite, "same"), "rounds/same");
      CreateRound(suite, "later");
      suite.process().Signal(SIGTERM);
      ASSERT_EQ(suite.process().Wait(), 0);
    }
    for (const char* service : {"registry", "matching"}) {
      std::filesystem::create_directory(folder_ / service);
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / "suite")) {
        const std::string name = entry.path().filename();
        const bool shared = name == "installation" || name == "master.key";
        if (shared || name.find(service) == 0) std::filesystem::copy(entry.path(), folder_ / service + "/" + name);
      }
    }
    StartRegistry();
    WriteFile(folder_ / "peer.key", KeyFor("service"));
  }

  void StartRegistry() {
    ServerProcess::Options options;
    options.listen = socket_;
    registry_ = std::make_unique<ServerProcess>(folder_ / "registry", std::move(options));
  }

  // Returns a key of the registry for a caller with that role.
  std::string KeyFor(const std::string& role) {
    platform::v1::SetPrincipalRequest principal;
    principal.set_parent("services/registry");
    principal.set_principal_id("caller-" + role);
    principal.mutable_principal()->add_grants()->set_role(role);
    principal.mutable_principal()->mutable_grants(0)->set_scope("*");
    Must<platform::v1::Principal>(*registry_, "platform.v1.AccessService/SetPrincipal", principal);
    platform::v1::CreateApiKeyRequest key;
    key.set_parent("services/registry");
    key.mutable_api_key()->set_principal("caller-" + role);
    return Must<platform::v1::CreateApiKeyResponse>(*registry_, "platform.v1.AccessService/CreateApiKey", key).secret();
  }

  std::unique_ptr<ServerProcess> Matching(std::vector<std::string> flags) {
    return std::make_unique<ServerProcess>(folder_ / "matching",
                                           ServerProcess::Options{{"tsunagu-matching"}, std::move(flags)});
  }
  std::unique_ptr<ServerProcess> Matching() {
    return Matching({"--peer", "registry=" + socket_, "--peer-key-file", folder_ / "peer.key"});
  }

  Folder folder_;
  const std::string socket_ = "unix:" + folder_ / "registry.socket";  // the same after a restart
  std::unique_ptr<ServerProcess> registry_;
};

TEST_F(ApartTest, SameResultAsTogether) {
  ServerProcess suite(folder_ / "suite", kSuite);
  const auto together = Solve(suite, "rounds/same");
  ASSERT_TRUE(together.ok()) << together.status();
  const auto matching = Matching();
  const auto apart = Solve(*matching, "rounds/same");
  ASSERT_TRUE(apart.ok()) << apart.status();
  EXPECT_EQ(apart->result_digest(), together->result_digest());
  EXPECT_EQ(apart->snapshot_digest(), together->snapshot_digest());
  EXPECT_EQ(apart->result_digest().size(), 64u);
  EXPECT_GT(apart->matched_count(), 0);
  EXPECT_EQ(Assignments(*matching, "rounds/same"), Assignments(suite, "rounds/same"));
}

TEST_F(ApartTest, RegistryAwayAndBack) {
  const auto matching = Matching();
  registry_->process().Signal(SIGKILL);
  registry_->process().Wait();
  EXPECT_EQ(RefusalOf(Solve(*matching, "rounds/later").status()),
            Refusal(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"));
  EXPECT_EQ(RefusalOf(Solve(*matching, "rounds/later").status()),
            Refusal(absl::StatusCode::kUnavailable, "PEER_UNAVAILABLE"));
  StartRegistry();
  // The channel retries within a second.
  const Deadline patience = Deadline::After(absl::Seconds(10 * TSUNAGU_SLOWNESS));
  auto solved = Solve(*matching, "rounds/later");
  while (!solved.ok() && !patience.Over()) solved = Solve(*matching, "rounds/later");
  ASSERT_TRUE(solved.ok()) << "nothing was kept of the attempts: " << solved.status();
  EXPECT_EQ(solved->state(), Round::STATE_SUCCEEDED);
}

TEST_F(ApartTest, MatchingAloneSaysWhatItLacks) {
  const auto matching = Matching({});
  EXPECT_EQ(RefusalOf(Solve(*matching, "rounds/later").status()),
            Refusal(absl::StatusCode::kFailedPrecondition, "NO_REGISTRY"));
}

TEST_F(ApartTest, OnlyAServiceMayCallForOthers) {
  WriteFile(folder_ / "peer.key", KeyFor("integrator"));
  EXPECT_EQ(RefusalOf(Solve(*Matching(), "rounds/later").status()),
            Refusal(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED"));
}

}  // namespace
}  // namespace tsunagu::process
