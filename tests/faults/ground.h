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

// Where one installation keeps its data: a folder, or schemas of its own on a database server. Outlives the processes
// that a test starts and kills on it.
class Ground {
 public:
  struct Options {
    Engine engine = Engine::kSqlite;
    std::vector<std::string> services = {"registry"};
    std::string server;  // of schemas, "mysql://root@127.0.0.1:3306"; empty: the one that ./test offers
    std::string folder;  // of the data; empty: a temporary one
    bool bare = false;   // as it is before anybody has prepared it
  };
  explicit Ground(Options options);
  ~Ground();
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  // False where the engine needs a server and there is none: run ./test.
  static bool Has(Engine engine);

  // What an operator does before the first start: tables and a key, where the engine does not make them by itself.
  // False when that was killed at one of these failpoints.
  bool Prepare(const std::string& failpoints = "");

  // For a server on it; `failpoints` as in common/base/failpoint.h.
  process::ServerProcess::Options Server(const std::string& failpoints = "") const;
  const std::string& data_dir() const { return data_dir_; }
  // `tsunagu <command>…` on it.
  std::vector<std::string> Tool(std::vector<std::string> command) const;
  process::Outcome Run(std::vector<std::string> command, const std::string& failpoints = "") const;

  // Past the server, straight to the data of a service.
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
