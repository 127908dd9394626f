// The checker on histories made by hand: it must be able to fail.
#include "tests/faults/checker.h"

#include <functional>

#include "absl/strings/match.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tsunagu::faults {
namespace {

using Kind = Operation::Kind;

Operation Create(const std::string& id, int64_t start, int64_t end, Outcome outcome) {
  return {Kind::kCreate, "facilities/a", id, start, end, outcome, "", 1, "v-" + id};
}
Operation Update(const std::string& id, int64_t start, int64_t end, Outcome outcome, int64_t revision) {
  return {Kind::kUpdate, "facilities/a", id, start, end, outcome, "", revision, "v-" + id};
}
Operation Read(int64_t start, int64_t end, int64_t revision, const std::string& value) {
  return {Kind::kRead, "facilities/a", "", start, end, Outcome::kOk, "", revision, value};
}

// Returns the data after changes by requests `ids`, one after another, to facilities/a.
Truth After(const std::vector<std::string>& ids) {
  Truth truth;
  for (const std::string& id : ids) {
    Truth::Record& record = truth.records["facilities/a"];
    record.changes.push_back({++record.revision, id, record.value = "v-" + id});
    truth.requests[id] = 1;
  }
  return truth;
}

struct Case {
  std::string name;
  std::vector<Operation> history;
  Truth truth;
  std::string finding;  // empty: there is none
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

Truth Changed(Truth truth, const std::function<void(Truth&)>& change) {
  change(truth);
  return truth;
}

std::vector<Case> Cases() {
  const Operation created = Create("c", 0, 10, Outcome::kOk), updated = Update("u", 20, 30, Outcome::kOk, 2);
  auto told = [](Operation operation, int64_t revision, const std::string& value) {
    operation.revision = revision;
    operation.value = value;
    return operation;
  };
  return {
      {"Nothing", {}, {}, ""},
      {"OneAfterAnother", {created, updated, Read(40, 50, 2, "v-u")}, After({"c", "u"}), ""},
      {"AcknowledgedAndLost", {created}, {}, "c was acknowledged and is lost"},
      {"AcknowledgedUpdateLost", {created, updated}, After({"c"}), "u was acknowledged and is lost"},
      {"RefusedAndAbsent", {created, Update("u", 20, 30, Outcome::kFail, 0)}, After({"c"}), ""},
      {"RefusedAndThere",
       {created, Update("u", 20, 30, Outcome::kFail, 0)},
       After({"c", "u"}),
       "u was refused and is there"},
      {"UnknownAndAbsent", {Create("c", 0, 10, Outcome::kUnknown)}, {}, ""},
      {"UnknownAndThere", {Create("c", 0, 10, Outcome::kUnknown)}, After({"c"}), ""},
      {"UnknownTwice", {Create("c", 0, 10, Outcome::kUnknown)}, After({"c", "c"}), "c has had its effect 2 times"},
      {"AcknowledgedTwice", {created}, After({"c", "c"}), "c has had its effect 2 times"},
      {"UnknownThenAcknowledged",
       {Create("c", 0, 10, Outcome::kUnknown), Create("c", 50, 60, Outcome::kOk)},
       After({"c"}),
       ""},
      {"UnknownThenRefused",
       {Create("c", 0, 10, Outcome::kUnknown), Create("c", 50, 60, Outcome::kFail)},
       After({"c"}),
       ""},
      {"RefusedThenAcknowledged",
       {Create("c", 0, 10, Outcome::kFail), Create("c", 50, 60, Outcome::kOk)},
       After({"c"}),
       ""},
      {"SecondAnswerDiffers",
       {created, told(Create("c", 20, 30, Outcome::kOk), 2, "v-c")},
       After({"c"}),
       "c wrote facilities/a revision 1 v-c and was told something else"},
      {"AnswerWithAnothersValue", {told(created, 1, "v-x")}, After({"c"}), "was told something else"},
      {"NobodyAsked", {created}, After({"c", "ghost"}), "facilities/a was changed by ghost, which nobody sent"},
      {"DoneButNotKept",
       {created},
       Changed(After({"c"}), [](Truth& truth) { truth.requests.clear(); }),
       "c had 1 effects and is kept 0 times as done"},
      {"KeptButNotDone",
       {Create("c", 0, 10, Outcome::kFail)},
       Changed({}, [](Truth& truth) { truth.requests["c"] = 1; }),
       "c had 0 effects and is kept 1 times as done"},
      {"RevisionLeftOut",
       {created, updated},
       Changed(After({"c", "u"}), [](Truth& truth) { truth.records["facilities/a"].changes[1].revision = 3; }),
       "revision 3 stands where 2 has to"},
      {"RowBehindItsJournal",
       {created, updated},
       Changed(After({"c", "u"}), [](Truth& truth) { truth.records["facilities/a"].revision = 1; }),
       "the journal ends with 2 v-u"},
      {"RowWithAnotherValue",
       {created},
       Changed(After({"c"}), [](Truth& truth) { truth.records["facilities/a"].value = "x"; }),
       "the row is revision 1 x"},
      {"RowIsGone",
       {created},
       Changed(After({"c"}), [](Truth& truth) { truth.records["facilities/a"].revision = 0; }),
       "the row is revision 0"},
      {"RowWithoutJournal",
       {},
       Changed({},
               [](Truth& truth) {
                 truth.records["facilities/a"] = {{}, 1, "v"};
               }),
       "the journal knows nothing of it"},
      {"ReadOfWhatNobodyWrote", {created, Read(20, 30, 1, "v-x")}, After({"c"}), "a read saw what nobody has written"},
      {"ReadOfARevisionThatIsNot",
       {created, Read(20, 30, 2, "v-c")},
       After({"c"}),
       "a read saw what nobody has written"},
      {"StaleRead",
       {created, updated, Read(40, 50, 1, "v-c")},
       After({"c", "u"}),
       "revision 2 was written before revision 1 was read"},
      {"AbsentAfterCreate",
       {created, Read(20, 30, 0, "")},
       After({"c"}),
       "revision 1 was written before revision 0 was read"},
      {"AbsentBesideCreate", {created, Read(5, 30, 0, "")}, After({"c"}), ""},
      {"ReadBeforeItWasWritten",
       {created, Read(12, 15, 2, "v-u"), updated},
       After({"c", "u"}),
       "revision 2 was seen before revision 2 was begun"},
      {"ReadsGoBack",
       {created, Update("u", 20, 90, Outcome::kOk, 2), Read(30, 40, 2, "v-u"), Read(50, 60, 1, "v-c")},
       After({"c", "u"}),
       "revision 2 was seen before revision 1 was read"},
      {"ReadsGoBackBehindAnEqualOne",
       {created, Update("u", 20, 90, Outcome::kOk, 2), Read(30, 40, 2, "v-u"), Read(15, 35, 1, "v-c"),
        Read(50, 60, 1, "v-c")},
       After({"c", "u"}),
       "revision 2 was seen before revision 1 was read"},
      {"ReadsOfOneRevisionInAnyOrder", {created, Read(20, 30, 1, "v-c"), Read(40, 50, 1, "v-c")}, After({"c"}), ""},
      {"UnknownMayTakeEffectLate",
       {created, Update("u", 20, 30, Outcome::kUnknown, 0), Read(40, 50, 1, "v-c"), Read(60, 70, 2, "v-u")},
       After({"c", "u"}),
       ""},
      {"WritesInTheWrongOrder",
       {created, updated, Update("w", 40, 50, Outcome::kOk, 2)},
       After({"c", "w", "u"}),
       "revision 3 was written before revision 2 was begun"},
      {"OverlappingWritesInAnyOrder",
       {created, Update("u", 20, 60, Outcome::kOk, 3), Update("w", 20, 60, Outcome::kOk, 2)},
       After({"c", "w", "u"}),
       ""},
  };
}

class CheckerTest : public testing::TestWithParam<Case> {};

TEST_P(CheckerTest, FindsWhatIsWrong) {
  const std::vector<Finding> findings = Check(GetParam().history, GetParam().truth);
  if (GetParam().finding.empty()) {
    EXPECT_THAT(findings, testing::IsEmpty());
    return;
  }
  bool found = false;
  for (const Finding& finding : findings) found |= absl::StrContains(finding.what, GetParam().finding);
  EXPECT_TRUE(found) << testing::PrintToString(findings);
}

INSTANTIATE_TEST_SUITE_P(All, CheckerTest, testing::ValuesIn(Cases()),
                         [](const testing::TestParamInfo<Case>& info) { return info.param.name; });

TEST(CheckerTest, ShowsTheOperationsConcernedOnly) {
  const std::vector<Operation> history = {Create("c", 0, 10, Outcome::kOk), Read(20, 30, 1, "v-c"),
                                          Update("u", 40, 50, Outcome::kOk, 2)};
  EXPECT_EQ(testing::PrintToString(Check(history, After({"c"}))),
            "{ u was acknowledged and is lost\n"
            "    update\tfacilities/a\tu\t40\t50\tok\t\trevision 2\tv-u }");
}

TEST(OutcomeTest, OfEveryKindOfAnswer) {
  EXPECT_EQ(OutcomeOf(absl::OkStatus()), Outcome::kOk);
  for (const Reason reason :
       {"COMMIT_UNKNOWN"_reason, "PEER_UNAVAILABLE"_reason, "REQUEST_IN_FLIGHT"_reason, "DEADLINE_EXCEEDED"_reason}) {
    EXPECT_EQ(OutcomeOf(Fail(reason)), Outcome::kUnknown) << reason;
  }
  for (const Reason reason : {"DATABASE_UNAVAILABLE"_reason, "DISK_FULL"_reason, "TOO_BUSY"_reason,
                              "ETAG_MISMATCH"_reason, "SHUTTING_DOWN"_reason}) {
    EXPECT_EQ(OutcomeOf(Fail(reason)), Outcome::kFail) << reason;
  }
}

}  // namespace
}  // namespace tsunagu::faults
