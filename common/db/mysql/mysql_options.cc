#include "common/db/mysql/mysql_options.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/percent.h"
#include "common/base/status_macros.h"

namespace tsunagu::store {
namespace {

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("the database URL is malformed: ", what,
                   " (expected mysql://user:password@host:port/schema, special characters percent-encoded)"));
}

// Removes from `text` everything up to the first `separator` and returns it; all of `text` when there is no separator.
absl::string_view TakeUntil(absl::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const absl::string_view front = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return front;
}

absl::StatusOr<std::string> Decode(absl::string_view part, absl::string_view text) {
  const std::optional<std::string> decoded = PercentDecode(text);
  if (!decoded) return Malformed(absl::StrCat("a % in its ", part, " is not followed by two hexadecimal digits"));
  if (decoded->find('\0') != std::string::npos) return Malformed(absl::StrCat("its ", part, " has a NUL character"));
  return *decoded;
}

absl::StatusOr<int> Number(absl::string_view name, absl::string_view text, int limit) {
  int number = 0;
  if (absl::SimpleAtoi(text, &number) && number >= 1 && number <= limit) return number;
  return Malformed(absl::StrCat("its ", name, " is not a number from 1 to ", limit));
}

absl::Status SetUser(absl::string_view text, MysqlOptions& options) {
  ASSIGN_OR_RETURN(options.user, Decode("user", TakeUntil(text, ':')));
  ASSIGN_OR_RETURN(options.password, Decode("password", text));
  return absl::OkStatus();
}

// Accepts host, host:port or [::1]:port. The brackets stay, because the connector needs them.
absl::Status SetHost(absl::string_view text, MysqlOptions& options) {
  const size_t bracket = text.rfind(']');
  const size_t colon = text.find(':', bracket == absl::string_view::npos ? 0 : bracket);
  if (colon != absl::string_view::npos) {
    ASSIGN_OR_RETURN(options.port, Number("port", text.substr(colon + 1), 65535));
  }
  ASSIGN_OR_RETURN(options.host, Decode("host", text.substr(0, colon)));
  return options.host.empty() ? Malformed("it names no host") : absl::OkStatus();
}

absl::Status ReadPassword(const std::string& path, MysqlOptions& options) {
  std::ifstream file(path);
  if (!std::getline(file, options.password)) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read a password from the file ", path));
  }
  if (!options.password.empty() && options.password.back() == '\r') options.password.pop_back();
  return absl::OkStatus();
}

absl::Status SetParameter(absl::string_view parameter, MysqlOptions& options) {
  const absl::string_view name = TakeUntil(parameter, '=');
  ASSIGN_OR_RETURN(const std::string value, Decode("parameters", parameter));
  if (value.empty()) return Malformed("a parameter has no value");
  if (name == "password_file") return ReadPassword(value, options);
  if (name == "pool") {
    ASSIGN_OR_RETURN(options.pool_size, Number(name, value, 1000));
  } else if (name == "socket") {
    options.socket = value;
  } else if (name == "ssl_ca") {
    options.ssl_ca = value;
  } else {
    return Malformed("a parameter is none of password_file, socket, ssl_ca and pool");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<MysqlOptions> ParseMysqlUrl(absl::string_view url) {
  if (!absl::ConsumePrefix(&url, kMysqlScheme)) return Malformed("it does not start with mysql://");
  MysqlOptions options;
  absl::string_view rest = TakeUntil(url, '?');
  absl::string_view authority = TakeUntil(rest, '/');
  if (const size_t at = authority.rfind('@'); at != absl::string_view::npos) {
    RETURN_IF_ERROR(SetUser(authority.substr(0, at), options));
    authority.remove_prefix(at + 1);
  }
  RETURN_IF_ERROR(SetHost(authority, options));
  ASSIGN_OR_RETURN(options.schema, Decode("schema", rest));
  for (const absl::string_view parameter : absl::StrSplit(url, '&', absl::SkipEmpty())) {
    RETURN_IF_ERROR(SetParameter(parameter, options));
  }
  return options;
}

}  // namespace tsunagu::store
