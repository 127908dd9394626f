// How far grants on places reach: designated cities, regions, prefectures, as of the day.
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/access/access.h"
#include "common/base/entropy.h"
#include "common/journal/sealer.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/places_calls.h"
#include "tsunagu/matching/v1/opening.pb.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr char kAreas[] =
    "団体コード,都道府県名（漢字）,市区町村名（漢字）\n"
    "130001,東京都,\n"
    "132098,東京都,町田市\n"
    "140007,神奈川県,\n"
    "141003,神奈川県,横浜市\n"
    "141011,神奈川県,横浜市鶴見区\n"
    "141020,神奈川県,横浜市神奈川区\n"
    "142018,神奈川県,横須賀市\n"
    "142077,神奈川県,茅ヶ崎市\n";

// A facility in each area, called as the area is.
class PlacesTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    const Imported areas = ImportCsv(admin(), "areas", kAreas);
    ASSERT_EQ(areas.summary, "8 rows: 8 created");
    for (const char* code : {"132098", "140007", "141003", "141011", "141020", "142018", "142077"}) {
      Create(code, AFacility("見本", absl::StrCat("areas/", code)));
    }
    ASSERT_EQ(Said(CreateRegion(admin(), "east", "areas/140007")), "OK");
    ASSERT_EQ(Said(CreateRegion(admin(), "across", "")), "OK");
    SetRole("regions-officer", {"facilities.*", "areas.*", "regions.*", "regionMembers.*"});
  }
  // Which facilities a caller finds, by List and by Get alike.
  static std::string Sees(const Caller& caller) {
    const auto page = caller.Call<registry_v1::ListFacilitiesResponse>("registry.v1.FacilityService/ListFacilities",
                                                                       registry_v1::ListFacilitiesRequest());
    if (!page.ok()) return Said(page);
    std::string listed, read;
    for (const auto& facility : page->facilities()) {
      absl::StrAppend(&listed, absl::StripPrefix(facility.name(), "facilities/"), " ");
    }
    for (const char* code : {"132098", "140007", "141003", "141011", "141020", "142018", "142077"}) {
      if (GetFacility(caller, absl::StrCat("facilities/", code)).ok()) absl::StrAppend(&read, code, " ");
    }
    return listed == read ? listed : listed + "but by Get " + read;
  }
  jp::CivilDay Today() { return jp::JapanDay(clock().Now()); }
};
WIRE_TEST_ON_BOTH(PlacesTest);

TEST_P(PlacesTest, AGrantReachesWhatLiesInItsPlace) {
  ASSERT_EQ(Said(AddMember(admin(), "regions/east", "areas/141003")), "OK");
  ASSERT_EQ(Said(AddMember(admin(), "regions/east", "areas/142018")), "OK");
  ASSERT_EQ(Said(AddMember(admin(), "regions/across", "areas/142018")), "OK");
  ASSERT_EQ(Said(AddMember(admin(), "regions/across", "areas/132098")), "OK");
  struct Case {
    const char* name;
    std::vector<std::string> grants;
    const char* sees;
  };
  const Case cases[] = {
      {"prefecture", {"centre-staff@areas/140007"}, "140007 141003 141011 141020 142018 142077 "},
      {"designated city", {"centre-staff@areas/141003"}, "141003 141011 141020 "},
      {"ward", {"centre-staff@areas/141011"}, "141011 "},
      {"city", {"centre-staff@areas/142018"}, "142018 "},
      {"region", {"centre-staff@regions/east"}, "141003 141011 141020 142018 "},
      {"region that overlaps, across prefectures", {"centre-staff@regions/across"}, "132098 142018 "},
      {"region and ward", {"centre-staff@regions/across", "centre-staff@areas/141020"}, "132098 141020 142018 "},
      {"region that is not there", {"centre-staff@regions/west"}, ""},
  };
  int id = 0;
  for (const Case& c : cases) EXPECT_EQ(Sees(CallerWith(absl::StrCat("p", ++id), c.grants)), c.sees) << c.name;
}

TEST_P(PlacesTest, MembersComeAndGoOnTheirDays) {
  const Caller staff = CallerWith("staff", {"centre-staff@regions/east"});
  EXPECT_EQ(Sees(staff), "");
  ASSERT_EQ(Said(AddMember(admin(), "regions/east", "areas/141003", Today() + 1, Today() + 2)), "OK");
  const char* days[] = {"", "141003 141011 141020 ", "141003 141011 141020 ", ""};
  for (const char* sees : days) {
    EXPECT_EQ(Sees(staff), sees) << jp::FormatIso(Today());
    clock().Advance(absl::Hours(24));
  }
}

// Without a delay: changes by this process are effective from its next call on.
TEST_P(PlacesTest, AChangeCountsFromTheNextCallOn) {
  const Caller staff = CallerWith("staff", {"centre-staff@regions/east", "centre-staff@areas/142018"});
  const auto member = AddMember(admin(), "regions/east", "areas/142077");
  ASSERT_EQ(Said(member), "OK");
  EXPECT_EQ(Sees(staff), "142018 142077 ");
  ASSERT_EQ(Said(EndMember(admin(), member->name(), Today() - 1)), "OK");
  EXPECT_EQ(Sees(staff), "142018 ");
  ASSERT_EQ(Said(MoveArea(admin(), "areas/141011", "areas/142018")), "OK");
  EXPECT_EQ(Sees(staff), "141011 142018 ");
  ASSERT_EQ(Said(MoveArea(admin(), "areas/141011", "areas/141003")), "OK");
  EXPECT_EQ(Sees(staff), "142018 ");
}

TEST_P(PlacesTest, WhatHasEndedStaysWithinReach) {
  const Caller staff = CallerWith("staff", {"centre-staff@areas/141003"});
  registry_v1::UpdateAreaRequest request;
  request.mutable_area()->set_name("areas/141011");
  *request.mutable_area()->mutable_valid_to_date() = jp::ToDate(Today() - 1);
  request.mutable_update_mask()->add_paths("valid_to_date");
  ASSERT_EQ(Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request)), "OK");
  EXPECT_EQ(Sees(staff), "141003 141011 141020 ") << "somebody has to move what still names it";
}

TEST_P(PlacesTest, NoPlaceLiesInItself) {
  constexpr char kCircle[] = "INVALID_ARGUMENT INVALID_REQUEST area.parent:PLACES_IN_A_CIRCLE";
  EXPECT_EQ(Said(MoveArea(admin(), "areas/141003", "areas/141003")), kCircle) << "directly";
  EXPECT_EQ(Said(MoveArea(admin(), "areas/141003", "areas/141011")), kCircle) << "in its ward";
  ASSERT_EQ(Said(MoveArea(admin(), "areas/142018", "areas/141011")), "OK");
  EXPECT_EQ(Said(MoveArea(admin(), "areas/141003", "areas/142018")), kCircle) << "through two others";
  const std::string whole = Said(AddMember(admin(), "regions/east", "areas/140007"));
  EXPECT_EQ(whole, "INVALID_ARGUMENT INVALID_REQUEST region_member.region:PLACES_IN_A_CIRCLE")
      << "the prefecture of the region";
  EXPECT_EQ(Said(AddMember(admin(), "regions/across", "areas/140007")), "OK") << "that of another";
  const Imported imported =
      ImportCsv(admin(), "areas", "団体コード,種別,名称,上位の地域\n141003,指定都市,横浜市,areas/141020\n");
  EXPECT_THAT(imported.rows, ElementsAre(HasSubstr("PLACES_IN_A_CIRCLE"))) << imported.summary;
}

// Eight areas, each of which is put into the next: all but one may, else they would be a circle.
TEST_P(PlacesTest, OfEightMovesOneWouldCloseTheCircle) {
  for (int round = 0; round < 5; ++round) {
    std::vector<std::string> names;
    for (int i = 0; i < 8; ++i) {
      const std::string code = CodeOf(301 + 10 * round + i, "14");
      Create(AnArea(code, registry_v1::AREA_KIND_TOWN, "見本町", "areas/140007"));
      names.push_back("areas/" + code);
    }
    const auto told = EightAtOnce([&](int i) {
      const std::string said = Said(MoveArea(admin(), names[i], names[(i + 1) % 8]));
      return said.find("PLACES_IN_A_CIRCLE") != std::string::npos ? std::string("circle") : said;
    });
    EXPECT_THAT(told, ElementsAre(Pair("OK", 7), Pair("circle", 1)));
  }
}

TEST_P(PlacesTest, OfEightMembershipsExactlyOneWins) {
  const auto told = EightAtOnce([&](int i) {
    const std::string said = Said(AddMember(admin(), "regions/east", "areas/142018", Today() + i));
    return said.find("PERIODS_OVERLAP") != std::string::npos ? std::string("overlap") : said;
  });
  EXPECT_THAT(told, ElementsAre(Pair("OK", 1), Pair("overlap", 7)));
}

TEST_P(PlacesTest, NobodyWidensTheirOwnReach) {
  const auto member = AddMember(admin(), "regions/east", "areas/142018", jp::kFirstDay, Today());
  ASSERT_EQ(Said(member), "OK");
  constexpr char kOutside[] = "PERMISSION_DENIED OUT_OF_SCOPE";
  const Caller of_region = CallerWith("of-region", {"regions-officer@regions/east"});
  const Caller of_city = CallerWith("of-city", {"regions-officer@areas/141003"});
  const Caller of_prefecture = CallerWith("of-prefecture", {"regions-officer@areas/140007"});
  EXPECT_EQ(Said(AddMember(of_region, "regions/east", "areas/142077")), kOutside);
  EXPECT_EQ(Said(MoveArea(of_city, "areas/142077", "areas/141003")), kOutside);
  EXPECT_EQ(Said(AddMember(of_prefecture, "regions/east", "areas/142077")), "OK");
  EXPECT_EQ(Said(AddMember(of_prefecture, "regions/across", "areas/142077")),
            "INVALID_ARGUMENT INVALID_REQUEST region_member.region:REFERENCE_NOT_FOUND")
      << "a region across prefectures is not theirs";
  EXPECT_EQ(Said(CreateRegion(of_prefecture, "own", "areas/140007")), "OK");
  EXPECT_EQ(Said(CreateRegion(of_prefecture, "other", "areas/130001")), kOutside);
  EXPECT_EQ(Said(CreateRegion(of_prefecture, "wide", "")), kOutside);
  clock().Advance(absl::Hours(24));
  registry_v1::UpdateRegionMemberRequest longer;
  longer.mutable_region_member()->set_name(member->name());
  longer.mutable_update_mask()->add_paths("valid_to_date");
  EXPECT_EQ(
      Said(of_region.Call<registry_v1::RegionMember>("registry.v1.RegionMemberService/UpdateRegionMember", longer)),
      kOutside)
      << "who was reached until yesterday is not reached again";
  EXPECT_EQ(
      Said(of_prefecture.Call<registry_v1::RegionMember>("registry.v1.RegionMemberService/UpdateRegionMember", longer)),
      "OK");
}

TEST_P(PlacesTest, ARegionOfAPrefectureStaysInIt) {
  EXPECT_EQ(Said(AddMember(admin(), "regions/east", "areas/132098")),
            "INVALID_ARGUMENT INVALID_REQUEST region_member.area:MEMBER_OUTSIDE_PREFECTURE");
  EXPECT_EQ(Said(CreateRegion(admin(), "of-a-city", "areas/141003")),
            "INVALID_ARGUMENT INVALID_REQUEST region.prefecture:MALFORMED_VALUE");
}

TEST_P(PlacesTest, NoAreaIsAMemberOnDaysOnWhichItIsNotThere) {
  registry_v1::UpdateAreaRequest request;
  request.mutable_area()->set_name("areas/142077");
  *request.mutable_area()->mutable_valid_from_date() = jp::ToDate(Today() - 10);
  *request.mutable_area()->mutable_valid_to_date() = jp::ToDate(Today() + 10);
  for (const char* path : {"valid_from_date", "valid_to_date"}) request.mutable_update_mask()->add_paths(path);
  ASSERT_EQ(Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request)), "OK");
  const std::string refused = "INVALID_ARGUMENT INVALID_REQUEST region_member.area:";
  const auto add = [&](jp::CivilDay from, jp::CivilDay to) {
    return AddMember(admin(), "regions/east", "areas/142077", from, to);
  };
  EXPECT_EQ(Said(add(Today() - 11, Today() + 10)), refused + "AREA_NOT_YET_THERE");
  EXPECT_EQ(Said(add(Today() - 10, jp::kLastDay)), refused + "AREA_ENDED");
  EXPECT_EQ(Said(add(jp::kFirstDay, jp::kLastDay)), refused + "AREA_ENDED region_member.area:AREA_NOT_YET_THERE");
  const auto member = add(Today() - 10, Today() + 10);
  ASSERT_EQ(Said(member), "OK");
  registry_v1::UpdateRegionMemberRequest longer;
  longer.mutable_region_member()->set_name(member->name());
  *longer.mutable_region_member()->mutable_valid_to_date() = jp::ToDate(Today() + 11);
  longer.mutable_update_mask()->add_paths("valid_to_date");
  EXPECT_EQ(Said(admin().Call<registry_v1::RegionMember>("registry.v1.RegionMemberService/UpdateRegionMember", longer)),
            refused + "AREA_ENDED");
  EXPECT_EQ(Said(EndMember(admin(), member->name(), Today() + 5)), "OK");
}

// Another process learns it when it looks, as it does every two seconds.
TEST_P(PlacesTest, AnotherProcessLearnsOfAChange) {
  if (GetParam() == Engine::kSqlite) GTEST_SKIP() << "one process has the files";
  const auto key = CreateKey("staff");
  Grant("staff", {AGrant("centre-staff", "regions/east")});
  HostConfig config = server().config();
  config.data_dir = absl::StrCat(testing::TempDir(), "/tsunagu-second-", Base32(Entropy::System().Bytes(10)));
  auto second = Host::Start(config, Server::Kinds(), {&clock(), &Entropy::System()});
  ASSERT_EQ(Said(second), "OK");
  rpc::Peer peer("suite", (*second)->InProcessChannel());
  const Caller there(peer, key.secret());
  EXPECT_EQ(Sees(there), "");
  ASSERT_EQ(Said(AddMember(admin(), "regions/east", "areas/141003")), "OK");
  ASSERT_EQ(Said((*second)->Find("registry")->access().LoadPlaces()), "OK");
  EXPECT_EQ(Sees(there), "141003 141011 141020 ");
  ASSERT_EQ(Said(MoveArea(admin(), "areas/141011", "areas/142018")), "OK");
  ASSERT_EQ(Said((*second)->Find("registry")->access().LoadPlaces()), "OK");
  EXPECT_EQ(Sees(there), "141003 141020 ");
}

TEST_P(PlacesTest, TheSameHoldsAfterARestart) {
  ASSERT_EQ(Said(AddMember(admin(), "regions/east", "areas/141003")), "OK");
  const auto key = CreateKey("staff");
  Grant("staff", {AGrant("centre-staff", "regions/east")});
  server().Restart();
  EXPECT_EQ(Sees(server().CallerWith(key.secret())), "141003 141011 141020 ");
}

std::string SeesOpenings(const Caller& caller) {
  const auto page = caller.Call<matching::v1::ListOpeningsResponse>("matching.v1.OpeningService/ListOpenings",
                                                                    matching::v1::ListOpeningsRequest());
  if (!page.ok()) return Said(page);
  std::string listed;
  for (const auto& opening : page->openings()) absl::StrAppend(&listed, opening.area().substr(6), " ");
  return listed;
}

constexpr char kOpenings[] =
    "opening_id,facility,area,display_name,posts,weekly_minutes\n"
    "o-1,facilities/132098,areas/132098,求人,1,900\n"
    "o-2,facilities/141003,areas/141003,求人,1,900\n"
    "o-3,facilities/141011,areas/141011,求人,1,900\n"
    "o-4,facilities/142018,areas/142018,求人,1,900\n";

TEST_P(PlacesTest, MatchingLearnsThePlacesOfTheRegistry) {
  ASSERT_EQ(ImportCsv(admin(), "openings", kOpenings).summary, "4 rows: 4 created");
  const auto learn = [&] {
    const Deadline soon = Deadline::After(absl::Seconds(30));
    EXPECT_EQ(Said(server().host().Find("registry")->sealer().SealWaiting(soon)), "OK");
    EXPECT_EQ(Said(server().host().Find("matching")->access().LoadPlaces()), "OK");
  };
  learn();
  const Caller city = CallerWith("city", {"centre-staff@areas/141003"}, "matching");
  const Caller region = CallerWith("region", {"centre-staff@regions/east"}, "matching");
  EXPECT_EQ(SeesOpenings(city), "141003 141011 ");
  EXPECT_EQ(SeesOpenings(region), "");
  const auto member = AddMember(admin(), "regions/east", "areas/142018", Today(), Today());
  ASSERT_EQ(Said(member), "OK");
  learn();
  EXPECT_EQ(SeesOpenings(region), "142018 ");
  ASSERT_EQ(Said(MoveArea(admin(), "areas/141011", "areas/142018")), "OK");
  learn();
  EXPECT_EQ(SeesOpenings(city), "141003 ");
  EXPECT_EQ(SeesOpenings(region), "141011 142018 ");
  clock().Advance(absl::Hours(24));
  EXPECT_EQ(SeesOpenings(region), "") << "the membership has ended with its day, without asking anybody";
}

class LonelyMatchingTest : public SuiteTest {
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"matching"};
    return options;
  }
};
WIRE_TEST_ON_BOTH(LonelyMatchingTest);

TEST_P(LonelyMatchingTest, KnowsWhatCodesSay) {
  ASSERT_EQ(ImportCsv(admin(), "openings", kOpenings).summary, "4 rows: 4 created");
  EXPECT_EQ(SeesOpenings(CallerWith("prefecture", {"centre-staff@areas/140007"}, "matching")), "141003 141011 142018 ");
  EXPECT_EQ(SeesOpenings(CallerWith("city", {"centre-staff@areas/141003"}, "matching")), "141003 ");
  EXPECT_EQ(SeesOpenings(CallerWith("region", {"centre-staff@regions/east"}, "matching")), "");
}

}  // namespace
}  // namespace tsunagu::wire
