#include "common/contract/column_value.h"

#include "common/jp/civil_day.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"

namespace tsunagu::contract {

using google::protobuf::FieldDescriptor;

ColumnValue ColumnValueOf(const google::protobuf::Message& record, const Field& field) {
  const auto& reflection = *record.GetReflection();
  const FieldDescriptor* d = field.descriptor;
  if (d->has_presence() && !reflection.HasField(record, d)) return absl::monostate();
  switch (field.kind) {
    case Kind::kEnum:
      return reflection.GetEnum(record, d)->name();
    case Kind::kInteger:
      return d->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ? reflection.GetInt32(record, d)
                                                             : reflection.GetInt64(record, d);
    case Kind::kBool:
      return static_cast<int64_t>(reflection.GetBool(record, d));
    case Kind::kDate:
      return jp::FormatIso(jp::DayOf(static_cast<const google::type::Date&>(reflection.GetMessage(record, d))));
    case Kind::kTime:
      return google::protobuf::util::TimeUtil::TimestampToMicroseconds(
          static_cast<const google::protobuf::Timestamp&>(reflection.GetMessage(record, d)));
    case Kind::kText: {
      std::string text = reflection.GetString(record, d);
      return field.identifier ? Schema::Of(record.GetDescriptor()).IdOf(text).value_or("") : text;
    }
    case Kind::kJson:
      break;
  }
  return absl::monostate();
}

}  // namespace tsunagu::contract
