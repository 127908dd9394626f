// Every change is sent five times at once, and again after a kill: one effect, one answer.
#include <signal.h>

#include <map>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/clock.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/faults/ground.h"
#include "tests/faults/storm.h"

namespace tsunagu::faults {
namespace {

using google::protobuf::Message;
using process::RefusalOf;
using process::ServerProcess;

constexpr int kTimes = 5;

class DuplicatesTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (!Ground::Has(GetParam())) GTEST_SKIP() << "TSUNAGU_TEST_MYSQL is not set: run ./test";
    ground_ = std::make_unique<Ground>(Ground::Options{GetParam(), {"registry", "training", "subsidy", "matching"}});
  }

  std::unique_ptr<Message> RequestOf(const StormCall& call, size_t number) const {
    const auto* type = MethodOf(call).input_type();
    std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    std::vector<std::pair<std::string, std::string>> names(names_.begin(), names_.end());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(absl::StrReplaceAll(call.request, names), request.get()))
        << call.method;
    request->GetReflection()->SetString(request.get(), type->FindFieldByName("request_id"),
                                        absl::StrCat("storm-", number));
    return request;
  }

  // Repeats the call until it is no longer in flight, or refused because of overload.
  static absl::StatusOr<std::string> Send(ServerProcess& server, const StormCall& call, const Message& request) {
    while (true) {
      absl::StatusOr<std::string> answer = SendUntyped(server, call, request);
      const bool again =
          RefusalOf(answer.status()).second == "REQUEST_IN_FLIGHT" || absl::IsResourceExhausted(answer.status());
      if (!again) return answer;
    }
  }

  // Sends it kTimes at once; all but one may be told that it was done already.
  std::string Storm(ServerProcess& server, const StormCall& call, const Message& request) {
    std::vector<absl::StatusOr<std::string>> answers(kTimes, absl::UnknownError(""));
    std::vector<std::thread> senders;
    for (auto& answer : answers) senders.emplace_back([&] { answer = Send(server, call, request); });
    for (std::thread& sender : senders) sender.join();
    std::string first;
    int told = 0;
    for (const auto& answer : answers) {
      if (!answer.ok() && RefusalOf(answer.status()).second == call.again) continue;
      EXPECT_TRUE(answer.ok()) << answer.status();
      if (!answer.ok()) continue;
      if (told++ == 0) first = *answer;
      EXPECT_EQ(*answer, first);
    }
    EXPECT_EQ(told, call.again.empty() ? kTimes : 1);
    return first;
  }

  void Remember(const StormCall& call, const std::string& answer) {
    const auto& method = MethodOf(call);
    if (method.client_streaming()) return;
    std::unique_ptr<Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
    ASSERT_TRUE(message->ParseFromString(answer));
    const Message* named = message.get();
    if (const auto* secret = named->GetDescriptor()->FindFieldByName("secret")) {
      names_["$Secret"] = named->GetReflection()->GetString(*named, secret);
    }
    if (const auto* key = named->GetDescriptor()->FindFieldByName("api_key")) {
      named = &named->GetReflection()->GetMessage(*named, key);
    }
    const auto* name = named->GetDescriptor()->FindFieldByName("name");
    if (name == nullptr) return;
    names_["$" + method.name()] = named->GetReflection()->GetString(*named, name);
    // The result of a decision.
    const auto* permit = named->GetDescriptor()->FindFieldByName("permit");
    if (permit != nullptr) names_["$Permit"] = named->GetReflection()->GetString(*named, permit);
  }

  // Returns the size of a service's data, which a duplicate effect would increase.
  std::vector<int64_t> Size(const std::string& service) const {
    std::vector<int64_t> size;
    const auto database = ground_->Database(service);
    for (const absl::string_view sql : {"SELECT COUNT(*) FROM `journal`", "SELECT COUNT(*) FROM `operations`",
                                        "SELECT COUNT(*) FROM `requests`", "SELECT COUNT(*) FROM `api_key_hashes`"}) {
      EXPECT_TRUE(database
                      ->Read(Deadline::After(process::kPatience),
                             [&](store::Session& session) {
                               return session.Query(sql, {}, [&](const store::Row& row) {
                                 size.push_back(row.Integer(0));
                                 return absl::OkStatus();
                               });
                             })
                      .ok());
    }
    return size;
  }

  void AwaitOperation(ServerProcess& server, const std::string& method) {
    const std::string name = names_["$" + method];
    const StormCall wait{"platform.v1.OperationService/WaitOperation", "matching", absl::StrCat("name: '", name, "'")};
    std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(MethodOf(wait).input_type())->New());
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(wait.request, request.get()));
    EXPECT_TRUE(SendUntyped(server, wait, *request).ok());
  }

  std::unique_ptr<Ground> ground_;
  std::map<std::string, std::string> names_;
};

TEST_P(DuplicatesTest, OneEffectAndTheSameAnswer) {
  std::vector<StormCall> calls = StormCalls();
  std::vector<std::unique_ptr<Message>> requests;
  std::vector<std::string> answers;
  {
    ServerProcess server(ground_->data_dir(), ground_->Server());
    for (size_t i = 0; i < calls.size() && !HasFatalFailure(); ++i) {
      SCOPED_TRACE(absl::StrCat(calls[i].method, " ", calls[i].service));
      if (!calls[i].key.empty()) calls[i].key = names_.at(calls[i].key);
      const int64_t before = Size(calls[i].service)[0];
      requests.push_back(RequestOf(calls[i], i));
      answers.push_back(Storm(server, calls[i], *requests.back()));
      ASSERT_NE(answers.back(), "");
      Remember(calls[i], answers.back());
      if (MethodOf(calls[i]).output_type()->name() == "Operation") AwaitOperation(server, MethodOf(calls[i]).name());
      EXPECT_EQ(Size(calls[i].service)[0] - before, calls[i].effects);
    }
    server.process().Signal(SIGKILL);
  }
  if (HasFailure()) return;
  const auto registry = Size("registry"), training = Size("training"), subsidy = Size("subsidy"),
             matching = Size("matching");
  ServerProcess server(ground_->data_dir(), ground_->Server());
  for (size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].fades) continue;
    SCOPED_TRACE(absl::StrCat(calls[i].method, " ", calls[i].service));
    const absl::StatusOr<std::string> again = Send(server, calls[i], *requests[i]);
    if (!calls[i].again.empty()) {
      EXPECT_EQ(RefusalOf(again.status()).second, calls[i].again);
    } else {
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(*again, answers[i]);
    }
  }
  EXPECT_EQ(Size("registry"), registry);
  EXPECT_EQ(Size("training"), training);
  EXPECT_EQ(Size("subsidy"), subsidy);
  EXPECT_EQ(Size("matching"), matching);
}

INSTANTIATE_TEST_SUITE_P(, DuplicatesTest, testing::Values(Engine::kSqlite, Engine::kMysql),
                         testing::PrintToStringParamName());

TEST(StormTest, HasEveryMutatingMethodOfEveryService) {
  std::set<std::string> called;
  for (const StormCall& call : StormCalls()) called.insert(absl::StrCat(call.method, " ", call.service));
  // Only matching starts operations; matching and subsidy store nothing about a person, and neither queues messages to
  // the other.
  called.insert("platform.v1.OperationService/CancelOperation subsidy");
  called.insert("platform.v1.DeliveryService/RetryDelivery subsidy");
  called.insert("platform.v1.ErasureService/EraseDataSubject subsidy");
  called.insert("platform.v1.OperationService/CancelOperation registry");
  called.insert("platform.v1.OperationService/CancelOperation training");
  called.insert("platform.v1.DeliveryService/RetryDelivery training");
  called.insert("platform.v1.ErasureService/EraseDataSubject matching");
  called.insert("platform.v1.DeliveryService/RetryDelivery registry");
  called.insert("platform.v1.DeliveryService/RetryDelivery matching");
  // A check is made a month after the consent at the earliest, and a server process has the clock of its machine: the
  // test of proposals through the wire, whose clock can be set, repeats it.
  called.insert("matching.v1.ProposalService/RecordRetention matching");
  for (const std::string& method : MutatingMethods()) {
    EXPECT_EQ(called.count(method), 1u) << "add " << method << " to StormCalls";
  }
}

}  // namespace
}  // namespace tsunagu::faults
