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
class Tx;
class View;
}  // namespace store

// Why files of this collection are not taken, with those that are.
absl::Status NotImportable(const Service& service, const std::string& collection);

// One import in progress. Rows go in by transactions of at most kChunkRows; each is a request of its own
// (<request_id>/<number>), so that a file sent again after a break answers what it answered. Memory is constant but
// for 20 to 40 bytes a row, by which repeated keys are found, for an all-or-nothing file, which is kept whole, and for
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
    google::protobuf::FieldMask filled;  // by whoever was asked about it, and not by the file
    std::vector<Fault> faults;           // the field is the column's heading, or the field's own name
    bool contract_checked = false;       // its contract finds nothing wrong with it as a new record
    bool not_wanted = false;             // the layout passes it over
  };

  absl::Status Begin(const platform::v1::ImportRowsRequest& request);
  absl::Status Advance();
  absl::Status Conclude();
  absl::Status TakeRow(FileRow row);
  absl::Status TakeHeading(const FileRow& row);
  // To the width of the heading: a row ends with its last value, not where the table does.
  void Fit(FileRow& row) const;
  ParsedRow Parse(FileRow row);
  void CheckRepeated(ParsedRow& row);
  int NewPeople() const;
  void PassOver(const ParsedRow& row, service::ImportChunk& chunk) const;
  void CountNotWanted(const service::ImportChunk& chunk);
  void WarnWithoutKeys();
  absl::Status StoreChunk();
  // Faults of rows that another service knows of.
  absl::Status AskFirst(const identity::Actor& actor);
  absl::Status Upsert(store::Tx& tx, ParsedRow& row, service::ImportChunk& chunk);
  // References that are spelled as the import key of their target become its name; others stay as they are.
  absl::Status ResolveReferences(store::Tx& tx, google::protobuf::Message& record) const;
  // The same of the record that one lies under: "03-02/" becomes "line-id/".
  absl::Status ResolveParent(store::Tx& tx, std::string& id) const;
  absl::StatusOr<Record> FindExisting(store::View& view, const ParsedRow& row);
  // The record as the caller may see it.
  absl::StatusOr<Record> AsSeen(const google::protobuf::Message& record);
  // The fields that the row may change; faults where its key is that of another record, or its record has ended.
  absl::StatusOr<google::protobuf::FieldMask> Changeable(const google::protobuf::Message& before, const ParsedRow& row,
                                                         std::vector<Fault>& faults);
  // What the row is warned of, where a record says all the row says, or where so many look like it that not all were
  // compared.
  absl::StatusOr<absl::optional<Fault>> FindEqual(store::Tx& tx, const ParsedRow& row);
  absl::Status Write(store::Tx& tx, ParsedRow& row, const google::protobuf::Message* before,
                     service::ImportChunk& chunk, std::vector<Fault>& faults);
  static void AddAll(const Faults& found, std::vector<Fault>& faults);
  // A cell that could not be read is not also told to be missing.
  void AddNew(const Faults& found, std::vector<Fault>& faults) const;
  void Report(const ParsedRow& row, bool refused, const std::vector<Fault>& faults, service::ImportChunk& chunk);
  std::string KeyOf(const google::protobuf::Message& record, const std::string& id) const;
  std::string KeyOf(const ParsedRow& row) const { return KeyOf(*row.record, row.id); }
  // Of a whole list: from which source the record came, in which of its lists it stands.
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
  std::unique_ptr<RowReader> reader_;  // once the heading is found
  bool complete_ = false;              // the file has come to its end
  std::vector<std::string> heading_;
  std::map<std::string, size_t> places_;  // of headings as they are compared

  std::vector<ParsedRow> chunk_;
  std::string chunk_bytes_;  // what the chunk was parsed from, for its digest
  int64_t chunks_ = 0;
  absl::flat_hash_map<uint64_t, int64_t> seen_;  // hash of the key -> row
  std::set<std::string> assumed_;                // what a dry run would have created
  bool has_keys_ = false;                        // some row can be found again
  std::set<std::string> lists_;                  // of a whole list: those that its rows stand in
  Sight sight_;

  platform::v1::ImportSummary summary_;
  absl::Status refusal_;  // of an all-or-nothing file
  std::deque<platform::v1::ImportRowsResponse> answers_;
  bool concluded_ = false;
};

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_PLATFORM_TRANSFER_IMPORT_H_
