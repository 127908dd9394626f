#ifndef TSUNAGU_TESTS_WIRE_SCHEMAS_H_
#define TSUNAGU_TESTS_WIRE_SCHEMAS_H_

#include <memory>
#include <string>
#include <vector>

#include "common/db/mysql/mysql_database.h"

namespace tsunagu::wire {

// Schemas <prefix>_registry and <prefix>_matching on the server that TSUNAGU_TEST_MYSQL names. Creating one takes
// longer than most tests, so they are emptied and reused; all are dropped when the test program ends.
class Schemas {
 public:
  Schemas();

  const std::string& url() const { return url_; }
  // Returns the prefix of a pair of migrated, empty schemas.
  std::string Take();
  void GiveBack(const std::string& prefix, bool spoilt);
  void DropAll();

 private:
  void Make(const std::string& prefix);
  void Empty(const std::string& schema);
  void Drop(const std::string& prefix);

  const std::string url_;
  std::unique_ptr<store::MysqlDatabase> server_;
  std::vector<std::string> free_;
};
Schemas& TheSchemas();

}  // namespace tsunagu::wire

#endif  // TSUNAGU_TESTS_WIRE_SCHEMAS_H_
