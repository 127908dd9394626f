#include "common/db/mysql/mysql_error.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"

namespace tsunagu::store {
namespace {

// Reads "Duplicate entry '…' for key 'u_areas_code'", in newer servers 'areas.u_areas_code'. The entry may hold any
// text, so the key is searched from the end.
std::string ViolatedIndex(absl::string_view message) {
  constexpr absl::string_view kBefore = " for key '";
  const size_t before = message.rfind(kBefore);
  if (before == absl::string_view::npos) return "";
  absl::string_view key = message.substr(before + kBefore.size());
  absl::ConsumeSuffix(&key, "'");
  key = key.substr(key.rfind('.') + 1);
  return key == "PRIMARY" ? "id" : std::string(key);
}

bool IsLost(int code) {
  switch (code) {
    case 1040:  // too many connections
    case 1042:  // host not resolved
    case 1043:  // bad handshake
    case 1047:  // Galera: this node is not part of the cluster now
    case 1053:  // server shutdown in progress
    case 1129:  // host blocked
    case 1158:  // packets: read, read interrupted, write, write interrupted
    case 1159:
    case 1160:
    case 1161:
    case 1184:  // aborted connection
    case 1203:  // too many connections of this user
    case 1226:
    case 1290:  // read-only: no longer the primary
    case 1317:  // interrupted
    case 1836:  // read-only mode
    case 1927:  // MariaDB: killed
    case 4031:  // MySQL: idle for too long
      return true;
  }
  return code >= 2000 && code < 3000;  // the client's own: not connected, lost, timed out, out of step, TLS
}

// Deadlock, and the errors of clusters when the commit of another node came first.
bool IsRolledBack(const sql::SQLException& exception) {
  const int code = exception.getErrorCode();
  return code == 1213 || code == 3101 || exception.getSQLState() == "40001";
}

}  // namespace

MysqlError JudgeMysqlError(const sql::SQLException& exception) {
  const int code = exception.getErrorCode();
  if (code == 1062 || code == 1586) {
    return {MysqlFate::kStatement, absl::AlreadyExistsError(ViolatedIndex(exception.what()))};
  }
  if (code == 1205) return {MysqlFate::kWaited, Fail("CONFLICT"_reason)};
  if (IsRolledBack(exception)) return {MysqlFate::kRolledBack, Fail("CONFLICT"_reason)};
  if (code == 1021 || code == 1114) return {MysqlFate::kStatement, Fail("DISK_FULL"_reason)};
  if (IsLost(code)) return {MysqlFate::kLost, Fail("DATABASE_UNAVAILABLE"_reason)};
  // An error without a number comes from the connector itself, which may be out of step with the server.
  const MysqlFate fate = code == 0 ? MysqlFate::kLost : MysqlFate::kStatement;
  return {fate, absl::InternalError(absl::StrCat("mysql ", code, ": ", exception.what()))};
}

}  // namespace tsunagu::store
