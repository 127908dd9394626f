// Random hierarchies of areas and regions, grants on random places, placements at random areas: who sees what on which
// day, compared with a model that shares no code with the servers.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/period.h"
#include "tests/wire/places_calls.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"

namespace tsunagu::wire {
namespace {

// Days are counted from the day on which the test begins.
constexpr int kAlways = -1000, kForEver = 1000, kAnyDay = 5000;

struct Span {
  int from = kAlways, to = kForEver;
  bool Has(int day) const { return day == kAnyDay || (from <= day && day <= to); }
  bool Meets(const Span& other) const { return from <= other.to && other.from <= to; }
};

// The written records, and the simplest way to compute who sees what.
struct Model {
  struct Member {
    std::string name, region, area;
    Span days;
  };
  struct Placement {
    std::string coordinator, body;
    Span days;
  };
  struct Held {
    std::string scope;
    Span days;
  };
  std::map<std::string, std::string> around;  // an area's parent, a region's prefecture
  std::vector<Member> members;
  std::map<std::string, Placement> placements;
  std::map<std::string, std::vector<Held>> grants;  // by principal

  // Whether `inner` is `outer` or lies in it, by going outwards.
  bool LiesIn(const std::string& inner, const std::string& outer, int day) const {
    if (inner == outer) return true;
    const auto found = around.find(inner);
    if (found != around.end() && LiesIn(found->second, outer, day)) return true;
    for (const Member& member : members) {
      if (member.area == inner && member.days.Has(day) && LiesIn(member.region, outer, day)) return true;
    }
    return false;
  }

  bool Sees(const std::string& principal, const std::string& placement, int day) const {
    const Placement& placed = placements.at(placement);
    for (const Held& held : grants.at(principal)) {
      if (!held.days.Has(day)) continue;
      if (held.scope == placed.coordinator && placed.days.Has(day)) return true;
      if (LiesIn(placed.body, held.scope, day)) return true;
    }
    return false;
  }
};

class RandomPlacesTest : public SuiteTest {
 protected:
  static constexpr int kDays = 7;

  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  const std::string& AnyOf(const std::vector<std::string>& names) {
    return names[Below(static_cast<int>(names.size()))];
  }
  // Open at either end now and then.
  Span AnyDays() {
    Span days;
    if (Below(4) != 0) days.from = Below(kDays + 2) - 2;
    if (Below(4) != 0) days.to = std::max(days.from, -2) + Below(4);
    return days;
  }
  jp::CivilDay Day(int day) { return day == kAlways ? jp::kFirstDay : day == kForEver ? jp::kLastDay : first_ + day; }

  void MakeAreas() {
    for (const char* prefecture : {"31", "32"}) {
      std::vector<std::string> there = {"areas/" + CodeOf(0, prefecture)};
      Create(AnArea(CodeOf(0, prefecture), registry_v1::AREA_KIND_PREFECTURE, "見本県", ""));
      for (int i = 0; i < 10; ++i) {
        const std::string code = CodeOf(201 + i, prefecture), parent = Below(3) == 0 ? there[0] : AnyOf(there);
        Create(AnArea(code, registry_v1::AREA_KIND_CITY, "見本市", parent));
        model_.around["areas/" + code] = parent;
        there.push_back("areas/" + code);
      }
      prefectures_.push_back(there[0]);
      areas_.insert(areas_.end(), there.begin(), there.end());
    }
    for (int i = 0; i < 5; ++i) {
      const std::string id = absl::StrCat("r", i), prefecture = Below(3) == 0 ? "" : AnyOf(prefectures_);
      ASSERT_EQ(Said(CreateRegion(admin(), id, prefecture)), "OK");
      if (!prefecture.empty()) model_.around["regions/" + id] = prefecture;
      regions_.push_back("regions/" + id);
    }
  }

  void AddAnyMember() {
    Model::Member member{"", AnyOf(regions_), AnyOf(areas_), AnyDays()};
    const auto region = model_.around.find(member.region);
    const bool outside = region != model_.around.end() && region->second.substr(0, 8) != member.area.substr(0, 8);
    const bool circle = model_.LiesIn(member.region, member.area, kAnyDay);
    const bool overlaps = std::any_of(model_.members.begin(), model_.members.end(), [&](const auto& other) {
      return other.region == member.region && other.area == member.area && other.days.Meets(member.days);
    });
    const auto added = AddMember(admin(), member.region, member.area, Day(member.days.from), Day(member.days.to));
    const std::string said = Said(added);
    const auto says = [&](const char* word) { return said.find(word) != std::string::npos; };
    EXPECT_EQ(says("MEMBER_OUTSIDE_PREFECTURE"), outside) << member.area << " in " << member.region << ": " << said;
    EXPECT_EQ(says("PLACES_IN_A_CIRCLE"), circle) << member.area << " in " << member.region << ": " << said;
    EXPECT_EQ(says("PERIODS_OVERLAP"), overlaps) << member.area << " in " << member.region << ": " << said;
    EXPECT_EQ(added.ok(), !outside && !circle && !overlaps) << said;
    if (!added.ok()) return;
    member.name = added->name();
    model_.members.push_back(member);
  }

  void EndAnyMember(int today) {
    if (model_.members.empty()) return;
    Model::Member& member = model_.members[Below(static_cast<int>(model_.members.size()))];
    const int last = std::max(member.days.from, today - 1) + Below(2);
    const bool over = member.days.to < today;
    const std::string said = Said(EndMember(admin(), member.name, Day(last)));
    // Making it last longer may meet a later membership.
    if (said.find("PERIODS_OVERLAP") != std::string::npos) return;
    EXPECT_EQ(said, over ? "FAILED_PRECONDITION PERIOD_OVER" : "OK");
    if (!over) member.days.to = last;
  }

  void MoveAnyArea() {
    const std::string& area = AnyOf(areas_);
    const std::string& parent = AnyOf(areas_);
    if (model_.around.count(area) == 0 || parent.substr(0, 8) != area.substr(0, 8)) return;
    const bool circle = model_.LiesIn(parent, area, kAnyDay);
    EXPECT_EQ(Said(MoveArea(admin(), area, parent)),
              circle ? "INVALID_ARGUMENT INVALID_REQUEST area.parent:PLACES_IN_A_CIRCLE" : "OK")
        << area << " to " << parent;
    if (!circle) model_.around[area] = parent;
  }

  void MakePlacements() {
    for (int i = 0; i < 5; ++i) {
      registry_v1::CreateCoordinatorRequest request;
      request.mutable_coordinator()->set_display_name("見本 花子");
      request.mutable_coordinator()->set_home_area(prefectures_[0]);
      const auto made =
          admin().Call<registry_v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", request);
      ASSERT_EQ(Said(made), "OK");
      coordinators_.push_back(made->name());
    }
    std::set<std::string> pairs;
    while (model_.placements.size() < 25) {
      Model::Placement placed{AnyOf(coordinators_), AnyOf(areas_), AnyDays()};
      if (!pairs.insert(placed.coordinator + placed.body).second) continue;
      placed.days.from = std::max(placed.days.from, -3);
      placed.days.to = std::max(placed.days.from, placed.days.to);
      registry_v1::CreatePlacementRequest request;
      registry_v1::Placement& placement = *request.mutable_placement();
      placement.set_coordinator(placed.coordinator);
      placement.set_body(placed.body);
      placement.set_stage(registry_v1::PLACEMENT_STAGE_ACTUAL);
      *placement.mutable_valid_from_date() = jp::ToDate(Day(placed.days.from));
      if (placed.days.to != kForEver) *placement.mutable_valid_to_date() = jp::ToDate(Day(placed.days.to));
      const auto made = admin().Call<registry_v1::Placement>("registry.v1.PlacementService/CreatePlacement", request);
      ASSERT_EQ(Said(made), "OK");
      model_.placements[made->name()] = placed;
    }
  }

  void MakePrincipals() {
    SetRole("seer", {"placements.read"});
    for (int i = 0; i < 12; ++i) {
      const std::string id = absl::StrCat("p", i);
      callers_.emplace(id, server().CallerWith(CreateKey(id).secret()));
      std::vector<platform_v1::Grant> grants;
      for (int j = 0; j <= Below(3); ++j) {
        const int kind = Below(8);
        const Model::Held held{kind == 0  ? AnyOf(coordinators_)
                               : kind < 4 ? AnyOf(regions_)
                                          : AnyOf(areas_),
                               AnyDays()};
        grants.push_back(AGrant("seer", held.scope));
        if (held.days.from != kAlways) *grants.back().mutable_valid_from_date() = jp::ToDate(Day(held.days.from));
        if (held.days.to != kForEver) *grants.back().mutable_valid_to_date() = jp::ToDate(Day(held.days.to));
        model_.grants[id].push_back(held);
      }
      Grant(id, grants);
    }
  }

  static std::set<std::string> Listed(const Caller& caller) {
    std::set<std::string> names;
    registry_v1::ListPlacementsRequest request;
    request.set_page_size(7);
    do {
      const auto page =
          caller.Call<registry_v1::ListPlacementsResponse>("registry.v1.PlacementService/ListPlacements", request);
      if (!page.ok()) {
        EXPECT_EQ(Said(page), "PERMISSION_DENIED PERMISSION_DENIED");
        break;
      }
      for (const auto& placement : page->placements()) names.insert(placement.name());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  static std::set<std::string> Got(const Caller& caller, const Model& model) {
    std::set<std::string> names;
    for (const auto& [name, placement] : model.placements) {
      registry_v1::GetPlacementRequest request;
      request.set_name(name);
      if (caller.Call<registry_v1::Placement>("registry.v1.PlacementService/GetPlacement", request).ok()) {
        names.insert(name);
      }
    }
    return names;
  }

  void ExpectAsTheModel(int day) {
    for (const auto& [id, caller] : callers_) {
      std::set<std::string> seen;
      for (const auto& [name, placement] : model_.placements) {
        if (model_.Sees(id, name, day)) seen.insert(name);
      }
      const auto before = seen_.find(id);
      if (before != seen_.end() && before->second != seen) ++turns_;
      seen_[id] = seen;
      EXPECT_EQ(Listed(caller), seen) << id << " lists on day " << day;
      EXPECT_EQ(Got(caller, model_), seen) << id << " gets on day " << day;
    }
  }

  void Play(unsigned seed) {
    SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", seed));
    random_.seed(seed);
    first_ = jp::JapanDay(clock().Now());
    MakeAreas();
    for (int i = 0; i < 20; ++i) AddAnyMember();
    MakePlacements();
    MakePrincipals();
    for (int day = 0; day < kDays; ++day) {
      ExpectAsTheModel(day);
      if (HasFailure()) return;
      for (int i = 0; i < 2; ++i) {
        AddAnyMember();
        EndAnyMember(day);
        MoveAnyArea();
      }
      ExpectAsTheModel(day);  // what was changed counts at once
      clock().Advance(absl::Hours(24));
    }
    EXPECT_GT(turns_, 10) << "the test would show nothing where everybody always sees the same";
  }

  std::mt19937 random_;
  jp::CivilDay first_;
  std::vector<std::string> prefectures_, areas_, regions_, coordinators_;
  std::map<std::string, Caller> callers_;
  Model model_;
  std::map<std::string, std::set<std::string>> seen_;  // by principal, as of the last look
  int turns_ = 0;                                      // how often somebody saw something else than before
};
WIRE_TEST_ON_BOTH(RandomPlacesTest);

unsigned SeedOr(unsigned usual) {
  const char* seed = std::getenv("TSUNAGU_SEED");
  return seed == nullptr ? usual : static_cast<unsigned>(std::strtoul(seed, nullptr, 10));
}

TEST_P(RandomPlacesTest, FirstHierarchy) { Play(SeedOr(1)); }
TEST_P(RandomPlacesTest, SecondHierarchy) { Play(SeedOr(2)); }
TEST_P(RandomPlacesTest, ThirdHierarchy) { Play(SeedOr(3)); }
TEST_P(RandomPlacesTest, FourthHierarchy) { Play(SeedOr(4)); }

}  // namespace
}  // namespace tsunagu::wire
