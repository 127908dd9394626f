#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/text/heading.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "tests/contracts/contracts.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::contracts {
namespace {

using google::api::FieldBehavior;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr char kDate[] = "google.type.Date";
constexpr char kTimestamp[] = "google.protobuf.Timestamp";

std::string TypeName(const FieldDescriptor& field) {
  return field.message_type() != nullptr ? field.message_type()->full_name() : field.type_name();
}

bool Behaves(const FieldDescriptor& field, FieldBehavior behaviour) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field.options().GetExtension(google::api::field_behavior, i) == behaviour) return true;
  }
  return false;
}

bool Is(const FieldDescriptor* field, absl::string_view type, FieldBehavior behaviour) {
  return field != nullptr && TypeName(*field) == type && Behaves(*field, behaviour);
}

bool IsRecord(const Descriptor& message) { return message.options().HasExtension(google::api::resource); }

// Returns whether the type is neither the caller's nor the file's own.
bool IsStandard(const FieldDescriptor& field) {
  for (const char* name : {"name", "create_time", "update_time", "etag"}) {
    if (field.name() == name) return true;
  }
  return false;
}

void ForEachRecord(const Files& files, const std::function<void(const Descriptor&)>& each) {
  ForEachMessage(files, [&](const Descriptor& message) {
    if (IsRecord(message)) each(message);
  });
}

void ForEachField(const Files& files, const std::function<void(const FieldDescriptor&)>& each) {
  ForEachMessage(files, [&](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) each(*message.field(i));
  });
}

void Collections(const Files& files, Findings& findings) {
  std::map<std::string, std::string> owners;
  ForEachRecord(files, [&](const Descriptor& message) {
    const auto& resource = message.options().GetExtension(google::api::resource);
    const std::string pattern = resource.pattern_size() == 1 ? resource.pattern(0) : "";
    const std::vector<std::string> segments = absl::StrSplit(pattern, '/');
    if (segments.size() < 2) return findings.Add(message.full_name(), "has not exactly one pattern collection/{id}");
    const std::string& collection = segments[segments.size() - 2];
    const auto [first, fresh] = owners.emplace(collection, message.full_name());
    findings.Demand(fresh, message.full_name(),
                    absl::StrCat("has the collection id ", collection, " of ", first->second));
    findings.Demand(resource.plural() == collection, message.full_name(), "plural is not the collection id");
  });
}

void StandardFields(const Files& files, Findings& findings) {
  ForEachRecord(files, [&](const Descriptor& message) {
    findings.Demand(Is(message.FindFieldByName("name"), "string", google::api::IDENTIFIER), message.full_name(),
                    "has no name that is its IDENTIFIER");
    for (const char* time : {"create_time", "update_time"}) {
      findings.Demand(Is(message.FindFieldByName(time), kTimestamp, google::api::OUTPUT_ONLY), message.full_name(),
                      absl::StrCat("has no ", time, " that is OUTPUT_ONLY"));
    }
    findings.Demand(Is(message.FindFieldByName("etag"), "string", google::api::OPTIONAL), message.full_name(),
                    "has no etag that is OPTIONAL");
  });
}

void DaysAndTimes(const Files& files, Findings& findings) {
  ForEachField(files, [&](const FieldDescriptor& field) {
    const bool day = TypeName(field) == kDate, time = TypeName(field) == kTimestamp;
    findings.Demand(day == absl::EndsWith(field.name(), "_date"), field.full_name(),
                    "a day is a google.type.Date and ends in _date");
    if (time && field.name() == "as_known_at") return;  // a more exact name than one in _time
    if (field.message_type() != nullptr && IsRecord(*field.message_type())) return;  // has the name of its record
    findings.Demand(time == absl::EndsWith(field.name(), "_time"), field.full_name(),
                    "an instant is a Timestamp and ends in _time");
  });
}

void Numbers(const Files& files, Findings& findings) {
  ForEachField(files, [&](const FieldDescriptor& field) {
    const auto type = field.cpp_type();
    findings.Demand(type != FieldDescriptor::CPPTYPE_UINT32 && type != FieldDescriptor::CPPTYPE_UINT64,
                    field.full_name(), "is unsigned");
    findings.Demand(type != FieldDescriptor::CPPTYPE_FLOAT && type != FieldDescriptor::CPPTYPE_DOUBLE,
                    field.full_name(), "is floating point");
  });
}

void Privacies(const Files& files, Findings& findings) {
  ForEachField(files, [&](const FieldDescriptor& field) {
    const FieldRule& rule = field.options().GetExtension(tsunagu::field);
    const bool indexed = rule.filterable() || rule.sortable() || rule.unique();
    findings.Demand(rule.privacy() == PRIVACY_UNSPECIFIED || !indexed, field.full_name(),
                    "is personal, and filterable, sortable or unique");
    // An error about a change would reveal the value.
    findings.Demand(rule.privacy() == PRIVACY_UNSPECIFIED || !Behaves(field, google::api::IMMUTABLE), field.full_name(),
                    "is personal and immutable");
    findings.Demand(rule.privacy() == PRIVACY_IDENTIFYING || !rule.searchable(), field.full_name(),
                    "is searchable and not identifying");
    findings.Demand(rule.privacy() == PRIVACY_UNSPECIFIED ||
                        field.containing_type()->options().GetExtension(tsunagu::record).personal(),
                    field.full_name(), "is personal in a record that is not");
  });
  ForEachRecord(files, [&](const Descriptor& message) {
    const RecordRule& record = message.options().GetExtension(tsunagu::record);
    std::vector<std::string> open = {record.access_by().begin(), record.access_by().end()};
    for (const Within& within : record.within()) open.insert(open.end(), {within.inner(), within.outer()});
    for (const Exclusive& exclusive : record.exclusive()) {
      for (const std::string& name : exclusive.fields()) {
        if (name != "parent") open.push_back(name);
      }
    }
    for (const std::string& name : {record.import_key(), record.id_field()}) {
      if (!name.empty()) open.push_back(name);
    }
    for (const std::string& name : open) {
      const FieldDescriptor* field = message.FindFieldByName(name);
      findings.Demand(
          field != nullptr && field->options().GetExtension(tsunagu::field).privacy() == PRIVACY_UNSPECIFIED,
          message.full_name(), absl::StrCat("keys are no personal fields, and exist: ", name));
    }
  });
}

void JapaneseWords(const Files& files, Findings& findings) {
  ForEachRecord(files, [&](const Descriptor& message) {
    const RecordRule& record = message.options().GetExtension(tsunagu::record);
    findings.Demand(!record.ja().empty(), message.full_name(), "has no Japanese name");
    std::set<std::string> headings;
    for (int i = 0; record.importable() && i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (IsStandard(field)) continue;
      const std::string& heading = field.options().GetExtension(tsunagu::field).ja();
      findings.Demand(!heading.empty(), field.full_name(), "is a column without a Japanese heading");
      findings.Demand(heading.empty() || headings.insert(FoldedHeading(heading)).second, field.full_name(),
                      "has the heading of another column");
      for (int j = 1; field.enum_type() != nullptr && j < field.enum_type()->value_count(); ++j) {
        const auto& value = *field.enum_type()->value(j);
        findings.Demand(!value.options().GetExtension(tsunagu::ja).empty(), value.full_name(),
                        "stands in a column and has no Japanese name");
      }
    }
  });
}

void References(const Files& files, Findings& findings) {
  std::set<std::string> types = {"*"};
  ForEachRecord(files, [&](const Descriptor& message) {
    types.insert(message.options().GetExtension(google::api::resource).type());
  });
  ForEachField(files, [&](const FieldDescriptor& field) {
    if (!field.options().HasExtension(google::api::resource_reference)) return;
    const auto& reference = field.options().GetExtension(google::api::resource_reference);
    // A parent may be named by its child type.
    const std::string& type = reference.child_type().empty() ? reference.type() : reference.child_type();
    findings.Demand(types.count(type) != 0, field.full_name(), absl::StrCat("refers to no resource: ", type));
    const std::string& other = field.options().GetExtension(tsunagu::field).or_type();
    findings.Demand(other.empty() || types.count(other) != 0, field.full_name(),
                    absl::StrCat("refers to no resource: ", other));
  });
}

}  // namespace

const std::vector<Check>& RecordChecks() {
  static const auto& checks = *new std::vector<Check>{
      {"Collections", Collections}, {"StandardFields", StandardFields}, {"DaysAndTimes", DaysAndTimes},
      {"Numbers", Numbers},         {"Privacies", Privacies},           {"JapaneseWords", JapaneseWords},
      {"References", References},
  };
  return checks;
}

}  // namespace tsunagu::contracts
