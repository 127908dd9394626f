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

// The blobs of one record within one visit of the database: bytes that belong to it and are no records, such as the
// snapshot of a round. Each has a name and lies in parts, in the table <record>_parts (round_parts). Parts are
// encrypted for their place with the service's own key, or with that of the person whom the record is about: then they
// can be read until she is erased. They are in no journal; a record that has to prove its blobs keeps their digests.
// Who may read them, for which purpose, and who is told of it is up to the method that reads them.
class Blobs {
 public:
  // Before Open: the records of type M may have blobs.
  template <typename M>
  static void AddTo(Store& store) {
    AddTable(store, contract::Schema::Of(M::descriptor()));
  }

  // Those of the record called `owner`; RESOURCE_NOT_FOUND where the view's scope holds none of that name.
  template <typename M>
  static absl::StatusOr<Blobs> Of(View& view, absl::string_view owner) {
    return Find(view, TableOf(view, M::descriptor()), owner);
  }

  struct Part {
    int64_t number = 0;  // within its blob, from 0
    std::string first;   // where a blob is sorted by a key: the first key of the part; at most 191 characters of ASCII
    std::string bytes;   // less than 16 MiB
  };
  // Keeps a part of the blob `name` (at most 16 characters of ASCII). ALREADY_EXISTS where it is there. SUBJECT_ERASED.
  absl::Status Write(Tx& tx, absl::string_view name, const Part& part) const;

  // `each` is given the bytes of a part. SUBJECT_ERASED; SEALED_DATA_DAMAGED when they were changed or moved.
  using Each = absl::FunctionRef<absl::Status(absl::string_view bytes)>;
  // The parts of the blob from number `from` to before `until`, in order; none where there are none.
  absl::Status Read(absl::string_view name, int64_t from, int64_t until, Each each) const;
  // The part that holds `key` if any does: the last one whose first key is not behind it.
  absl::Status ReadAt(absl::string_view name, absl::string_view key, Each each) const;

 private:
  Blobs(View& view, const contract::Schema& owner, std::string id, std::string subject);
  static void AddTable(Store& store, const contract::Schema& owner);
  static absl::StatusOr<Blobs> Find(View& view, Table& table, absl::string_view owner);
  std::string ContextOf(absl::string_view name, int64_t part) const;
  absl::Status Select(absl::string_view name, absl::string_view condition, std::vector<Value> more, Each each) const;

  View& view_;
  const std::string table_, id_column_, id_;
  const std::string subject_;  // the person whom the record is about; empty where it is about nobody
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_BLOBS_H_
