#ifndef TSUNAGU_COMMON_RECORDS_RECORDS_H_
#define TSUNAGU_COMMON_RECORDS_RECORDS_H_

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/records/scan.h"
#include "common/records/tx.h"
#include "common/text/where.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

class Table;

// What Records needs from its table; code that uses Records does not need Table.
Table& TableOf(View& view, const google::protobuf::Descriptor* message);
absl::Status GetRecord(View& view, Table& table, absl::string_view name, google::protobuf::Message& record);
absl::Status ForEachRecord(View& view, Table& table, const contract::Where& where, int64_t limit,
                           const google::protobuf::Message& prototype,
                           absl::FunctionRef<absl::Status(google::protobuf::Message&)> each);
absl::Status ScanRecords(View& view, Table& table, const contract::Where& where, const Moment& moment,
                         absl::Span<const absl::string_view> fields,
                         absl::FunctionRef<absl::Status(const Cells&)> each);
absl::Status InsertRecord(Tx& tx, Table& table, absl::string_view id, google::protobuf::Message& record,
                          const Faults* asked);
absl::Status UpdateRecord(Tx& tx, Table& table, const google::protobuf::Message& before,
                          google::protobuf::Message& after);
// See Decision::AddConflict.
absl::Status AddConflict(Tx& tx, Table& table, absl::string_view name, absl::string_view field, Reason seen,
                         Reason unseen, Faults& faults);

// The records of one type within one visit of the database, limited by the view's scope. Cheap to copy.
template <typename M>
class Records {
 public:
  explicit Records(View& view) : view_(view), table_(TableOf(view, M::descriptor())) {}
  // Without a scope, and without identifying fields: for rules and for the program's own work.
  static Records All(View& view) {
    Records all(view);
    all.everything_ = true;
    return all;
  }

  // Errors: RESOURCE_NOT_FOUND when there is no such record.
  absl::StatusOr<M> Get(absl::string_view name) const {
    M record;
    RETURN_IF_ERROR(Reading([&] { return GetRecord(view_, table_, name, record); }));
    return record;
  }

  // Calls `each` for the records in order of id. `each` may move the record away.
  absl::Status ForEach(const contract::Where& where, absl::FunctionRef<absl::Status(M&)> each) const {
    return Limited(where, kAll, each);
  }

  // Passes the named fields of every matching record to `each`; see Table::Scan.
  absl::Status Scan(const contract::Where& where, const Moment& moment, std::vector<absl::string_view> fields,
                    absl::FunctionRef<absl::Status(const Cells&)> each) const {
    return Reading([&] { return ScanRecords(view_, table_, where, moment, fields, each); });
  }

  // Returns the matching record with the lowest id; nothing when none matches.
  absl::StatusOr<absl::optional<M>> Find(const contract::Where& where) const {
    absl::optional<M> found;
    RETURN_IF_ERROR(Limited(where, 1, [&](M& record) {
      found = std::move(record);
      return absl::OkStatus();
    }));
    return found;
  }

  absl::StatusOr<bool> Any(const contract::Where& where) const {
    ASSIGN_OR_RETURN(const absl::optional<M> found, Find(where));
    return found.has_value();
  }

  // Makes `record` a new row, as Table::Insert does: its rule runs. `asked`: faults that others have found in the
  // record.
  static absl::Status Insert(Tx& tx, absl::string_view id, M& record, const Faults* asked = nullptr) {
    return InsertRecord(tx, TableOf(tx, M::descriptor()), id, record, asked);
  }
  // Replaces `before`, as it was read, by `after`.
  static absl::Status Update(Tx& tx, const M& before, M& after) {
    return UpdateRecord(tx, TableOf(tx, M::descriptor()), before, after);
  }

 private:
  static constexpr int64_t kAll = INT64_MAX;

  template <typename Body>
  absl::Status Reading(Body body) const {
    if (!everything_) return body();
    const ReadAs all(view_, identity::Scope::Everything());
    return body();
  }

  absl::Status Limited(const contract::Where& where, int64_t limit, absl::FunctionRef<absl::Status(M&)> each) const {
    return Reading([&] {
      return ForEachRecord(view_, table_, where, limit, M::default_instance(),
                           [&](google::protobuf::Message& record) { return each(static_cast<M&>(record)); });
    });
  }

  View& view_;
  Table& table_;
  bool everything_ = false;
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_RECORDS_H_
