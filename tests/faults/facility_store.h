#ifndef TSUNAGU_TESTS_FAULTS_FACILITY_STORE_H_
#define TSUNAGU_TESTS_FAULTS_FACILITY_STORE_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/records/store.h"
#include "tests/faults/history.h"
#include "tsunagu/registry/v1/facility.pb.h"

namespace tsunagu::faults {

// The store of a registry with facilities only, in this process on one SQLite file, so that a test can replace the file
// system below it. Records every operation in the history. Thread-safe.
class FacilityStore {
 public:
  // The keys are in the folder `keys`, where they are created first. `history` must outlive this object.
  static absl::StatusOr<std::unique_ptr<FacilityStore>> Open(const std::string& path, const std::string& keys,
                                                             History& history);

  // Writes the request id as the value.
  absl::Status Create(const std::string& id, const std::string& request_id);
  // Reads the record first, and changes what it has read.
  absl::Status Update(const std::string& id, const std::string& request_id);
  absl::Status Read(const std::string& id);
  store::Database& database() { return store_.database(); }

 private:
  using Body = absl::FunctionRef<absl::Status(store::Tx&, registry::v1::Facility&)>;

  FacilityStore(std::unique_ptr<store::Database> database, std::unique_ptr<store::Keyring> keyring, History& history);
  absl::Status Change(Operation::Kind kind, const std::string& id, const std::string& request_id, Body body);
  void Note(Operation operation, const absl::Status& status, const registry::v1::Facility& facility);

  History& history_;
  store::Store store_;
  store::Table& facilities_;
};

// Compares the history with the file, which must not be in use, and runs SQLite's integrity check.
void ExpectFileHolds(const std::string& path, const History& history);

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_FACILITY_STORE_H_
