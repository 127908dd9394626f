#ifndef TSUNAGU_COMMON_WEB_OPENAPI_SCHEMA_H_
#define TSUNAGU_COMMON_WEB_OPENAPI_SCHEMA_H_

#include <map>
#include <set>
#include <string>

#include "common/web/rest/comments.h"
#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"

namespace tsunagu::web {

using Json = nlohmann::ordered_json;

// JSON Schemas (2020-12) of messages and enums, and of those that they refer to.
class Schemas {
 public:
  // `comments` must outlive this object.
  explicit Schemas(const Comments& comments) : comments_(comments) {}

  // Returns {"$ref": "#/components/schemas/tsunagu.registry.v1.Area"}.
  Json Ref(const google::protobuf::Descriptor& message);
  // Returns the schema of one field; a list for a repeated field.
  Json OfField(const google::protobuf::FieldDescriptor& field);
  // Returns an object with the fields of a request that are not in `without`; required fields are required.
  Json OfBody(const google::protobuf::Descriptor& request, const std::set<std::string>& without);
  // Returns the names of the required fields of `message`.
  static Json Required(const google::protobuf::Descriptor& message, const std::set<std::string>& without = {});

  // Returns the schemas of everything that was referred to, by name.
  Json components();

 private:
  Json Item(const google::protobuf::FieldDescriptor& field);
  Json Number(const google::protobuf::FieldDescriptor& field);
  Json Text(const google::protobuf::FieldDescriptor& field);
  Json EnumRef(const google::protobuf::EnumDescriptor& type);
  Json MessageOrValue(const google::protobuf::Descriptor& type);
  Json Properties(const google::protobuf::Descriptor& message, const std::set<std::string>& without);

  const Comments& comments_;
  std::map<std::string, Json> done_;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_OPENAPI_SCHEMA_H_
