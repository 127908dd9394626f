// The permissions of the shipped roles exist: a misspelt permission, or one of another service, would have no effect,
// and nobody would notice.
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/contract/schema.h"
#include "common/db/open.h"
#include "common/identity/principal.h"
#include "common/identity/scope.h"
#include "common/keys/keyring.h"
#include "common/service/service.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/suite/services.h"
#include "tests/contracts/contracts.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::contracts {
namespace {

// Returns every permission that is checked by `service`, whose methods are its own and those of the platform.
std::vector<std::string> AskedForBy(absl::string_view service) {
  std::vector<std::string> asked = {"service.delegate"};
  // By kind of act, as a rule checks them (services/subsidy/commitment.cc).
  if (service == "subsidy") asked.insert(asked.end(), {"commitmentActs.pay", "commitmentActs.decide"});
  const auto is_its = [&](const google::protobuf::FileDescriptor& file) {
    return absl::StartsWith(file.package(), absl::StrCat("tsunagu.", service, ".")) ||
           absl::StartsWith(file.package(), "tsunagu.platform.");
  };
  ForEachMethod(OurContracts(), [&](const google::protobuf::MethodDescriptor& method) {
    if (is_its(*method.file())) asked.push_back(method.options().GetExtension(tsunagu::method).permission());
  });
  ForEachMessage(OurContracts(), [&](const google::protobuf::Descriptor& message) {
    if (!is_its(*message.file()) || !contract::Schema::IsRecord(&message)) return;
    const contract::Schema& schema = contract::Schema::Of(&message);
    if (!schema.rule().personal()) return;
    for (const char* verb : {"identity", "confidential"}) asked.push_back(absl::StrCat(schema.collection(), ".", verb));
  });
  return asked;
}

bool Permits(const std::string& permission, const std::vector<std::string>& asked) {
  const identity::Grant grant{{permission}, identity::Scope::Everything()};
  return std::any_of(asked.begin(), asked.end(), [&](const std::string& one) { return grant.Permits(one); });
}

class RolesTest : public testing::TestWithParam<ServiceKind> {
 protected:
  void SetUp() override {
    auto database = store::Open(absl::StrCat(testing::TempDir(), "/roles-", GetParam().name, ".db"));
    ASSERT_TRUE(database.ok()) << database.status();
    service_ =
        std::make_unique<Service>(GetParam().name, *std::move(database), nullptr, Clock::System(), Entropy::System());
    GetParam().build(*service_, [](absl::string_view) { return PeerAccess(); });
  }
  std::unique_ptr<Service> service_;
};

TEST_P(RolesTest, EachPermitsWhatIsThere) {
  const std::vector<std::string> asked = AskedForBy(GetParam().name);
  std::vector<std::string> useless;
  for (const auto& [id, role] : service_->access().shipped()) {
    for (const std::string& permission : role.permissions) {
      if (absl::StartsWith(permission, "*")) continue;  // for all resources
      if (!Permits(permission, asked)) useless.push_back(absl::StrCat(id, " ", permission));
    }
  }
  EXPECT_THAT(useless, testing::IsEmpty());
  EXPECT_GE(service_->access().shipped().size(), 3u) << "the platform's";
}

TEST_P(RolesTest, ALaterVersionSaysWhatTheFirstPermitted) {
  for (const auto& [id, role] : service_->access().shipped()) {
    EXPECT_GE(role.version, 1) << id;
    EXPECT_FALSE(role.permissions.empty()) << id;
    if (role.version == 1) {
      EXPECT_TRUE(role.first.empty()) << id << ": version 1 is the first";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, RolesTest, testing::ValuesIn(suite::SuiteServices()),
                         [](const testing::TestParamInfo<ServiceKind>& info) { return info.param.name; });

}  // namespace
}  // namespace tsunagu::contracts
