#ifndef TSUNAGU_COMMON_CONTRACT_SCHEMA_H_
#define TSUNAGU_COMMON_CONTRACT_SCHEMA_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/jp/period.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::contract {

// The maximum length, in characters, of a string whose contract gives no max_length. Indexed strings stay within the
// smallest index limit of the MySQL engines.
inline constexpr int kIndexedLength = 191, kDefaultLength = 200;
// The maximum length of a resource name, in characters.
inline constexpr int kLongestName = 191;

// How the value of a field is stored and compared.
enum class Kind {
  kText,     // string
  kInteger,  // int32, int64
  kBool,
  kEnum,  // by its name
  kDate,  // google.type.Date, kept as 2019-08-01
  kTime,  // google.protobuf.Timestamp, kept as microseconds since 1970
  kJson,  // any other message, and every repeated field
};

// One field of a record as the contract describes it.
struct Field {
  const google::protobuf::FieldDescriptor* descriptor;
  Kind kind;
  bool repeated;
  bool required;
  bool output_only;
  bool immutable;
  bool identifier;        // the resource name
  std::string reference;  // the resource type it refers to, "" if none, "*" if any
  FieldRule rule;         // max_length and max_items resolved to their defaults
  bool has_column;        // false for the name, the etag, the two times and identifying fields

  const std::string& name() const { return descriptor->name(); }
  bool indexed() const { return rule.filterable() || rule.sortable() || rule.unique(); }
};

// Returns the resource type of `name` in a reference field. A field may have two types (or_type); this is the one whose
// collection `name` begins with.
std::string ReferredType(const google::protobuf::FieldDescriptor& field, absl::string_view name);

// One resource as its contract describes it. Built once, never destroyed. An inconsistent contract ends the process at
// start with a log line that gives the cause.
class Schema {
 public:
  // `message` carries google.api.resource.
  static const Schema& Of(const google::protobuf::Descriptor* message);
  static bool IsRecord(const google::protobuf::Descriptor* message);
  // Returns the resource of that type if this process has asked Of() for it, else null.
  static const Schema* OfType(absl::string_view type);

  const google::protobuf::Descriptor* message() const { return message_; }
  const std::string& type() const { return type_; }              // "registry.tsunagu/Area"
  const std::string& collection() const { return collection_; }  // "apiKeys"
  const std::string& table() const { return table_; }            // "api_keys"
  const std::string& word() const { return word_; }              // "AREA", as in AREA_NOT_FOUND
  const std::string& pattern() const { return pattern_; }        // "areas/{area}"

  // True when a record lies under a parent: the pattern "courses/{course}/sessions/{session}".
  bool has_parent() const { return !parent_pattern_.empty(); }
  // Returns the parent resource, or null when there is none. This process must have asked Of() for it.
  const Schema* parent() const;
  // Returns the schema whose access_by decides who may see a record: this one or, when its access_by is empty, that of
  // the nearest ancestor.
  const Schema& access() const;
  // True when access_by of this resource or of an ancestor names fields; otherwise a scope does not limit the records.
  bool has_access() const { return access().rule().access_by_size() > 0; }

  const RecordRule& rule() const { return rule_; }
  const std::vector<Field>& fields() const { return fields_; }
  // The index of a field in fields() is its index in every derived list. Null when there is no such field.
  const Field* Find(absl::string_view field) const;
  const Field* name_field() const { return name_field_; }
  // The fields of the record's period; null when the contract names none.
  const Field* period_from() const { return period_from_; }
  const Field* period_to() const { return period_to_; }
  bool has_period() const { return period_from_ != nullptr; }
  // Returns the days on which `record` is valid; all days when it has no period. Its dates have been checked.
  jp::Period PeriodOf(const google::protobuf::Message& record) const;
  // True when `field` of access_by gives access only during the period.
  bool IsWhilePeriod(absl::string_view field) const;

  // The version number of the contract. It grows with every field and enum value added to the message or to a message
  // inside it, so that an older binary recognizes a newer row.
  int64_t contract() const { return contract_; }

  // Returns the id: "areas/310000" -> "310000", "courses/c1/sessions/s1" -> "c1/s1". The service in front of
  // "services/registry/apiKeys/k1" is not part of the id. Errors: MALFORMED_NAME.
  absl::StatusOr<std::string> IdOf(absl::string_view name) const;
  // The inverse of IdOf. `service` ("services/registry") is put in front when the pattern begins with a service.
  std::string NameOf(absl::string_view id, absl::string_view service = "") const;
  // True for an id that IdOf may return.
  bool IsId(absl::string_view id) const;
  // Returns the id of the record `own` under `parent`: "c1/s1" for "courses/c1" and "s1". Errors: MALFORMED_NAME at the
  // field parent.
  absl::StatusOr<std::string> IdUnder(absl::string_view parent, absl::string_view own) const;
  // Returns the prefix of the ids of all records under `parent`: "c1/" for "courses/c1", empty for "courses/-", which
  // means all parents. Errors: MALFORMED_NAME at the field parent.
  absl::StatusOr<std::string> IdsUnder(absl::string_view parent) const;
  // Returns "courses/c1" for "courses/c1/sessions/s1".
  static absl::string_view ParentOf(absl::string_view name);

  std::unique_ptr<google::protobuf::Message> New() const;

  // The name that the record carries.
  std::string NameIn(const google::protobuf::Message& record) const;
  void SetName(google::protobuf::Message& record, absl::string_view name) const;

 private:
  explicit Schema(const google::protobuf::Descriptor* message);
  void ReadPattern();
  void CheckPeriod();
  void CheckWithin();

  const google::protobuf::Descriptor* message_;
  std::string type_, collection_, table_, word_, pattern_, parent_pattern_;
  std::vector<std::string> collections_;                 // of the ancestors first, its own last
  mutable std::atomic<const Schema*> parent_ = nullptr;  // set once it is known
  RecordRule rule_;
  std::vector<Field> fields_;
  const Field* name_field_ = nullptr;
  const Field* period_from_ = nullptr;
  const Field* period_to_ = nullptr;
  int64_t contract_ = 0;
};

// At most 64 characters a-z, 0-9 and hyphen, without a hyphen at the beginning.
bool IsWellFormedId(absl::string_view id);
// True for pairs of collection and id: "areas/310000", "services/registry/apiKeys/k1".
bool IsWellFormedName(absl::string_view name);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_SCHEMA_H_
