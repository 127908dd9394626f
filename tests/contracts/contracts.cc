#include "tests/contracts/contracts.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/descriptor_database.h"

namespace tsunagu::contracts {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

void Findings::Add(absl::string_view where, absl::string_view what) { all_.push_back(absl::StrCat(where, ": ", what)); }

void Findings::Demand(bool holds, absl::string_view where, absl::string_view what) {
  if (!holds) Add(where, what);
}

Files OurContracts() {
  std::vector<std::string> names;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&names);
  std::sort(names.begin(), names.end());
  Files files;
  for (const std::string& name : names) {
    if (absl::StartsWith(name, "tsunagu/")) files.push_back(DescriptorPool::generated_pool()->FindFileByName(name));
  }
  return files;
}

void ForEachMethod(const Files& files, const std::function<void(const MethodDescriptor&)>& each) {
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) each(*file->service(i)->method(j));
    }
  }
}

void ForEachMessage(const Files& files, const std::function<void(const Descriptor&)>& each) {
  std::vector<const Descriptor*> messages;
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) messages.push_back(file->message_type(i));
  }
  for (size_t i = 0; i < messages.size(); ++i) {
    const Descriptor* message = messages[i];
    for (int j = 0; j < message->nested_type_count(); ++j) messages.push_back(message->nested_type(j));
    if (!message->options().map_entry()) each(*message);
  }
}

bool IsOurs(const Descriptor& message) { return absl::StartsWith(message.file()->name(), "tsunagu/"); }

std::set<const Descriptor*> Reachable(const Descriptor& message) {
  std::set<const Descriptor*> found = {&message};
  std::vector<const Descriptor*> open = {&message};
  while (!open.empty()) {
    const Descriptor* next = open.back();
    open.pop_back();
    for (int i = 0; i < next->field_count(); ++i) {
      const Descriptor* held = next->field(i)->message_type();
      if (held != nullptr && found.insert(held).second) open.push_back(held);
    }
  }
  return found;
}

}  // namespace tsunagu::contracts
