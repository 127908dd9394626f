#ifndef TSUNAGU_COMMON_HOST_DATABASES_H_
#define TSUNAGU_COMMON_HOST_DATABASES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/host/host.h"

namespace tsunagu {

namespace store {
class Database;
struct Opening;
}  // namespace store

bool IsMysql(const HostConfig& config);

// Returns the kinds that `config` chooses. An unknown name gives an error with a text for the operator.
absl::StatusOr<std::vector<const ServiceKind*>> Chosen(const HostConfig& config, absl::Span<const ServiceKind> kinds);

// Returns NOT_FOUND, for commands that must not create the file.
absl::Status NoSuchDatabase(const std::string& path);
// Returns NoSuchDatabase when the service has no file here. A schema is checked when it is opened.
absl::Status HasDatabase(const HostConfig& config, const std::string& service);

// The open databases of the chosen services. Before anything in them is changed, they are checked to belong together
// and to this installation.
class Databases {
 public:
  enum class Use {
    kServe,
    kLook,  // creates nothing: a missing file is treated as an empty database
  };
  // Errors, for the operator: DATABASE_MISSING, DATABASE_OF_ANOTHER_INSTALLATION (also for a key store),
  // DATABASE_OF_ANOTHER_SERVICE, those of store::Open.
  static absl::StatusOr<Databases> Open(const HostConfig& config, const std::vector<const ServiceKind*>& chosen,
                                        Use use = Use::kServe);
  Databases(Databases&&);
  ~Databases();

  // Call once per service.
  std::unique_ptr<store::Database> Take(const std::string& service);
  // Returns the options to open its store: SQLite migrates automatically, after a copy to DIR/backup.
  store::Opening OpeningOf(const std::string& service) const;
  // Records the installation in the database and its key store, once they have the table for it, and records in the
  // data folder that they were created here.
  absl::Status Sign(store::Database& database, store::Database& keys, const std::string& service, const Clock& clock);

 private:
  struct One {
    std::string service;
    std::unique_ptr<store::Database> database;
  };
  class Scratch;
  explicit Databases(const HostConfig& config);

  HostConfig config_;
  std::unique_ptr<Scratch> scratch_;
  std::string installation_;
  bool made_here_ = false;  // on MySQL: created just now, and not recorded anywhere yet
  std::vector<One> all_;
};

// Changes the installation of the databases and key stores here to this one, whatever it was (tsunagu adopt). Returns
// their names.
absl::StatusOr<std::vector<std::string>> Adopt(const HostConfig& config, absl::Span<const ServiceKind> kinds);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_DATABASES_H_
