#ifndef TSUNAGU_TESTS_BENCH_REGISTRY_H_
#define TSUNAGU_TESTS_BENCH_REGISTRY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/bench/load.h"
#include "tests/process/mariadb.h"
#include "tests/process/server.h"
#include "tsunagu/platform/v1/transfer.pb.h"

namespace tsunagu::bench {

// A registry in its production configuration: the real binary, a database of its own with the areas of one prefecture,
// and the keys of an officer with the scope of that prefecture and of one with the scope of one town.
class Registry {
 public:
  // Uses an SQLite file. `options`: the text after "sqlite", such as "?max_batch=1"; `flags`: further flags of the
  // server.
  explicit Registry(const std::string& options = "", const std::vector<std::string>& flags = {});
  // Uses a schema of `mariadb`.
  Registry(process::Mariadb& mariadb, const std::string& schema);
  ~Registry();

  const std::string& address() const { return server_->address(); }
  const std::string& key() const { return key_; }
  // The key of an officer of one town in that prefecture.
  const std::string& town_key() const { return town_key_; }
  process::ServerProcess& server() { return *server_; }
  const std::string& data_dir() const { return data_dir_; }
  // The two databases, as store::Open accepts them.
  const std::string& rows() const { return rows_; }
  const std::string& keys() const { return keys_; }

  // Sends a CSV file or a workbook; each of its rows must be accepted. Returns rows a second.
  double Import(absl::string_view collection, const std::string& file, int rows);
  // Reads all rows of a collection; returns rows a second.
  double Export(absl::string_view collection, platform::v1::FileFormat format, int rows);
  // Returns the bytes of the answer; ends the program at a refusal.
  std::string Call(absl::string_view method, const google::protobuf::Message& request);
  // Returns the names of up to 1,000 nurses.
  std::vector<std::string> NurseNames();
  // Returns a field of /proc/…/status in MiB: VmRSS, VmHWM.
  double Memory(absl::string_view field) const;
  void Stop();
  void StartAgain();

 private:
  void Start();  // with the areas

  process::Folder folder_;
  std::unique_ptr<process::MariadbRegistry> schema_;
  std::string data_dir_, rows_, keys_;
  std::string key_, town_key_;
  process::ServerProcess::Options options_;
  std::unique_ptr<process::ServerProcess> server_;
};

// Sends a file to a service with the administrator's key; each of its rows must be accepted. Returns rows a second.
double ImportInto(process::ServerProcess& server, const std::string& service, absl::string_view collection,
                  const std::string& file, int rows);

double MemoryOf(pid_t pid, absl::string_view field);

// Files to import: `rows` different facilities; nurses.
std::string FacilitiesCsv(int rows);
std::string NursesCsv(int rows);
// Returns the same data as a workbook.
std::string WorkbookOf(const std::string& csv);

}  // namespace tsunagu::bench

#endif  // TSUNAGU_TESTS_BENCH_REGISTRY_H_
