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

// The kinds that `config` chooses; an error with text for the operator where it names one that is not there.
absl::StatusOr<std::vector<const ServiceKind*>> Chosen(const HostConfig& config, absl::Span<const ServiceKind> kinds);

// For whoever would have to make the file: NOT_FOUND.
absl::Status NoSuchDatabase(const std::string& path);
// That, where the service has no file here. A schema is looked for when it is opened.
absl::Status HasDatabase(const HostConfig& config, const std::string& service);

// The databases of the chosen services, all open, and found to belong together and here before anything in them is
// changed.
class Databases {
 public:
  enum class Use {
    kServe,
    kLook,  // nothing is made: a file that is not there is taken for an empty one
  };
  // Errors are for the operator: DATABASE_MISSING, DATABASE_OF_ANOTHER_INSTALLATION (also of a key store),
  // DATABASE_OF_ANOTHER_SERVICE, those of store::Open.
  static absl::StatusOr<Databases> Open(const HostConfig& config, const std::vector<const ServiceKind*>& chosen,
                                        Use use = Use::kServe);
  Databases(Databases&&);
  ~Databases();

  // Once for each service.
  std::unique_ptr<store::Database> Take(const std::string& service);
  // How its store is opened: on SQLite it migrates by itself, after a copy to DIR/backup.
  store::Opening OpeningOf(const std::string& service) const;
  // Notes in it and in its key store to which installation they belong, once they have the table for that; and in the
  // data folder that they were made here.
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
  bool made_here_ = false;  // on MySQL just now, and not signed anywhere yet
  std::vector<One> all_;
};

// Makes the databases and key stores found here those of this installation, whatever they were (tsunagu adopt). Their
// names.
absl::StatusOr<std::vector<std::string>> Adopt(const HostConfig& config, absl::Span<const ServiceKind> kinds);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_HOST_DATABASES_H_
