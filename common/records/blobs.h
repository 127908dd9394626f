#ifndef TSUNAGU_COMMON_RECORDS_BLOBS_H_
#define TSUNAGU_COMMON_RECORDS_BLOBS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/contract/schema.h"
#include "common/records/records.h"
#include "common/records/tx.h"

namespace tsunagu::store {

class Store;

// The blobs of one record within one visit of the database: bytes that belong to the record but are no records, such as
// the snapshot of a round. Each blob has a name and is stored in parts, in the table <record>_parts (round_parts). A
// part is encrypted for its place with the service's own key, or with the key of the person whom the record is about;
// then it can be read until the person is erased. Blobs are not journaled; a record that has to prove its blobs stores
// their digests. The method that reads blobs decides who may read them and for which purpose, and logs the access.
class Blobs {
 public:
  // Call before Open: records of type M may have blobs.
  template <typename M>
  static void AddTo(Store& store) {
    AddTable(store, contract::Schema::Of(M::descriptor()));
  }

  // Returns the blobs of the record `owner`. Errors: RESOURCE_NOT_FOUND when the view's scope has no such record.
  template <typename M>
  static absl::StatusOr<Blobs> Of(View& view, absl::string_view owner) {
    return Find(view, TableOf(view, M::descriptor()), owner);
  }

  struct Part {
    int64_t number = 0;  // within its blob, from 0
    std::string first;   // when a blob is sorted by a key: the first key of the part; at most 191 characters of ASCII
    std::string bytes;   // less than 16 MiB
  };
  // Stores a part of the blob `name` (at most 16 characters of ASCII). Errors: ALREADY_EXISTS when the part exists,
  // SUBJECT_ERASED.
  absl::Status Write(Tx& tx, absl::string_view name, const Part& part) const;

  // Gets the bytes of a part. Errors of reading: SUBJECT_ERASED; SEALED_DATA_DAMAGED when the part was changed or
  // moved.
  using Each = absl::FunctionRef<absl::Status(absl::string_view bytes)>;
  // Reads the parts with numbers from `from` (inclusive) to `until` (exclusive), in order. Missing parts are skipped.
  absl::Status Read(absl::string_view name, int64_t from, int64_t until, Each each) const;
  // Reads the only part that can contain `key`: the last one whose first key is not greater than `key`.
  absl::Status ReadAt(absl::string_view name, absl::string_view key, Each each) const;

 private:
  Blobs(View& view, const contract::Schema& owner, std::string id, std::string subject);
  static void AddTable(Store& store, const contract::Schema& owner);
  static absl::StatusOr<Blobs> Find(View& view, Table& table, absl::string_view owner);
  std::string ContextOf(absl::string_view name, int64_t part) const;
  absl::Status Select(absl::string_view name, absl::string_view condition, std::vector<Value> more, Each each) const;

  View& view_;
  const std::string table_, id_column_, id_;
  const std::string subject_;  // the person whom the record is about; empty when there is none
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_BLOBS_H_
