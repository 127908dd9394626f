// The kind of an area, and records that require certain kinds: neither can be written without the other being checked.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/area_code.h"
#include "tests/wire/council_test_base.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/places_calls.h"
#include "tsunagu/registry/v1/area_role.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kRefused[] = "INVALID_ARGUMENT INVALID_REQUEST ";
constexpr registry_v1::AreaKind kTown = registry_v1::AREA_KIND_TOWN, kCity = registry_v1::AREA_KIND_CITY,
                                kWard = registry_v1::AREA_KIND_WARD, kNoBody = registry_v1::AREA_KIND_NO_BODY,
                                kDesignated = registry_v1::AREA_KIND_DESIGNATED_CITY;

class AreaKindTest : public CouncilTestBase {
 protected:
  void SetUp() override {
    CouncilTestBase::SetUp();
    if (IsSkipped()) return;
    EXPECT_EQ(Said(CreateJointGroup(admin(), "east", "areas/310000")), "OK");
    person_ = CreateCoordinator();
  }

  // A new one of 鳥取県.
  std::string Make(registry_v1::AreaKind kind) {
    const std::string code = jp::AreaCode::FromFive(absl::StrCat(31400 + made_++))->six();
    Create(AnArea(code, kind, "見本町", "areas/310000"));
    return absl::StrCat("areas/", code);
  }
  static absl::StatusOr<registry_v1::Area> Turn(const Caller& caller, const std::string& area,
                                                registry_v1::AreaKind kind) {
    registry_v1::UpdateAreaRequest request;
    request.mutable_area()->set_name(area);
    request.mutable_area()->set_kind(kind);
    request.mutable_update_mask()->add_paths("kind");
    return caller.Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request);
  }
  std::string Turned(const std::string& area, registry_v1::AreaKind kind) { return Said(Turn(admin(), area, kind)); }
  registry_v1::AreaKind KindOf(const std::string& area) {
    registry_v1::GetAreaRequest request;
    request.set_name(area);
    return admin().Call<registry_v1::Area>("registry.v1.AreaService/GetArea", request)->kind();
  }

  // Creates one record that names the area, from 2040-04-01 on; returns the result, and its name.
  template <typename M>
  static std::string Kept(const absl::StatusOr<M>& made, std::string* name) {
    if (name != nullptr && made.ok()) *name = made->name();
    return Said(made);
  }
  std::string JoinEast(const std::string& area, std::string* name = nullptr) {
    return Kept(Join(admin(), "jointGroups/east", area, jp::CivilDay(2040, 4, 1)), name);
  }
  std::string PlaceAt(const std::string& area, std::string* name = nullptr) {
    registry_v1::CreatePlacementRequest request;
    request.mutable_placement()->set_coordinator(person_);
    request.mutable_placement()->set_body(area);
    request.mutable_placement()->set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
    *request.mutable_placement()->mutable_valid_from_date() = Day("2040-04-01");
    return Kept(admin().Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request), name);
  }
  std::string ConveneAt(const std::string& area, std::string* name = nullptr) {
    return Kept(MakeCouncil(absl::StrCat("level: COUNCIL_LEVEL_MUNICIPALITY convener: '", area, "'")), name);
  }
  std::string ServeAt(const std::string& area, std::string* name = nullptr) {
    return Kept(
        MakeCouncil(absl::StrCat("level: COUNCIL_LEVEL_PREFECTURE convener: 'areas/310000' areas: '", area, "'")),
        name);
  }
  std::string Give(const std::string& area, registry_v1::AreaRoleKind role, std::string* name = nullptr) {
    registry_v1::CreateAreaRoleRequest request;
    request.mutable_area_role()->set_area(area);
    request.mutable_area_role()->set_role(role);
    *request.mutable_area_role()->mutable_valid_from_date() = Day("2040-04-01");
    return Kept(admin().Call<registry_v1::AreaRole>("registry.v1.AreaRoleService/CreateAreaRole", request), name);
  }
  std::string AnswerDirectly(const std::string& area, std::string* name = nullptr) {
    return Give(area, registry_v1::AREA_ROLE_KIND_DIRECT_ANSWERER, name);
  }
  std::string PlanFor(const std::string& area, int year) {
    return Said(MakeTarget(
        absl::StrCat("body: '", area, "' fiscal_year: ", year, " indicator: PLAN_INDICATOR_COORDINATORS target: 1")));
  }
  // By the last day.
  template <typename Request, typename M>
  std::string Ended(const std::string& method, const std::string& name, const std::string& day) {
    Request request;
    request.set_name(name);
    *request.mutable_end_date() = Day(day);
    return Said(admin().Call<M>(method, request));
  }

  struct Way {
    const char* name;
    std::string (AreaKindTest::*write)(const std::string& area, std::string* name);
    registry_v1::AreaKind unfit;
    const char* refused;  // what is said of such a record where the area is of that kind already
    std::string (*end)(AreaKindTest& test, const std::string& name, const std::string& day);
  };
  static std::vector<Way> Ways();

  std::string person_;
  int made_ = 0;
};
WIRE_TEST_ON_BOTH(AreaKindTest);

std::vector<AreaKindTest::Way> AreaKindTest::Ways() {
  using T = AreaKindTest;
  const auto end_council = [](T& test, const std::string& name, const std::string& day) {
    return Said(test.End(name, day));
  };
  return {
      {"a member of a joint group", &T::JoinEast, kWard, "joint_group_member.area:JOINT_MEMBER_NOT_MUNICIPALITY",
       [](T& test, const std::string& name, const std::string& day) {
         return test.Ended<registry_v1::EndJointGroupMemberRequest, registry_v1::JointGroupMember>(
             "registry.v1.JointGroupMemberService/EndJointGroupMember", name, day);
       }},
      {"a placement, and a ward", &T::PlaceAt, kWard, "placement.body:WARD_IS_NO_BODY",
       [](T& test, const std::string& name, const std::string& day) {
         return test.Ended<registry_v1::EndPlacementRequest, registry_v1::Placement>(
             "registry.v1.PlacementService/EndPlacement", name, day);
       }},
      {"a council, and a ward", &T::ConveneAt, kWard, "council.convener:WARD_IS_NO_BODY", end_council},
      {"a council, and no body", &T::ConveneAt, kNoBody, "council.convener:CODE_WITHOUT_BODY", end_council},
      {"a council that serves it", &T::ServeAt, kNoBody, "council.areas[0]:CODE_WITHOUT_BODY", end_council},
      {"a role", &T::AnswerDirectly, kNoBody, "area_role.role:ROLE_NOT_OF_SUCH_AREA",
       [](T& test, const std::string& name, const std::string& day) {
         return test.Ended<registry_v1::EndAreaRoleRequest, registry_v1::AreaRole>(
             "registry.v1.AreaRoleService/EndAreaRole", name, day);
       }},
  };
}

TEST_P(AreaKindTest, StaysWhatItsRecordsNeed) {
  for (const Way& way : Ways()) {
    SCOPED_TRACE(way.name);
    const std::string unfit = Make(way.unfit);
    EXPECT_EQ((this->*way.write)(unfit, nullptr), absl::StrCat(kRefused, way.refused));
    EXPECT_EQ(Turned(unfit, kTown), "OK") << "a wrong kind is corrected";
    EXPECT_EQ((this->*way.write)(unfit, nullptr), "OK");

    const std::string area = Make(kTown);
    std::string name;
    ASSERT_EQ((this->*way.write)(area, &name), "OK");
    EXPECT_EQ(Turned(area, way.unfit), absl::StrCat(kRefused, "area.kind:AREA_KIND_IN_USE"));
    EXPECT_EQ(Turned(area, kCity), "OK") << "that can have it too";
    EXPECT_EQ(way.end(*this, name, "2050-04-03"), "OK");
    EXPECT_EQ(Turned(area, way.unfit), absl::StrCat(kRefused, "area.kind:AREA_KIND_IN_USE")) << "it holds today";
    EXPECT_EQ(way.end(*this, name, "2050-04-02"), "OK");
    EXPECT_EQ(Turned(area, way.unfit), "OK") << "what is over stays as it was";
  }
}

TEST_P(AreaKindTest, ADesignatedCityThatIsNoneGivesUpItsRoleFirst) {
  const std::string city = Make(kDesignated);
  EXPECT_EQ(Turned(city, kTown), absl::StrCat(kRefused, "area.kind:AREA_KIND_IN_USE"));
  EXPECT_EQ(Turned(city, kCity), "OK");
  const std::string role = absl::StrCat("areaRoles/designated-city-", city.substr(6));
  const auto end = [&](const char* day) {
    return Ended<registry_v1::EndAreaRoleRequest, registry_v1::AreaRole>("registry.v1.AreaRoleService/EndAreaRole",
                                                                         role, day);
  };
  EXPECT_EQ(end("2050-04-02"), "OK");
  EXPECT_EQ(Turned(city, kTown), "OK");
}

TEST_P(AreaKindTest, PlansOfThisYearAndLaterNeedABody) {
  const std::string past = Make(kTown), now = Make(kTown), ward = Make(kWard);
  EXPECT_EQ(PlanFor(ward, 2050), absl::StrCat(kRefused, "plan_target.body:WARD_IS_NO_BODY"));
  ASSERT_EQ(PlanFor(past, 2049), "OK");
  ASSERT_EQ(PlanFor(now, 2050), "OK");
  EXPECT_EQ(Turned(past, kWard), "OK");
  EXPECT_EQ(Turned(now, kWard), absl::StrCat(kRefused, "area.kind:AREA_KIND_IN_USE"));
}

TEST_P(AreaKindTest, NamesNothingThatTheCallerMayNotReadAndHoldsInImportsToo) {
  const std::string area = Make(kTown);
  ASSERT_EQ(JoinEast(area), "OK");
  ASSERT_EQ(PlaceAt(area), "OK");
  const auto refused = Turn(admin(), area, kWard);
  EXPECT_EQ(Said(refused), absl::StrCat(kRefused, "area.kind:AREA_KIND_IN_USE"));
  EXPECT_THAT(FaultOf(refused.status()).faults(0).args().at("name"), testing::StartsWith("jointGroupMembers/"));
  SetRole("mapper", {"areas.read", "areas.write", "rows.*"});
  const Caller mapper = CallerWith("mapper", {"mapper@*"});
  EXPECT_EQ(Said(Turn(mapper, area, kWard)), absl::StrCat(kRefused, "area.kind:AREA_KIND_IN_USE_UNSEEN"));

  const std::string rows =
      absl::StrCat("団体コード,種別,名称,上位の地域\n", area.substr(6), ",行政区,見本町,areas/310000\n");
  const Imported imported = ImportCsv(admin(), "areas", rows);
  EXPECT_EQ(imported.summary, "1 rows: 1 refused");
  EXPECT_THAT(imported.rows, ElementsAre(HasSubstr("種別:AREA_KIND_IN_USE")));
}

// Half of them change the kind, the others enter records that need the previous kind.
TEST_P(AreaKindTest, OfEightAtOnceNeitherOverlooksTheOther) {
  const std::string said_unfit = absl::StrCat(kRefused, "area.kind:AREA_KIND_IN_USE");
  for (const Way& way : Ways()) {
    for (int round = 0; round < 4; ++round) {
      SCOPED_TRACE(absl::StrCat(way.name, ", round ", round));
      const std::string area = Make(kTown);
      std::vector<std::string> names(8);
      const auto told = EightAtOnce([&](int writer) {
        return writer % 2 == 0 ? Turned(area, way.unfit) : (this->*way.write)(area, &names[writer]);
      });
      const bool is_used =
          std::any_of(names.begin(), names.end(), [](const std::string& name) { return !name.empty(); });
      EXPECT_NE(is_used, KindOf(area) == way.unfit) << "one of both, and not both";
      EXPECT_EQ(is_used ? told.count(absl::StrCat(kRefused, way.refused)) : told.count(said_unfit), 0u);
    }
  }
}

}  // namespace
}  // namespace tsunagu::wire
