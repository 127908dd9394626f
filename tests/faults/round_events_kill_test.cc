// kill -9 while events are applied to a round: each request is in the log completely, once, or not at all; no
// acknowledged request is lost, and the result agrees with the log.
#include <signal.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/faults/chance.h"
#include "tests/faults/ground.h"
#include "tests/faults/requests.h"
#include "tests/faults/visit_ground.h"
#include "tests/wire/visit_rows.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/matching/v1/round_event.pb.h"
#include "tsunagu/matching/v1/visit_event.pb.h"

namespace tsunagu::faults {
namespace {

namespace v1 = matching::v1;
using process::ServerProcess;
using testing::Contains;
using testing::ElementsAreArray;

constexpr int kRequests = 8;

// One opening with eight posts, and no nurses at first.
struct OfNurses {
  using Response = v1::ApplyEventsResponse;

  static void Prepare(ServerProcess&) {}
  static void Begin(ServerProcess& server, const std::string& id) {
    Made<v1::Round, v1::CreateRoundRequest>(
        server, "matching.v1.RoundService/CreateRound",
        absl::StrCat("round_id: '", id, "' round { display_name: '見本' seed: 1 }"));
    Operate<v1::SolveRoundRequest>(
        server, "matching.v1.RoundService/SolveRound",
        absl::StrCat("name: 'rounds/", id,
                     "' snapshot { openings { name: 'openings/a' facility: 'facilities/a' latitude_e6: 35495000 "
                     "longitude_e6: 134231000 posts: 8 weekly_minutes: 600 } }"));
  }
  static std::string NameOf(int request) { return absl::StrCat("nurses/n", request); }
  // Two events: she arrives, and one more post opens.
  static absl::StatusOr<Response> Apply(ServerProcess& server, const std::string& id, int request) {
    const std::string name = NameOf(request);
    return Ask<Response, v1::ApplyEventsRequest>(
        server, "matching.v1.RoundEventService/ApplyEvents",
        absl::StrCat(
            "name: 'rounds/", id, "' request_id: '", id, "-", request, "' changes { nurse_arrives { nurse: '", name,
            "' row { name: '", name,
            "' licence: LICENCE_NURSE weekly_minutes: 600 home_mesh: '53341188' commute_limit_metres: 50000 } } } "
            "changes { posts_change { opening: 'openings/a' posts: 1 } }"));
  }
  static void Meanwhile(ServerProcess&, const std::string&) {}

  // Returns, for each event, who arrived, or nobody.
  static std::vector<std::string> Log(ServerProcess& server, const std::string& id) {
    const auto listed = Made<v1::ListRoundEventsResponse, v1::ListRoundEventsRequest>(
        server, "matching.v1.RoundEventService/ListRoundEvents", absl::StrCat("parent: 'rounds/", id, "'"));
    std::vector<std::string> log;
    for (const v1::RoundEvent& event : listed.events()) log.push_back(event.change().nurse_arrives().nurse());
    return log;
  }
  static int SoundEvents(ServerProcess& server, const std::string& id) {
    const auto verified = Made<v1::VerifyEventsResponse, v1::VerifyEventsRequest>(
        server, "matching.v1.RoundEventService/VerifyEvents", absl::StrCat("name: 'rounds/", id, "'"));
    EXPECT_TRUE(verified.sound() && verified.stable()) << verified.ShortDebugString();
    return verified.event_count();
  }
  static void ExpectResult(ServerProcess& server, const std::string& id) {
    EXPECT_EQ((Made<v1::ListSeatsResponse, v1::ListSeatsRequest>(server, "matching.v1.RoundEventService/ListSeats",
                                                                 absl::StrCat("parent: 'rounds/", id, "'"))
                   .seats_size()),
              kRequests);
  }
};

// A published round with one opening that wants two nurses on Monday and one on Wednesday, and with four supplies; its
// contracts are proposed while events arrive.
struct OfVisits {
  using Response = v1::ApplyVisitEventsResponse;

  static constexpr int kThere = 4;  // later supplies arrive

  static void Prepare(ServerProcess& server) {
    MakeVisitGround(server, 2 + kRequests, kThere + kRequests, "HALF_DAY_MON_AM, HALF_DAY_WED_AM");
  }
  // Even supplies that arrive are nearer than the present ones, odd ones are farther away.
  static std::string RowOf(int supply) {
    const int metres = supply < kThere ? 1000 + 100 * supply : supply % 2 == 0 ? 100 * supply : 200 * supply;
    return absl::StrCat(
        "name: 'visitSupplies/s", supply, "' kind: SUPPLIER_VISITING_STATION latitude_e6: ", 35'500'000 + 9 * metres,
        " longitude_e6: 134230000 reach_metres: 5000 licence: LICENCE_NURSE "
        "given { half_day: HALF_DAY_MON_AM visit_count: 1 } given { half_day: HALF_DAY_WED_AM visit_count: 1 } "
        "school_visit_count: ",
        1 + supply % 2, " all_visit_count: 2");
  }
  static v1::Snapshot RowsAtFirst() {
    std::string text =
        "openings { name: 'openings/a' facility: 'facilities/kita' latitude_e6: 35500000 longitude_e6: 134230000 "
        "posts: 1 "
        "weekly_minutes: 60 visits { half_day: HALF_DAY_MON_AM posts: 2 } visits { half_day: HALF_DAY_WED_AM posts: 1 "
        "} }";
    for (int i = 0; i < kThere; ++i) absl::StrAppend(&text, " supplies { ", RowOf(i), " }");
    v1::Snapshot rows;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rows)) << text;
    return rows;
  }
  static void Begin(ServerProcess& server, const std::string& id) {
    PublishVisitRound(server, id, absl::StrCat("snapshot { ", RowsAtFirst().ShortDebugString(), " }"));
  }
  static std::string NameOf(int request) { return absl::StrCat("visitSupplies/s", kThere + request); }
  // Two events: a supply arrives, and one more nurse is wanted.
  static absl::StatusOr<Response> Apply(ServerProcess& server, const std::string& id, int request) {
    return Ask<Response, v1::ApplyVisitEventsRequest>(
        server, "matching.v1.VisitEventService/ApplyVisitEvents",
        absl::StrCat("name: 'rounds/", id, "' request_id: '", id, "-", request, "' changes { add_supply { supply: '",
                     NameOf(request), "' row { ", RowOf(kThere + request),
                     " } } } changes { change_half_day { opening: 'openings/a' half_day: ",
                     request % 3 == 0 ? "HALF_DAY_WED_AM" : "HALF_DAY_MON_AM", " posts: 1 } }"));
  }
  static void Meanwhile(ServerProcess& server, const std::string& id) {
    for (int i = 0; i < 3; ++i) OpenContracts(server, "rounds/" + id);
  }

  static std::vector<v1::VisitEvent> Events(ServerProcess& server, const std::string& id) {
    const auto listed = Made<v1::ListVisitEventsResponse, v1::ListVisitEventsRequest>(
        server, "matching.v1.VisitEventService/ListVisitEvents", absl::StrCat("parent: 'rounds/", id, "'"));
    return {listed.events().begin(), listed.events().end()};
  }
  static std::vector<std::string> Log(ServerProcess& server, const std::string& id) {
    std::vector<std::string> log;
    for (const v1::VisitEvent& event : Events(server, id)) log.push_back(event.change().add_supply().supply());
    return log;
  }
  static int SoundEvents(ServerProcess& server, const std::string& id) {
    const auto verified = Made<v1::VerifyVisitEventsResponse, v1::VerifyVisitEventsRequest>(
        server, "matching.v1.VisitEventService/VerifyVisitEvents", absl::StrCat("name: 'rounds/", id, "'"));
    EXPECT_TRUE(verified.sound()) << verified.ShortDebugString();
    return verified.after_event();
  }

  using Visits = std::multiset<std::pair<int, std::string>>;  // half-days and the supply that comes

  // After each event the round is the one solved from the rows that the log gives, less what contracts held; and when
  // all contracts are proposed, they are the visits of the round, each once.
  static void ExpectResult(ServerProcess& server, const std::string& id) {
    v1::Snapshot rows = RowsAtFirst();
    std::map<std::string, v1::VisitEvent::RoundContract> held;
    Visits visits;
    for (const v1::VisitEvent& event : Events(server, id)) {
      SCOPED_TRACE(event.number());
      rows = wire::RowsAfter(std::move(rows), event.change());
      for (const auto& contract : event.held()) held[contract.visit_contract()] = contract;
      visits = VisitsOf(held);
      const std::string full = absl::StrCat(id, "-", event.number());
      Made<v1::Round, v1::CreateRoundRequest>(
          server, "matching.v1.RoundService/CreateRound",
          absl::StrCat("round_id: '", full,
                       "' round { display_name: '訪問' seed: 7 opening_kind: OPENING_KIND_VISIT }"));
      Operate<v1::SolveRoundRequest>(
          server, "matching.v1.RoundService/SolveRound",
          absl::StrCat("name: 'rounds/", full, "' snapshot { ", Less(rows, visits).ShortDebugString(), " }"));
      const auto round = Made<v1::Round, v1::GetRoundRequest>(server, "matching.v1.RoundService/GetRound",
                                                              absl::StrCat("name: 'rounds/", full, "'"));
      EXPECT_EQ(event.result_digest(), round.result_digest());
      const Visits covered = Covered(server, full, 0);
      EXPECT_THAT(Covered(server, id, event.number()), ElementsAreArray(covered));
      visits.insert(covered.begin(), covered.end());
    }
    const auto opened = OpenContracts(server, "rounds/" + id);
    EXPECT_EQ(OpenContracts(server, "rounds/" + id), opened) << "nothing is proposed twice";
    std::map<std::string, v1::VisitEvent::RoundContract> proposed;
    for (const v1::VisitContract& contract : ContractsOf(server, "rounds/" + id)) {
      EXPECT_EQ(opened.count(contract.name()), 1u) << contract.name();
      auto& row = proposed[contract.name()];
      row.set_supply(contract.supply());
      *row.mutable_school_half_days() = contract.school_half_days();
    }
    EXPECT_EQ(proposed.size(), opened.size());
    EXPECT_THAT(VisitsOf(proposed), ElementsAreArray(visits));
  }

  static Visits VisitsOf(const std::map<std::string, v1::VisitEvent::RoundContract>& contracts) {
    Visits visits;
    for (const auto& [name, contract] : contracts) {
      for (const int half_day : contract.school_half_days()) visits.emplace(half_day, contract.supply());
    }
    return visits;
  }
  static v1::Snapshot Less(v1::Snapshot rows, const Visits& held) {
    for (const auto& [half_day, name] : held) {
      for (v1::SnapshotHalfDay& visit : *rows.mutable_openings(0)->mutable_visits()) {
        if (visit.half_day() == half_day) visit.set_posts(visit.posts() - 1);
      }
      for (v1::SnapshotSupply& supply : *rows.mutable_supplies()) {
        if (supply.name() != name) continue;
        auto& given = *supply.mutable_given();
        given.erase(
            std::remove_if(given.begin(), given.end(), [&](const auto& one) { return one.half_day() == half_day; }),
            given.end());
        supply.set_school_visit_count(supply.school_visit_count() - 1);
        supply.set_all_visit_count(supply.all_visit_count() - 1);
      }
    }
    auto& openings = *rows.mutable_openings();
    auto& visits = *openings[0].mutable_visits();
    visits.erase(std::remove_if(visits.begin(), visits.end(), [](const auto& visit) { return visit.posts() == 0; }),
                 visits.end());
    if (visits.empty()) openings.Clear();
    return rows;
  }
  static Visits Covered(ServerProcess& server, const std::string& id, int event) {
    const auto listed = Made<v1::ListVisitsResponse, v1::ListVisitsRequest>(
        server, "matching.v1.VisitRoundService/ListVisits",
        absl::StrCat("parent: 'rounds/", id, "' after_event: ", event));
    Visits covered;
    for (const v1::VisitRow& row : listed.visits()) {
      for (const auto& cover : row.covers()) {
        for (int i = 0; i < cover.count(); ++i) covered.emplace(row.half_day(), cover.supply());
      }
    }
    return covered;
  }
};

// The events of each request are adjacent, and no request occurs twice.
void ExpectWhole(const std::vector<std::string>& log) {
  ASSERT_EQ(log.size() % 2, 0u) << "half of a request";
  std::set<std::string> came;
  for (size_t i = 0; i < log.size(); i += 2) {
    EXPECT_NE(log[i], "");
    EXPECT_EQ(log[i + 1], "");
    EXPECT_TRUE(came.insert(log[i]).second) << log[i] << " is there twice";
  }
}

class RoundEventsKillTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"registry", "matching"}});
  }

  template <typename Kind>
  void ExpectEachRequestWholeOnceOrNotAtAll() {
    SCOPED_TRACE(absl::StrCat("TSUNAGU_SEED=", Seed()));
    Serve([](ServerProcess& server) { Kind::Prepare(server); });
    int round = 0;
    for (const char* moment : {"store.before_request_kept=kill:1", "store.before_request_kept=kill:2",
                               "store.before_request_kept=kill:5", "store.after_commit=kill:3", kAnyTime, kAnyTime}) {
      const std::string id = absl::StrCat("r", ++round);
      SCOPED_TRACE(absl::StrCat(id, " ", moment));
      Serve([&](ServerProcess& server) { Kind::Begin(server, id); });
      if (HasFailure()) return;
      const std::vector<std::string> answers = Killed<Kind>(id, moment);
      Serve([&](ServerProcess& server) { ExpectRest<Kind>(server, id, answers); });
    }
  }

 private:
  static constexpr char kAnyTime[] = "";

  template <typename Do>
  void Serve(const Do& act) {
    ServerProcess server(ground_->data_dir(), ground_->Server());
    act(server);
    Stop(server);
  }

  // The answers before the process died; empty: none.
  template <typename Kind>
  std::vector<std::string> Killed(const std::string& id, const std::string& moment) {
    ServerProcess::Options options = ground_->Server(moment);
    options.may_not_listen = true;
    ServerProcess server(ground_->data_dir(), options);
    EXPECT_TRUE(server.listens());
    std::vector<std::string> answers(kRequests);
    std::vector<std::jthread> writers;
    for (int i = 0; i < kRequests; ++i) {
      writers.emplace_back([&, i] {
        if (const auto answer = Kind::Apply(server, id, i); answer.ok()) answers[i] = answer->SerializeAsString();
      });
    }
    writers.emplace_back([&] { Kind::Meanwhile(server, id); });
    if (moment == kAnyTime) {
      (void)server.process().Wait(absl::Milliseconds(random_() % 100));
      server.process().Signal(SIGKILL);
    }
    writers.clear();
    EXPECT_EQ(server.process().Wait(), -SIGKILL) << server.process().Errors();
    return answers;
  }

  // Everything is sent again, and concurrent work runs halfway.
  template <typename Kind>
  static void ExpectRest(ServerProcess& server, const std::string& id, const std::vector<std::string>& answers) {
    const std::vector<std::string> left = Kind::Log(server, id);
    ExpectWhole(left);
    EXPECT_EQ(Kind::SoundEvents(server, id), static_cast<int>(left.size()));
    for (int i = 0; i < kRequests; ++i) {
      if (i == kRequests / 2) Kind::Meanwhile(server, id);
      if (!answers[i].empty()) {
        EXPECT_THAT(left, Contains(Kind::NameOf(i))) << "an answered event is lost";
      }
      const auto again = Kind::Apply(server, id, i);
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(again->events_size(), 2);
      if (!answers[i].empty()) {
        EXPECT_EQ(again->SerializeAsString(), answers[i]);
      }
    }
    const std::vector<std::string> log = Kind::Log(server, id);
    ExpectWhole(log);
    EXPECT_EQ(log.size(), 2u * kRequests);
    EXPECT_EQ(Kind::SoundEvents(server, id), 2 * kRequests);
    Kind::ExpectResult(server, id);
  }

  std::unique_ptr<Ground> ground_;
  std::mt19937_64 random_{Seed()};
};

INSTANTIATE_TEST_SUITE_P(All, RoundEventsKillTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

TEST_P(RoundEventsKillTest, OfNurses) { ExpectEachRequestWholeOnceOrNotAtAll<OfNurses>(); }

TEST_P(RoundEventsKillTest, OfVisits) { ExpectEachRequestWholeOnceOrNotAtAll<OfVisits>(); }

}  // namespace
}  // namespace tsunagu::faults
