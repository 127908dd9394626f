#include "common/contract/mask.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "google/protobuf/util/message_differencer.h"

namespace tsunagu::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

using Path = std::vector<const FieldDescriptor*>;

// Returns an empty path when there is no such field. Only the last segment may be a repeated field.
Path Resolve(const google::protobuf::Descriptor* message, absl::string_view dotted) {
  Path path;
  for (const absl::string_view segment : absl::StrSplit(dotted, '.')) {
    const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(std::string(segment));
    if (field == nullptr) return {};
    path.push_back(field);
    const bool descends = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated();
    message = descends ? field->message_type() : nullptr;
  }
  return path;
}

bool Equal(const Message& a, const Message& b, const FieldDescriptor* field) {
  google::protobuf::util::MessageDifferencer differencer;
  return differencer.CompareWithFields(a, b, {field}, {field});
}

void Copy(const Message& from, Message& to, const FieldDescriptor* field) {
  // Makes a message that has only this field and merges it into the target, from which the field was removed.
  std::unique_ptr<Message> only(from.New());
  only->CopyFrom(from);
  std::vector<const FieldDescriptor*> set;
  only->GetReflection()->ListFields(*only, &set);
  for (const FieldDescriptor* other : set) {
    if (other != field) only->GetReflection()->ClearField(only.get(), other);
  }
  to.GetReflection()->ClearField(&to, field);
  to.MergeFrom(*only);
}

void CopyPath(const Message& from, Message& to, const Path& path) {
  const Message* source = &from;
  Message* target = &to;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    source = &source->GetReflection()->GetMessage(*source, path[i]);
    target = target->GetReflection()->MutableMessage(target, path[i]);
  }
  Copy(*source, *target, path.back());
}

std::vector<std::string> PathsOf(const Schema& schema, const google::protobuf::FieldMask& mask) {
  if (mask.paths_size() != 1 || mask.paths(0) != "*") return {mask.paths().begin(), mask.paths().end()};
  std::vector<std::string> all;
  for (const Field& field : schema.fields()) {
    if (!field.immutable && !field.identifier && field.name() != "etag") all.push_back(field.name());
  }
  return all;
}

}  // namespace

absl::Status ApplyMask(const Schema& schema, const google::protobuf::FieldMask& mask, const Message& patch,
                       Message& record) {
  if (mask.paths().empty()) return FailAt("update_mask", "MASK_REQUIRED"_reason);
  Faults faults;
  std::vector<Path> copies;
  for (const std::string& dotted : PathsOf(schema, mask)) {
    Path path = Resolve(schema.message(), dotted);
    if (path.empty()) {
      faults.Add(absl::StrCat("update_mask.", dotted), "UNKNOWN_FIELD"_reason);
      continue;
    }
    const Field& field = *schema.Find(path.front()->name());
    if (field.output_only || field.name() == "etag") continue;
    if ((field.immutable || field.identifier) && !Equal(patch, record, field.descriptor)) {
      faults.Add(dotted, "IMMUTABLE_FIELD"_reason);
      continue;
    }
    copies.push_back(std::move(path));
  }
  if (!faults.empty()) return faults.ToStatus();
  for (const Path& path : copies) CopyPath(patch, record, path);
  return absl::OkStatus();
}

google::protobuf::FieldMask CopyFilled(const Message& sent, const Message& filled, Message& record) {
  google::protobuf::FieldMask copied;
  std::vector<const FieldDescriptor*> set;
  filled.GetReflection()->ListFields(filled, &set);
  const auto is_empty = [](const Message& message, const FieldDescriptor* field) {
    const auto* reflection = message.GetReflection();
    return field->is_repeated() ? reflection->FieldSize(message, field) == 0 : !reflection->HasField(message, field);
  };
  for (const FieldDescriptor* field : set) {
    if (!is_empty(sent, field) || !is_empty(record, field)) continue;
    Copy(filled, record, field);
    copied.add_paths(field->name());
  }
  return copied;
}

google::protobuf::FieldMask Without(const Schema& schema, const google::protobuf::FieldMask& mask,
                                    const google::protobuf::FieldMask& left_out) {
  if (left_out.paths().empty()) return mask;
  std::vector<std::string> paths(mask.paths().begin(), mask.paths().end());
  if (paths == std::vector<std::string>{"*"}) {
    paths.clear();
    for (const Field& field : schema.fields()) paths.push_back(field.name());
  }
  google::protobuf::FieldMask rest;
  for (const std::string& path : paths) {
    const auto& out = left_out.paths();
    if (std::find(out.begin(), out.end(), path) == out.end()) rest.add_paths(path);
  }
  return rest;
}

}  // namespace tsunagu::contract
