// Standard methods through the wire: Update.
#include <atomic>
#include <random>
#include <thread>

#include "google/protobuf/util/message_differencer.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::MessageDifferencer;

class UpdateTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
  }
  absl::StatusOr<registry_v1::Area> UpdateArea(const registry_v1::Area& area, const std::vector<std::string>& mask,
                                               bool validate_only = false) {
    registry_v1::UpdateAreaRequest request;
    *request.mutable_area() = area;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    request.set_validate_only(validate_only);
    return admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request);
  }
  absl::StatusOr<registry_v1::Facility> UpdateFacility(const registry_v1::Facility& facility,
                                                       const std::vector<std::string>& mask) {
    registry_v1::UpdateFacilityRequest request;
    *request.mutable_facility() = facility;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return admin().Call<registry_v1::Facility>("registry.v1.FacilityService/UpdateFacility", request);
  }
  registry_v1::Area City() { return *GetArea("areas/312011"); }
};
WIRE_TEST_ON_BOTH(UpdateTest);

TEST_P(UpdateTest, ChangesWhatTheMaskNamesAndNothingElse) {
  registry_v1::Area area = City();
  area.set_display_name("新鳥取市");
  area.set_kana("シントットリシ");
  area.set_office_latitude_e6(35'501'111);
  clock().Advance(absl::Seconds(5));
  const auto updated = UpdateArea(area, {"display_name", "office_latitude_e6"});
  ASSERT_EQ(Said(updated), "OK");
  EXPECT_EQ(updated->display_name(), "新鳥取市");
  EXPECT_EQ(updated->kana(), "トットリシ");
  EXPECT_EQ(updated->office_latitude_e6(), 35'501'111);
  EXPECT_EQ(updated->etag(), "2");
  EXPECT_EQ(updated->update_time().seconds() - updated->create_time().seconds(), 5);
  EXPECT_TRUE(MessageDifferencer::Equals(City(), *updated));
}

TEST_P(UpdateTest, ANameThatIsEmptiedByTheMaskIsRefusedWithItsPath) {
  registry_v1::Area area = City();
  area.clear_display_name();
  area.set_office_longitude_e6(1);
  EXPECT_EQ(Said(UpdateArea(area, {"display_name", "office_longitude_e6"})),
            "INVALID_ARGUMENT INVALID_REQUEST area.display_name:FIELD_REQUIRED area.office_longitude_e6:OUT_OF_RANGE");
  EXPECT_EQ(City().etag(), "1");
}

TEST_P(UpdateTest, MasksFollowTheirRules) {
  registry_v1::Area area = City();
  area.set_code("313025");
  area.set_display_name("新鳥取市");
  area.mutable_create_time()->set_seconds(1);
  struct Case {
    const char* name;
    std::vector<std::string> mask;
    const char* said;
  };
  const Case cases[] = {
      {"none", {}, "INVALID_ARGUMENT INVALID_REQUEST update_mask:FIELD_REQUIRED"},
      {"unknown", {"colour"}, "INVALID_ARGUMENT INVALID_REQUEST update_mask.colour:UNKNOWN_FIELD"},
      {"unknown below",
       {"display_name.x"},
       "INVALID_ARGUMENT INVALID_REQUEST update_mask.display_name.x:UNKNOWN_FIELD"},
      {"immutable and unknown",
       {"code", "colour", "kana"},
       "INVALID_ARGUMENT INVALID_REQUEST code:IMMUTABLE_FIELD update_mask.colour:UNKNOWN_FIELD"},
      {"empty path", {""}, "INVALID_ARGUMENT INVALID_REQUEST update_mask.:UNKNOWN_FIELD"},
      {"the server's own", {"create_time", "etag"}, "OK"},
  };
  for (const Case& c : cases) EXPECT_EQ(Said(UpdateArea(area, c.mask)), c.said) << c.name;
  EXPECT_EQ(City().etag(), "1") << "nothing was stored";
}

TEST_P(UpdateTest, AMaskThatIsThereAndEmptyIsRefused) {
  registry_v1::UpdateAreaRequest request;
  *request.mutable_area() = City();
  request.mutable_update_mask();
  EXPECT_EQ(Said(admin().Call<registry_v1::Area>("registry.v1.AreaService/UpdateArea", request)),
            "INVALID_ARGUMENT INVALID_REQUEST update_mask:MASK_REQUIRED");
}

TEST_P(UpdateTest, StarNamesEveryField) {
  registry_v1::Area area = City();
  area.clear_kana();
  area.set_display_name("新鳥取市");
  const auto updated = UpdateArea(area, {"*"});
  ASSERT_EQ(Said(updated), "OK");
  EXPECT_EQ(updated->display_name(), "新鳥取市");
  EXPECT_EQ(updated->kana(), "");
}

TEST_P(UpdateTest, AnEtagThatIsNoLongerTrueIsRefused) {
  registry_v1::Area first = City(), second = City();
  first.set_kana("ア");
  second.set_kana("イ");
  EXPECT_EQ(Said(UpdateArea(first, {"kana"})), "OK");
  EXPECT_EQ(Said(UpdateArea(second, {"kana"})), "ABORTED ETAG_MISMATCH");
  second.clear_etag();
  EXPECT_EQ(Said(UpdateArea(second, {"kana"})), "OK") << "who sends none overwrites";
  EXPECT_EQ(City().kana(), "イ");
}

TEST_P(UpdateTest, WhatChangesNothingWritesNothing) {
  registry_v1::Area area = City();
  clock().Advance(absl::Hours(1));
  const auto same = UpdateArea(area, {"display_name", "kana"});
  ASSERT_EQ(Said(same), "OK");
  EXPECT_TRUE(MessageDifferencer::Equals(*same, area));
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal` WHERE `name` = 'areas/312011'"), 1);
}

TEST_P(UpdateTest, ValidateOnlyStoresNothing) {
  registry_v1::Area area = City();
  area.set_kana("ア");
  const auto would = UpdateArea(area, {"kana"}, true);
  ASSERT_EQ(Said(would), "OK");
  EXPECT_EQ(would->kana(), "ア");
  EXPECT_EQ(City().kana(), "トットリシ");
  area.set_etag("9");
  EXPECT_EQ(Said(UpdateArea(area, {"kana"}, true)), "ABORTED ETAG_MISMATCH");
}

TEST_P(UpdateTest, WhatIsNotThereCannotBeUpdated) {
  registry_v1::Area area = City();
  area.set_name("areas/313866");
  EXPECT_EQ(Said(UpdateArea(area, {"kana"})), "NOT_FOUND AREA_NOT_FOUND");
  area.set_name("312011");
  EXPECT_EQ(Said(UpdateArea(area, {"kana"})), "INVALID_ARGUMENT INVALID_REQUEST name:MALFORMED_NAME");
}

TEST_P(UpdateTest, AUniqueValueCannotBeTakenFromAnother) {
  registry_v1::Facility facility = AFacility("きた", "areas/312011");
  facility.set_source_key("a");
  Create("kita", facility);
  facility.set_source_key("b");
  facility = Create("minami", facility);
  facility.set_source_key("a");
  EXPECT_EQ(Said(UpdateFacility(facility, {"source_key"})), "ALREADY_EXISTS VALUE_TAKEN");
  facility.clear_source_key();
  EXPECT_EQ(Said(UpdateFacility(facility, {"source_key"})), "OK") << "emptied, it is free again";
}

TEST_P(UpdateTest, OfManyWritersWithOneEtagOneWins) {
  const registry_v1::Area area = City();
  std::atomic<int> won{0}, lost{0};
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&, i] {
      registry_v1::Area mine = area;
      mine.set_kana("カ" + std::to_string(i));
      const std::string said = Said(UpdateArea(mine, {"kana"}));
      if (said == "OK") ++won;
      if (said == "ABORTED ETAG_MISMATCH") ++lost;
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 7);
  EXPECT_EQ(City().etag(), "2");
}

// A random facility; every value is one that the contract takes.
registry_v1::Facility RandomFacility(std::mt19937& random) {
  auto pick = [&](int below) { return static_cast<int>(random() % below); };
  registry_v1::Facility facility = AFacility("事業所" + std::to_string(pick(5)), pick(2) ? "areas/312011" : "");
  if (pick(2)) facility.set_kana("カナ" + std::to_string(pick(3)));
  if (pick(2)) facility.set_capacity(1 + pick(20));
  if (pick(2)) facility.set_latitude_e6(35'000'000 + pick(1000));
  if (pick(2)) facility.set_service_kind(static_cast<registry_v1::FacilityServiceKind>(pick(6)));
  for (int i = pick(4); i > 0; --i) facility.add_identifiers("x/" + std::to_string(pick(5)) + "/63");
  if (pick(2)) facility.set_note("一\n" + std::to_string(pick(3)));
  if (pick(2)) facility.set_designated_by("31000");
  return facility;
}

TEST_P(UpdateTest, RandomMasksDoWhatTheModelSays) {
  std::mt19937 random(20'250'401);
  const std::vector<std::string> paths = {"display_name", "kana",        "area", "service_kind",  "capacity",
                                          "latitude_e6",  "identifiers", "note", "designated_by", "create_time"};
  registry_v1::Facility model = Create("model", RandomFacility(random));
  for (int step = 0; step < 300; ++step) {
    registry_v1::Facility patch = RandomFacility(random);
    patch.set_name(model.name());
    std::vector<std::string> mask;
    for (const std::string& path : paths) {
      if (random() % 3 == 0) mask.push_back(path);
    }
    if (mask.empty()) continue;
    registry_v1::Facility expected = model;
    for (const std::string& path : mask) {
      if (path == "create_time") continue;
      const auto* field = registry_v1::Facility::descriptor()->FindFieldByName(path);
      registry_v1::Facility only = patch;
      std::vector<const google::protobuf::FieldDescriptor*> set;
      only.GetReflection()->ListFields(only, &set);
      for (const auto* other : set) {
        if (other != field) only.GetReflection()->ClearField(&only, other);
      }
      expected.GetReflection()->ClearField(&expected, field);
      expected.MergeFrom(only);
    }
    const auto updated = UpdateFacility(patch, mask);
    ASSERT_EQ(Said(updated), "OK") << patch.DebugString();
    const bool changed = !MessageDifferencer::Equals(expected, model);
    expected.set_etag(changed ? std::to_string(std::stoi(model.etag()) + 1) : model.etag());
    *expected.mutable_update_time() = updated->update_time();
    ASSERT_TRUE(MessageDifferencer::Equals(*updated, expected)) << step << "\n" << patch.DebugString();
    ASSERT_TRUE(MessageDifferencer::Equals(*GetFacility(admin(), model.name()), expected)) << step;
    model = *updated;
  }
  EXPECT_EQ(Count(registry(), "SELECT COUNT(*) FROM `journal` WHERE `name` = 'facilities/model'"),
            std::stoi(model.etag()));
}

}  // namespace
}  // namespace tsunagu::wire
