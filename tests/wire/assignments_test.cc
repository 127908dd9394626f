// Callers who may read the round see who got which post; the reasons, which reveal where a nurse lives, are private.
#include "absl/strings/str_cat.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"

namespace tsunagu::wire {
namespace {

class AssignmentsTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(Said(CreateRound(admin(), "r1", 1, "areas/310000")), "OK");
    const matching_v1::Snapshot snapshot = ASnapshot(10);
    ASSERT_EQ(Said(SolveRound(admin(), "r1", &snapshot)), "OK");
    Execute(matching(), "DELETE FROM `access_log`");
  }
  // How many rows tell more than nurse, opening and facility.
  static std::string Told(const Caller& caller) {
    matching_v1::ListAssignmentsRequest request;
    request.set_parent("rounds/r1");
    const auto page =
        caller.Call<matching_v1::ListAssignmentsResponse>("matching.v1.RoundService/ListAssignments", request);
    if (!page.ok()) return Said(page);
    int placed = 0, told = 0;
    for (const auto& row : page->assignments()) {
      placed += row.opening().empty() ? 0 : 1;
      matching_v1::Assignment result;
      result.set_nurse(row.nurse());
      result.set_opening(row.opening());
      result.set_facility(row.facility());
      told += result.SerializeAsString() == row.SerializeAsString() ? 0 : 1;
    }
    return absl::StrCat(page->assignments_size(), " nurses, ", placed, " placed, ", told, " told");
  }
  std::vector<std::string> Logged() { return Column(matching(), "SELECT `purpose` FROM `access_log` ORDER BY `id`"); }
};
WIRE_TEST_ON_BOTH(AssignmentsTest);

TEST_P(AssignmentsTest, WhyIsForThoseWhoMayReadTheSnapshotAndSayWhatFor) {
  SetRole("reader", {"rounds.read"}, "matching");
  const Caller reader = CallerWith("reader", {"reader@*"}, "matching");
  const Caller elsewhere = CallerWith("elsewhere", {"reader@*", "matching-operator@areas/320005"}, "matching");
  const Caller operating = CallerWith("operating", {"matching-operator@areas/310000"}, "matching");
  constexpr char kResult[] = "10 nurses, 4 placed, 0 told";
  EXPECT_EQ(Told(reader), kResult);
  EXPECT_EQ(Told(reader.For("audit")), kResult);
  EXPECT_EQ(Told(elsewhere.For("audit")), kResult) << "another prefecture's operator";
  EXPECT_EQ(Told(operating), kResult);
  EXPECT_EQ(Told(admin()), kResult);
  EXPECT_THAT(Logged(), testing::IsEmpty());
  EXPECT_EQ(Told(operating.For("audit")), "10 nurses, 4 placed, 10 told");
  EXPECT_THAT(Logged(), testing::ElementsAre("audit"));
}

}  // namespace
}  // namespace tsunagu::wire
