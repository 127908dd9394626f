// Four people take random steps with the proposals of a few nurses and posts, concurrently. Afterwards no post is
// promised more often than it exists, no nurse is promised to two proposals that may want her at the same time, no
// facility sees a nurse who has not consented, and no opening has other half-days than a nurse has consented to.
#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "tests/wire/rounds.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"

namespace tsunagu::wire {
namespace {

using matching_v1::Proposal;

// In the words of the test, not of the service: what a proposal holds, as days from the first one.
struct Held {
  std::string opening, nurse;
  int from = 0, to = 0;
  bool binds_nurse = false;
  std::vector<int> half_days;
};
constexpr int kForEver = 100'000;

class ProposalRandomTest : public SuiteTest {
 protected:
  static constexpr int kOpenings = 4, kNurses = 4, kWriters = 4, kActs = 80;

  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    first_day_ = jp::JapanDay(clock().Now());
    CreateAreas();
    Create("kita", AFacility("きた", "areas/312011"));
    Ask<matching_v1::LegalBasis, matching_v1::CreateLegalBasisRequest>(
        "LegalBasisService/CreateLegalBasis",
        "legal_basis_id: 'p' legal_basis { kind: BASIS_KIND_NOTICE number: '1' opening_kinds: OPENING_KIND_EMPLOYMENT "
        "operator_code: 'areas/310000' area: 'areas/310000' }");
    // Two whole posts without a week, one for two mornings, one for two people in one of them.
    const char* weeks[] = {"posts: 1", "posts: 2", "posts: 1 school_half_days: [HALF_DAY_MON_AM, HALF_DAY_WED_AM]",
                           "posts: 2 school_half_days: HALF_DAY_WED_AM"};
    for (int i = 0; i < kOpenings; ++i) {
      posts_[absl::StrCat("openings/o", i)] = i % 2 + 1;
      ASSERT_TRUE((Ask<matching_v1::Opening, matching_v1::CreateOpeningRequest>(
          "OpeningService/CreateOpening",
          absl::StrCat("opening_id: 'o", i,
                       "' opening { facility: 'facilities/kita' area: 'areas/312011' weekly_minutes: 60 ", weeks[i],
                       " }"))));
    }
    for (int i = 0; i < kNurses; ++i) {
      registry_v1::Nurse nurse = ANurse(absl::StrCat("見本 ", i), "areas/312011");
      nurse.set_seeking(true);
      nurses_.push_back(Create(nurse).name());
    }
  }

  template <typename M, typename Request>
  bool Ask(const std::string& method, const std::string& fields) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &request)) << fields;
    const auto answer = reader().Call<M>("matching.v1." + method, request);
    if (!answer.ok()) {
      EXPECT_NE(Said(answer).find("INTERNAL"), 0u) << method << " " << fields;
    }
    return answer.ok();
  }
  template <typename Request>
  bool Step(const std::string& method, const std::string& name, const std::string& fields = "") {
    return Ask<Proposal, Request>("ProposalService/" + method, absl::StrCat("name: '", name, "' ", fields));
  }
  std::string On(const char* field, int day) const {
    const jp::CivilDay date = jp::JapanDay(now_) + day;
    return absl::StrCat(" ", field, " { year: ", date.year(), " month: ", date.month(), " day: ", date.day(), " }");
  }
  std::vector<Proposal> All() {
    matching_v1::ListProposalsRequest list;
    list.set_page_size(1000);
    const auto listed =
        reader().Call<matching_v1::ListProposalsResponse>("matching.v1.ProposalService/ListProposals", list);
    EXPECT_EQ(Said(listed), "OK");
    return {listed->proposals().begin(), listed->proposals().end()};
  }

  // The next step of a proposal as somebody might take it, or another one.
  bool Act(std::mt19937& random, const std::vector<Proposal>& seen) {
    const auto pick = [&](int count) { return static_cast<int>(random() % count); };
    if (pick(10) == 0) {
      const char* weeks[] = {"[HALF_DAY_MON_AM, HALF_DAY_WED_AM]", "HALF_DAY_WED_AM", "HALF_DAY_TUE_AM"};
      return Ask<matching_v1::Opening, matching_v1::UpdateOpeningRequest>(
          "OpeningService/UpdateOpening",
          absl::StrCat("opening { name: 'openings/o", 2 + pick(2), "' school_half_days: ", weeks[pick(3)],
                       " } update_mask { paths: 'school_half_days' }"));
    }
    if (seen.empty() || pick(4) == 0) {
      return Ask<Proposal, matching_v1::CreateProposalRequest>(
          "ProposalService/CreateProposal",
          absl::StrCat("proposal { opening: 'openings/o", pick(kOpenings), "' nurse: '", nurses_[pick(kNurses)],
                       "' legal_basis: 'legalBases/p' }"));
    }
    const Proposal& one = seen[pick(static_cast<int>(seen.size()))];
    const std::string& name = one.name();
    const std::string hers = absl::StrCat("nurse: '", one.nurse(), "'");
    switch (pick(12) == 0 ? pick(10) : one.state() - 1) {
      case 0:
        return Step<matching_v1::ConsentProposalRequest>("ConsentProposal", name,
                                                         hers + " nurse_display_name: '見本' evidence: '電話'");
      case 1:
        return Step<matching_v1::AgreeProposalRequest>("AgreeProposal", name);
      case 2:
        return Step<matching_v1::RecordInterviewRequest>("RecordInterview", name, On("interview_date", 0));
      case 3:
        return Step<matching_v1::DecideProposalRequest>("DecideProposal", name,
                                                        "hired: true" + On("start_date", pick(5)));
      case 4:
        return Step<matching_v1::AcceptProposalRequest>("AcceptProposal", name, hers);
      case 5:
        return Step<matching_v1::StartProposalRequest>("StartProposal", name,
                                                       "still_seeking: true" + On("start_date", -pick(3)));
      case 6:
        return Step<matching_v1::LeaveProposalRequest>("LeaveProposal", name,
                                                       "reason: END_REASON_COMMUTE" + On("leave_date", pick(6)));
      case 7:
        if (pick(2) == 0) return Step<matching_v1::StayProposalRequest>("StayProposal", name);
        return Step<matching_v1::LeaveProposalRequest>("LeaveProposal", name,
                                                       "reason: END_REASON_MISTAKE" + On("leave_date", pick(6)));
      default:
        return Step<matching_v1::WithdrawProposalRequest>("WithdrawProposal", name,
                                                          "reason: END_REASON_NURSE_DECLINED");
    }
  }

  int DayOf(const google::type::Date& date) const { return static_cast<int>(jp::DayOf(date) - first_day_); }

  std::vector<Held> HeldBy(const std::vector<Proposal>& proposals) const {
    const int today = static_cast<int>(jp::JapanDay(now_) - first_day_);
    std::vector<Held> all;
    for (const Proposal& one : proposals) {
      const bool offered = one.state() == Proposal::STATE_OFFERED && DayOf(one.reply_by_date()) >= today;
      const bool bound = one.state() == Proposal::STATE_ACCEPTED || one.state() == Proposal::STATE_STARTED ||
                         one.state() == Proposal::STATE_LEFT;
      if (!offered && !bound) continue;
      const int to = one.state() == Proposal::STATE_LEFT ? DayOf(one.leave_date()) : kForEver;
      all.push_back({one.opening(),
                     one.nurse(),
                     DayOf(one.start_date()),
                     to,
                     bound,
                     {one.school_half_days().begin(), one.school_half_days().end()}});
    }
    return all;
  }

  void Check(const std::vector<Proposal>& proposals) {
    const std::vector<Held> all = HeldBy(proposals);
    for (const Held& at : all) {  // numbers grow only on a day on which one begins
      std::map<std::string, int> there;
      for (const Held& one : all) there[one.opening] += one.from <= at.from && at.from <= one.to;
      for (const auto& [opening, count] : there) EXPECT_LE(count, posts_[opening]) << opening << " on day " << at.from;
    }
    for (const Held& a : all) {
      for (const Held& b : all) {
        if (&a == &b || a.nurse != b.nurse || !a.binds_nurse || !b.binds_nurse || a.to < b.from || b.to < a.from)
          continue;
        EXPECT_FALSE(a.half_days.empty() || b.half_days.empty()) << a.nurse << ": " << a.opening << ", " << b.opening;
        for (const int half_day : a.half_days) {
          EXPECT_EQ(std::count(b.half_days.begin(), b.half_days.end(), half_day), 0) << a.nurse;
        }
      }
    }
  }

  // From her consent until she starts.
  void CheckHalfDays(const std::vector<Proposal>& proposals) {
    const auto listed = reader().Call<matching_v1::ListOpeningsResponse>("matching.v1.OpeningService/ListOpenings",
                                                                         matching_v1::ListOpeningsRequest());
    ASSERT_EQ(Said(listed), "OK");
    std::map<std::string, std::set<int>> offered;
    for (const auto& one : listed->openings()) {
      offered[one.name()] = {one.school_half_days().begin(), one.school_half_days().end()};
    }
    for (const Proposal& one : proposals) {
      const bool agreed = one.state() >= Proposal::STATE_CONSENTED && one.state() <= Proposal::STATE_ACCEPTED;
      const bool expired = one.has_reply_by_date() && jp::DayOf(one.reply_by_date()) < jp::JapanDay(now_);
      if (!agreed || expired) continue;
      EXPECT_EQ(offered[one.opening()], std::set<int>(one.school_half_days().begin(), one.school_half_days().end()))
          << one.name() << " of " << one.opening();
    }
  }

  absl::Time now_;
  jp::CivilDay first_day_;
  std::vector<std::string> nurses_;
  std::map<std::string, int> posts_;
};
WIRE_TEST_ON_BOTH(ProposalRandomTest);

TEST_P(ProposalRandomTest, NothingIsPromisedTwice) {
  const Caller manager = CallerWith("manager", {"facility-manager@facilities/kita"}, "matching");
  std::atomic<int> done{0};
  for (int day = 0; day < 6; ++day) {
    now_ = clock().Now();
    {
      std::vector<std::jthread> writers;
      for (int i = 0; i < kWriters; ++i) {
        writers.emplace_back([&, i] {
          std::mt19937 random(100 * day + i);
          std::vector<Proposal> seen;
          for (int act = 0; act < kActs; ++act) {
            if (act % 6 == 0) seen = All();
            done += Act(random, seen);
          }
        });
      }
    }
    const std::vector<Proposal> proposals = All();
    Check(proposals);
    CheckHalfDays(proposals);
    size_t introduced = 0;
    for (const Proposal& one : proposals) {
      introduced += !one.introduced_to().empty();
      EXPECT_EQ(one.introduced_to().empty(), one.nurse_display_name().empty());
    }
    matching_v1::ListProposalsRequest list;
    list.set_page_size(1000);
    const auto seen =
        manager.Call<matching_v1::ListProposalsResponse>("matching.v1.ProposalService/ListProposals", list);
    ASSERT_EQ(Said(seen), "OK");
    EXPECT_EQ(static_cast<size_t>(seen->proposals_size()), introduced);
    clock().Advance(absl::Hours(24 * (day == 2 ? 15 : 1)));  // once, all that waits expires
  }
  EXPECT_GT(done, 200) << "too little was done to show anything";
}

}  // namespace
}  // namespace tsunagu::wire
