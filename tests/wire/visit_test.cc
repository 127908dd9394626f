// Features that no contract of the suite uses yet: a confidential field that can be filtered on, and a rule that
// prevents an erasure.
#include <filesystem>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/access/access.h"
#include "common/db/mysql/mysql_testing.h"
#include "common/db/open.h"
#include "common/host/keys.h"
#include "common/identity/principal.h"
#include "common/platform/platform.h"
#include "common/records/rule.h"
#include "common/records/store.h"
#include "common/rpc/in_process_server.h"
#include "common/rpc/router.h"
#include "common/service/service.h"
#include "common/service/standard.h"
#include "common/testing/visit.pb.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/erasure.pb.h"

namespace tsunagu::wire {
namespace {

using identity::Grant;
using identity::Scope;
using trial::visit::Visit;

// A visit that has been entered is never changed.
absl::Status DecideVisit(const store::Decision<Visit>& decision) {
  if (decision.before() != nullptr) decision.faults().Add("ward", "IMMUTABLE_FIELD"_reason);
  return absl::OkStatus();
}

class VisitTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_);
    std::string location = folder_ + "/trial.db";
    if (GetParam() == Engine::kMysql) {
      if (!store::HasTestServer()) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL names no server";
      schema_.emplace();
      location = absl::StrCat(std::getenv("TSUNAGU_TEST_MYSQL"), "/", schema_->options().schema);
    }
    auto database = store::Open(location);
    ASSERT_EQ(Said(database), "OK");
    HostConfig keys;
    keys.data_dir = folder_;
    auto keyring = OpenKeyring(keys, "trial", **database, Clock::System());
    ASSERT_EQ(Said(keyring), "OK");
    service_ = std::make_unique<Service>("trial", *std::move(database), *std::move(keyring), Clock::System(),
                                         Entropy::System());
    BindStandard(*service_, "tsunagu.trial.visit.VisitService", service_->Add<Visit>().Rule(DecideVisit));
    BindPlatform(*service_);
    store::Opening opening;
    opening.may_migrate = true;
    ASSERT_EQ(Said(service_->Open(opening)), "OK");
    auto router = rpc::Router::Create({&service_->module()}, rpc::Router::Options());
    ASSERT_EQ(Said(router), "OK");
    router_ = *std::move(router);
    auto server = rpc::InProcessServer::Start(*router_);
    ASSERT_EQ(Said(server), "OK");
    server_ = *std::move(server);
    peer_ = std::make_unique<rpc::Peer>("trial", server_->Channel());
    for (const char* ward : {"north", "south"}) {
      Enter(ward, "well", Visit::WELL, "");
      Enter(ward, "worse", Visit::WORSE, "pump");
    }
  }
  void TearDown() override {
    if (server_ != nullptr) server_->Stop(absl::ZeroDuration());
    std::filesystem::remove_all(folder_);
  }

  Caller CallerWith(const std::string& id, std::vector<Grant> grants) {
    const std::string key = absl::StrCat("key-of-the-trial-for-", id, "-which-is-long-enough");
    service_->access().AddFixed(key, {id, "", identity::Grants(std::move(grants)), nullptr});
    return Caller(*peer_, key).For("care");
  }
  Caller admin() { return CallerWith("admin", {{{"*"}, Scope::Everything()}}); }

  void Enter(const char* ward, const char* how, Visit::Finding finding, const char* device) {
    trial::visit::CreateVisitRequest request;
    request.set_visit_id(absl::StrCat(ward, "-", how));
    request.mutable_visit()->set_ward(absl::StrCat("wards/", ward));
    request.mutable_visit()->set_person("見本 花子");
    request.mutable_visit()->set_finding(finding);
    if (*device != 0) request.mutable_visit()->add_devices(device);
    ASSERT_EQ(Said(admin().Call<Visit>("trial.visit.VisitService/CreateVisit", request)), "OK");
  }
  // Which visits a filter finds, and the same by an export.
  static std::string Found(const Caller& caller, const std::string& filter) {
    trial::visit::ListVisitsRequest request;
    request.set_filter(filter);
    request.set_page_size(1);
    std::string found;
    do {
      const auto page = caller.Call<trial::visit::ListVisitsResponse>("trial.visit.VisitService/ListVisits", request);
      if (!page.ok()) return Said(page);
      for (const Visit& visit : page->visits()) absl::StrAppend(&found, visit.name().substr(7), " ");
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return found;
  }
  static std::string Exported(const Caller& caller, const std::string& filter) {
    platform_v1::ExportRowsRequest request;
    request.set_parent("services/trial");
    request.set_collection("visits");
    request.set_filter(filter);
    request.set_encoding(platform_v1::TEXT_ENCODING_UTF8);
    const auto stream = caller.Stream("platform.v1.TransferService/ExportRows");
    stream->Write(request);
    stream->WritesDone();
    std::string file, found;
    platform_v1::ExportRowsResponse response;
    for (auto more = stream->Read(response); more.ok() && *more; more = stream->Read(response)) file += response.data();
    if (const absl::Status status = stream->Finish(); !status.ok()) return Said(status);
    const std::vector<std::string> lines = absl::StrSplit(file, '\n', absl::SkipEmpty());
    for (size_t i = 1; i < lines.size(); ++i) absl::StrAppend(&found, lines[i].substr(0, lines[i].find(',')), " ");
    return found;
  }

  const std::string folder_ = absl::StrCat(testing::TempDir(), "/", Base32(Entropy::System().Bytes(10)));
  std::optional<store::TestSchema> schema_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<rpc::Router> router_;
  std::unique_ptr<rpc::InProcessServer> server_;
  std::unique_ptr<rpc::Peer> peer_;
};
WIRE_TEST_ON_BOTH(VisitTest);

TEST_P(VisitTest, AFilterOnAConfidentialFieldAsksWhatReadingItAsks) {
  const Scope everywhere = Scope::Everything(), north = Scope::Of({"wards/north"});
  const Grant reads{{"visits.read", "rows.*"}, everywhere}, knows_north{{"visits.confidential"}, north};
  const Caller all = CallerWith("all", {reads, {{"visits.confidential"}, everywhere}});
  const Caller partly = CallerWith("partly", {reads, knows_north});
  const Caller reader = CallerWith("reader", {reads, {{"visits.identity"}, everywhere}});
  const Caller elsewhere =
      CallerWith("elsewhere", {{{"visits.read", "rows.*"}, Scope::Of({"wards/south"})}, knows_north});
  constexpr char kDenied[] = "PERMISSION_DENIED PERMISSION_DENIED";
  struct Case {
    const char* name;
    Caller caller;
    const char* filter;
    const char* found;
  };
  const Case cases[] = {
      {"everywhere", all, "finding = WORSE", "north-worse south-worse "},
      {"a repeated field", all, "devices:pump", "north-worse south-worse "},
      {"without a purpose", all.WithoutPurpose(), "finding = WORSE", "INVALID_ARGUMENT PURPOSE_REQUIRED"},
      {"without the permission", reader, "finding = WORSE", kDenied},
      {"without the permission, repeated", reader, "devices:*", kDenied},
      {"without either", reader.WithoutPurpose(), "finding = WORSE", kDenied},
      {"beside another field", reader, "ward = \"wards/north\" OR NOT finding = WELL", kDenied},
      {"within the permission's scope", partly, "finding = WORSE", "north-worse "},
      {"the rest is not told either", partly, "NOT finding = WORSE", "north-well "},
      {"nor by what is always true", partly, "finding = WORSE OR finding != WORSE", "north-well north-worse "},
      {"repeated, and its rest", partly, "NOT devices:pump", "north-well "},
      {"permission for what cannot be read", elsewhere, "finding = WORSE", ""},
      {"on fields that are open", partly, "ward = \"wards/south\"", "south-well south-worse "},
      {"without a filter", reader.WithoutPurpose(), "", "north-well north-worse south-well south-worse "},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Found(c.caller, c.filter), c.found) << c.name;
    EXPECT_EQ(Exported(c.caller, c.filter), c.found) << c.name << ", exported";
  }
}

TEST_P(VisitTest, NoRuleStandsInTheWayOfAnErasure) {
  trial::visit::UpdateVisitRequest update;
  update.mutable_visit()->set_name("visits/north-worse");
  update.mutable_visit()->set_finding(Visit::WELL);
  update.mutable_update_mask()->add_paths("finding");
  EXPECT_EQ(Said(admin().Call<Visit>("trial.visit.VisitService/UpdateVisit", update)),
            "INVALID_ARGUMENT INVALID_REQUEST visit.ward:IMMUTABLE_FIELD");
  platform_v1::EraseDataSubjectRequest erase;
  erase.set_parent("services/trial");
  erase.set_subject("visits/north-worse");
  const auto erased =
      admin().Call<platform_v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", erase);
  ASSERT_EQ(Said(erased), "OK");
  EXPECT_EQ(erased->record_count(), 1);
  EXPECT_EQ(Found(admin(), "finding = WORSE"), "south-worse ");
  EXPECT_EQ(Found(admin(), "devices:pump"), "south-worse ") << "not by a side table either";
}

}  // namespace
}  // namespace tsunagu::wire
