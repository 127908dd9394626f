// The purpose that a caller states for reading, and its encoding: the access log stores it exactly, or the call is
// refused.
#include "absl/strings/str_cat.h"
#include "tests/wire/raw_call.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

constexpr char kText[] = "tsunagu-purpose", kBinary[] = "tsunagu-purpose-bin";

class PurposeTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    hanako_ = Create(ANurse("見本 花子", "areas/312011")).name();
    Execute(registry(), "DELETE FROM `access_log`");
  }
  std::vector<std::string> Logged(store::Database& database) {
    return Column(database, "SELECT `purpose` FROM `access_log` ORDER BY `id`");
  }
  std::string hanako_;
};
WIRE_TEST_ON_BOTH(PurposeTest);

TEST_P(PurposeTest, IsKeptAsItWasMeantOrRefused) {
  struct Case {
    const char* name;
    std::vector<std::pair<std::string, std::string>> metadata;
    std::string kept;  // empty: refused
  };
  std::string long_enough, too_long;
  for (int i = 0; i < 191; ++i) long_enough += "字";
  too_long = long_enough + "字";
  const Case cases[] = {
      {"plain", {{kText, "care"}}, "care"},
      {"plain with a blank", {{kText, "care plan"}}, "care plan"},
      {"percent", {{kText, "%E7%9B%B8%E8%AB%87"}}, "相談"},
      {"percent in small letters", {{kText, "%e7%9b%b8%e8%ab%87"}}, "相談"},
      {"a percent sign", {{kText, "50%25"}}, "50%"},
      {"UTF-8 in binary metadata", {{kBinary, "相談"}}, "相談"},
      {"an escape in binary metadata is text", {{kBinary, "50%25"}}, "50%25"},
      {"the longest", {{kBinary, long_enough}}, long_enough},
      {"one more", {{kBinary, too_long}}, ""},
      {"a blank", {{kText, "%20"}}, ""},
      {"a wide blank", {{kText, "%E3%80%80"}}, ""},
      {"a blank in binary metadata", {{kBinary, " "}}, ""},
      {"empty binary metadata", {{kBinary, ""}}, ""},
      {"a NUL", {{kText, "care%00"}}, ""},
      {"a NUL in binary metadata", {{kBinary, std::string("ca\0re", 5)}}, ""},
      {"a line feed", {{kText, "care%0Acare"}}, ""},
      {"a line feed in binary metadata", {{kBinary, "care\nadmin care"}}, ""},
      {"another line feed", {{kBinary, "care\u2028care"}}, ""},
      {"DEL", {{kText, "care%7F"}}, ""},
      {"half a character", {{kText, "%E7%9B"}}, ""},
      {"half a character in binary metadata", {{kBinary, "\xE7\x9B"}}, ""},
      {"Shift_JIS", {{kBinary, "\x91\x8A\x92\x6B"}}, ""},
      {"no escape", {{kText, "50% off"}}, ""},
      {"half an escape", {{kText, "50%2"}}, ""},
      {"what a Java client makes of it", {{kText, "????"}}, ""},
      {"only signs", {{kText, "-"}}, ""},
      {"both", {{kText, "care"}, {kBinary, "care"}}, ""},
      {"twice", {{kText, "care"}, {kText, "other"}}, ""},
  };
  registry_v1::GetNurseRequest request;
  request.set_name(hanako_);
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Execute(registry(), "DELETE FROM `access_log`");
    auto metadata = c.metadata;
    metadata.emplace_back("authorization", absl::StrCat("Bearer ", admin().options().api_key));
    const absl::Status status = CallRaw(server().channel(), "registry.v1.NurseService/GetNurse", request, metadata);
    if (c.kept.empty()) {
      EXPECT_EQ(Said(status), "INVALID_ARGUMENT MALFORMED_PURPOSE");
      EXPECT_THAT(Logged(registry()), testing::IsEmpty());
    } else {
      EXPECT_EQ(Said(status), "OK");
      EXPECT_THAT(Logged(registry()), testing::ElementsAre(c.kept));
    }
  }
}

TEST_P(PurposeTest, IsRefusedToNobodyWhoHasNoKey) {
  registry_v1::GetNurseRequest request;
  request.set_name(hanako_);
  EXPECT_EQ(Said(CallRaw(server().channel(), "registry.v1.NurseService/GetNurse", request, {{kText, "%00"}})),
            "UNAUTHENTICATED UNAUTHENTICATED");
}

TEST_P(PurposeTest, GoesAlongFromServiceToService) {
  Create("a", [] {
    registry_v1::Facility facility = AFacility("とっとり", "areas/312011");
    facility.set_latitude_e6(35'495'000);
    facility.set_longitude_e6(134'231'000);
    return facility;
  }());
  registry_v1::UpdateNurseRequest seek;
  seek.mutable_nurse()->set_name(hanako_);
  seek.mutable_nurse()->set_seeking(true);
  seek.mutable_update_mask()->add_paths("seeking");
  ASSERT_EQ(Said(admin().Call<registry_v1::Nurse>("registry.v1.NurseService/UpdateNurse", seek)), "OK");
  ASSERT_EQ(Said(CreateRound(admin(), "r1", 1)), "OK");
  ASSERT_EQ(Said(SolveRound(admin().For("春の調整 50%"), "r1")), "OK");
  EXPECT_THAT(Logged(registry()), testing::Contains("春の調整 50%"));
}

}  // namespace
}  // namespace tsunagu::wire
