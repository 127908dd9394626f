#include "services/subsidy/rules/application.h"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gtest/gtest.h"
#include "tsunagu/subsidy/v1/reason.pb.h"

namespace tsunagu::subsidy::rules {
namespace {

using v1::Application;
using v1::Decision;
using v1::Filing;
using v1::Payment;

class ApplicationTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { Reason::Declare(v1::Reason_descriptor()); }
};

std::string Said(const absl::StatusOr<Step>& step) {
  if (!step.ok()) return std::string(ReasonWord(FaultOf(step.status())));
  std::string said = Application::State_Name(step->after.state).substr(6);
  absl::StrAppend(&said, " ", step->after.granted, "/", step->after.committed, "/", step->after.paid);
  for (const Movement& movement : step->movements) {
    static constexpr const char* kWords[] = {"allocate", "withdraw", "reserve", "release", "pay", "back"};
    absl::StrAppend(&said, " ", kWords[static_cast<int>(movement.act)], " ", movement.yen);
  }
  return said;
}

constexpr Standing kGranted{Application::STATE_GRANTED, 900, 900, 0};
constexpr Standing kHalfPaid{Application::STATE_GRANTED, 900, 400, 500};
constexpr Standing kReported{Application::STATE_REPORTED, 900, 400, 500};
constexpr Standing kFixed{Application::STATE_FIXED, 700, 200, 500};
constexpr Standing kSettled{Application::STATE_SETTLED, 700, 0, 700};

std::string Filed(const Standing& standing, Filing::Kind kind, bool minor = false, int64_t tax = 0) {
  return Said(File(standing, kind, minor, tax));
}
std::string Decided(const Standing& standing, Decision::Kind kind, int64_t yen = 0,
                    Application::State back_to = Application::STATE_UNSPECIFIED,
                    Filing::Kind filed = Filing::KIND_APPLICATION) {
  return Said(Decide(standing, kind, yen, back_to, filed));
}
std::string Paid(const Standing& standing, Payment::Kind kind, int64_t yen) { return Said(Pay(standing, kind, yen)); }

TEST_F(ApplicationTest, NamedCases) {
  const Standing draft, applied{Application::STATE_APPLIED}, examined{Application::STATE_EXAMINED};
  EXPECT_EQ(Filed(draft, Filing::KIND_APPLICATION), "APPLIED 0/0/0");
  EXPECT_EQ(Filed(draft, Filing::KIND_CHANGE), "STEP_OUT_OF_ORDER");
  EXPECT_EQ(Decided(applied, Decision::KIND_GRANT, 900), "STEP_OUT_OF_ORDER") << "not examined";
  EXPECT_EQ(Decided(examined, Decision::KIND_GRANT, 900), "GRANTED 900/900/0 reserve 900");
  EXPECT_EQ(Decided(examined, Decision::KIND_SENDING_BACK), "DRAFT 0/0/0");
  EXPECT_EQ(Decided(examined, Decision::KIND_SENDING_BACK, 0, Application::STATE_APPLIED), "APPLIED 0/0/0");
  EXPECT_EQ(Decided(applied, Decision::KIND_SENDING_BACK, 0, Application::STATE_EXAMINED), "CANNOT_GO_BACK");
  EXPECT_EQ(Filed(kGranted, Filing::KIND_WITHDRAWAL), "WITHDRAWN 0/0/0 release 900");
  EXPECT_EQ(Filed(kHalfPaid, Filing::KIND_WITHDRAWAL), "SOMETHING_PAID");
  EXPECT_EQ(Filed(kGranted, Filing::KIND_CHANGE, true), "GRANTED 900/900/0") << "a minor one is reported only";
  EXPECT_EQ(Filed(kGranted, Filing::KIND_CHANGE), "CHANGE_APPLIED 900/900/0");
  const Standing changing{Application::STATE_CHANGE_APPLIED, 900, 400, 500};
  EXPECT_EQ(Decided(changing, Decision::KIND_CHANGE_APPROVAL, 1000), "GRANTED 1000/500/500 reserve 100");
  EXPECT_EQ(Decided(changing, Decision::KIND_CHANGE_APPROVAL, 600), "GRANTED 600/100/500 release 300");
  EXPECT_EQ(Decided(changing, Decision::KIND_CHANGE_APPROVAL, 300), "GRANTED 300/0/500 release 400")
      << "what is paid beyond it has to come back";
  EXPECT_EQ(Decided(changing, Decision::KIND_CHANGE_REFUSAL), "GRANTED 900/400/500");
  EXPECT_EQ(Decided(kReported, Decision::KIND_FIXING, 700), "FIXED 700/200/500 release 200");
  EXPECT_EQ(Decided(kReported, Decision::KIND_FIXING, 500), "SETTLED 500/0/500 release 400");
  EXPECT_EQ(Decided(kReported, Decision::KIND_FIXING, 901), "YEN_ABOVE_RULE");
  EXPECT_EQ(Decided(kReported, Decision::KIND_SENDING_BACK), "GRANTED 900/400/500");
  EXPECT_EQ(
      Decided(kReported, Decision::KIND_SENDING_BACK, 0, Application::STATE_UNSPECIFIED, Filing::KIND_ABOLITION_REPORT),
      "ABOLISHED 900/400/500");
  EXPECT_EQ(Paid(kGranted, Payment::KIND_ADVANCE, 500), "GRANTED 900/400/500 pay 500");
  EXPECT_EQ(Paid(kReported, Payment::KIND_ADVANCE, 400), "REPORTED 900/0/900 pay 400") << "it was on its way";
  EXPECT_EQ(Paid(kFixed, Payment::KIND_ADVANCE, 100), "STEP_OUT_OF_ORDER");
  EXPECT_EQ(Paid(kGranted, Payment::KIND_SETTLEMENT, 500), "STEP_OUT_OF_ORDER");
  EXPECT_EQ(Paid(kFixed, Payment::KIND_SETTLEMENT, 201), "COMMITMENT_EXCEEDED");
  EXPECT_EQ(Paid(kFixed, Payment::KIND_SETTLEMENT, 200), "SETTLED 700/0/700 pay 200");
  EXPECT_EQ(Filed(kSettled, Filing::KIND_TAX_REPORT, false, 0), "SETTLED 700/0/700") << "0 is reported too";
  EXPECT_EQ(Filed(kSettled, Filing::KIND_TAX_REPORT, false, 30), "FIXED 670/0/700");
  EXPECT_EQ(Decided(kSettled, Decision::KIND_CANCELLATION, 700), "CANCELLED 0/0/700") << "also after it is fixed";
  const Standing cancelled{Application::STATE_CANCELLED, 0, 0, 700};
  EXPECT_EQ(Decided(cancelled, Decision::KIND_RETURN_ORDER), "CANCELLED 0/0/700");
  EXPECT_EQ(Paid(cancelled, Payment::KIND_RETURN, 701), "NOTHING_TO_RETURN");
  EXPECT_EQ(Paid(cancelled, Payment::KIND_RETURN, 700), "CANCELLED 0/0/0 back 700");
  EXPECT_EQ(Decided(kFixed, Decision::KIND_RETURN_ORDER), "NOTHING_TO_RETURN");
  EXPECT_EQ(Decided(kHalfPaid, Decision::KIND_CANCELLATION, 300), "GRANTED 600/100/500 release 300");
}

// Every state that documents of 0 to 2 yen can reach: the committed amount is what is granted and not paid, the
// movements are exactly the changes of the line, and after the end only returns are possible.
TEST_F(ApplicationTest, EveryStateThatCanBeReachedIsSound) {
  constexpr int kMostYen = 2;
  const auto key = [](const Standing& s) { return std::make_tuple(s.state, s.granted, s.committed, s.paid); };
  std::set<decltype(key({}))> seen;
  std::vector<Standing> open = {Standing()};
  std::set<Application::State> states;
  while (!open.empty()) {
    const Standing from = open.back();
    open.pop_back();
    if (!seen.insert(key(from)).second) continue;
    states.insert(from.state);
    EXPECT_EQ(from.committed, std::max<int64_t>(from.granted - from.paid, 0));
    EXPECT_GE(from.granted, 0);
    EXPECT_GE(from.paid, 0);
    const bool before_grant = from.state == Application::STATE_DRAFT || from.state == Application::STATE_APPLIED ||
                              from.state == Application::STATE_EXAMINED || from.state == Application::STATE_REFUSED ||
                              from.state == Application::STATE_WITHDRAWN;
    EXPECT_TRUE(!before_grant || from.granted + from.committed + from.paid == 0);
    EXPECT_TRUE(from.state != Application::STATE_SETTLED || from.granted == from.paid);
    EXPECT_TRUE(from.state != Application::STATE_FIXED || from.granted != from.paid);
    const auto go = [&](const absl::StatusOr<Step>& step, bool is_return) {
      if (!step.ok()) return;
      int64_t committed = from.committed, paid = from.paid;
      for (const auto& [act, yen] : step->movements) {
        EXPECT_GT(yen, 0);
        if (act == Act::kReserve) committed += yen;
        if (act == Act::kRelease || act == Act::kPay) committed -= yen;
        if (act == Act::kPay) paid += yen;
        if (act == Act::kTakeBack) paid -= yen;
      }
      EXPECT_EQ(committed, step->after.committed);
      EXPECT_EQ(paid, step->after.paid);
      const bool is_over = from.state == Application::STATE_REFUSED || from.state == Application::STATE_WITHDRAWN ||
                           from.state == Application::STATE_CANCELLED;
      EXPECT_TRUE(!is_over || is_return) << Application::State_Name(from.state);
      open.push_back(step->after);
    };
    for (int yen = 0; yen <= kMostYen; ++yen) {
      for (int kind = 1; kind < Filing::Kind_ARRAYSIZE; ++kind) {
        for (const bool minor : {false, true}) go(File(from, Filing::Kind(kind), minor, yen), false);
      }
      for (int kind = 1; kind < Decision::Kind_ARRAYSIZE; ++kind) {
        for (int back = 0; back < Application::State_ARRAYSIZE; ++back) {
          for (const auto filed : {Filing::KIND_APPLICATION, Filing::KIND_ABOLITION_REPORT}) {
            go(Decide(from, Decision::Kind(kind), yen, Application::State(back), filed),
               kind == Decision::KIND_RETURN_ORDER);
          }
        }
      }
      if (yen == 0) continue;
      for (int kind = 1; kind < Payment::Kind_ARRAYSIZE; ++kind) {
        go(Pay(from, Payment::Kind(kind), yen), kind == Payment::KIND_RETURN);
      }
    }
  }
  EXPECT_EQ(states.size(), static_cast<size_t>(Application::State_ARRAYSIZE - 1)) << "each can be reached";
}

}  // namespace
}  // namespace tsunagu::subsidy::rules
