#ifndef TSUNAGU_TESTS_PROCESS_MARIADB_H_
#define TSUNAGU_TESTS_PROCESS_MARIADB_H_

#include <string>

#include "tests/process/server.h"

namespace tsunagu::process {

// Returns whether a database server is available on this machine. ./test provides it.
bool HasMariadb();

// A database server for this test alone, which can be killed and restarted.
class Mariadb {
 public:
  Mariadb();
  ~Mariadb();
  Mariadb(const Mariadb&) = delete;
  Mariadb& operator=(const Mariadb&) = delete;

  void Kill() { Control("kill"); }
  void Start() { Control("start"); }
  void Stop() { Control("stop"); }      // SIGSTOP
  void Continue() { Control("cont"); }  // SIGCONT

  // Returns the folder of all files that the server writes.
  std::string data_dir() const { return folder_ / "db"; }
  // Returns the value for --database: schemas <prefix>_registry and so on.
  std::string Url(const std::string& prefix) const;
  std::string server() const;
  // Runs one statement.
  void Define(const std::string& statement);

 private:
  void Control(const std::string& command);

  Folder folder_;
  std::string port_;
};

// An empty schema for the registry, or another service, with its tables, and a key with all permissions.
class MariadbRegistry {
 public:
  MariadbRegistry(Mariadb& mariadb, const std::string& prefix, const std::string& service = "registry");

  // Runs `tsunagu <command>... --services registry --database URL`.
  Outcome Tool(std::vector<std::string> command) const;
  const std::vector<std::string>& flags() const { return flags_; }
  const std::string& data_dir() const { return folder_.path(); }
  const std::string& master_key_file() const { return master_key_file_; }
  // Returns the options of a server on it.
  ServerProcess::Options Options() const;
  ServerProcess::Options Options(std::string failpoints) const;

 private:
  Folder folder_;
  std::vector<std::string> flags_;
  std::string master_key_file_;
  std::string api_key_;
};

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_MARIADB_H_
