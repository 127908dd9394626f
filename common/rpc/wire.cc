#include "common/rpc/wire.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/stubs/common.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"

namespace tsunagu::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int kMaxDepth = 100;  // the limit of protobuf
constexpr int64_t kMostMebibytes = 64, kMostWeight = kMostMebibytes << 20;

std::optional<std::string> FindInvalidUtf8(const Descriptor& type, absl::string_view bytes, int depth);

std::string Join(const FieldDescriptor& field, int index, absl::string_view rest) {
  const std::string here = field.is_repeated() ? absl::StrCat(field.name(), "[", index, "]") : field.name();
  return rest.empty() ? here : absl::StrCat(here, ".", rest);
}

std::optional<std::string> CheckField(const FieldDescriptor& field, int index, absl::string_view value, int depth) {
  if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
    if (auto path = FindInvalidUtf8(*field.message_type(), value, depth + 1)) return Join(field, index, *path);
    return std::nullopt;
  }
  const bool checked = field.type() == FieldDescriptor::TYPE_STRING &&
                       field.file()->syntax() == google::protobuf::FileDescriptor::SYNTAX_PROTO3;
  if (!checked || google::protobuf::internal::IsStructurallyValidUTF8(value.data(), static_cast<int>(value.size()))) {
    return std::nullopt;
  }
  return Join(field, index, "");
}

// Returns the path of the first string field that is not UTF-8; nothing when the bytes are malformed before that.
std::optional<std::string> FindInvalidUtf8(const Descriptor& type, absl::string_view bytes, int depth) {
  if (depth > kMaxDepth) return std::nullopt;
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  std::map<int, int> seen;
  while (const uint32_t tag = input.ReadTag()) {
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED || field == nullptr) {
      if (!WireFormatLite::SkipField(&input, tag)) return std::nullopt;
      continue;
    }
    uint32_t size = 0;
    if (!input.ReadVarint32(&size)) return std::nullopt;
    const size_t from = static_cast<size_t>(input.CurrentPosition());
    if (!input.Skip(static_cast<int>(size))) return std::nullopt;
    if (auto path = CheckField(*field, seen[field->number()]++, bytes.substr(from, size), depth)) return path;
  }
  return std::nullopt;
}

// Adds up the memory that decoding allocates, as protobuf 3.21 does for messages without an arena.
class Scale {
 public:
  explicit Scale(CodedInputStream& input) : input_(input) {}

  int64_t weight() const { return weight_; }
  // Adds the fields up to the limit, or to the end of a group; `type` is null when nobody knows them. Returns false
  // when the bytes are malformed or the weight is too large.
  bool Add(const Descriptor* type, int depth) {
    if (depth > kMaxDepth) return false;
    while (const uint32_t tag = input_.ReadTag()) {
      if (weight_ > kMostWeight) return false;
      if (WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_END_GROUP) return true;
      const int number = WireFormatLite::GetTagFieldNumber(tag);
      if (!AddField(tag, type == nullptr ? nullptr : type->FindFieldByNumber(number), depth)) return false;
    }
    return true;
  }

 private:
  static constexpr int64_t kNumber = 16, kText = 40, kObject = 64, kField = 12;

  bool AddField(uint32_t tag, const FieldDescriptor* field, int depth) {
    switch (WireFormatLite::GetTagWireType(tag)) {
      case WireFormatLite::WIRETYPE_START_GROUP:
        weight_ += kObject;
        return Add(nullptr, depth + 1);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        break;
      default:
        weight_ += kNumber;
        return WireFormatLite::SkipField(&input_, tag);
    }
    uint32_t size = 0;
    if (!input_.ReadVarint32(&size) || size > INT32_MAX) return false;
    if (field != nullptr && field->type() == FieldDescriptor::TYPE_MESSAGE) {
      weight_ += kObject + kField * field->message_type()->field_count();
      const CodedInputStream::Limit outer = input_.PushLimit(static_cast<int>(size));
      const bool whole = Add(field->message_type(), depth + 1) && input_.BytesUntilLimit() == 0;
      input_.PopLimit(outer);
      return whole;
    }
    const bool numbers = field != nullptr && field->is_packable();  // packed: a byte becomes up to eight
    weight_ += kText + (numbers ? 8 : 1) * static_cast<int64_t>(size);
    return input_.Skip(static_cast<int>(size));
  }

  CodedInputStream& input_;
  int64_t weight_ = 0;
};

std::string Flatten(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string flat;
  if (!bytes.Dump(&slices).ok()) return flat;
  for (const grpc::Slice& slice : slices) flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return flat;
}

absl::Status WhyNot(absl::string_view bytes, const Descriptor& type) {
  if (const auto path = FindInvalidUtf8(type, bytes, 0)) return FailAt(*path, "INVALID_UTF8"_reason);
  return Fail("MALFORMED_MESSAGE"_reason);
}

absl::StatusOr<int64_t> WeighAll(size_t size, CodedInputStream& input, const Descriptor& type) {
  Scale scale(input);
  scale.Add(&type, 0);
  if (scale.weight() <= kMostWeight) return static_cast<int64_t>(size) + scale.weight();
  return Fail("MESSAGE_GROWS_TOO_LARGE"_reason, {{"max", absl::StrCat(kMostMebibytes)}});
}

}  // namespace

absl::Status Decode(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  {
    grpc::ProtoBufferReader reader(&bytes);
    if (reader.status().ok() && message.ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  }
  return WhyNot(Flatten(bytes), *message.GetDescriptor());
}

absl::Status Decode(absl::string_view bytes, google::protobuf::Message& message) {
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return WhyNot(bytes, *message.GetDescriptor());
}

absl::StatusOr<int64_t> Weigh(grpc::ByteBuffer& bytes, const Descriptor& type) {
  grpc::ProtoBufferReader reader(&bytes);
  if (!reader.status().ok()) return static_cast<int64_t>(bytes.Length());
  CodedInputStream input(&reader);
  return WeighAll(bytes.Length(), input, type);
}

absl::StatusOr<int64_t> Weigh(absl::string_view bytes, const Descriptor& type) {
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  return WeighAll(bytes.size(), input, type);
}

absl::StatusOr<grpc::ByteBuffer> Encode(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  const grpc::Status status =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, &bytes, &own_buffer);
  if (!status.ok()) return absl::InternalError(absl::StrCat("cannot encode: ", status.error_message()));
  return bytes;
}

}  // namespace tsunagu::rpc
