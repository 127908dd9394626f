#include "tests/faults/subsidy_books_reader.h"

#include <memory>

#include "absl/strings/ascii.h"
#include "google/api/resource.pb.h"

namespace tsunagu::faults {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

std::unique_ptr<Message> Make(const Descriptor& kind, const std::string& name) {
  const Descriptor* found = kind.file()->FindMessageTypeByName(name);
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(found)->New());
}

}  // namespace

absl::Status GetRecord(const AskSubsidy& ask, const Descriptor& kind, const std::string& name) {
  const auto request = Make(kind, absl::StrCat("Get", kind.name(), "Request")), record = Make(kind, kind.name());
  request->GetReflection()->SetString(request.get(), request->GetDescriptor()->FindFieldByName("name"), name);
  return ask(absl::StrCat(kind.name(), "Service/Get", kind.name()), *request, *record);
}

void BookReader::Read(const Descriptor& kind, const std::function<void(const Message&)>& take) {
  const auto& resource = kind.options().GetExtension(google::api::resource);
  std::string plural = resource.plural();
  plural[0] = absl::ascii_toupper(plural[0]);
  const auto request = Make(kind, absl::StrCat("List", plural, "Request"));
  const auto field = [&](const char* name) { return request->GetDescriptor()->FindFieldByName(name); };
  const auto* reflection = request->GetReflection();
  reflection->SetInt32(request.get(), field("page_size"), 1000);
  const std::string above = resource.pattern(0).substr(0, resource.pattern(0).find('/'));
  if (field("parent") != nullptr) reflection->SetString(request.get(), field("parent"), above + "/-");
  std::string token;
  do {
    const auto page = Make(kind, absl::StrCat("List", plural, "Response"));
    const std::string method = absl::StrCat(kind.name(), "Service/List", plural);
    const absl::Status asked = ask_(method, *request, *page);
    if (!asked.ok()) return Fault(method, ": ", asked.ToString());
    const auto* records = page->GetDescriptor()->field(0);
    for (int i = 0; i < page->GetReflection()->FieldSize(*page, records); ++i) {
      take(page->GetReflection()->GetRepeatedMessage(*page, records, i));
    }
    token = page->GetReflection()->GetString(*page, page->GetDescriptor()->FindFieldByName("next_page_token"));
    reflection->SetString(request.get(), field("page_token"), token);
  } while (!token.empty());
}

}  // namespace tsunagu::faults
