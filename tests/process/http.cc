#include "tests/process/http.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace tsunagu::process {

absl::StatusOr<std::string> HttpExchange(absl::string_view address, absl::string_view request) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  sockaddr_in to = {};
  int port = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &port) ||
      inet_pton(AF_INET, parts[0].c_str(), &to.sin_addr) != 1) {
    return absl::InvalidArgumentError(std::string(address));
  }
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0 ||
      send(socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    close(socket);
    return absl::UnavailableError(std::string(address));
  }
  std::string answer;
  char buffer[4096];
  for (ssize_t got; (got = recv(socket, buffer, sizeof(buffer), 0)) > 0;)
    answer.append(buffer, static_cast<size_t>(got));
  close(socket);
  return answer;
}

double MetricIn(absl::string_view text, absl::string_view series) {
  double sum = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const size_t space = line.rfind(' ');
    if (space == absl::string_view::npos || absl::StartsWith(line, "#")) continue;
    const absl::string_view name = line.substr(0, space);
    double value = 0;
    if ((name == series || name.substr(0, name.find('{')) == series) &&
        absl::SimpleAtod(line.substr(space + 1), &value)) {
      sum += value;
    }
  }
  return sum;
}

}  // namespace tsunagu::process
