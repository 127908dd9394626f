// kill -9 while a post is promised or a nurse starts: no post is promised twice, no acknowledged change is lost, and
// the registry is told of an employment exactly once in effect.
#include <signal.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/contract/own_id.h"
#include "common/jp/civil_day.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/ground.h"
#include "tests/faults/requests.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/proposal.pb.h"
#include "tsunagu/platform/v1/delivery.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"
#include "tsunagu/registry/v1/nurse_employment.pb.h"

namespace tsunagu::faults {
namespace {

namespace v1 = matching::v1;
using process::ServerProcess;
using v1::Proposal;

class ProposalKillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"registry", "matching"}});
    ServerProcess server(ground_->data_dir(), ground_->Server());
    Made<registry::v1::Area, registry::v1::CreateAreaRequest>(
        server, "registry.v1.AreaService/CreateArea",
        "area { code: '310000' kind: AREA_KIND_PREFECTURE display_name: '鳥取県' }");
    facility_ = Made<registry::v1::Facility, registry::v1::CreateFacilityRequest>(
                    server, "registry.v1.FacilityService/CreateFacility", "facility { display_name: '見本' }")
                    .name();
    basis_ = Made<v1::LegalBasis, v1::CreateLegalBasisRequest>(
                 server, "matching.v1.LegalBasisService/CreateLegalBasis",
                 "legal_basis { operator_code: 'areas/310000' area: 'areas/310000' kind: BASIS_KIND_NOTICE number: '1' "
                 "opening_kinds: OPENING_KIND_EMPLOYMENT }")
                 .name();
    Stop(server);
  }

  std::string Opening(ServerProcess& server, int posts) {
    return Made<v1::Opening, v1::CreateOpeningRequest>(
               server, "matching.v1.OpeningService/CreateOpening",
               absl::StrCat("opening { facility: '", facility_,
                            "' area: 'areas/310000' weekly_minutes: 600 posts: ", posts, " }"))
        .name();
  }
  // Creates a nurse and her proposal, up to an interview.
  std::pair<std::string, std::string> Met(ServerProcess& server, const std::string& opening) {
    const std::string nurse =
        Made<registry::v1::Nurse, registry::v1::CreateNurseRequest>(
            server, "registry.v1.NurseService/CreateNurse",
            "nurse { display_name: '見本 花子' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' "
            "commute_limit_metres: 5000 seeking: true }")
            .name();
    const std::string name =
        Made<Proposal, v1::CreateProposalRequest>(
            server, "matching.v1.ProposalService/CreateProposal",
            absl::StrCat("proposal { opening: '", opening, "' nurse: '", nurse, "' legal_basis: '", basis_, "' }"))
            .name();
    Made<Proposal, v1::ConsentProposalRequest>(
        server, "matching.v1.ProposalService/ConsentProposal",
        absl::StrCat("name: '", name, "' nurse: '", nurse, "' nurse_display_name: '見本 花子' evidence: '電話'"));
    Made<Proposal, v1::AgreeProposalRequest>(server, "matching.v1.ProposalService/AgreeProposal", Of(name));
    Made<Proposal, v1::RecordInterviewRequest>(server, "matching.v1.ProposalService/RecordInterview",
                                               Of(name) + On("interview_date"));
    return {nurse, name};
  }
  static absl::StatusOr<Proposal> Offer(ServerProcess& server, const std::string& name) {
    return Ask<Proposal, v1::DecideProposalRequest>(
        server, "matching.v1.ProposalService/DecideProposal",
        Of(name) + " hired: true request_id: 'offer-" + contract::OwnId(name) + "'" + On("start_date"));
  }
  static absl::StatusOr<Proposal> Start(ServerProcess& server, const std::string& name) {
    return Ask<Proposal, v1::StartProposalRequest>(
        server, "matching.v1.ProposalService/StartProposal",
        Of(name) + " request_id: 'start-" + contract::OwnId(name) + "'" + On("start_date"));
  }
  static Proposal::State StateOf(ServerProcess& server, const std::string& name) {
    return Made<Proposal, v1::GetProposalRequest>(server, "matching.v1.ProposalService/GetProposal", Of(name)).state();
  }

  static std::string Of(const std::string& name) { return absl::StrCat("name: '", name, "'"); }
  static std::string On(const char* field) {
    const jp::CivilDay today = jp::JapanDay(Clock::System().Now());
    return absl::StrCat(" ", field, " { year: ", today.year(), " month: ", today.month(), " day: ", today.day(), " }");
  }

  // Returns the registry's records of her employments, once it has received all messages.
  static std::vector<registry::v1::NurseEmployment> Told(ServerProcess& server, const std::string& nurse) {
    const Deadline patience = Deadline::After(process::kPatience);
    for (;;) {
      const auto left = Ask<platform::v1::ListDeliveriesResponse, platform::v1::ListDeliveriesRequest>(
          server, "platform.v1.DeliveryService/ListDeliveries", "parent: 'services/matching'");
      EXPECT_TRUE(left.ok()) << left.status();
      if (!left.ok() || left->deliveries().empty()) break;
      if (patience.Over()) {
        ADD_FAILURE() << left->ShortDebugString();
        break;
      }
      std::this_thread::yield();
    }
    const auto listed = Made<registry::v1::ListNurseEmploymentsResponse, registry::v1::ListNurseEmploymentsRequest>(
        server, "registry.v1.NurseEmploymentService/ListNurseEmployments", absl::StrCat("parent: '", nurse, "'"));
    return {listed.nurse_employments().begin(), listed.nurse_employments().end()};
  }

  ServerProcess::Options Killed(const std::string& moment) {
    ServerProcess::Options options = ground_->Server(moment);
    options.may_not_listen = true;
    return options;
  }

  std::unique_ptr<Ground> ground_;
  std::string facility_, basis_;
};

INSTANTIATE_TEST_SUITE_P(All, ProposalKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

TEST_P(ProposalKillTest, AStartIsToldOnce) {
  struct Moment {
    const char* failpoint;
    Proposal::State state;  // afterwards
  };
  for (const Moment& moment : {Moment{"store.before_request_kept=kill:1", Proposal::STATE_ACCEPTED},
                               {"outbox.before_call=kill:1", Proposal::STATE_STARTED},
                               {"outbox.after_call=kill:1", Proposal::STATE_STARTED}}) {
    SCOPED_TRACE(moment.failpoint);
    std::string nurse, name;
    {
      ServerProcess server(ground_->data_dir(), ground_->Server());
      std::tie(nurse, name) = Met(server, Opening(server, 1));
      ASSERT_TRUE(Offer(server, name).ok());
      Made<Proposal, v1::AcceptProposalRequest>(server, "matching.v1.ProposalService/AcceptProposal",
                                                absl::StrCat(Of(name), " nurse: '", nurse, "'"));
      Stop(server);
    }
    {
      ServerProcess server(ground_->data_dir(), Killed(moment.failpoint));
      ASSERT_TRUE(server.listens());
      Start(server, name).IgnoreError();
      EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
    }
    // A call that was started is retried after its ten seconds.
    const absl::Status ended =
        ground_->Database("matching")->Write(Deadline::After(process::kPatience), [](store::Session& session) {
          return session.Execute("UPDATE `outbox` SET `next_time` = 0").status();
        });
    ASSERT_TRUE(ended.ok()) << ended;
    ServerProcess server(ground_->data_dir(), ground_->Server());
    EXPECT_EQ(StateOf(server, name), moment.state);
    const auto again = Start(server, name);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->state(), Proposal::STATE_STARTED);
    const auto told = Told(server, nurse);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].source(), name);
    Stop(server);
  }
}

// Eight facilities decide on two posts; the server is killed after a number of commits.
TEST_P(ProposalKillTest, NoPostIsPromisedTwiceHoweverItEnds) {
  for (const char* moment : {"store.before_request_kept=kill:1", "store.before_request_kept=kill:2"}) {
    SCOPED_TRACE(moment);
    std::string opening;
    std::vector<std::string> names;
    {
      ServerProcess server(ground_->data_dir(), ground_->Server());
      opening = Opening(server, 2);
      for (int i = 0; i < 8; ++i) names.push_back(Met(server, opening).second);
      Stop(server);
    }
    std::vector<std::atomic<bool>> answered(names.size());
    {
      ServerProcess server(ground_->data_dir(), Killed(moment));
      ASSERT_TRUE(server.listens());
      std::vector<std::jthread> writers;
      for (size_t i = 0; i < names.size(); ++i) {
        writers.emplace_back([&, i] { answered[i] = Offer(server, names[i]).ok(); });
      }
      writers.clear();
      EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
    }
    ServerProcess server(ground_->data_dir(), ground_->Server());
    int offered = 0;
    for (size_t i = 0; i < names.size(); ++i) {
      const bool is_offered = StateOf(server, names[i]) == Proposal::STATE_OFFERED;
      offered += is_offered;
      if (answered[i]) {
        EXPECT_TRUE(is_offered) << "an answered offer is lost";
      }
    }
    EXPECT_LE(offered, 2);
    for (const std::string& name : names) Offer(server, name).IgnoreError();
    offered = 0;
    for (const std::string& name : names) offered += StateOf(server, name) == Proposal::STATE_OFFERED;
    EXPECT_EQ(offered, 2) << "what the kill left free is given, and no more";
    Stop(server);
  }
}

}  // namespace
}  // namespace tsunagu::faults
