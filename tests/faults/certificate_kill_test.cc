// kill -9 between judgement and certificate: either there is no certificate, or there is one with its judgement, its
// number, its index in the status list and its training in the registry.
#include <signal.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/clock.h"
#include "common/jp/civil_day.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/training/badge.h"
#include "tests/faults/ground.h"
#include "tests/process/small_course.h"
#include "tsunagu/platform/v1/delivery.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/coordinator_training.pb.h"

namespace tsunagu::faults {
namespace {

namespace v1 = training::v1;
using process::ServerProcess;
using v1::Certificate;
using Verdict = v1::VerifyCertificateResponse;

class CertificateKillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"registry", "training"}});
    ServerProcess server(ground_->data_dir(), ground_->Server());
    for (const bool city : {false, true}) {
      registry::v1::CreateAreaRequest area;
      area.mutable_area()->set_code(city ? "312011" : "310000");
      area.mutable_area()->set_display_name(city ? "鳥取市" : "鳥取県");
      area.mutable_area()->set_kind(city ? registry::v1::AREA_KIND_CITY : registry::v1::AREA_KIND_PREFECTURE);
      if (city) area.mutable_area()->set_parent("areas/310000");
      const auto made = server.Call<registry::v1::Area>("registry.v1.AreaService/CreateArea", area);
      ASSERT_TRUE(made.ok()) << made.status();
    }
    process::MakeSmallCourse(server);
    Stop(server);
  }

  static void Stop(ServerProcess& server) {
    server.process().Signal(SIGTERM);
    EXPECT_EQ(server.process().Wait(), 0) << server.process().Errors();
  }

  // Creates a coordinator of the registry who has completed the course.
  static std::pair<std::string, std::string> Completed(ServerProcess& server, const std::string& name) {
    registry::v1::CreateCoordinatorRequest create;
    create.mutable_coordinator()->set_display_name(name);
    create.mutable_coordinator()->set_home_area("areas/312011");
    const auto coordinator =
        server.Call<registry::v1::Coordinator>("registry.v1.CoordinatorService/CreateCoordinator", create);
    EXPECT_TRUE(coordinator.ok()) << coordinator.status();
    return {process::CompletedSmallCourse(server, name, coordinator->name()), coordinator->name()};
  }

  // Kills the server in the middle of one call.
  template <typename Call>
  void Kill(const std::string& moment, Call call) {
    ServerProcess::Options options = ground_->Server(moment);
    options.may_not_listen = true;
    ServerProcess server(ground_->data_dir(), options);
    ASSERT_TRUE(server.listens()) << moment << " lies before it listens";
    call(server);
    EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
    // A call that was started is retried after its ten seconds.
    const absl::Status ended =
        ground_->Database("training")->Write(Deadline::After(process::kPatience), [](store::Session& session) {
          return session.Execute("UPDATE `outbox` SET `next_time` = 0").status();
        });
    EXPECT_TRUE(ended.ok()) << ended;
  }

  static std::vector<Certificate> CertificatesOf(ServerProcess& server, const std::string& enrollment) {
    v1::ListCertificatesRequest list;
    list.set_filter(absl::StrCat("enrollment = \"", enrollment, "\""));
    const auto listed =
        process::AskTraining<v1::ListCertificatesResponse>(server, "CertificateService/ListCertificates", list);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return {listed->certificates().begin(), listed->certificates().end()};
  }

  static void ExpectJudged(const Certificate& certificate) {
    ASSERT_EQ(certificate.judgement_size(), 1);
    EXPECT_TRUE(certificate.judgement(0).met());
    EXPECT_FALSE(certificate.token().empty());
  }

  // Returns the numbers of her valid certificates in the registry, once it has received all messages.
  static std::vector<std::string> Told(ServerProcess& server, const std::string& coordinator) {
    platform::v1::ListDeliveriesRequest owed;
    owed.set_parent("services/training");
    const Deadline patience = Deadline::After(process::kPatience);
    for (;;) {
      const auto left =
          server.Call<platform::v1::ListDeliveriesResponse>("platform.v1.DeliveryService/ListDeliveries", owed);
      EXPECT_TRUE(left.ok()) << left.status();
      if (!left.ok() || left->deliveries().empty()) break;
      if (patience.Over()) ADD_FAILURE() << left->ShortDebugString();
      if (patience.Over()) break;
      std::this_thread::yield();
    }
    registry::v1::ListCoordinatorTrainingsRequest list;
    list.set_parent(coordinator);
    const auto trainings = server.Call<registry::v1::ListCoordinatorTrainingsResponse>(
        "registry.v1.CoordinatorTrainingService/ListCoordinatorTrainings", list);
    EXPECT_TRUE(trainings.ok()) << trainings.status();
    std::vector<std::string> numbers;
    for (const auto& training : trainings->coordinator_trainings()) {
      if (!training.revoked()) numbers.push_back(training.certificate_number());
    }
    return numbers;
  }

  // Checks offline and on the server.
  static void ExpectVerdict(ServerProcess& server, const Certificate& certificate, Verdict::Verdict offline,
                            Verdict::Verdict here) {
    const v1::VerificationKeys keys = process::PublishedKeys(server);
    const auto checked =
        training::CheckBadge(certificate.token(), keys.jwks(), keys.status_list(), jp::JapanDay(Clock::System().Now()));
    ASSERT_TRUE(checked.ok()) << checked.status();
    EXPECT_EQ(checked->verdict, offline) << certificate.number();
    EXPECT_EQ(process::VerdictOf(server, certificate.token()), here) << certificate.number();
  }

  std::unique_ptr<Ground> ground_;
};

INSTANTIATE_TEST_SUITE_P(All, CertificateKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

TEST_P(CertificateKillTest, ThereIsNoneOrOneWithItsJudgement) {
  struct Moment {
    const char* failpoint;
    size_t certificates;  // the number afterwards
  };
  std::vector<Certificate> all;
  for (const Moment& moment : {Moment{"certificate.judged=kill:1", 0},
                               {"store.before_request_kept=kill:1", 0},
                               {"outbox.before_call=kill:1", 1},
                               {"outbox.after_call=kill:1", 1}}) {
    SCOPED_TRACE(moment.failpoint);
    const std::string request_id = absl::StrCat("issue-", all.size());
    std::string enrollment, coordinator;
    {
      ServerProcess server(ground_->data_dir(), ground_->Server());
      std::tie(enrollment, coordinator) = Completed(server, absl::StrCat("見本 花子", all.size()));
      Stop(server);
    }
    Kill(moment.failpoint,
         [&](ServerProcess& server) { process::IssueCertificate(server, enrollment, request_id).IgnoreError(); });
    ServerProcess server(ground_->data_dir(), ground_->Server());
    const std::vector<Certificate> left = CertificatesOf(server, enrollment);
    ASSERT_EQ(left.size(), moment.certificates);
    for (const Certificate& certificate : left) ExpectJudged(certificate);
    if (left.empty()) {
      EXPECT_THAT(Told(server, coordinator), testing::IsEmpty());
    }

    const auto again = process::IssueCertificate(server, enrollment, request_id);
    ASSERT_TRUE(again.ok()) << again.status();
    if (!left.empty()) {
      EXPECT_EQ(again->number(), left[0].number());
    }
    ASSERT_EQ(CertificatesOf(server, enrollment).size(), 1u);
    ExpectJudged(*again);
    EXPECT_THAT(Told(server, coordinator), testing::ElementsAre(again->number()));
    // Numbers and indexes are consecutive: none is used twice, and none was lost by a certificate that was not issued.
    EXPECT_TRUE(absl::StrContains(again->number(), absl::StrFormat("-%05d-", all.size() + 1))) << again->number();
    EXPECT_EQ(again->status_index(), static_cast<int64_t>(all.size()));
    all.push_back(*again);
    Stop(server);
  }
  // No other certificate has its index in the list.
  ServerProcess server(ground_->data_dir(), ground_->Server());
  v1::RevokeCertificateRequest revoke;
  revoke.set_name(all[1].name());
  revoke.set_reason("判定の誤り");
  ASSERT_TRUE(process::AskTraining<Certificate>(server, "CertificateService/RevokeCertificate", revoke).ok());
  for (size_t i = 0; i < all.size(); ++i) {
    const auto verdict = i == 1 ? Verdict::VERDICT_REVOKED : Verdict::VERDICT_VALID;
    ExpectVerdict(server, all[i], verdict, verdict);
  }
}

TEST_P(CertificateKillTest, WhatIsReplacedHoldsUntilItsSuccessorIsThere) {
  std::string enrollment, coordinator;
  Certificate first;
  v1::ReissueCertificateRequest reissue;
  {
    ServerProcess server(ground_->data_dir(), ground_->Server());
    std::tie(enrollment, coordinator) = Completed(server, "見本 花子");
    first = *process::IssueCertificate(server, enrollment);
    EXPECT_THAT(Told(server, coordinator), testing::ElementsAre(first.number()));
    Stop(server);
  }
  reissue.set_name(first.name());
  reissue.set_reason("改姓");
  reissue.set_request_id("again");
  Kill("certificate.judged=kill:1", [&](ServerProcess& server) {
    process::AskTraining<Certificate>(server, "CertificateService/ReissueCertificate", reissue).IgnoreError();
  });
  ServerProcess server(ground_->data_dir(), ground_->Server());
  EXPECT_EQ(CertificatesOf(server, enrollment).size(), 1u);
  ExpectVerdict(server, first, Verdict::VERDICT_VALID, Verdict::VERDICT_VALID);
  EXPECT_THAT(Told(server, coordinator), testing::ElementsAre(first.number()));

  const auto second = process::AskTraining<Certificate>(server, "CertificateService/ReissueCertificate", reissue);
  ASSERT_TRUE(second.ok()) << second.status();
  ExpectJudged(*second);
  ExpectVerdict(server, first, Verdict::VERDICT_REVOKED, Verdict::VERDICT_SUPERSEDED);
  ExpectVerdict(server, *second, Verdict::VERDICT_VALID, Verdict::VERDICT_VALID);
  EXPECT_THAT(Told(server, coordinator), testing::ElementsAre(second->number()));
}

}  // namespace
}  // namespace tsunagu::faults
