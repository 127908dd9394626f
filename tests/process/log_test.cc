// Names of people in every text that a caller can send do not appear in the log or in the metrics.
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/process/server.h"
#include "tsunagu/matching/v1/legal_basis.pb.h"
#include "tsunagu/matching/v1/opening.pb.h"
#include "tsunagu/matching/v1/round.pb.h"
#include "tsunagu/platform/v1/access.pb.h"
#include "tsunagu/platform/v1/operation.pb.h"
#include "tsunagu/platform/v1/revision.pb.h"
#include "tsunagu/platform/v1/transfer.pb.h"
#include "tsunagu/registry/v1/area.pb.h"
#include "tsunagu/registry/v1/facility.pb.h"
#include "tsunagu/registry/v1/nurse.pb.h"

namespace tsunagu::process {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Artificial names: in kanji, in kana, as programs write names in ids and mail addresses, and as a phone number.
constexpr const char* kPlanted[] = {"架空寺澤 植子", "カクウジザワウエコ", "kakujizawa-ueko", "090-7777-3939"};

// In the encoding of metadata.
std::string Ascii(absl::string_view text) {
  std::string encoded;
  for (const unsigned char byte : text) {
    if (absl::ascii_isgraph(byte)) {
      encoded += static_cast<char>(byte);
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return encoded;
}

void FillIn(Message& message, const std::string& text, int depth) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (field->is_map()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      field->is_repeated() ? reflection.AddString(&message, field, text) : reflection.SetString(&message, field, text);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth > 0) {
      FillIn(
          field->is_repeated() ? *reflection.AddMessage(&message, field) : *reflection.MutableMessage(&message, field),
          text, depth - 1);
    }
  }
}

class LogTest : public testing::Test {
 protected:
  static ServerProcess::Options Talkative() {
    ServerProcess::Options options;
    options.command = {"tsunagu", "serve"};
    options.flags = {"--log-level", "debug", "--log-format", "json"};
    options.admin_listener = true;
    return options;
  }
  // Ignores the result.
  void Send(const std::string& method, const Message& request, const std::string& planted, const std::string& key) {
    rpc::CallOptions options = server_.call_options();
    options.api_key = key;
    options.timeout = absl::Seconds(10);
    options.purpose = Ascii(planted);
    const auto stream = server_.peer().Stream(method, options);
    (void)stream->Write(request);
    stream->WritesDone();
    (void)stream->Finish();
  }
  void SendEverywhere(const std::string& planted) {
    for (const Descriptor* message :
         {registry::v1::Area::descriptor(), registry::v1::Facility::descriptor(), registry::v1::Nurse::descriptor(),
          matching::v1::LegalBasis::descriptor(), matching::v1::Opening::descriptor(),
          matching::v1::Round::descriptor(), platform::v1::Principal::descriptor(),
          platform::v1::CancelOperationRequest::descriptor(), platform::v1::ListRevisionsRequest::descriptor(),
          platform::v1::ImportRowsRequest::descriptor()}) {
      const google::protobuf::FileDescriptor* contract = message->file();
      for (int s = 0; s < contract->service_count(); ++s) {
        for (int m = 0; m < contract->service(s)->method_count(); ++m)
          SendTo(*contract->service(s)->method(m), planted);
      }
    }
  }
  void SendTo(const MethodDescriptor& method, const std::string& planted) {
    const std::string name = absl::StrCat(method.service()->full_name(), "/", method.name());
    std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
    FillIn(*request, planted, 3);
    Send(name, *request, planted, server_.api_key());
    Send(name, *request, planted, Ascii(planted));
    // Sets the fields that name a service or record, so that the request gets further.
    for (const char* field : {"parent", "name"}) {
      const FieldDescriptor* address = method.input_type()->FindFieldByName(field);
      if (address == nullptr) continue;
      for (const char* value : {"services/registry", "services/matching", "facilities/none"}) {
        request->GetReflection()->SetString(request.get(), address, value);
        Send(name, *request, planted, server_.api_key());
      }
    }
  }
  // People as they are really stored, searched and imported from files.
  void LiveWith(const std::string& planted, int number) {
    registry::v1::CreateNurseRequest create;
    create.mutable_nurse()->set_display_name(planted);
    create.mutable_nurse()->set_note(planted);
    create.set_request_id(absl::StrCat("nurse-", planted.substr(0, 3), number));
    Send("tsunagu.registry.v1.NurseService/CreateNurse", create, planted, server_.api_key());
    registry::v1::SearchNursesRequest search;
    search.set_display_name(planted);
    Send("tsunagu.registry.v1.NurseService/SearchNurses", search, planted, server_.api_key());
    registry::v1::ListFacilitiesRequest list;
    list.set_filter(absl::StrCat("display_name = \"", planted, "\""));
    Send("tsunagu.registry.v1.FacilityService/ListFacilities", list, planted, server_.api_key());
    list.set_filter(planted);
    Send("tsunagu.registry.v1.FacilityService/ListFacilities", list, planted, server_.api_key());
    platform::v1::ImportRowsRequest import;
    import.set_parent("services/registry");
    import.set_collection("facilities");
    import.set_data(
        absl::StrCat("事業所の名称,取込元のキー,", planted, "\n", planted, ",", planted, "\n\"", planted, "\n"));
    Send("tsunagu.platform.v1.TransferService/ImportRows", import, planted, server_.api_key());
  }

  Folder folder_;
  ServerProcess server_{folder_.path(), Talkative()};
};

TEST_F(LogTest, HoldsNoNames) {
  for (const char* planted : kPlanted) {
    SendEverywhere(planted);
    LiveWith(planted, 0);
  }
  for (int i = 1; server_.process().Errors().size() < 150'000; ++i) LiveWith(kPlanted[i % std::size(kPlanted)], i);

  const std::string log = server_.process().Errors();
  int lines = 0;
  for (absl::string_view line : absl::StrSplit(log, '\n', absl::SkipEmpty())) {
    const nlohmann::json json = nlohmann::json::parse(line.begin(), line.end(), nullptr, /*allow_exceptions=*/false);
    ASSERT_FALSE(json.is_discarded()) << line;
    EXPECT_TRUE(json.contains("correlation_id") || json["event"] != "call") << line;
    ++lines;
  }
  EXPECT_GT(lines, 300);
  const std::string metrics = server_.Metrics();
  for (const char* planted : kPlanted) {
    for (const std::string& form : {std::string(planted), absl::CHexEscape(planted), Ascii(planted),
                                    absl::Base64Escape(planted), absl::BytesToHexString(planted)}) {
      EXPECT_EQ(log.find(form), std::string::npos) << form;
      EXPECT_EQ(metrics.find(form), std::string::npos) << form;
    }
  }
}

}  // namespace
}  // namespace tsunagu::process
