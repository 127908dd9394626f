#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_ERROR_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_ERROR_H_

#include "absl/status/status.h"
#include "cppconn/exception.h"

namespace tsunagu::store {

// The effect of an error on the transaction and the connection.
enum class MysqlFate {
  kStatement,   // only the statement failed
  kWaited,      // waited too long for a lock: roll back and retry the transaction
  kRolledBack,  // the server has rolled back the transaction, also when COMMIT failed: retry it
  kLost,        // the connection can no longer be used
};

struct MysqlError {
  MysqlFate fate = MysqlFate::kStatement;
  absl::Status status;
};

// Translates an exception into the errors of Session. The status is never OK.
MysqlError JudgeMysqlError(const sql::SQLException& exception);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_ERROR_H_
