#ifndef TSUNAGU_TESTS_FAULTS_GROUND_H_
#define TSUNAGU_TESTS_FAULTS_GROUND_H_

#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "tests/process/server.h"

namespace tsunagu::faults {

enum class Engine { kSqlite, kMysql };
void PrintTo(Engine engine, std::ostream* out);

// The data location of one installation: a folder, or schemas of its own on a database server. Outlives the processes
// that a test starts and kills on it.
class Ground {
 public:
  struct Options {
    Engine engine = Engine::kSqlite;
    std::vector<std::string> services = {"registry"};
    std::string server;  // server of the schemas, "mysql://root@127.0.0.1:3306"; empty: the one that ./test provides
    std::string folder;  // folder of the data; empty: a temporary one
    bool bare = false;   // without any preparation
  };
  explicit Ground(Options options);
  ~Ground();
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  // Returns false if the engine needs a server and there is none: run ./test.
  static bool Has(Engine engine);

  // Does what an operator does before the first start: creates tables and a key if the engine does not create them
  // itself. Returns false if it was killed at one of these failpoints.
  bool Prepare(const std::string& failpoints = "");

  // Returns the options of a server on this ground; `failpoints` as in common/base/failpoint.h.
  process::ServerProcess::Options Server(const std::string& failpoints = "") const;
  const std::string& data_dir() const { return data_dir_; }
  // Returns the command line `tsunagu <command>…` for this ground.
  std::vector<std::string> Tool(std::vector<std::string> command) const;
  process::Outcome Run(std::vector<std::string> command, const std::string& failpoints = "") const;

  // Opens the data of a service directly, bypassing the server.
  std::unique_ptr<store::Database> Database(const std::string& service = "registry") const;
  Engine engine() const { return options_.engine; }

 private:
  std::string Location(const std::string& service) const;
  std::map<std::string, std::string> Environment(const std::string& failpoints) const;
  void Define(const std::string& statement) const;

  const Options options_;
  process::Folder folder_;
  std::string data_dir_, url_, api_key_;
};

}  // namespace tsunagu::faults

#endif  // TSUNAGU_TESTS_FAULTS_GROUND_H_
