// An opening is created at an existing facility, which the caller can see and which is in the opening's area: checked
// by every method.
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/keys/key_store.h"
#include "common/records/store.h"
#include "common/service/service.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/tables.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"

namespace tsunagu::wire {
namespace {

class OpeningFacilityTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    Create("here", AFacility("とっとり", "areas/312011"));
    Create("there", AFacility("まつえ", "areas/322016"));
    for (const char* service : {"registry", "matching"}) {
      Grant("officer", {AGrant("prefecture-officer", "areas/310000")}, service);
    }
    officer_.emplace(server().CallerWith(CreateKey("officer", absl::InfiniteFuture(), "matching").secret()));
  }
  const Caller& officer() { return *officer_; }

  static std::string CreateSays(const Caller& caller, const std::string& id, const std::string& facility,
                                const std::string& area, bool validate_only = false) {
    matching_v1::CreateOpeningRequest request;
    request.set_opening_id(id);
    request.mutable_opening()->set_facility(facility);
    request.mutable_opening()->set_area(area);
    request.mutable_opening()->set_posts(1);
    request.mutable_opening()->set_weekly_minutes(600);
    request.set_validate_only(validate_only);
    return Said(caller.Call<matching_v1::Opening>("matching.v1.OpeningService/CreateOpening", request));
  }
  static std::string UpdateSays(const Caller& caller, const std::string& facility, const std::string& area, int posts,
                                const std::vector<std::string>& mask) {
    matching_v1::UpdateOpeningRequest request;
    request.mutable_opening()->set_name("openings/o1");
    request.mutable_opening()->set_facility(facility);
    request.mutable_opening()->set_area(area);
    request.mutable_opening()->set_posts(posts);
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return Said(caller.Call<matching_v1::Opening>("matching.v1.OpeningService/UpdateOpening", request));
  }
  static std::string ImportSays(const Caller& caller, const Table& table, bool dry_run = false) {
    platform_v1::ImportRowsRequest options;
    options.set_collection("openings");
    options.set_dry_run(dry_run);
    options.set_rename(true);
    const Imported csv = ImportCsv(caller, options, CsvOf(table));
    return csv.status.ok() ? absl::StrCat(csv.summary, " ", absl::StrJoin(csv.rows, "; ")) : Said(csv.status);
  }

 private:
  std::optional<Caller> officer_;
};
WIRE_TEST_ON_BOTH(OpeningFacilityTest);

constexpr char kUnknown[] = "INVALID_ARGUMENT INVALID_REQUEST opening.facility:REFERENCE_NOT_FOUND";
constexpr char kElsewhere[] = "INVALID_ARGUMENT INVALID_REQUEST opening.area:FACILITY_ELSEWHERE";

TEST_P(OpeningFacilityTest, IsAskedOfTheRegistryOnEveryWayIn) {
  EXPECT_EQ(CreateSays(officer(), "o0", "facilities/there", "areas/312011"), kUnknown)
      << "not within the officer's reach";
  EXPECT_EQ(CreateSays(officer(), "o0", "facilities/nowhere", "areas/312011", true), kUnknown);
  EXPECT_EQ(CreateSays(admin(), "o0", "facilities/there", "areas/312011"), kElsewhere);
  EXPECT_EQ(CreateSays(officer(), "o1", "facilities/here", "areas/310000"), "OK") << "the prefecture holds it";
  EXPECT_EQ(CreateSays(officer(), "o2", "facilities/here", "areas/312011"), "OK");

  EXPECT_EQ(UpdateSays(officer(), "facilities/there", "", 1, {"facility"}), kUnknown);
  EXPECT_EQ(UpdateSays(admin(), "facilities/there", "", 1, {"facility"}), kElsewhere);
  EXPECT_EQ(UpdateSays(admin(), "", "areas/320005", 1, {"area"}), kElsewhere);
  EXPECT_EQ(UpdateSays(officer(), "", "", 3, {"posts"}), "OK");

  const auto rows = [](const char* facility, const char* area, const char* id) -> Table {
    return {{"opening_id", "facility", "area", "posts", "weekly_minutes"}, {id, facility, area, "2", "600"}};
  };
  for (const bool dry_run : {true, false}) {
    EXPECT_EQ(ImportSays(officer(), rows("facilities/there", "areas/312011", "o3"), dry_run),
              "1 rows: 1 refused 2 refused facility:REFERENCE_NOT_FOUND");
    EXPECT_EQ(ImportSays(admin(), rows("facilities/there", "areas/312011", "o1"), dry_run),
              "1 rows: 1 refused 2 refused area:FACILITY_ELSEWHERE");
  }
  EXPECT_EQ(ImportSays(admin(), rows("facilities/here", "areas/320005", "o1")),
            "1 rows: 1 refused 2 refused area:FACILITY_ELSEWHERE");
  EXPECT_EQ(ImportSays(officer(), rows("facilities/here", "areas/310000", "o1")), "1 rows: 1 updated ");
}

// One fault is reported once.
TEST_P(OpeningFacilityTest, FewerThanNoPostsAreOutOfRange) {
  EXPECT_EQ(ImportSays(officer(), {{"opening_id", "facility", "area", "posts", "weekly_minutes"},
                                   {"o1", "facilities/here", "areas/312011", "-1", "600"}}),
            "1 rows: 1 refused 2 refused posts:OUT_OF_RANGE");
}

// An accepted opening stays valid, whatever becomes of the facility.
TEST_P(OpeningFacilityTest, WhatDoesNotChangeIsNotAsked) {
  ASSERT_EQ(CreateSays(admin(), "o1", "facilities/here", "areas/312011"), "OK");
  registry_v1::UpdateFacilityRequest move;
  move.mutable_facility()->set_name("facilities/here");
  move.mutable_facility()->set_area("areas/322016");
  move.mutable_update_mask()->add_paths("area");
  ASSERT_EQ(Said(admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", move)), "OK");
  EXPECT_EQ(UpdateSays(admin(), "", "", 3, {"posts"}), "OK");
  EXPECT_EQ(ImportSays(admin(), {{"opening_id", "facility", "area", "posts", "weekly_minutes"},
                                 {"o1", "facilities/here", "areas/312011", "4", "600"}}),
            "1 rows: 1 updated ");
}

// Many rows are asked about with few calls.
TEST_P(OpeningFacilityTest, AWholeFile) {
  std::string facilities = "facility_id,display_name,area\n",
              openings = "opening_id,facility,area,posts,weekly_minutes\n";
  for (int i = 0; i < 700; ++i) {
    absl::StrAppend(&facilities, "f-", i, ",見本,areas/312011\n");
    absl::StrAppend(&openings, "o-", i, ",facilities/f-", i % 100 == 7 ? 9000 + i : i, ",areas/312011,1,600\n");
  }
  ASSERT_EQ(ImportCsv(admin(), "facilities", facilities).summary, "700 rows: 700 created");
  EXPECT_EQ(ImportCsv(admin(), "openings", openings).summary, "700 rows: 693 created, 7 refused");
}

// An opening without an area of its own gets that of its facility.
TEST_P(OpeningFacilityTest, TheAreaIsThatOfTheFacility) {
  const auto area = [&](const Caller& caller, const std::string& id) {
    matching_v1::GetOpeningRequest request;
    request.set_name("openings/" + id);
    const auto opening = caller.Call<matching_v1::Opening>("matching.v1.OpeningService/GetOpening", request);
    return opening.ok() ? opening->area() : Said(opening);
  };
  EXPECT_EQ(CreateSays(officer(), "o1", "facilities/here", ""), "OK");
  EXPECT_EQ(area(officer(), "o1"), "areas/312011");
  EXPECT_EQ(ImportSays(officer(),
                       {{"opening_id", "facility", "posts", "weekly_minutes"}, {"o2", "facilities/here", "2", "600"}}),
            "1 rows: 1 created ");
  EXPECT_EQ(area(officer(), "o2"), "areas/312011");
  EXPECT_EQ(CreateSays(admin(), "o3", "facilities/there", ""), "OK");
  EXPECT_EQ(area(admin(), "o3"), "areas/322016");
  EXPECT_EQ(area(officer(), "o3"), "NOT_FOUND OPENING_NOT_FOUND");
  // Moved, and said to be where its facility is.
  EXPECT_EQ(UpdateSays(admin(), "facilities/there", "", 1, {"facility", "area"}), "OK");
  EXPECT_EQ(area(admin(), "o1"), "areas/322016");
  EXPECT_EQ(ImportSays(admin(), {{"opening_id", "facility", "area", "posts", "weekly_minutes"},
                                 {"o1", "facilities/here", "", "2", "600"}}),
            "1 rows: 1 updated ");
  EXPECT_EQ(area(admin(), "o1"), "areas/312011");
  // A facility whose location is unknown.
  Create("adrift", AFacility("ふめい", ""));
  const std::string required = "opening.area:FIELD_REQUIRED";
  EXPECT_EQ(CreateSays(admin(), "o4", "facilities/adrift", ""), "INVALID_ARGUMENT INVALID_REQUEST " + required);
  EXPECT_EQ(CreateSays(admin(), "o4", "facilities/adrift", "areas/312011"), "OK");
}

// A row from before areas were required can be read, and gets its area later.
TEST_P(OpeningFacilityTest, AnOldOpeningWithoutAnAreaIsReadAndNotRefused) {
  ASSERT_EQ(CreateSays(admin(), "o1", "facilities/here", ""), "OK");
  matching_v1::CreateLegalBasisRequest basis;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "legal_basis_id: 'p' legal_basis { kind: BASIS_KIND_NOTICE number: '1' opening_kinds: OPENING_KIND_EMPLOYMENT "
      "operator_code: 'areas/310000' area: 'areas/310000' refusal_grounds { code: 'a' text: '見本' } }",
      &basis));
  ASSERT_EQ(Said(admin().Call<matching_v1::LegalBasis>("matching.v1.LegalBasisService/CreateLegalBasis", basis)), "OK");
  server().Spoil();
  Execute(matching(), "UPDATE `openings` SET `area` = '', `mac` = NULL");
  Execute(server().host().Find("matching")->store().keyring().store().database(),
          "DELETE FROM `marks` WHERE `name` = 'records are signed'");
  server().Restart();
  const auto refuse = [&](const std::string& ground) {
    matching_v1::RefuseOpeningRequest request;
    request.set_name("openings/o1");
    request.set_legal_basis("legalBases/p");
    request.set_ground(ground);
    return Said(admin().Call<matching_v1::Opening>("matching.v1.OpeningService/RefuseOpening", request));
  };
  EXPECT_EQ(UpdateSays(admin(), "", "", 3, {"posts"}), "OK") << "what does not concern it";
  EXPECT_EQ(refuse(""), "FAILED_PRECONDITION OPENING_AREA_UNKNOWN");
  EXPECT_EQ(UpdateSays(admin(), "", "areas/312011", 1, {"area"}), "OK");
  EXPECT_EQ(refuse(""), "INVALID_ARGUMENT INVALID_REQUEST ground:GROUND_NOT_LISTED");
}

class AwayTest : public OpeningFacilityTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"matching"};
    options.peers = {"registry=127.0.0.1:1"};
    return options;
  }
  void SetUp() override { SuiteTest::SetUp(); }
};
WIRE_TEST_ON_BOTH(AwayTest);

TEST_P(AwayTest, WhatCannotBeCheckedIsNotTaken) {
  EXPECT_EQ(CreateSays(admin(), "o1", "facilities/here", ""), "UNAVAILABLE FACILITY_NOT_CHECKED");
  EXPECT_EQ(ImportSays(admin(),
                       {{"opening_id", "facility", "posts", "weekly_minutes"}, {"o1", "facilities/here", "2", "600"}}),
            "UNAVAILABLE FACILITY_NOT_CHECKED");
}

class OpeningAloneTest : public AwayTest {
 protected:
  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"matching"};
    return options;
  }
};
WIRE_TEST_ON_BOTH(OpeningAloneTest);

TEST_P(OpeningAloneTest, WithoutARegistryEveryFacilityIsTaken) {
  EXPECT_EQ(CreateSays(admin(), "o1", "facilities/nowhere", "areas/312011"), "OK");
  EXPECT_EQ(CreateSays(admin(), "o2", "facilities/nowhere", ""),
            "INVALID_ARGUMENT INVALID_REQUEST opening.area:FIELD_REQUIRED");
  EXPECT_EQ(ImportSays(admin(), {{"opening_id", "facility", "posts", "weekly_minutes"},
                                 {"o2", "facilities/nowhere", "2", "600"}}),
            "1 rows: 1 refused 2 refused area:FIELD_REQUIRED");
}

}  // namespace
}  // namespace tsunagu::wire
