// Reads for figures and for lists of the past: named columns, on a day, as known at a place of the chain.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/journal/journal.h"
#include "common/records/parts.h"
#include "common/records/table.h"
#include "common/records/way_in.h"
#include "common/text/matches.h"
#include "google/protobuf/reflection.h"

namespace tsunagu::store {
namespace {

constexpr int64_t kNamesAtOnce = 1'000;
// Such a page reads the history of all records.
constexpr absl::Duration kMostWorkOfKnownPage = absl::Seconds(10);

// True for a field with several names of other records.
bool HasNames(const contract::Field& field) { return field.repeated && !field.reference.empty(); }

bool IsPlain(const contract::Field& field) {
  return HasNames(field) || field.kind == contract::Kind::kText || field.kind == contract::Kind::kInteger ||
         field.kind == contract::Kind::kEnum || field.kind == contract::Kind::kDate;
}

// A scan may only return fields that every reader of the record may see.
absl::StatusOr<std::vector<const contract::Field*>> ScannedFields(const contract::Schema& schema,
                                                                  absl::Span<const absl::string_view> names) {
  std::vector<const contract::Field*> fields;
  for (const absl::string_view name : names) {
    const contract::Field* field = schema.Find(name);
    if (field == nullptr || !field->has_column || !IsPlain(*field) || field->rule.privacy() != PRIVACY_UNSPECIFIED) {
      return absl::InternalError(absl::StrCat(schema.type(), ".", name, " cannot be scanned"));
    }
    fields.push_back(field);
  }
  return fields;
}

std::string NamesIn(const google::protobuf::Message& record, const contract::Field& field) {
  return absl::StrJoin(record.GetReflection()->GetRepeatedFieldRef<std::string>(record, field.descriptor), " ");
}

// The same from the column, as ToJsonColumn writes it: {"areas":["areas/312011","areas/313025"]}. Names contain nothing
// that JSON escapes, and the library takes ten times longer.
std::string NamesInColumn(absl::string_view json) {
  std::string names;
  const std::vector<absl::string_view> pieces = absl::StrSplit(json.substr(std::min(json.find('['), json.size())), '"');
  for (size_t i = 1; i < pieces.size(); i += 2) absl::StrAppend(&names, names.empty() ? "" : " ", pieces[i]);
  return names;
}

// Returns the text of a cell for the value of a column.
std::string TextOf(const contract::Field& field, const Row& row, int column) {
  if (field.kind == contract::Kind::kInteger) return absl::StrCat(row.Integer(column));
  return HasNames(field) ? NamesInColumn(row.Bytes(column)) : std::string(row.Bytes(column));
}

// Returns the indexes of the fields in the shape's columns.
std::vector<int> ColumnsOf(const TableShape& shape, const std::vector<const contract::Field*>& fields) {
  std::vector<int> indexes;
  for (const contract::Field* field : fields) {
    const auto& columns = shape.all_columns();
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const TableShape::Column& column) {
      return column.field == field && column.name == field->name();
    });
    indexes.push_back(static_cast<int>(found - columns.begin()));
  }
  return indexes;
}

}  // namespace

absl::Status Table::Scan(View& view, const contract::Where& where, const Moment& moment,
                         absl::Span<const absl::string_view> names,
                         absl::FunctionRef<absl::Status(const Cells&)> each) {
  ASSIGN_OR_RETURN(const std::vector<const contract::Field*> fields, ScannedFields(schema(), names));
  const contract::Where on_day =
      moment.as_of && schema().has_period() ? where && contract::Where::ActiveOn(*moment.as_of) : where;
  if (moment.known_place) return ScanKnown(view, on_day, *moment.known_place, fields, each);
  Query query;
  RETURN_IF_ERROR(Narrow(on_day, query));
  const std::vector<int> columns = ColumnsOf(shape_, fields);
  // All columns, because a MAC covers all of them.
  std::string sql = absl::StrCat("SELECT ", shape_.select_columns(), " FROM `", shape_.table(), "` t WHERE ",
                                 query.where.sql.empty() ? "1 = 1" : query.where.sql);
  Parameters parameters = Bound(query.where.parameters);
  ScopeCondition(view.scope(), sql, parameters);
  return view.session().Query(sql, parameters.values(), [&](const Row& row) -> absl::Status {
    RETURN_IF_ERROR(CheckRow(view, query.where.claims, row));
    std::vector<std::string> texts(fields.size());
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!row.IsNull(columns[i])) texts[i] = TextOf(*fields[i], row, columns[i]);
    }
    return each(Cells(NameOf(row.Bytes(0)), std::move(texts)));
  });
}

// A field that gives access while a period lasts does so on the days that the record said then, and today is asked
// about, as it is of the table: the keys that an entry keeps are those of the day on which it was written.
bool Table::WasReached(View& view, const JournalEntry& entry) const {
  if (!shape_.has_access() || view.scope().everything()) return true;
  if (shape_.has_dated_access() && &schema().access() == &schema() && !entry.deleted) {
    const Record record = schema().New();
    return record->ParseFromString(entry.image) &&
           view.scope().Meets(AccessKeysOn(schema(), parts_.places(), *record, parts_.Today()));
  }
  const std::string& keys = entry.deleted ? entry.keys_before : entry.keys_after;
  return view.scope().Meets(std::vector<std::string>(absl::StrSplit(keys, ' ', absl::SkipEmpty())));
}

// A caller who could see a record at that time has it in the figures of that time, so that these stay the same when the
// record moves away.
absl::Status Table::ScanKnown(View& view, const contract::Where& where, int64_t place,
                              const std::vector<const contract::Field*>& fields,
                              absl::FunctionRef<absl::Status(const Cells&)> each) {
  const Record record = schema().New();
  return ForEachKnown(view, "", place, [&](const JournalEntry& entry) -> absl::Status {
    if (!WasReached(view, entry)) return absl::OkStatus();
    if (!record->ParseFromString(entry.image)) return absl::DataLossError("journal image");
    ASSIGN_OR_RETURN(const bool fits, contract::Matches(schema(), where.node(), *record));
    if (!fits) return absl::OkStatus();
    std::vector<std::string> texts(fields.size());
    for (size_t i = 0; i < fields.size(); ++i) {
      if (HasNames(*fields[i])) texts[i] = NamesIn(*record, *fields[i]);
      contract::ColumnValue value = contract::ColumnValueOf(*record, *fields[i]);
      if (auto* text = absl::get_if<std::string>(&value)) texts[i] = std::move(*text);
      if (const auto* number = absl::get_if<int64_t>(&value)) texts[i] = absl::StrCat(*number);
    }
    return each(Cells(entry.name, std::move(texts)));
  });
}

absl::Status Table::ListKnown(View& view, const contract::FilterNode& filter, int64_t place, absl::string_view after,
                              int64_t limit, absl::FunctionRef<absl::Status(Record)> each) {
  int64_t found = 0;
  view.session().BoundWork(kMostWorkOfKnownPage);
  const absl::Status listed = ForEachKnown(view, after, place, [&](const JournalEntry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, schema().IdOf(entry.name));
    if (!WasReached(view, entry)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool visible, Exists(view, id));
    if (!visible) return absl::OkStatus();
    Record record = schema().New();
    RETURN_IF_ERROR(ReadImage(view, entry, *record));
    ASSIGN_OR_RETURN(const bool fits, contract::Matches(schema(), filter, *record));
    if (!fits) return absl::OkStatus();
    RETURN_IF_ERROR(each(std::move(record)));
    return ++found < limit ? absl::OkStatus() : absl::OutOfRangeError("enough");
  });
  return absl::IsOutOfRange(listed) && found == limit ? absl::OkStatus() : listed;
}

// By name, in pages, so that no engine buffers the whole result.
absl::Status Table::ForEachKnown(View& view, absl::string_view after_id, int64_t place,
                                 absl::FunctionRef<absl::Status(const JournalEntry&)> each) {
  const std::string prefix = NameOf("");
  const std::string end = absl::StrCat(absl::string_view(prefix).substr(0, prefix.size() - 1), "0");  // follows '/'
  std::string after = NameOf(after_id);
  std::vector<JournalEntry> page;
  do {
    page.clear();
    RETURN_IF_ERROR(ReadNewest(view.session(), after, end, kNamesAtOnce, place, [&](const JournalEntry& entry) {
      page.push_back(entry);
      return absl::OkStatus();
    }));
    for (const JournalEntry& entry : page) {
      after = entry.name;
      const bool of_another = !schema().IdOf(entry.name).ok();  // in a collection above or below this one
      if (!entry.deleted && !of_another) RETURN_IF_ERROR(each(entry));
    }
  } while (static_cast<int64_t>(page.size()) == kNamesAtOnce);
  return absl::OkStatus();
}

}  // namespace tsunagu::store
