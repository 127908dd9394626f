#ifndef TSUNAGU_COMMON_RECORDS_STORE_H_
#define TSUNAGU_COMMON_RECORDS_STORE_H_

#include <atomic>
#include <functional>
#include <map>
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
#include "common/base/clock.h"
#include "common/base/entropy.h"
#include "common/base/mutex.h"
#include "common/contract/schema.h"
#include "common/db/database.h"
#include "common/db/migration_plan.h"
#include "common/identity/actor.h"
#include "common/identity/places.h"
#include "common/keys/keyring.h"
#include "common/records/tx.h"
#include "google/protobuf/message.h"

namespace tsunagu::store {

class Reached;
class SignedTable;
class StoreMetrics;
class Table;

// How a database is opened.
struct Opening {
  bool may_migrate = false;
  bool trusts_clock = false;  // also where the journal holds later times: it was ahead, and is right now
  std::function<absl::Status()> before_changes;  // as in ApplyMigration
  std::string reached_file;                      // where Reached is kept; empty: nowhere
};

// All data of one service: its tables, its journal, its requests and its secrets. Thread-safe once open.
class Store {
 public:
  // Without a `keyring` it only tells what its database lacks, and makes that.
  Store(std::string service, std::unique_ptr<Database> database, std::unique_ptr<Keyring> keyring, const Clock& clock,
        Entropy& entropy);
  ~Store();

  // Before Open: a resource, or a table without a contract.
  Table& Add(const contract::Schema& schema);
  // A resource on whose rows the program acts without being asked: who may do what.
  Table& AddRights(const contract::Schema& schema);
  void AddPlain(TableDefinition definition);
  // A table on whose rows the program acts; `table` outlives the store.
  void AddSigned(const SignedTable& table, TableDefinition definition);
  const std::vector<const SignedTable*>& signed_tables() const { return signed_; }
  // What signs their rows.
  const std::string& RowKey() const { return Secret("rows"); }

  // A change of the schema that no contract says; numbered within the service's own series.
  void AddStep(SchemaStep step) { steps_.push_back(std::move(step)); }

  // What still has to be done before this binary can serve.
  absl::StatusOr<MigrationPlan> Plan();
  // Makes the schema fit if that is allowed, else refuses with the command that does; loads the secrets. CHANGES_LOST,
  // ACCESS_LOG_LOST where the database ends before what it has acknowledged.
  absl::Status Open(const Opening& opening);

  // Before Open: how places lie in one another. `places` outlives the store.
  void SetPlaces(const identity::Places& places) { places_ = &places; }
  const identity::Places& places() const { return *places_; }
  // Runs after every commit of this process that may have put a place into another.
  void OnPlacesChanged(std::function<void()> action) { on_places_changed_ = std::move(action); }
  // The day in Japan.
  jp::CivilDay Today() const { return jp::JapanDay(clock_.Now()); }

  // Null when this service has no such resource.
  Table* FindTable(absl::string_view collection);
  Table* FindTableOfType(absl::string_view type);
  // That of the record called `name`.
  Table* TableOfName(absl::string_view name);
  const std::vector<std::unique_ptr<Table>>& tables() const { return tables_; }

  absl::Status Read(const Actor& actor, Deadline deadline, absl::FunctionRef<absl::Status(View&)> body);
  // Database::ReadInTurn.
  absl::Status ReadInTurn(const Actor& actor, Deadline deadline, absl::FunctionRef<absl::Status(View&)> body);

  struct Request {
    std::string digest;          // of everything the caller sent; another one under the same id is refused
    bool validate_only = false;  // does everything, keeps nothing
    int fresh_keys = 0;          // so many are made before the transaction, for new people
  };
  // Runs `body` and commits, exactly once in effect per (principal, method, request id). A repetition fills `response`
  // with the first answer: for a record, rebuilt from the revision that was written; else its bytes. `body` fills
  // `response`; it may run several times, each time from the beginning.
  absl::Status Change(const Actor& actor, Deadline deadline, const Request& request,
                      google::protobuf::Message& response, absl::FunctionRef<absl::Status(Tx&)> body);

  // Fills `response` with what Change has answered this request before; false where there is no such answer. Before
  // something that takes long.
  absl::StatusOr<bool> FindAnswer(const Actor& actor, Deadline deadline, const Request& request,
                                  google::protobuf::Message& response);

  // Runs after every commit that has journaled something; must not block.
  void OnJournaled(std::function<void()> action);

  // Runs after every row of the access log; must not block.
  void OnLogged(std::function<void()> action);

  // One row of the access log: who saw whose personal data, why. Durable when it returns; CLOCK_JUMPED as for changes.
  absl::Status LogAccess(const Actor& actor, Deadline deadline, absl::Span<const std::string> names);

  // Before Open: a secret that this service has besides those of every service.
  void NameSecret(std::string name) { secret_names_.push_back(std::move(name)); }
  // A secret of 32 bytes of this service, shared by its replicas, the same after every rotation of the master key:
  // "pages", "search", "requests", "checkpoints", "rows", and those that it has named.
  const std::string& Secret(absl::string_view name) const;
  bool HasSecret(absl::string_view name) const { return secrets_.find(name) != secrets_.end(); }
  // Instead of Open, for whoever only looks: the secrets as far as they are there.
  absl::Status ReadSecrets();

  // What belongs to no single person is encrypted with the service's own key, for one context only:
  // "operations <id> result".
  absl::StatusOr<std::string> Encrypt(absl::string_view context, absl::string_view plain);
  // SEALED_DATA_DAMAGED if the bytes or the context differ.
  absl::StatusOr<std::string> Decrypt(absl::string_view context, absl::string_view encrypted);
  Keyring& keyring() { return *keyring_; }

  // Confidential values as they were, and keys that were deleted, still stand in the logs of the databases until these
  // are written back; where readers are in the way, that is with a later call.
  void KeepsDeleted() { keeps_deleted_ = true; }
  void ForgetDeleted();

  const std::string& service() const { return service_; }
  Database& database() { return *database_; }
  const Clock& clock() const { return clock_; }
  Entropy& entropy() { return entropy_; }

 private:
  absl::StatusOr<SchemaDefinition> Definition();
  absl::Status LoadSecrets();
  absl::Status SignOldRows();
  absl::Status CheckReached();
  absl::Status LayHead();
  absl::Status CheckKnownTime();
  absl::StatusOr<std::string> LoadSecret(absl::string_view name);
  absl::Status ChangeOnce(const Actor& actor, Deadline deadline, const Request& request, bool may_be_known,
                          google::protobuf::Message& response, absl::FunctionRef<absl::Status(Tx&)> body);
  // Notes the request with its answer; what came of an earlier one with the same id makes it fail (IsRepeated).
  absl::Status Remember(Tx& tx, absl::string_view digest, const google::protobuf::Message& response);
  // Fills `response` with what the request was answered before; false where it was not.
  absl::StatusOr<bool> ReplayKnown(const Actor& actor, Deadline deadline, absl::string_view digest,
                                   google::protobuf::Message& response);
  absl::StatusOr<bool> Replay(View& view, absl::string_view digest, google::protobuf::Message& response);

  const std::string service_;
  const std::unique_ptr<Database> database_;
  const std::unique_ptr<Keyring> keyring_;
  const std::unique_ptr<StoreMetrics> metrics_;
  const Clock& clock_;
  Entropy& entropy_;
  const identity::Places* places_;
  std::function<void()> on_places_changed_ = [] {};  // set before Open
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<TableDefinition> plain_;
  std::vector<const SignedTable*> signed_;
  std::vector<SchemaStep> steps_;
  std::vector<std::string> secret_names_ = {"pages", "search", "requests", "checkpoints", "rows"};
  std::map<std::string, std::string, std::less<>> secrets_;

  std::unique_ptr<Reached> reached_;  // null where it is not kept

  std::atomic<bool> keeps_deleted_{true};  // what a process before this one has left as well

  Mutex mutex_;
  std::set<std::string> in_flight_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_journaled_ ABSL_GUARDED_BY(mutex_) = [] {};
  std::function<void()> on_logged_ ABSL_GUARDED_BY(mutex_) = [] {};
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_RECORDS_STORE_H_
