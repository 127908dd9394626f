// Random calls of the standard methods by several callers, compared with a model of what the contracts promise.
//   TSUNAGU_SEED=… repeats a run, TSUNAGU_CALLS=… sets the number of calls; ./test --soak makes many long runs.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "tests/faults/chance.h"
#include "tests/wire/model/calls.h"
#include "tsunagu/registry/v1/coordinator.pb.h"

namespace tsunagu::wire {
namespace {

constexpr int kMostDays = 5;  // less than request ids are kept

class ModelTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    for (const char* area : {"areas/312011", "areas/313025", "areas/322016", "areas/312011"}) {
      registry_v1::CreateCoordinatorRequest request;
      request.mutable_coordinator()->set_display_name("見本 花子");
      request.mutable_coordinator()->set_home_area(area);
      const auto made =
          admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request);
      ASSERT_EQ(Said(made), "OK");
      world_.Of("coordinators").push_back({made->name(), {{{"home_area", {area}}}}});
    }
    NoteDay();
  }

  model::Person Admin(bool purpose) { return {"admin", purpose, {{{"*"}, "*"}}, purpose ? reader() : admin()}; }
  // Somebody with these rights, each in a role of its own.
  model::Person Somebody(const std::string& id, bool purpose, const std::vector<model::Right>& rights) {
    std::vector<std::string> grants;
    for (const model::Right& right : rights) {
      const std::string role = absl::StrCat(id, "-", grants.size());
      SetRole(role, {right.permissions.begin(), right.permissions.end()});
      grants.push_back(absl::StrCat(role, "@", right.scope));
    }
    const Caller caller = CallerWith(id, grants);
    return {id, purpose, rights, purpose ? caller.For("tests") : caller};
  }

  std::vector<model::Person> People() {
    const std::set<std::string> reads = {"areas.read", "facilities.read", "nurses.read", "placements.read",
                                         "coordinators.read"};
    const std::set<std::string> writes = {"facilities.write", "nurses.write", "placements.write", "rows.import"};
    const std::set<std::string> knows = {"nurses.identity", "nurses.confidential", "nurses.search"};
    std::set<std::string> all = reads;
    all.insert(writes.begin(), writes.end());
    std::set<std::string> all_of_all = all;
    all_of_all.insert(knows.begin(), knows.end());
    all_of_all.insert({"facilities.move", "nurses.move", "placements.move"});
    const model::Person prefecture = Somebody("prefecture", true, {{all_of_all, "areas/310000"}});
    model::Person blind = prefecture;
    blind.purpose = false;
    blind.caller = prefecture.caller.WithoutPurpose();
    return {Admin(true),
            Admin(false),
            prefecture,
            blind,
            Somebody("town", true, {{all, "areas/313025"}}),
            Somebody("two-towns", true, {{all, "areas/312011"}, {{"nurses.identity", "nurses.read"}, "areas/322016"}}),
            Somebody("reads-there-writes-here", true,
                     {{reads, "areas/320005"}, {writes, "areas/310000"}, {knows, "areas/312011"}}),
            Somebody("places-unseeing", false,
                     {{{"placements.write", "coordinators.read", "areas.read", "rows.import"}, "areas/310000"}}),
            Somebody("herself", false, {{{"placements.read", "areas.read"}, world_.Of("coordinators")[0].name}})};
  }

  void NoteDay() { world_.today = jp::FormatIso(jp::JapanDay(clock().Now())); }

  model::World world_{model::Resources()};
};
WIRE_TEST_ON_BOTH(ModelTest);

TEST_P(ModelTest, RandomCallsSayWhatTheContractsPromise) {
  const uint64_t seed = faults::Seed();
  const int calls = static_cast<int>(faults::Given("TSUNAGU_CALLS", GetParam() == Engine::kSqlite ? 2500 : 600));
  model::Chooser choose(seed, world_);
  model::Calls all(world_, choose, People());
  int days = 0;
  for (int i = 0; i < calls && !HasFailure(); ++i) {
    clock().Advance(absl::Milliseconds(choose.Below(1500)));
    if (i == (days + 1) * calls / (kMostDays + 1)) {
      ++days;
      clock().Advance(absl::Hours(24));
      all.ForgetPages();
    }
    NoteDay();
    all.MakeOne();
  }
  if (!HasFailure()) {
    all.CompareAll();
    EXPECT_GT(all.fine(), calls / 4) << "where nearly all is refused, little is proved";
  }
  if (HasFailure()) ADD_FAILURE() << "TSUNAGU_SEED=" << seed << " TSUNAGU_CALLS=" << calls << "\n" << all.Tail();
  std::printf("seed %llu, %s\n", static_cast<unsigned long long>(seed), all.Summary().c_str());
}

}  // namespace
}  // namespace tsunagu::wire
