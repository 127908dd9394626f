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

// Characters of a string whose contract gives no max_length. Indexed ones stay within the smallest index limit of MySQL
// engines.
inline constexpr int kIndexedLength = 191, kDefaultLength = 200;
// Characters of a resource name, at most.
inline constexpr int kLongestName = 191;

// How the value of a field is kept and compared.
enum class Kind {
  kText,     // string
  kInteger,  // int32, int64
  kBool,
  kEnum,  // by its name
  kDate,  // google.type.Date, kept as 2019-08-01
  kTime,  // google.protobuf.Timestamp, kept as microseconds since 1970
  kJson,  // any other message, and every repeated field
};

// One field of a record as its contract describes it.
struct Field {
  const google::protobuf::FieldDescriptor* descriptor;
  Kind kind;
  bool repeated;
  bool required;
  bool output_only;
  bool immutable;
  bool identifier;        // the resource name
  std::string reference;  // resource type it refers to, "" if none, "*" if any
  FieldRule rule;         // max_length and max_items resolved to their defaults
  bool has_column;        // false for the name, the etag, the two times and identifying fields

  const std::string& name() const { return descriptor->name(); }
  bool indexed() const { return rule.filterable() || rule.sortable() || rule.unique(); }
};

// The type of what `name` names in a field that refers to something: of the two that it may have (or_type), that whose
// collection the name begins with.
std::string ReferredType(const google::protobuf::FieldDescriptor& field, absl::string_view name);

// One resource as its contract describes it. Built once, lives forever; a contract that makes no sense stops the
// process at start, saying why.
class Schema {
 public:
  // `message` carries google.api.resource.
  static const Schema& Of(const google::protobuf::Descriptor* message);
  static bool IsRecord(const google::protobuf::Descriptor* message);
  // The resource of that type, if this process has asked Of() for it; null otherwise.
  static const Schema* OfType(absl::string_view type);

  const google::protobuf::Descriptor* message() const { return message_; }
  const std::string& type() const { return type_; }              // "registry.tsunagu/Area"
  const std::string& collection() const { return collection_; }  // "apiKeys"
  const std::string& table() const { return table_; }            // "api_keys"
  const std::string& word() const { return word_; }              // "AREA", as in AREA_NOT_FOUND
  const std::string& pattern() const { return pattern_; }        // "areas/{area}"

  // True where a record lies under another: the pattern "courses/{course}/sessions/{session}".
  bool has_parent() const { return !parent_pattern_.empty(); }
  // The resource that it lies under, which this process has to have asked Of() for; null where there is none.
  const Schema* parent() const;
  // Whose access_by says who may see a record: this resource's own or, where it names nothing, that of the nearest
  // above it.
  const Schema& access() const;
  // True where some field places a record, or one above it, in somebody's reach; else scope does not limit it.
  bool has_access() const { return access().rule().access_by_size() > 0; }

  const RecordRule& rule() const { return rule_; }
  const std::vector<Field>& fields() const { return fields_; }
  // The field's index in fields() is its place in every derived list. Null when there is none.
  const Field* Find(absl::string_view field) const;
  const Field* name_field() const { return name_field_; }
  // The fields of its period; null where its contract names none.
  const Field* period_from() const { return period_from_; }
  const Field* period_to() const { return period_to_; }
  bool has_period() const { return period_from_ != nullptr; }
  // The days on which `record` holds, whose dates have been checked. Always, where there is no period.
  jp::Period PeriodOf(const google::protobuf::Message& record) const;
  // True where `field` of access_by gives access only while the period lasts.
  bool IsWhilePeriod(absl::string_view field) const;

  // Number of the contract: grows with every field and enum value added to the message or to what it holds, so that an
  // older binary knows a newer row.
  int64_t contract() const { return contract_; }

  // "areas/310000" -> "310000", "courses/c1/sessions/s1" -> "c1/s1"; MALFORMED_NAME otherwise. The service in front of
  // "services/registry/apiKeys/k1" is not part of the id.
  absl::StatusOr<std::string> IdOf(absl::string_view name) const;
  // The other way round; `service` stands in front, where the pattern begins with a service ("services/registry").
  std::string NameOf(absl::string_view id, absl::string_view service = "") const;
  // True for what IdOf may return.
  bool IsId(absl::string_view id) const;
  // The id of what is called `own` under `parent`: "c1/s1" of "courses/c1" and "s1". MALFORMED_NAME at the field
  // parent.
  absl::StatusOr<std::string> IdUnder(absl::string_view parent, absl::string_view own) const;
  // What the ids of all those under `parent` begin with: "c1/" for "courses/c1", nothing for "courses/-", which stands
  // for all. MALFORMED_NAME at the field parent.
  absl::StatusOr<std::string> IdsUnder(absl::string_view parent) const;
  // "courses/c1" of "courses/c1/sessions/s1".
  static absl::string_view ParentOf(absl::string_view name);

  std::unique_ptr<google::protobuf::Message> New() const;

  // Name and revision as the record carries them.
  std::string NameIn(const google::protobuf::Message& record) const;
  void SetName(google::protobuf::Message& record, absl::string_view name) const;

 private:
  explicit Schema(const google::protobuf::Descriptor* message);
  void ReadPattern();
  void CheckPeriod();
  void CheckWithin();

  const google::protobuf::Descriptor* message_;
  std::string type_, collection_, table_, word_, pattern_, parent_pattern_;
  std::vector<std::string> collections_;                 // from above, its own last
  mutable std::atomic<const Schema*> parent_ = nullptr;  // once it is known
  RecordRule rule_;
  std::vector<Field> fields_;
  const Field* name_field_ = nullptr;
  const Field* period_from_ = nullptr;
  const Field* period_to_ = nullptr;
  int64_t contract_ = 0;
};

// 64 characters at most of a-z, 0-9 and hyphen, no hyphen at the beginning.
bool IsWellFormedId(absl::string_view id);
// collection/id pairs: "areas/310000", "services/registry/apiKeys/k1".
bool IsWellFormedName(absl::string_view name);

}  // namespace tsunagu::contract

#endif  // TSUNAGU_COMMON_CONTRACT_SCHEMA_H_
