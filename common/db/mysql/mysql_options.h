#ifndef TSUNAGU_COMMON_DB_MYSQL_MYSQL_OPTIONS_H_
#define TSUNAGU_COMMON_DB_MYSQL_MYSQL_OPTIONS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::store {

struct MysqlOptions {
  std::string host = "127.0.0.1";
  int port = 3306;
  // Path of a Unix socket; when set, replaces host and port.
  std::string socket;
  std::string user;
  std::string password;
  // Empty: no schema is selected.
  std::string schema;
  // PEM file of the authorities that sign the server's certificate. When set, the connection is encrypted and the
  // server is verified, or the connection fails. Empty: no encryption.
  std::string ssl_ca;
  int pool_size = 16;
};

inline constexpr absl::string_view kMysqlScheme = "mysql://";

// mysql://user:password@host:port/schema?name=value&…, each part percent-encoded. Only the host is required.
//   password_file  the password is the first line of this file
//   socket         path of a Unix socket, instead of host and port
//   ssl_ca         PEM file of the authorities; with it the connection is encrypted and the server checked
//   pool           how many connections at most (1 to 1000; default 16)
// Errors: INVALID_ARGUMENT with the cause. Its text repeats no part of the URL except the path of a password file.
absl::StatusOr<MysqlOptions> ParseMysqlUrl(absl::string_view url);

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_DB_MYSQL_MYSQL_OPTIONS_H_
