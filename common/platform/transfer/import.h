#ifndef TSUNAGU_COMMON_PLATFORM_TRANSFER_IMPORT_H_
#define TSUNAGU_COMMON_PLATFORM_TRANSFER_IMPORT_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "common/platform/transfer/import_chunk.pb.h"
#include "common/rpc/bind.h"
#include "common/service/sight.h"
#include "common/text/file_format.h"
#include "common/text/heading.h"
#include "common/text/row_source.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu {

class Service;
struct Resource;
namespace identity {
struct Actor;
}
namespace store {
class Table;
class Tx;
class View;
}  // namespace store

// Returns the error that files of this collection cannot be imported, with the collections that can.
absl::Status NotImportable(const Service& service, const std::string& collection);

// One running import. Rows are written by transactions of at most kChunkRows. Each is a separate request
// (<request_id>/<number>), so that a file sent again after an interruption gets the same answers. Memory is constant
// except for 20 to 40 bytes per row, to find repeated keys, for an all-or-nothing file, which is kept whole, and for
// what a RowSource needs.
class Import : public rpc::Duplex<platform::v1::ImportRowsRequest, platform::v1::ImportRowsResponse> {
 public:
  Import(Service& service, rpc::Call& call);

  absl::Status Push(const platform::v1::ImportRowsRequest& request) override;
  absl::Status Close() override;
  absl::StatusOr<bool> Next(platform::v1::ImportRowsResponse& response) override;

 private:
  using Record = std::unique_ptr<google::protobuf::Message>;
  struct ParsedRow {
    int64_t line = 0;
    Record record;  // null when nothing could be read
    std::string id;
    google::protobuf::FieldMask filled;  // fields filled by the asked service, not by the file
    std::vector<Fault> faults;           // the field is the column's heading, or the field's own name
    bool contract_checked = false;       // its contract has no fault for it as a new record
    bool not_wanted = false;             // the layout skips it
  };

  absl::Status Begin(const platform::v1::ImportRowsRequest& request);
  absl::Status Advance();
  absl::Status Conclude();
  absl::Status TakeRow(FileRow row);
  absl::Status TakeHeading(const FileRow& row);
  // Pads the row to the width of the heading: a row may end before the heading does.
  void Fit(FileRow& row) const;
  ParsedRow Parse(FileRow row);
  void CheckRepeated(ParsedRow& row);
  int NewPeople() const;
  void PassOver(const ParsedRow& row, service::ImportChunk& chunk) const;
  void CountNotWanted(const service::ImportChunk& chunk);
  void WarnWithoutKeys();
  absl::Status StoreChunk();
  // Asks another service for faults of rows.
  absl::Status AskFirst(const identity::Actor& actor);
  absl::Status Upsert(store::Tx& tx, ParsedRow& row, service::ImportChunk& chunk);
  // Replaces references written as the import key of their target by its name; others stay unchanged.
  absl::Status ResolveReferences(store::Tx& tx, google::protobuf::Message& record) const;
  // The same for the record's parent: "03-02/" becomes "line-id/".
  absl::Status ResolveParent(store::Tx& tx, std::string& id) const;
  // Finds the records of the chunk's keys, and those that its references name by a key, in few statements.
  absl::Status FindAhead(store::Tx& tx);
  absl::Status FindReferencesAhead(store::Tx& tx);
  store::Table* NamedByKey(const contract::Field& field) const;
  // Takes what FindAhead has found for the key, once: another row of the chunk may have the same key.
  absl::StatusOr<Record> FindExisting(store::View& view, const ParsedRow& row);
  // Returns the record as the caller may see it.
  absl::StatusOr<Record> AsSeen(const google::protobuf::Message& record);
  // Returns the fields that the row may change. Adds faults when its key belongs to another record, or its record has
  // ended.
  absl::StatusOr<google::protobuf::FieldMask> Changeable(const google::protobuf::Message& before, const ParsedRow& row,
                                                         std::vector<Fault>& faults);
  // Returns the warning for the row: that a record has all values of the row, or that so many records look like it that
  // not all were compared. Empty when there is none, or the caller can find none.
  absl::StatusOr<absl::optional<Fault>> FindEqual(store::Tx& tx, const ParsedRow& row);
  absl::Status Write(store::Tx& tx, ParsedRow& row, const google::protobuf::Message* before,
                     service::ImportChunk& chunk, std::vector<Fault>& faults);
  static void AddAll(const Faults& found, std::vector<Fault>& faults);
  // Adds faults, except that a cell that could not be read is not also reported as missing.
  void AddNew(const Faults& found, std::vector<Fault>& faults) const;
  void Report(const ParsedRow& row, bool refused, const std::vector<Fault>& faults, service::ImportChunk& chunk);
  std::string KeyOf(const google::protobuf::Message& record, const std::string& id) const;
  std::string KeyOf(const ParsedRow& row) const { return KeyOf(*row.record, row.id); }
  // For a file that is a whole list: returns the source of the record and the list of it that contains the record.
  std::string ListOf(const google::protobuf::Message& record) const;
  absl::Status TellMissing();
  absl::Status TellMissingOf(const std::vector<Record>& page);
  platform::v1::RowOutcome OutcomeOf(int64_t line, bool refused, const std::vector<Fault>& faults) const;
  std::string CellOf(absl::string_view column, int64_t line) const;

  Service& service_;
  rpc::Call& call_;
  platform::v1::ImportRowsRequest options_;
  Resource* resource_ = nullptr;
  std::unique_ptr<RowSource> source_;
  absl::optional<HeadingSearch> search_;
  std::unique_ptr<RowReader> reader_;  // set once the heading is found
  bool complete_ = false;              // the file has ended
  std::vector<std::string> heading_;
  std::map<std::string, size_t> indexes_;  // of columns, by the compared form of the heading

  std::vector<ParsedRow> chunk_;
  std::string chunk_bytes_;  // the text of the chunk, for its digest
  int64_t chunks_ = 0;
  std::set<std::string> keys_ahead_;                // of the chunk, not used yet
  std::map<std::string, Record> found_ahead_;       // by key
  std::map<std::string, std::string> names_ahead_;  // by "<type> <key>"; empty when the key is an id
  absl::flat_hash_map<uint64_t, int64_t> seen_;     // hash of the key -> row
  std::set<std::string> assumed_;                   // records that a dry run would have created
  bool has_keys_ = false;                           // at least one row can be found again
  std::set<std::string> lists_;                     // for a whole list: the lists of its rows
  Sight sight_;

  platform::v1::ImportSummary summary_;
  absl::Status refusal_;  // for an all-or-nothing file
  std::deque<platform::v1::ImportRowsResponse> answers_;
  bool concluded_ = false;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_PLATFORM_TRANSFER_IMPORT_H_
