#include "tests/faults/subsidy_desk.h"

#include <utility>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tsunagu::faults {

using google::protobuf::Message;

void Outbasket::Add(Sent sent) {
  const std::lock_guard<std::mutex> lock(mutex_);
  sent_.push_back(std::move(sent));
}

std::vector<Sent> Outbasket::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(sent_, {});
}

rpc::CallOptions Desk::As(const std::string& role) const {
  rpc::CallOptions options = server_.call_options();
  options.api_key = keys_.at(role);
  return options;
}

absl::Status Desk::Call(const std::string& role, const std::string& verb, const std::string& text, Message& made) {
  const auto* kind = made.GetDescriptor();
  const auto* type = kind->file()->FindMessageTypeByName(absl::StrCat(verb, "Request"));
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  Sent sent{role, absl::StrCat("tsunagu.subsidy.v1.", kind->name(), "Service/", verb),
            std::unique_ptr<Message>(factory->GetPrototype(type)->New()), kind, ""};
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, sent.request.get())) << text;
  sent.request->GetReflection()->SetString(sent.request.get(), type->FindFieldByName("request_id"),
                                           absl::StrCat(random()));
  const absl::Status answer = server_.peer().UnaryUntyped(sent.method, *sent.request, made, As(role));
  if (answer.ok()) sent.name = made.GetReflection()->GetString(made, kind->FindFieldByName("name"));
  const bool is_refused = absl::IsFailedPrecondition(answer) || absl::IsInvalidArgument(answer) ||
                          absl::IsAlreadyExists(answer) || absl::IsAborted(answer) ||
                          absl::IsPermissionDenied(answer) || absl::IsNotFound(answer);
  EXPECT_FALSE(absl::IsPermissionDenied(answer) || absl::IsNotFound(answer)) << sent.method << " " << answer;
  is_gone_ |= !answer.ok() && !is_refused;
  if (!is_refused) basket_.Add(std::move(sent));
  return answer;
}

}  // namespace tsunagu::faults
