#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_ERROR_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_ERROR_H_

#include "absl/status/status.h"
#include "cppconn/exception.h"

namespace tsunagu::store {

// What an error does to the transaction and to the connection it happened on.
enum class MysqlFate {
  kStatement,   // nothing beyond the statement
  kWaited,      // waited too long for a lock: roll back and run the transaction again
  kRolledBack,  // the server has rolled the transaction back, also when this came from COMMIT: run it again
  kLost,        // the connection is of no use any more
};

struct MysqlError {
  MysqlFate fate = MysqlFate::kStatement;
  absl::Status status;
};

// In the terms of Session. The status is never OK.
MysqlError JudgeMysqlError(const sql::SQLException& exception);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_ERROR_H_
