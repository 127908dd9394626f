#include "common/records/records.h"

#include <cstdlib>

#include "common/base/log.h"
#include "common/contract/schema.h"
#include "common/records/parts.h"
#include "common/records/table.h"

namespace tsunagu::store {

using google::protobuf::Message;

Table& TableOf(View& view, const google::protobuf::Descriptor* message) {
  Table* table = view.parts().FindTableOfType(contract::Schema::Of(message).type());
  if (table != nullptr) return *table;
  log::Line(log::Level::kError, "no_such_table").Add("resource", message->full_name()).Write();
  std::abort();  // the service has not added it
}

absl::Status GetRecord(View& view, Table& table, absl::string_view name, Message& record) {
  return table.GetInto(view, name, record);
}

absl::Status ForEachRecord(View& view, Table& table, const contract::Where& where, int64_t limit,
                           const Message& prototype, absl::FunctionRef<absl::Status(Message&)> each) {
  Table::Query query;
  RETURN_IF_ERROR(table.Narrow(where, query));
  query.limit = limit;
  return table.List(view, std::move(query), [&](Record record) { return each(*record); });
}

absl::Status ScanRecords(View& view, Table& table, const contract::Where& where, const Moment& moment,
                         absl::Span<const absl::string_view> fields,
                         absl::FunctionRef<absl::Status(const Cells&)> each) {
  return table.Scan(view, where, moment, fields, each);
}

absl::Status InsertRecord(Tx& tx, Table& table, absl::string_view id, Message& record, const Faults* asked) {
  Table::Writing how;
  how.asked = asked;
  return table.Insert(tx, id, record, how);
}

absl::Status UpdateRecord(Tx& tx, Table& table, const Message& before, Message& after) {
  return table.Update(tx, before, after);
}

}  // namespace tsunagu::store
