#include "common/records/time_in.h"

#include "google/protobuf/util/time_util.h"

namespace tsunagu::store {

int64_t TimeIn(const contract::Schema& schema, const google::protobuf::Message& record, absl::string_view field) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(static_cast<const google::protobuf::Timestamp&>(
      record.GetReflection()->GetMessage(record, schema.Find(field)->descriptor)));
}

}  // namespace tsunagu::store
