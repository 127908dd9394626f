#ifndef TSUNAGU_COMMON_RECORDS_TABLE_H_
#define TSUNAGU_COMMON_RECORDS_TABLE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "common/base/error.h"
#include "common/jp/civil_day.h"
#include "common/records/access_keys.h"
#include "common/records/counted_ways.h"
#include "common/records/list_query.h"
#include "common/records/rule.h"
#include "common/records/scan.h"
#include "common/records/table_shape.h"
#include "google/protobuf/field_mask.pb.h"

namespace tsunagu::store {

struct JournalEntry;

using Record = std::unique_ptr<google::protobuf::Message>;

// The rows of one resource. Every call is limited by the view's scope: rows outside it do not exist for the call.
class Table {
 public:
  // `gives_rights`: its rows give rights, and each must be signed, whoever wrote it.
  Table(Parts& parts, const contract::Schema& schema, bool gives_rights = false);

  const contract::Schema& schema() const { return shape_.schema(); }
  const TableShape& shape() const { return shape_; }
  bool gives_rights() const { return gives_rights_; }
  // Signs the rows without a MAC, in a database from before there were MACs.
  absl::Status SignRows();
  // Restores the rows of one record, in this table and the side tables, from its newest sealed revision, whatever they
  // are now and whatever the scope. Removes a row for which the journal has no revision. Writes a new revision with the
  // same content. Returns the revision that was restored; 0 when there was none. Errors: ROW_FORGED when it differs
  // from its seal, JOURNAL_NOT_SEALED when a later revision still waits for sealing, NEWER_RECORD.
  absl::StatusOr<int64_t> Restore(Tx& tx, absl::string_view id);
  // Returns "areas/310000", "services/registry/apiKeys/k1".
  std::string NameOf(absl::string_view id) const { return schema().NameOf(id, service_); }

  // Errors: RESOURCE_NOT_FOUND when there is no such record.
  absl::StatusOr<Record> Get(View& view, absl::string_view name);
  // As Get, into an empty record.
  absl::Status GetInto(View& view, absl::string_view name, google::protobuf::Message& record);
  // Returns the record as known when the chain had reached `place`; it must be within the scope both now and then.
  absl::StatusOr<Record> GetKnown(View& view, absl::string_view name, int64_t place);
  // Returns null when there is none. `field` must be unique, or the name field.
  absl::StatusOr<Record> FindBy(View& view, const contract::Field& field, absl::string_view value);
  // As FindBy, into the record that `make` returns; `make` is called only when there is a row. Returns false when there
  // is none.
  absl::StatusOr<bool> FindInto(View& view, const contract::Field& field, absl::string_view value,
                                absl::FunctionRef<google::protobuf::Message&()> make);
  // Passes each record that FindBy would find for one of `values` to `each`, in few statements and in no order.
  absl::Status FindAllBy(View& view, const contract::Field& field, const std::vector<std::string>& values,
                         absl::FunctionRef<absl::Status(Record)> each);
  // Returns true when the record exists within the view's scope.
  absl::StatusOr<bool> Exists(View& view, absl::string_view id);

  using Query = ListQuery;
  // Adds the condition `where` to `query`.
  absl::Status Narrow(const contract::Where& where, Query& query) const;
  absl::Status List(View& view, Query query, absl::FunctionRef<absl::Status(Record)> each);
  // Lists rows whose searchable fields fold to the same text, and which fulfil `where`.
  absl::Status Search(View& view, absl::string_view text, const contract::Where& where, int64_t limit,
                      absl::FunctionRef<absl::Status(Record)> each);

  // Errors: RESOURCE_NOT_FOUND at the field parent when the caller cannot read `parent` ("courses/c1"). When `parent`
  // ends in "/-" (all), the record named in front of it is checked instead, if there is one.
  absl::Status CheckParent(View& view, absl::string_view parent);
  // Returns who may see `record`, and on which days.
  absl::StatusOr<std::vector<AccessKey>> AccessOf(View& view, const google::protobuf::Message& record);
  // Returns the record that decides who may see the record `name`: an ancestor or the record itself. Gives its table
  // and its name.
  std::pair<Table*, absl::string_view> AccessOwner(absl::string_view name);

  // Passes the named fields of every matching record to `each`: text, enums and days, filterable or not, but not
  // private. In no order.
  absl::Status Scan(View& view, const contract::Where& where, const Moment& moment,
                    absl::Span<const absl::string_view> fields, absl::FunctionRef<absl::Status(const Cells&)> each);
  // Lists records as known when the chain had reached `place`, by name, after the id `after`, at most `limit`; only
  // those that the view's scope reaches now and reached then.
  absl::Status ListKnown(View& view, const contract::FilterNode& filter, int64_t place, absl::string_view after,
                         int64_t limit, absl::FunctionRef<absl::Status(Record)> each);

  // How a change is checked, and where its faults go.
  struct Writing {
    absl::string_view path;         // prefix of the fields at fault ("area")
    bool contract_checked = false;  // ValidateRecord has found no fault in the record
    Faults* told = nullptr;         // receives every fault and every warning; without it, warnings are dropped
    // For an update: the fields that the caller names ("*": all of them); null when the program decides what changes.
    // Fields that the caller may not see are written blindly: no answer depends on their previous values.
    const google::protobuf::FieldMask* named = nullptr;
    // Faults that others have found in the record before the transaction, with paths of its fields. They are reported
    // with all others.
    const Faults* asked = nullptr;
  };

  // Makes `record` a new row. Its parent, if it has one, must exist and accept new records: RESOURCE_NOT_FOUND,
  // PARENT_ENDED. All faults of its contract, references, exclusive periods and rule are reported at once; then
  // RESOURCE_EXISTS, VALUE_TAKEN, OUT_OF_SCOPE. Fills name, times and etag.
  absl::Status Insert(Tx& tx, absl::string_view id, google::protobuf::Message& record, const Writing& how);
  absl::Status Insert(Tx& tx, absl::string_view id, google::protobuf::Message& record) {
    return Insert(tx, id, record, Writing());
  }
  // Replaces `before`, as it was read, by `after`. Refusals as for Insert. When both are equal and no field is written
  // blindly, nothing is checked or written. Errors: ETAG_MISMATCH when the row has changed since it was read. When the
  // change affects who may see the record, each record below it that inherits this gets a revision in the same
  // transaction.
  absl::Status Update(Tx& tx, const google::protobuf::Message& before, google::protobuf::Message& after,
                      const Writing& how);
  absl::Status Update(Tx& tx, const google::protobuf::Message& before, google::protobuf::Message& after) {
    return Update(tx, before, after, Writing());
  }
  // Adds what Insert (without `before`) and Update would refuse or warn about, without writing. Errors: SUBJECT_ERASED
  // when the record lacks erased fields.
  absl::Status Decide(Tx& tx, const google::protobuf::Message* before, const google::protobuf::Message& after,
                      const Writing& how, Faults& faults);

  // True when each new record is a person with a separate key.
  bool NeedsFreshKey() const { return schema().rule().personal() && IsOwnSubject(); }

  // Call before the store is opened. Sets the rule for what the contract cannot express. Every Insert and Update runs
  // it.
  void SetRule(Rule rule) { rule_ = std::move(rule); }

  // Returns whether the view's scope reached the record as it was after the change in `entry`.
  bool WasReached(View& view, const JournalEntry& entry) const;
  // Reads the record as a journal entry contains it. Fills personal fields only when `view` reads them, and never those
  // of somebody who was erased.
  absl::Status ReadImage(View& view, const JournalEntry& entry, google::protobuf::Message& record);

  // Clears the personal fields of the rows about `subject`, whatever the scope, with one revision each. Returns how
  // many rows.
  absl::StatusOr<int64_t> EraseRowsOf(Tx& tx, const std::string& subject);
  // Adjusts a row that is being erased.
  std::function<void(google::protobuf::Message&)> when_erased;
  // Limits the visibility of personal fields. Callers who reach a record only by the field `key` of access_by see them
  // only while `lasts` is true for the present record, whichever revision is shown.
  struct Sighting {
    std::string key;
    std::function<bool(const google::protobuf::Message& now, jp::CivilDay today)> lasts;
  };
  absl::optional<Sighting> sighting;
  // Completes a new record that a caller has sent with its first state.
  std::function<void(google::protobuf::Message&)> when_received;

  // Clears the fields of a new record that callers cannot set, and completes it. Call before its contract is checked.
  void Receive(google::protobuf::Message& record) const;

  // Returns the id that the contract requires, without the ids of its ancestors: from its id_field, or made by the
  // server.
  std::string DerivedId(const google::protobuf::Message& record);

 private:
  friend class ExpectedRow;  // computes what a row must contain, from the journal

  // Who may see a record before a change and after it.
  struct Access {
    std::vector<AccessKey> before, after;
  };
  absl::StatusOr<Access> AccessOf(View& view, const google::protobuf::Message* before,
                                  const google::protobuf::Message& after);
  absl::Status Decide(Tx& tx, const google::protobuf::Message* before, const google::protobuf::Message& after,
                      const Writing& how, Faults& faults, Outcome* outcome);
  static absl::Status RunConsequences(Tx& tx, const Outcome& outcome);
  absl::Status TakeParent(Tx& tx, absl::string_view name);
  absl::Status GuardChildren(Tx& tx, const google::protobuf::Message& before, const google::protobuf::Message& after,
                             const Access& access);
  absl::Status Follow(Tx& tx, absl::string_view above, const Access& access);
  absl::Status ReviseRow(Tx& tx, const std::string& id, const Access& access);
  // Returns VALUE_TAKEN, or KEY_UNAVAILABLE when the record with the value is outside the scope.
  absl::Status TakenValue(View& view, absl::string_view index, const google::protobuf::Message& record);
  absl::Status CheckScope(View& view, const google::protobuf::Message* before, const google::protobuf::Message& record,
                          const std::vector<AccessKey>& keys);
  absl::Status CheckMove(View& view, const google::protobuf::Message& before, const google::protobuf::Message& record,
                         const Access& access);
  // Returns the private fields that this change names although the caller may not see them in `before`.
  absl::StatusOr<std::vector<const contract::Field*>> WrittenBlindly(View& view,
                                                                     const google::protobuf::Message& before,
                                                                     const Writing& how);
  absl::Status CheckReferences(View& view, const google::protobuf::Message* before,
                               const google::protobuf::Message& after, const Writing& how, Faults& faults);
  absl::Status CheckExclusive(Tx& tx, const google::protobuf::Message* before, const google::protobuf::Message& after,
                              Faults& faults);
  absl::Status CheckWithin(Tx& tx, const google::protobuf::Message* before, const google::protobuf::Message& after,
                           Faults& faults);
  // Adds the places in which `place` lies by records of this table, on any day.
  absl::Status AddPlacesAround(View& view, const std::string& place, std::vector<std::string>& around);
  // True when the record may put `within.inner` into a place in which it was not, or was on other days.
  bool Moves(const Within& within, const google::protobuf::Message* before,
             const google::protobuf::Message& after) const;
  absl::Status ScanKnown(View& view, const contract::Where& where, int64_t place,
                         const std::vector<const contract::Field*>& fields,
                         absl::FunctionRef<absl::Status(const Cells&)> each);
  absl::Status ForEachKnown(View& view, absl::string_view after_id, int64_t place,
                            absl::FunctionRef<absl::Status(const JournalEntry&)> each);
  std::vector<std::string> TokensOf(const google::protobuf::Message& record) const;
  absl::Status WriteSides(Tx& tx, absl::string_view id, const google::protobuf::Message* before,
                          const google::protobuf::Message& after, const Access& access);
  absl::Status ReplaceAccess(Tx& tx, absl::string_view id, const Access& access);
  absl::Status ReplaceSide(Tx& tx, absl::string_view suffix, absl::string_view key, absl::string_view id, bool had_rows,
                           const std::vector<std::string>& values);
  // `key_id` encrypts the personal fields; empty when there are none.
  absl::Status Journal(Tx& tx, int64_t stamp, int64_t revision, const std::string& key_id, const Access& access,
                       const google::protobuf::Message& after);
  std::string SubjectOf(const google::protobuf::Message& record) const;
  // True when the subject of a record is the record itself.
  bool IsOwnSubject() const { return schema().rule().data_subject() == schema().name_field()->name(); }
  // Returns the fields of `record` with at least this privacy, encrypted as its `part`.
  absl::StatusOr<std::string> EncryptPart(const std::string& key_id, const google::protobuf::Message& record,
                                          Privacy at_least, absl::string_view part);
  // Adds the fields that EncryptPart has encrypted. Returns false, and adds nothing, when the key was erased.
  absl::StatusOr<bool> DecryptPart(absl::string_view encrypted, absl::string_view part,
                                   google::protobuf::Message& record);
  absl::Status EraseRow(Tx& tx, const std::string& id);
  absl::Status SignPage(Session& session, absl::Span<const std::pair<std::string, std::string>> macs) const;
  // Returns whether the row differs from what the program has written.
  bool IsForged(const Row& row);
  // Returns whether a newer binary has added columns that this one does not know. They are part of a MAC.
  bool HasNewerColumns();
  // For a row that was found through a side table, whose rows carry no MAC: checks that the record itself justifies it.
  // Errors: ROW_FORGED.
  absl::Status CheckBeside(View& view, absl::Span<const contract::FilterNode> claims,
                           const google::protobuf::Message& record) const;
  // The same check and the check of the MAC, for a row that is not read into a record.
  absl::Status CheckRow(View& view, absl::Span<const contract::FilterNode> claims, const Row& row);
  absl::Status ReadInto(View& view, const Row& row, google::protobuf::Message& record);
  // Selects `columns`, with the alias t, from the rows of `query` within the view's scope, by the smallest way in.
  absl::Status Select(View& view, const Query& query, absl::string_view columns,
                      absl::FunctionRef<absl::Status(const Row&)> each) const;
  void ScopeCondition(const identity::Scope& scope, std::string& sql, Parameters& parameters) const;
  // The session for a statement that reads side tables only by ScopeCondition.
  Session& SessionOf(View& view) const;
  std::string TokenOf(absl::string_view text) const;

  Parts& parts_;
  const TableShape shape_;
  const std::string service_;  // "services/registry", when names begin with it
  Table* const parent_;        // null when its records have no parent
  std::vector<Table*> heirs_;  // tables below it whose records inherit who may see them from the record here
  bool has_children_ = false;
  mutable CountedWays counted_ways_;
  Rule rule_;
  const bool gives_rights_;
  const bool knows_reach_;  // the columns of a row determine who may see it
  std::atomic<bool> has_newer_columns_{false};
};

// Sets the times, in microseconds, and the revision as the etag.
void SetStamps(const contract::Schema& schema, int64_t create, int64_t update, int64_t revision,
               google::protobuf::Message& record);
int64_t RevisionOf(const contract::Schema& schema, const google::protobuf::Message& record);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_TABLE_H_
