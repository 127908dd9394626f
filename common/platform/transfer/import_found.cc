// For a row whose record was found by its key or its values: whether it is the same record, and what may change.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/mask.h"
#include "common/contract/schema.h"
#include "common/jp/civil_day.h"
#include "common/platform/transfer/import.h"
#include "common/platform/transfer/same_record.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "common/text/lost_characters.h"
#include "common/text/where.h"
#include "google/protobuf/util/message_differencer.h"

namespace tsunagu {
namespace {

using contract::Field;
using contract::Where;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int64_t kMostEqual = 20;  // records to compare, of those with equal indexed fields

// Returns the condition for records with equal indexed fields; matches every record when no such field is given.
Where LooksLike(const contract::Schema& schema, const Message& row, const std::vector<const Field*>& given) {
  Where where;
  for (const Field* field : given) {
    const bool is_text = field->kind == contract::Kind::kText && !field->repeated;
    if (!is_text || !field->rule.filterable() || field->rule.privacy() != PRIVACY_UNSPECIFIED) continue;
    const std::string value = TextField(row, field->name());
    if (!value.empty()) where = where && Where(field->name(), value);
  }
  return where;
}

// Returns whether a text in the file differs: quick to see, while comparing whole records takes two copies.
bool SaysOther(const Message& record, const Message& row, const std::vector<const Field*>& given) {
  return std::any_of(given.begin(), given.end(), [&](const Field* field) {
    const bool is_text = field->kind == contract::Kind::kText && !field->repeated;
    return is_text && !field->output_only && field->name() != "etag" &&
           TextField(record, field->name()) != TextField(row, field->name());
  });
}

}  // namespace

absl::StatusOr<Import::Record> Import::AsSeen(const Message& record) {
  const contract::Schema& schema = resource_->table->schema();
  Record seen(record.New());
  seen->CopyFrom(record);
  if (!schema.rule().personal()) return seen;
  if (&schema.access() == &schema) {
    RETURN_IF_ERROR(sight_.Hide(*seen).status());
    return seen;
  }
  for (const Field& field : schema.fields()) {  // Sight would have to read the ancestors within a transaction
    if (field.rule.privacy() != PRIVACY_UNSPECIFIED) seen->GetReflection()->ClearField(seen.get(), field.descriptor);
  }
  return seen;
}

absl::StatusOr<google::protobuf::FieldMask> Import::Changeable(const Message& before, const ParsedRow& row,
                                                               std::vector<Fault>& faults) {
  const contract::Schema& schema = resource_->table->schema();
  const auto& given = reader_->fields();
  ASSIGN_OR_RETURN(const Record seen, AsSeen(before));
  const bool is_repeated = std::any_of(row.faults.begin(), row.faults.end(), [](const Fault& fault) {
    return ReasonOf(fault) == "DUPLICATE_ROW"_reason;  // a fault about an earlier row does not matter here
  });
  if (!options_.rename() && !is_repeated) {
    const std::string key = KeyOf(row);
    const auto fault = KeyOfAnother(schema, *seen, *row.record, given, key.substr(key.find(' ') + 1));
    if (fault) faults.push_back(*fault);
  }
  // After the comparison, which would find no difference afterwards.
  KeepStored(before, given, source_->is_cp932(), *row.record);
  const jp::CivilDay last = schema.PeriodOf(before).to;
  const bool says_when = std::find(given.begin(), given.end(), schema.period_to()) != given.end();
  if (last < service_.Today() && !says_when) {
    faults.push_back(
        MakeFault("", "ENDED_BUT_LISTED"_reason, {{"name", schema.NameIn(before)}, {"date", jp::FormatIso(last)}}));
  }
  const std::vector<const Field*> lost = LostTexts(schema, *seen, *row.record, given);
  google::protobuf::FieldMask mask;
  for (const Field* field : given) {
    if (std::find(lost.begin(), lost.end(), field) == lost.end()) {
      mask.add_paths(field->name());
    } else {
      faults.push_back(MakeFault(field->name(), "LOST_CHARACTERS"_reason));
    }
  }
  return mask;
}

absl::StatusOr<absl::optional<Fault>> Import::FindEqual(store::Tx& tx, const ParsedRow& row) {
  store::Table& table = *resource_->table;
  const contract::Schema& schema = table.schema();
  const std::string& collection = schema.collection();
  const bool may_read = call_.principal.May(absl::StrCat(collection, ".read"));
  if (!may_read || !KeyOf(row).empty()) return absl::nullopt;
  google::protobuf::FieldMask mask;
  std::string searched;
  for (const Field* field : reader_->fields()) {
    mask.add_paths(field->name());
    if (field->rule.searchable() && searched.empty()) searched = TextField(*row.record, field->name());
  }
  absl::optional<Fault> told;
  int64_t looked_at = 0;
  const auto look = [&](store::Record record) -> absl::Status {
    if (told) return absl::OkStatus();
    if (++looked_at > kMostEqual) {
      told = MakeFault("", "EQUAL_RECORDS_NOT_COMPARED"_reason, {{"max", absl::StrCat(kMostEqual)}});
      return absl::OkStatus();
    }
    if (!schema.rule().personal() && SaysOther(*record, *row.record, reader_->fields())) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Record seen, AsSeen(*record));
    Record changed(seen->New());
    changed->CopyFrom(*seen);
    // A difference in an immutable field means another record.
    if (!contract::ApplyMask(schema, mask, *row.record, *changed).ok()) return absl::OkStatus();
    if (google::protobuf::util::MessageDifferencer::Equals(*seen, *changed)) {
      told = MakeFault("", "EQUAL_RECORD"_reason, {{"name", schema.NameIn(*record)}});
    }
    return absl::OkStatus();
  };
  const Where looks = LooksLike(schema, *row.record, reader_->fields());
  // A record under another parent with equal values is a different record.
  const Where where = schema.has_parent() && !row.id.empty()
                          ? looks && Where::Under(contract::Schema::ParentOf(table.NameOf(row.id)))
                          : looks;
  if (!searched.empty()) {
    // A caller who may not read names must not learn by a row that somebody exists.
    const bool may = !call_.headers.purpose.empty() && call_.principal.May(absl::StrCat(collection, ".identity"));
    if (may) RETURN_IF_ERROR(table.Search(tx, searched, where, kMostEqual + 1, look));
    return told;
  }
  const auto& node = looks.node();
  const bool has_no_condition = node.kind == contract::FilterNode::Kind::kAnd && node.children.empty();
  if (has_no_condition) return told;
  store::Table::Query query;
  RETURN_IF_ERROR(table.Narrow(where, query));
  query.limit = kMostEqual + 1;
  RETURN_IF_ERROR(table.List(tx, query, look));
  return told;
}

}  // namespace tsunagu
