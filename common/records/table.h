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
#include "common/records/store.h"
#include "common/records/table_shape.h"
#include "google/protobuf/field_mask.pb.h"

namespace tsunagu::store {

struct JournalEntry;

using Record = std::unique_ptr<google::protobuf::Message>;

// The rows of one resource. Every call goes through the view's scope: what lies outside is not there.
class Table {
 public:
  // `gives_rights`: its rows say who may do what, and each has to be signed, whoever wrote it.
  Table(Store& store, const contract::Schema& schema, bool gives_rights = false);

  const contract::Schema& schema() const { return shape_.schema(); }
  const TableShape& shape() const { return shape_; }
  bool gives_rights() const { return gives_rights_; }
  // Signs the rows that have no MAC, of a database from before there were any.
  absl::Status SignRows();
  // Makes the rows of one record, in this table and beside it, what its newest sealed revision says, whatever they are
  // now and whatever the scope; a row that no revision tells of is removed. It is a revision of its own, which says
  // nothing new. The revision that was taken; 0 where there was none. ROW_FORGED where that is not what was sealed,
  // JOURNAL_NOT_SEALED where a later one still waits, NEWER_RECORD.
  absl::StatusOr<int64_t> Restore(Tx& tx, absl::string_view id);
  // "areas/310000", "services/registry/apiKeys/k1".
  std::string NameOf(absl::string_view id) const { return schema().NameOf(id, service_); }

  // RESOURCE_NOT_FOUND where there is none.
  absl::StatusOr<Record> Get(View& view, absl::string_view name);
  // The same into an empty record.
  absl::Status GetInto(View& view, absl::string_view name, google::protobuf::Message& record);
  // As it was known when the chain had reached `place`, within the scope now and then.
  absl::StatusOr<Record> GetKnown(View& view, absl::string_view name, int64_t place);
  // Null where there is none. `field` is unique, or the name field.
  absl::StatusOr<Record> FindBy(View& view, const contract::Field& field, absl::string_view value);
  // The same into the record that `make` gives where there is one; false where there is none.
  absl::StatusOr<bool> FindInto(View& view, const contract::Field& field, absl::string_view value,
                                absl::FunctionRef<google::protobuf::Message&()> make);
  // True when it is there and within the view's scope.
  absl::StatusOr<bool> Exists(View& view, absl::string_view id);

  using Query = ListQuery;
  // Narrows `query` to what `where` says.
  absl::Status Narrow(const contract::Where& where, Query& query) const;
  absl::Status List(View& view, Query query, absl::FunctionRef<absl::Status(Record)> each);
  // Rows whose searchable fields fold to the same text, as far as `where` holds for them.
  absl::Status Search(View& view, absl::string_view text, const contract::Where& where, int64_t limit,
                      absl::FunctionRef<absl::Status(Record)> each);

  // RESOURCE_NOT_FOUND at the field parent where the caller cannot read `parent` ("courses/c1"), or of "courses/-" what
  // it names.
  absl::Status CheckParent(View& view, absl::string_view parent);
  // Who may see `record`, on which days.
  absl::StatusOr<std::vector<AccessKey>> AccessOf(View& view, const google::protobuf::Message& record);
  // Where who may see a record follows from another above it: that one's table, and its name. Else itself.
  std::pair<Table*, absl::string_view> AccessOwner(absl::string_view name);

  // Of every record that fits, the fields named: text, enums and days, filterable or not, but not private. In no order.
  absl::Status Scan(View& view, const contract::Where& where, const Moment& moment,
                    absl::Span<const absl::string_view> fields, absl::FunctionRef<absl::Status(const Cells&)> each);
  // Records as they were known when the chain had reached `place`, by name behind the id `after`, at most `limit`; of
  // those that the view's scope reaches now, and reached then.
  absl::Status ListKnown(View& view, const contract::FilterNode& filter, int64_t place, absl::string_view after,
                         int64_t limit, absl::FunctionRef<absl::Status(Record)> each);

  // How a change is checked, and who is told.
  struct Writing {
    absl::string_view path;         // stands before the fields at fault ("area")
    bool contract_checked = false;  // ValidateRecord has found nothing wrong with the record as it is
    Faults* told = nullptr;         // is given every fault and every warning; without it, warnings are dropped
    // An update: the fields that the caller names ("*": all of them); null where the program says what changes. Those
    // that he may not see are written blindly: nothing that is answered depends on what was there.
    const google::protobuf::FieldMask* named = nullptr;
    // What others have found wrong with the record before the transaction, at its fields: refuses it with all the rest.
    const Faults* asked = nullptr;
  };

  // Makes `record` a new row. Its parent, if it has one, has to be there and to take new records: RESOURCE_NOT_FOUND,
  // PARENT_ENDED. Refused with every fault at once: its contract, its references, exclusive periods, its rule; then
  // RESOURCE_EXISTS, VALUE_TAKEN, OUT_OF_SCOPE. Fills name, times and etag.
  absl::Status Insert(Tx& tx, absl::string_view id, google::protobuf::Message& record, const Writing& how);
  absl::Status Insert(Tx& tx, absl::string_view id, google::protobuf::Message& record) {
    return Insert(tx, id, record, Writing());
  }
  // Replaces `before`, as it was read, by `after`; refused as Insert is. Nothing is written, and nothing checked, when
  // they say the same and none is written blindly. ETAG_MISMATCH when it is no longer as it was read. Where another may
  // see it from now on, so for all records below it whose contract says nothing else: each gets a revision in the same
  // transaction.
  absl::Status Update(Tx& tx, const google::protobuf::Message& before, google::protobuf::Message& after,
                      const Writing& how);
  absl::Status Update(Tx& tx, const google::protobuf::Message& before, google::protobuf::Message& after) {
    return Update(tx, before, after, Writing());
  }
  // What Insert (without `before`) and Update would refuse or warn about, without writing. SUBJECT_ERASED where the
  // record lacks what was erased.
  absl::Status Decide(Tx& tx, const google::protobuf::Message* before, const google::protobuf::Message& after,
                      const Writing& how, Faults& faults);

  // True where each new record is a person with a key of her own.
  bool NeedsFreshKey() const { return schema().rule().personal() && IsOwnSubject(); }

  // Before the store is opened: what the contract cannot say. Insert and Update run it, whoever calls them.
  void SetRule(Rule rule) { rule_ = std::move(rule); }

  // True where the view's scope reached the record as it was after the change that `entry` tells of.
  bool WasReached(View& view, const JournalEntry& entry) const;
  // The record as a journal entry has it; what is personal only where `view` reads that, and never of somebody who was
  // erased.
  absl::Status ReadImage(View& view, const JournalEntry& entry, google::protobuf::Message& record);

  // Clears what is personal in the rows about `subject`, whatever the scope, with a revision each. How many rows.
  absl::StatusOr<int64_t> EraseRowsOf(Tx& tx, const std::string& subject);
  // Adjusts a row that is being erased.
  std::function<void(google::protobuf::Message&)> when_erased;
  // What is personal in a record is shown to those who reach it by the field `key` of access_by alone only while
  // `lasts` says so of the record as it stands now, whatever revision is shown.
  struct Sighting {
    std::string key;
    std::function<bool(const google::protobuf::Message& now, jp::CivilDay today)> lasts;
  };
  absl::optional<Sighting> sighting;
  // Completes a new record that a caller has sent: its first state.
  std::function<void(google::protobuf::Message&)> when_received;

  // Clears the fields of a new record that callers cannot set, and completes it. Comes before its contract is checked.
  void Receive(google::protobuf::Message& record) const;

  // The id that the contract says, without those above it: from its id_field, or made by the server.
  std::string DerivedId(const google::protobuf::Message& record);

 private:
  friend class ExpectedRow;  // what a row has to be, as the journal says

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
  // VALUE_TAKEN, or KEY_UNAVAILABLE where whoever has it lies outside the scope.
  absl::Status TakenValue(View& view, absl::string_view index, const google::protobuf::Message& record);
  absl::Status CheckScope(View& view, const google::protobuf::Message* before, const google::protobuf::Message& record,
                          const std::vector<AccessKey>& keys);
  absl::Status CheckMove(View& view, const google::protobuf::Message& before, const google::protobuf::Message& record,
                         const Access& access);
  // The private fields that are named for this change, by somebody who may not see them in `before`.
  absl::StatusOr<std::vector<const contract::Field*>> WrittenBlindly(View& view,
                                                                     const google::protobuf::Message& before,
                                                                     const Writing& how);
  absl::Status CheckReferences(View& view, const google::protobuf::Message* before,
                               const google::protobuf::Message& after, const Writing& how, Faults& faults);
  absl::Status CheckExclusive(Tx& tx, const google::protobuf::Message* before, const google::protobuf::Message& after,
                              Faults& faults);
  absl::Status CheckWithin(Tx& tx, const google::protobuf::Message* before, const google::protobuf::Message& after,
                           Faults& faults);
  // The places that records of this table put around `place`, on any day.
  absl::Status AddPlacesAround(View& view, const std::string& place, std::vector<std::string>& around);
  // True where the record may put `within.inner` into a place in which it did not lie, or not on the same days.
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
  // `key_id` seals what is personal; empty where nothing is.
  absl::Status Journal(Tx& tx, int64_t stamp, int64_t revision, const std::string& key_id, const Access& access,
                       const google::protobuf::Message& after);
  std::string SubjectOf(const google::protobuf::Message& record) const;
  // True where a record's subject is the record.
  bool IsOwnSubject() const { return schema().rule().data_subject() == schema().name_field()->name(); }
  // The fields of `record` that are at least so private, sealed as its `part`.
  absl::StatusOr<std::string> EncryptPart(const std::string& key_id, const google::protobuf::Message& record,
                                          Privacy at_least, absl::string_view part);
  // Adds what EncryptPart has sealed; nothing, and false, when the key was erased.
  absl::StatusOr<bool> DecryptPart(absl::string_view sealed, absl::string_view part, google::protobuf::Message& record);
  absl::Status EraseRow(Tx& tx, const std::string& id);
  absl::Status SignPage(Session& session, absl::Span<const std::pair<std::string, std::string>> macs) const;
  // Whether the row is other than the program has written it.
  bool IsForged(const Row& row);
  // Whether a newer binary has given the table columns that this one does not know. They count in a MAC.
  bool HasNewerColumns();
  // Of a row that was reached by rows beside it: whether its record says so too. They carry no MAC. ROW_FORGED.
  absl::Status CheckBeside(View& view, absl::Span<const contract::FilterNode> claims,
                           const google::protobuf::Message& record) const;
  // Of a row that is not read into a record: the same, and its MAC.
  absl::Status CheckRow(View& view, absl::Span<const contract::FilterNode> claims, const Row& row);
  absl::Status ReadInto(View& view, const Row& row, google::protobuf::Message& record);
  // `columns`, over the alias t, of the rows of `query` within the view's scope, reached by the smallest way in.
  absl::Status Select(View& view, const Query& query, absl::string_view columns,
                      absl::FunctionRef<absl::Status(const Row&)> each) const;
  void ScopeCondition(const identity::Scope& scope, std::string& sql, Parameters& parameters) const;
  std::string TokenOf(absl::string_view text) const;

  Store& store_;
  const TableShape shape_;
  const std::string service_;  // "services/registry", where names begin with it
  Table* const parent_;        // null where its records lie under none
  std::vector<Table*> heirs_;  // below it, where who may see a record follows from the record here
  bool has_children_ = false;
  mutable CountedWays counted_ways_;
  Rule rule_;
  const bool gives_rights_;
  const bool knows_reach_;  // a row's columns say who may see it
  std::atomic<bool> has_newer_columns_{false};
};

// Times in microseconds, and the revision as its etag.
void SetStamps(const contract::Schema& schema, int64_t create, int64_t update, int64_t revision,
               google::protobuf::Message& record);
int64_t RevisionOf(const contract::Schema& schema, const google::protobuf::Message& record);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_TABLE_H_
