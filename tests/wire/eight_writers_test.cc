// Rules over several rows, with eight concurrent writers on every method: exactly one succeeds. Each writer is an
// officer of one town who cannot read what the others write.
#include "tests/wire/eight_writers.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/records/table.h"
#include "common/rpc/router.h"
#include "common/service/service.h"
#include "tests/wire/day.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

class EightWritersTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    SetRole("placer", {"placements.write", "areas.read", "coordinators.read", "rows.*"});
    for (int i = 0; i < 8; ++i) writers_.push_back(CallerWith(absl::StrCat("placer-", i), {"placer@areas/312011"}));
    NextPerson();
  }

  void NextPerson() {
    registry_v1::CreateCoordinatorRequest request;
    request.mutable_coordinator()->set_display_name("見本 花子");
    request.mutable_coordinator()->set_home_area("areas/312011");
    person_ =
        admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request)->name();
  }

  // "OK", or whether it is the rule that refuses.
  static std::string Outcome(const std::string& said) {
    return absl::StrContains(said, "PERIODS_OVERLAP_UNSEEN") ? "overlap" : said;
  }
  std::string Create(const Caller& caller, absl::string_view from, absl::string_view to, std::string* name = nullptr) {
    registry_v1::CreatePlacementRequest request;
    registry_v1::Placement& placement = *request.mutable_placement();
    placement.set_coordinator(person_);
    placement.set_body("areas/312011");
    placement.set_stage(registry_v1::PLACEMENT_STAGE_PLANNED);
    *placement.mutable_valid_from_date() = Day(from);
    *placement.mutable_valid_to_date() = Day(to);
    const auto placed = caller.Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request);
    if (name != nullptr && placed.ok()) *name = placed->name();
    return Outcome(Said(placed));
  }
  std::string Move(const Caller& caller, const std::string& name, absl::string_view from, absl::string_view to) {
    registry_v1::UpdatePlacementRequest request;
    request.mutable_placement()->set_name(name);
    *request.mutable_placement()->mutable_valid_from_date() = Day(from);
    *request.mutable_placement()->mutable_valid_to_date() = Day(to);
    for (const char* path : {"valid_from_date", "valid_to_date"}) request.mutable_update_mask()->add_paths(path);
    return Outcome(Said(caller.Call<registry_v1::Placement>("registry.v1.PlacementService/UpdatePlacement", request)));
  }
  std::string End(const Caller& caller, const std::string& name, absl::string_view day) {
    registry_v1::EndPlacementRequest request;
    request.set_name(name);
    *request.mutable_end_date() = Day(day);
    return Outcome(Said(caller.Call<registry_v1::Placement>("registry.v1.PlacementService/EndPlacement", request)));
  }
  std::string Import(const Caller& caller, absl::string_view from, absl::string_view to) {
    const Imported imported = ImportCsv(caller, "placements",
                                        absl::StrCat("コーディネーター,配置団体,段階,開始日,終了日\n", person_,
                                                     ",areas/312011,実績,", from, ",", to, "\n"));
    if (imported.counts.created_count() == 1) return "OK";
    return imported.rows.size() == 1 ? Outcome(imported.rows[0]) : imported.summary;
  }
  // A placement of this person for each writer, in a month of its own.
  std::vector<std::string> EightPlacements() {
    std::vector<std::string> names(8);
    for (int i = 0; i < 8; ++i) {
      EXPECT_EQ(Create(admin(), absl::StrCat("2041-0", i + 1, "-01"), absl::StrCat("2041-0", i + 1, "-20"), &names[i]),
                "OK");
    }
    return names;
  }

  static constexpr char kFrom[] = "2060-01-01", kTo[] = "2060-01-31";  // what everybody wants
  std::vector<Caller> writers_;
  std::string person_;
};
WIRE_TEST_ON_BOTH(EightWritersTest);

// All services of the suite in one process.
class WholeSuiteTest : public SuiteTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    for (const ServiceKind& kind : Server::Kinds()) options.services.push_back(kind.name);
    return options;
  }
};
WIRE_TEST_ON_BOTH(WholeSuiteTest);

// Every new resource with `exclusive` needs a test; members of regions are tested in places_test, roles of areas in
// area_role_test, rules of ways to work in commute_test, those of training in training_writers_test.
TEST_P(WholeSuiteTest, OfEveryExclusiveResourceThereIsATest) {
  std::vector<std::string> exclusive;
  for (const ServiceKind& kind : Server::Kinds()) {
    for (const auto& [collection, resource] : server().host().Find(kind.name)->resources()) {
      if (resource.table->schema().rule().exclusive_size() > 0) exclusive.push_back(collection);
    }
  }
  EXPECT_THAT(exclusive, UnorderedElementsAre("areaRoles", "jointGroupMembers", "placements", "regionMembers",
                                              "curricula", "permitRules", "commuteRules"));
}

// Whoever sees personal data is written to the access log, durably, which a thread of connections must not wait for.
TEST_P(WholeSuiteTest, WhatIsPersonalRunsOnTheExecutor) {
  int quick = 0;
  for (const ServiceKind& kind : Server::Kinds()) {
    Service& service = *server().host().Find(kind.name);
    for (const auto& [collection, resource] : service.resources()) {
      const std::string& name = resource.table->schema().message()->name();
      for (const auto& [method, binding] : service.module().bindings()) {
        const bool is_own =
            absl::EndsWith(method, absl::StrCat("/Create", name)) || absl::EndsWith(method, absl::StrCat("/Get", name));
        if (!is_own || !binding.never_blocks) continue;
        ++quick;
        EXPECT_FALSE(resource.table->schema().rule().personal()) << method;
      }
    }
  }
  EXPECT_EQ(quick > 0, GetParam() == Engine::kSqlite);
}

TEST_P(EightWritersTest, OneWayInAtATime) {
  struct Way {
    const char* name;
    std::function<std::string(int writer, const std::string& own)> write;
  };
  const Way ways[] = {
      {"create", [&](int i, const std::string&) { return Create(writers_[i], kFrom, kTo); }},
      {"update", [&](int i, const std::string& own) { return Move(writers_[i], own, kFrom, kTo); }},
      {"import", [&](int i, const std::string&) { return Import(writers_[i], kFrom, kTo); }},
  };
  for (const Way& way : ways) {
    for (int round = 0; round < 3; ++round) {
      NextPerson();
      const std::vector<std::string> own = EightPlacements();
      EXPECT_THAT(EightAtOnce([&](int i) { return way.write(i, own[i]); }),
                  ElementsAre(Pair("OK", 1), Pair("overlap", 7)))
          << way.name;
    }
  }
}

// Ending a placement later takes the person's days up to then; the next writer takes the same days by another method.
TEST_P(EightWritersTest, EveryWayInAtOnce) {
  for (int round = 0; round < 5; ++round) {
    NextPerson();
    const std::vector<std::string> own = EightPlacements();
    std::string lasts;
    ASSERT_EQ(Create(admin(), "2050-01-01", "2050-06-30", &lasts), "OK");
    EXPECT_THAT(EightAtOnce([&](int i) -> std::string {
                  if (i < 2) return Create(writers_[i], kFrom, kTo);
                  if (i < 4) return Move(writers_[i], own[i], kFrom, kTo);
                  if (i < 6) return Import(writers_[i], kFrom, kTo);
                  return i == 6 ? End(writers_[i], lasts, kTo) : Create(writers_[i], "2055-01-01", kTo);
                }),
                ElementsAre(Pair("OK", 1), Pair("overlap", 7)));
  }
}

// The identity of a record in the list it came from: one of eight gets it, those of another town are not told who.
TEST_P(EightWritersTest, AUniqueValueIsTakenOnce) {
  for (int i = 0; i < 8; ++i) {
    Grant(absl::StrCat("placer-", i), {AGrant("municipality-officer", i % 2 == 0 ? "areas/312011" : "areas/313025")});
    SuiteTest::Create(absl::StrCat("own-", i), AFacility("ほし", i % 2 == 0 ? "areas/312011" : "areas/313025"));
  }
  for (const bool create : {true, false}) {
    const std::string key = create ? "list/1" : "list/2";
    const auto told = EightAtOnce([&](int i) {
      registry_v1::Facility facility = AFacility("ほし", i % 2 == 0 ? "areas/312011" : "areas/313025");
      facility.set_source_key(key);
      if (create) {
        registry_v1::CreateFacilityRequest request;
        *request.mutable_facility() = facility;
        return Said(writers_[i].Call<registry_v1::Facility>("registry.v1.FacilityService/CreateFacility", request));
      }
      registry_v1::UpdateFacilityRequest request;
      *request.mutable_facility() = facility;
      request.mutable_facility()->set_name(absl::StrCat("facilities/own-", i));
      request.mutable_update_mask()->add_paths("source_key");
      return Said(writers_[i].Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request));
    });
    EXPECT_THAT(told, testing::UnorderedElementsAre(Pair("OK", 1), Pair("ALREADY_EXISTS VALUE_TAKEN", 3),
                                                    Pair("ALREADY_EXISTS KEY_UNAVAILABLE", 4)))
        << (create ? "create" : "update");
  }
  const auto imported = EightAtOnce([&](int i) {
    const Imported file = ImportCsv(writers_[i], "facilities",
                                    absl::StrCat("事業所の名称,所在地域,取込元のキー\nほし,",
                                                 i % 2 == 0 ? "areas/312011" : "areas/313025", ",list/3\n"));
    return std::string(file.counts.created_count() == 1 ? "created" : "not");
  });
  EXPECT_THAT(imported, ElementsAre(Pair("created", 1), Pair("not", 7))) << "import";
}

}  // namespace
}  // namespace tsunagu::wire
