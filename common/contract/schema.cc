#include "common/contract/schema.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/mutex.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/type/date.pb.h"

namespace tsunagu::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr int kDefaultItems = 100;

bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

Kind KindOf(const FieldDescriptor& field) {
  if (field.is_repeated()) return Kind::kJson;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return Kind::kText;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return Kind::kInteger;
    case FieldDescriptor::CPPTYPE_BOOL:
      return Kind::kBool;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type()->full_name() == "google.type.Date") return Kind::kDate;
      if (field.message_type()->full_name() == "google.protobuf.Timestamp") return Kind::kTime;
      return Kind::kJson;
    default:
      return Kind::kJson;
  }
}

bool IsKeptApart(const Field& field) {
  const std::string& name = field.name();
  return field.identifier || name == "etag" || name == "create_time" || name == "update_time" ||
         field.rule.privacy() == PRIVACY_IDENTIFYING;
}

Field FieldOf(const FieldDescriptor& descriptor) {
  Field field;
  field.descriptor = &descriptor;
  field.kind = KindOf(descriptor);
  field.repeated = descriptor.is_repeated();
  field.required = Has(descriptor, google::api::REQUIRED);
  field.output_only = Has(descriptor, google::api::OUTPUT_ONLY);
  field.immutable = Has(descriptor, google::api::IMMUTABLE);
  field.identifier = Has(descriptor, google::api::IDENTIFIER);
  field.reference = descriptor.options().GetExtension(google::api::resource_reference).type();
  field.rule = descriptor.options().GetExtension(tsunagu::field);
  if (field.rule.max_length() == 0) field.rule.set_max_length(field.indexed() ? kIndexedLength : kDefaultLength);
  if (field.rule.max_items() == 0) field.rule.set_max_items(kDefaultItems);
  field.has_column = !IsKeptApart(field);
  return field;
}

std::string SnakeCase(absl::string_view camel) {
  std::string snake;
  for (const char c : camel) {
    if (absl::ascii_isupper(c)) snake.push_back('_');
    snake.push_back(absl::ascii_tolower(c));
  }
  return snake;
}

// An inconsistent contract is our mistake: no program may run with it.
void Demand(bool holds, const Descriptor* message, absl::string_view field, absl::string_view what) {
  if (holds) return;
  log::Line(log::Level::kError, "contract")
      .Add("field", absl::StrCat(message->full_name(), ".", field))
      .Add("text", what)
      .Write();
  std::abort();
}

void Check(const Descriptor* message, const Field& field) {
  const bool indexed = field.indexed();
  const bool text = field.kind == Kind::kText;
  Demand(!(indexed && field.rule.privacy() == PRIVACY_IDENTIFYING), message, field.name(),
         "an identifying field cannot be filtered, sorted or unique");
  Demand(!(indexed && text && field.rule.max_length() > kIndexedLength), message, field.name(),
         "an indexed string has at most 191 characters");
  Demand(!(field.rule.sortable() || field.rule.unique()) || field.kind != Kind::kJson, message, field.name(),
         "a repeated or message field cannot be sorted or unique");
  Demand(!field.rule.filterable() || field.kind != Kind::kJson || field.repeated, message, field.name(),
         "a message field cannot be filtered");
  Demand(!field.rule.searchable() || field.rule.privacy() == PRIVACY_IDENTIFYING, message, field.name(),
         "only identifying fields are searchable");
  Demand(!field.descriptor->is_map(), message, field.name(), "a record holds no maps");
}

// Fields and enum values are added, never removed, so their number grows with the contract. Those of the messages
// inside count too, because an older binary would lose any of them.
int64_t ContractOf(const Descriptor* message) {
  int64_t number = 0;
  std::set<const void*> seen = {message};
  std::vector<const Descriptor*> open = {message};
  while (!open.empty()) {
    const Descriptor* next = open.back();
    open.pop_back();
    number += next->field_count();
    for (int i = 0; i < next->field_count(); ++i) {
      const auto* values = next->field(i)->enum_type();
      const Descriptor* held = next->field(i)->message_type();
      if (values != nullptr && seen.insert(values).second) number += values->value_count();
      const bool ours = held != nullptr && !absl::StartsWith(held->full_name(), "google.");
      if (ours && seen.insert(held).second) open.push_back(held);
    }
  }
  return number;
}

struct Registry {
  Mutex mutex;
  std::map<const Descriptor*, std::unique_ptr<const Schema>> by_message ABSL_GUARDED_BY(mutex);
  std::map<std::string, const Schema*, std::less<>> by_type ABSL_GUARDED_BY(mutex);
};

Registry& TheRegistry() {
  static Registry& registry = *new Registry;
  return registry;
}

}  // namespace

Schema::Schema(const Descriptor* message) : message_(message) {
  const auto& resource = message->options().GetExtension(google::api::resource);
  Demand(resource.pattern_size() == 1, message, "", "a record has google.api.resource with one pattern");
  type_ = resource.type();
  pattern_ = resource.pattern(0);
  ReadPattern();
  table_ = SnakeCase(collection_);
  word_ = absl::AsciiStrToUpper(SnakeCase(message->name()));
  if (absl::StartsWith(word_, "_")) word_.erase(0, 1);
  rule_ = message->options().GetExtension(tsunagu::record);
  for (int i = 0; i < message->field_count(); ++i) {
    fields_.push_back(FieldOf(*message->field(i)));
    Check(message, fields_.back());
  }
  contract_ = ContractOf(message);
  for (const Field& field : fields_) {
    if (field.identifier) name_field_ = &field;
  }
  Demand(name_field_ != nullptr, message, "", "a record has a name with field_behavior IDENTIFIER");
  for (const char* standard : {"create_time", "update_time", "etag"}) {
    Demand(Find(standard) != nullptr, message, standard, "every record has it");
  }
  CheckPeriod();
  CheckWithin();
  for (const std::string& field : rule_.access_by()) Demand(Find(field), message, field, "access_by names no field");
  if (rule_.personal()) {
    const Field* subject = Find(rule_.data_subject());
    Demand(subject && (subject->identifier || (subject->rule.filterable() && subject->kind == Kind::kText)), message,
           rule_.data_subject(), "a data subject is the name, or a filterable field with a name");
  }
  if (!rule_.import_key().empty()) {
    const Field* key = Find(rule_.import_key());
    Demand(key && key->rule.unique(), message, rule_.import_key(), "an import key is a unique field");
  }
  for (const Recognition& recognition : rule_.recognised_by()) {
    for (const std::string& field : recognition.fields()) {
      Demand(Find(field), message, field, "recognised_by names no field");
    }
  }
}

void Schema::ReadPattern() {
  const std::vector<std::string> segments = absl::StrSplit(pattern_, '/');
  Demand(segments.size() >= 2 && segments.size() % 2 == 0, message_, "", "a pattern ends in collection/{id}");
  collection_ = segments[segments.size() - 2];
  for (size_t i = segments[0] == "services" ? 2 : 0; i < segments.size(); i += 2) collections_.push_back(segments[i]);
  if (collections_.size() > 1) parent_pattern_ = std::string(ParentOf(pattern_));
}

void Schema::CheckPeriod() {
  if (!rule_.has_period()) {
    Demand(rule_.exclusive().empty() && rule_.access_while_period().empty(), message_, "period",
           "exclusive and access_while_period need a period");
    return;
  }
  period_from_ = Find(rule_.period().from());
  period_to_ = Find(rule_.period().to());
  for (const Field* field : {period_from_, period_to_}) {
    Demand(field != nullptr && field->kind == Kind::kDate && field->has_column, message_, "period",
           "a period has two fields of type google.type.Date");
  }
  for (const Exclusive& exclusive : rule_.exclusive()) {
    Demand(!exclusive.fields().empty(), message_, "exclusive", "exclusive names fields");
    for (const std::string& name : exclusive.fields()) {
      const Field* field = Find(name);
      if (field == nullptr && name == "parent" && has_parent()) continue;
      Demand(field != nullptr && !field->repeated && field->rule.filterable(), message_, name,
             "exclusive names single filterable fields, or parent");
    }
  }
  for (const std::string& name : rule_.access_while_period()) {
    const auto& names = rule_.access_by();
    Demand(std::find(names.begin(), names.end(), name) != names.end(), message_, name,
           "access_while_period names a field of access_by");
  }
}

void Schema::CheckWithin() {
  for (const Within& within : rule_.within()) {
    const Field* inner = Find(within.inner());
    const bool searched = inner != nullptr && inner->rule.filterable() && !inner->repeated && !inner->reference.empty();
    Demand(searched || (inner != nullptr && inner->identifier), message_, within.inner(),
           "an inner place is the name, or a single filterable reference");
    const Field* outer = Find(within.outer());
    Demand(outer != nullptr && !outer->repeated && !outer->reference.empty(), message_, within.outer(),
           "an outer place is a single reference");
    Demand(has_period() || !within.while_period(), message_, within.outer(), "while_period needs a period");
  }
}

jp::Period Schema::PeriodOf(const google::protobuf::Message& record) const {
  jp::Period period;
  if (!has_period()) return period;
  const auto& reflection = *record.GetReflection();
  const auto day = [&](const Field& field, jp::CivilDay absent) {
    if (!reflection.HasField(record, field.descriptor)) return absent;
    return jp::DayOf(static_cast<const google::type::Date&>(reflection.GetMessage(record, field.descriptor)));
  };
  period.from = day(*period_from_, jp::kFirstDay);
  period.to = day(*period_to_, jp::kLastDay);
  return period;
}

bool Schema::IsWhilePeriod(absl::string_view field) const {
  const auto& names = rule_.access_while_period();
  return std::find(names.begin(), names.end(), field) != names.end();
}

const Schema& Schema::Of(const Descriptor* message) {
  thread_local std::unordered_map<const Descriptor*, const Schema*> known;  // every call needs schemas, several times
  if (const auto found = known.find(message); found != known.end()) return *found->second;
  Registry& registry = TheRegistry();
  MutexLock lock(registry.mutex);
  auto& schema = registry.by_message[message];
  if (schema == nullptr) {
    schema.reset(new Schema(message));
    registry.by_type[schema->type()] = schema.get();
  }
  known[message] = schema.get();
  return *schema;
}

bool Schema::IsRecord(const Descriptor* message) { return message->options().HasExtension(google::api::resource); }

std::string ReferredType(const FieldDescriptor& field, absl::string_view name) {
  const std::string& other = field.options().GetExtension(tsunagu::field).or_type();
  const Schema* schema = other.empty() ? nullptr : Schema::OfType(other);
  const bool is_other = schema != nullptr && schema->IdOf(name).ok();
  return is_other ? other : field.options().GetExtension(google::api::resource_reference).type();
}

const Schema* Schema::OfType(absl::string_view type) {
  Registry& registry = TheRegistry();
  MutexLock lock(registry.mutex);
  const auto found = registry.by_type.find(type);
  return found == registry.by_type.end() ? nullptr : found->second;
}

const Schema* Schema::parent() const {
  if (!has_parent()) return nullptr;
  const Schema* known = parent_.load();
  if (known != nullptr) return known;
  Registry& registry = TheRegistry();
  MutexLock lock(registry.mutex);
  for (const auto& [type, schema] : registry.by_type) {
    // Only within the same service: another service may have a pattern "courses/{course}" too.
    const auto service_of = [](absl::string_view name) { return name.substr(0, name.find('/')); };
    const bool same_service = service_of(type) == service_of(type_);
    if (same_service && schema->pattern() == parent_pattern_) parent_.store(known = schema);
  }
  return known;
}

const Schema& Schema::access() const {
  const Schema* above = rule_.access_by().empty() ? parent() : nullptr;
  return above == nullptr ? *this : above->access();
}

const Field* Schema::Find(absl::string_view name) const {
  for (const Field& field : fields_) {
    if (field.name() == name) return &field;
  }
  return nullptr;
}

std::unique_ptr<google::protobuf::Message> Schema::New() const {
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(message_);
  return std::unique_ptr<google::protobuf::Message>(prototype->New());
}

std::string Schema::NameIn(const google::protobuf::Message& record) const {
  return record.GetReflection()->GetString(record, name_field_->descriptor);
}

void Schema::SetName(google::protobuf::Message& record, absl::string_view name) const {
  record.GetReflection()->SetString(&record, name_field_->descriptor, std::string(name));
}

}  // namespace tsunagu::contract
