// Roles that a service ships: a later version is merged into the installation's changed roles.
#include <filesystem>
#include <latch>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/access/access.h"
#include "common/contract/own_id.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "services/registry/module.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/revision.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

constexpr char kMunicipality[] = "municipality-officer";
// Permissions of municipality officers since version 1.
constexpr char kAddedLater[] =
    "areaChanges.read areaRoles.read coordinatorTrainings.* jointGroups.read jointGroupMembers.read serviceKinds.read "
    "due.read councils.* "
    "meetings.* localIssues.* planTargets.* surveyForms.read surveyResponses.read surveyResponses.write";

class RolesTest : public SuiteTest {
 protected:
  // The registry, with roles as a later release would ship them.
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"registry"};
    options.kinds = {{"registry", [this](Service& service, const PeerFinder&) {
                        registry::Build(service);
                        service.access().Ship(newer_);
                      }}};
    return options;
  }
  void RestartWith(std::vector<access::ShippedRole> newer) {
    newer_ = std::move(newer);
    server().Restart();
  }

  std::map<std::string, platform_v1::Role> Roles() {
    platform_v1::ListRolesRequest request;
    request.set_parent("services/registry");
    const auto page = admin().Call<platform_v1::ListRolesResponse>("platform.v1.AccessService/ListRoles", request);
    EXPECT_EQ(Said(page), "OK");
    std::map<std::string, platform_v1::Role> roles;
    for (const auto& role : page->roles()) roles[contract::OwnId(role.name())] = role;
    return roles;
  }
  platform_v1::Role Role(const std::string& id) { return Roles()[id]; }
  std::string Permissions(const std::string& id) { return absl::StrJoin(Role(id).permissions(), " "); }

  // Returns who has changed the role by which method, newest first.
  std::vector<std::string> Changes(const std::string& id) {
    platform_v1::ListRevisionsRequest request;
    request.set_parent("services/registry");
    request.set_resource_name("services/registry/roles/" + id);
    const auto page =
        admin().Call<platform_v1::ListRevisionsResponse>("platform.v1.RevisionService/ListRevisions", request);
    EXPECT_EQ(Said(page), "OK");
    std::vector<std::string> changes;
    for (const auto& revision : page->revisions()) {
      changes.push_back(absl::StrCat(revision.actor(), " ", revision.method()));
    }
    return changes;
  }
  int64_t Revisions() {
    return Count(registry(), "SELECT COUNT(*) FROM `journal` WHERE `name` LIKE 'services/registry/roles/%'");
  }
  int64_t Requests() { return Count(registry(), "SELECT COUNT(*) FROM `requests`"); }
  // As it was made by a release that had no versions.
  void Forget(const std::string& id, const std::vector<std::string>& permissions) {
    const std::string kept = absl::StrCat("{\"permissions\":[\"", absl::StrJoin(permissions, "\",\""), "\"]}");
    Execute(
        registry(),
        "UPDATE `roles` SET `permissions` = ?, `shipped_version` = 0, `shipped_permissions` = NULL, `mac` = NULL WHERE "
        "`id` = ?",
        {absl::string_view(kept), absl::string_view(id)});
    ASSERT_EQ(Said(server().host().Find("registry")->store().FindTable("roles")->SignRows()), "OK");
  }

 private:
  std::vector<access::ShippedRole> newer_;
};
WIRE_TEST_ON_BOTH(RolesTest);

const access::ShippedRole kNewer = {
    kMunicipality,
    "別名",
    5,
    {"areas.read", "coordinators.*", "facilities.read", "facilities.write", "revisions.read"}};

TEST_P(RolesTest, AreNotedWithTheirVersion) {
  const auto roles = Roles();
  ASSERT_EQ(roles.size(), 11u);
  for (const auto& [id, role] : roles) {
    EXPECT_GE(role.shipped_version(), 1) << id;
    EXPECT_EQ(absl::StrJoin(role.permissions(), " "), absl::StrJoin(role.shipped_permissions(), " ")) << id;
    EXPECT_EQ(role.own_permissions_size(), 0) << id;
    EXPECT_EQ(role.etag(), "1") << id;
  }
  EXPECT_EQ(Permissions("admin"), "*");
  EXPECT_THAT(Changes("admin"), ElementsAre("system access/ship"));
  const int64_t requests = Requests();
  server().Restart();
  EXPECT_EQ(Revisions(), 11);
  EXPECT_EQ(Requests(), requests) << "a start with nothing new writes nothing";
}

TEST_P(RolesTest, ALaterVersionIsMergedAtTheNextStart) {
  CreateAreas();
  Create("tottori", AFacility("とっとり", "areas/312011"));
  SetRole(kMunicipality, {"areas.read", "coordinators.*", "facilities.read", "nurses.read", "placements.*", "rows.*"});
  const std::string key = CallerWith("officer", {"municipality-officer@areas/312011"}).options().api_key;
  const auto history = [&] {
    platform_v1::ListRevisionsRequest request;
    request.set_parent("services/registry");
    request.set_resource_name("facilities/tottori");
    return Said(server().CallerWith(key).Call<platform_v1::ListRevisionsResponse>(
        "platform.v1.RevisionService/ListRevisions", request));
  };
  EXPECT_EQ(history(), "PERMISSION_DENIED PERMISSION_DENIED");

  RestartWith({kNewer});
  EXPECT_EQ(Permissions(kMunicipality), "areas.read coordinators.* facilities.read nurses.read revisions.read")
      << "withdrawn: placements.* and rows.*; new: revisions.read; added here: nurses.read; removed here: "
         "facilities.write";
  platform_v1::Role role = Role(kMunicipality);
  EXPECT_EQ(role.shipped_version(), 5);
  EXPECT_EQ(absl::StrJoin(role.own_permissions(), " "), "nurses.read");
  EXPECT_THAT(
      Changes(kMunicipality),
      ElementsAre("system access/ship", "admin tsunagu.platform.v1.AccessService/SetRole", "system access/ship"));
  EXPECT_EQ(history(), "OK") << "in force from the start on";

  const int64_t revisions = Revisions();
  server().Restart();
  EXPECT_EQ(Revisions(), revisions) << "once";
  RestartWith({});
  EXPECT_EQ(Role(kMunicipality).SerializeAsString(), role.SerializeAsString()) << "an older release takes nothing back";
}

TEST_P(RolesTest, CallersDoNotSetWhatWasShipped) {
  const platform_v1::Role before = Role(kMunicipality);
  platform_v1::SetRoleRequest request;
  request.set_parent("services/registry");
  for (const char* id : {kMunicipality, "reception"}) {
    request.set_role_id(id);
    request.mutable_role()->clear_permissions();
    request.mutable_role()->add_permissions("facilities.read");
    request.mutable_role()->set_shipped_version(99);
    request.mutable_role()->add_shipped_permissions("facilities.read");
    request.mutable_role()->add_own_permissions("facilities.read");
    ASSERT_EQ(Said(admin().Call<platform_v1::Role>("platform.v1.AccessService/SetRole", request)), "OK");
  }
  const platform_v1::Role after = Role(kMunicipality), own = Role("reception");
  EXPECT_EQ(absl::StrJoin(after.permissions(), " "), "facilities.read");
  EXPECT_EQ(after.shipped_version(), before.shipped_version());
  EXPECT_EQ(absl::StrJoin(after.shipped_permissions(), " "), absl::StrJoin(before.shipped_permissions(), " "));
  EXPECT_EQ(own.shipped_version() + own.shipped_permissions_size() + own.own_permissions_size(), 0);
  RestartWith({{"reception", "受付", 1, {"areas.read"}}});
  EXPECT_EQ(Permissions("reception"), "facilities.read")
      << "the installation's own role of a name that is shipped later";
}

TEST_P(RolesTest, MayPermitNothing) {
  CreateAreas();
  const Caller officer = CallerWith("officer", {"municipality-officer@*"});
  EXPECT_EQ(Said(GetArea(officer, "areas/310000")), "OK");
  SetRole(kMunicipality, {});
  EXPECT_EQ(Said(GetArea(officer, "areas/310000")), "PERMISSION_DENIED PERMISSION_DENIED");
  server().Restart();
  EXPECT_EQ(Permissions(kMunicipality), "");
}

TEST_P(RolesTest, OfAReleaseWithoutVersionsCountAsVersion1) {
  server().Spoil();
  Forget(kMunicipality, {"areas.read", "coordinators.*", "facilities.read", "facilities.write", "openings.read",
                         "placements.*", "rows.*"});
  Forget("integrator", {"areas.read", "facilities.*", "openings.read", "nurses.read", "rows.*", "operations.read"});
  Forget("nurse", {"areas.read", "nurses.read"});
  server().Restart();
  EXPECT_EQ(
      Permissions(kMunicipality),
      absl::StrCat("areas.read coordinators.* facilities.read facilities.write placements.* rows.* ", kAddedLater))
      << "what is of another service is withdrawn";
  EXPECT_EQ(Permissions("integrator"),
            "areas.read facilities.* openings.read nurses.read rows.* operations.read serviceKinds.read")
      << "openings.* was made narrower, operations.read added; removed nurses.write and changes.read stay removed";
  EXPECT_EQ(Permissions("nurse"), "areas.read nurses.read nurseEmployments.read nurseTrainings.read");
  EXPECT_EQ(Role("nurse").shipped_version(), 2);
}

TEST_P(RolesTest, ADeletedRoleStaysDeletedAndANewOneIsMade) {
  server().Spoil();
  Execute(registry(), "DELETE FROM `roles` WHERE `id` = 'centre-staff'");
  const int64_t requests = Requests();
  server().Restart();
  EXPECT_EQ(Roles().count("centre-staff"), 0u);
  EXPECT_EQ(Requests(), requests);
  RestartWith(
      {{"centre-staff", "医療的ケア児支援センター職員", 3, {"areas.read"}}, {"reception", "受付", 1, {"areas.read"}}});
  EXPECT_EQ(Roles().count("centre-staff"), 0u);
  EXPECT_EQ(Permissions("reception"), "areas.read");
  EXPECT_EQ(Role("reception").display_name(), "受付");
}

// On SQLite one process has the data folder.
TEST_P(RolesTest, EightProcessesThatStartAtOnceMergeThemOnce) {
  if (GetParam() == Engine::kSqlite) return;
  server().Spoil();
  Forget(kMunicipality, {"areas.read", "openings.read", "rows.*", "nurses.read"});
  server().Stop();
  constexpr int kProcesses = 8;
  std::latch begin(kProcesses);
  std::vector<std::string> said(kProcesses);
  std::vector<std::unique_ptr<Host>> hosts(kProcesses);
  const ServiceKind kind{"registry", [](Service& service, const PeerFinder&) {
                           registry::Build(service);
                           service.access().Ship({{"reception", "受付", 1, {"areas.read"}}});
                         }};
  {
    std::vector<std::jthread> processes;
    for (int i = 0; i < kProcesses; ++i) {
      processes.emplace_back([&, i] {
        HostConfig config = server().config();
        config.data_dir = absl::StrCat(config.data_dir, "-", i);
        begin.arrive_and_wait();
        auto host = Host::Start(config, {&kind, 1}, {&clock(), &Entropy::System()});
        said[i] = Said(host);
        if (host.ok()) hosts[i] = *std::move(host);
      });
    }
  }
  for (const std::string& one : said) EXPECT_EQ(one, "OK");
  hosts.clear();
  for (int i = 0; i < kProcesses; ++i) std::filesystem::remove_all(absl::StrCat(server().config().data_dir, "-", i));
  ASSERT_EQ(Said(server().Start()), "OK");
  EXPECT_EQ(Permissions(kMunicipality), absl::StrCat("areas.read rows.* nurses.read ", kAddedLater));
  EXPECT_THAT(Changes(kMunicipality), ElementsAre("system access/ship", "system access/ship"));
  EXPECT_THAT(Changes("reception"), ElementsAre("system access/ship"));
  EXPECT_EQ(Revisions(), 13);
}

}  // namespace
}  // namespace tsunagu::wire
