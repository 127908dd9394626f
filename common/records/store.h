#ifndef TSUNAGU_COMMON_RECORDS_STORE_H_
#define TSUNAGU_COMMON_RECORDS_STORE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/contract/schema.h"
#include "common/db/database.h"
#include "common/db/migration_plan.h"
#include "common/identity/actor.h"
#include "common/records/change_request.h"
#include "common/records/parts.h"
#include "common/records/tx.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

class Reached;
class SignedTable;
class StoreMetrics;

// Options for opening a database.
struct Opening {
  bool may_migrate = false;
  bool trusts_clock = false;  // also when the journal contains later times: the clock was ahead, and is right now
  std::function<absl::Status()> before_changes;  // as in ApplyMigration
  std::string reached_file;                      // the file of Reached; empty: there is none
};

// All data of one service: its tables, its journal, its requests and its secrets. Thread-safe once open.
class Store : public Parts {
 public:
  // Without a `keyring` the store can only report and create missing parts of the schema.
  Store(std::string service, std::unique_ptr<Database> database, std::unique_ptr<Keyring> keyring, const Clock& clock,
        Entropy& entropy);
  ~Store();

  // Call before Open. Adds a resource, or a table without a contract.
  Table& Add(const contract::Schema& schema);
  // Adds a resource whose rows give rights, so that the program acts on them by itself.
  Table& AddRights(const contract::Schema& schema);
  void AddPlain(TableDefinition definition);
  // Adds a table on whose rows the program acts; `table` must outlive the store.
  void AddSigned(const SignedTable& table, TableDefinition definition);
  const std::vector<const SignedTable*>& signed_tables() const { return signed_; }

  // Adds a schema change that contracts cannot express, numbered within the service's own series.
  void AddStep(SchemaStep step) { steps_.push_back(std::move(step)); }

  // Returns what has to be done before this binary can serve.
  absl::StatusOr<MigrationPlan> Plan();
  // Migrates the schema if that is allowed, else refuses with the command that does; loads the secrets. Errors:
  // CHANGES_LOST, ACCESS_LOG_LOST when the database ends before the point that was acknowledged.
  absl::Status Open(const Opening& opening);

  // Call before Open. Sets the hierarchy of places. `places` must outlive the store.
  void SetPlaces(const identity::Places& places) { places_ = &places; }
  // `action` runs after every commit of this process that may have changed which place lies in which.
  void OnPlacesChanged(std::function<void()> action) { on_places_changed_ = std::move(action); }

  absl::Status Read(const Actor& actor, Deadline deadline, absl::FunctionRef<absl::Status(View&)> body);
  // As Read, with Database::ReadInTurn.
  absl::Status ReadInTurn(const Actor& actor, Deadline deadline, absl::FunctionRef<absl::Status(View&)> body);

  // Runs `body` and commits; the effect happens exactly once per (principal, method, request id). A repeated request
  // fills `response` with the first answer: a record is rebuilt from the revision that was written, another message
  // from its bytes. `body` fills `response`. It may run several times, each time from the beginning.
  absl::Status Change(const Actor& actor, Deadline deadline, const ChangeRequest& request,
                      google::protobuf::Message& response, absl::FunctionRef<absl::Status(Tx&)> body);

  // Fills `response` with the answer that Change has given to this request before; returns false when there is none.
  // For use before work that takes long.
  absl::StatusOr<bool> FindAnswer(const Actor& actor, Deadline deadline, const ChangeRequest& request,
                                  google::protobuf::Message& response);

  // `action` runs after every commit with journal rows; it must not block.
  void OnJournaled(std::function<void()> action);

  // `action` runs after every row of the access log; it must not block.
  void OnLogged(std::function<void()> action);

  // Writes one row of the access log: who saw whose personal data, and why. The row is durable on return. Errors:
  // CLOCK_JUMPED as for changes.
  absl::Status LogAccess(const Actor& actor, Deadline deadline, absl::Span<const std::string> names);

  // Call before Open. Names a secret that this service has in addition to those of every service.
  void NameSecret(std::string name) { secret_names_.push_back(std::move(name)); }
  // Use instead of Open for read-only programs: loads the secrets that exist.
  absl::Status ReadSecrets();

  // Old confidential values and deleted keys remain in the logs of the databases until these are written back.
  // KeepsDeleted records that there are some. ForgetDeleted writes the logs back; when readers prevent that, a later
  // call does it.
  void KeepsDeleted() { keeps_deleted_ = true; }
  void ForgetDeleted();

 private:
  friend class PendingChange;
  absl::StatusOr<SchemaDefinition> Definition();
  absl::Status LoadSecrets();
  absl::Status SignOldRows();
  absl::Status CheckReached();
  absl::Status LayHead();
  absl::Status CheckKnownTime();
  absl::StatusOr<std::string> LoadSecret(absl::string_view name);
  // Records the request with its answer. Errors: ALREADY_EXISTS when a request with the same id is recorded already.
  absl::Status Remember(Tx& tx, absl::string_view digest, const google::protobuf::Message& response);
  // Fills `response` with the earlier answer to the request; returns false when there is none.
  absl::StatusOr<bool> ReplayKnown(const Actor& actor, Deadline deadline, absl::string_view digest,
                                   google::protobuf::Message& response);
  absl::StatusOr<bool> Replay(View& view, absl::string_view digest, google::protobuf::Message& response);

  const std::unique_ptr<StoreMetrics> metrics_;
  std::function<void()> on_places_changed_ = [] {};  // set before Open
  std::vector<TableDefinition> plain_;
  std::vector<const SignedTable*> signed_;
  std::vector<SchemaStep> steps_;
  std::vector<std::string> secret_names_ = {"pages", "search", "requests", "checkpoints", "rows"};
  std::unique_ptr<Reached> reached_;  // null when it is not recorded

  std::atomic<bool> keeps_deleted_{true};  // true at first, because an earlier process may have left some

  Mutex mutex_;
  std::set<std::string> in_flight_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_journaled_ ABSL_GUARDED_BY(mutex_) = [] {};
  std::function<void()> on_logged_ ABSL_GUARDED_BY(mutex_) = [] {};
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_STORE_H_
