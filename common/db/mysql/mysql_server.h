#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_SERVER_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_SERVER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/db/mysql/mysql_session.h"

namespace tsunagu::store {

// Properties of a server and of the schema that a session has selected.
struct MysqlServer {
  std::string version;        // "10.11.6-MariaDB-0+deb12u1", "8.0.36"
  std::string schema;         // empty: no schema is selected
  std::string charset;        // of new tables in the schema
  std::string isolation;      // of our sessions: "READ-COMMITTED"
  bool binary_log = false;    // whether the server writes one
  std::string binary_format;  // its format; with STATEMENT, InnoDB refuses to write under READ COMMITTED
};

absl::StatusOr<MysqlServer> AskServer(MysqlSession& session);

// Errors: DATABASE_SERVER_TOO_OLD, DATABASE_WRONG_CHARSET, DATABASE_WRONG_SETTING when the suite cannot work on this
// server.
absl::Status CheckServer(const MysqlServer& server);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_SERVER_H_
