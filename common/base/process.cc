#include "common/base/process.h"

#include <unistd.h>

#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tsunagu {
namespace {

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Returns when the process began, in ticks since the boot; empty when there is no such process, or only its zombie.
std::string StartOf(absl::string_view pid) {
  const std::string line = FirstLine(absl::StrCat("/proc/", pid, "/stat"));
  // The second value is the name, which may hold any character; the state follows.
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return "";
  const std::vector<std::string> rest = absl::StrSplit(line.substr(name_end + 1), ' ', absl::SkipEmpty());
  constexpr size_t kState = 0, kStart = 19;
  return rest.size() > kStart && rest[kState] != "Z" ? rest[kStart] : "";
}

// Identifies the boot and the process namespace, within which a process id is unique.
std::string Space() {
  char name[64] = {};
  const ssize_t size = readlink("/proc/self/ns/pid", name, sizeof(name) - 1);
  return absl::StrCat(FirstLine("/proc/sys/kernel/random/boot_id"), " ", absl::string_view(name, size > 0 ? size : 0));
}

}  // namespace

std::string ThisProcess() {
  char host[65] = {};
  gethostname(host, sizeof(host) - 1);
  const std::string pid = absl::StrCat(getpid());
  return absl::StrCat(host, ":", pid, ":", StartOf(pid), ":", Space());
}

bool HasEnded(absl::string_view process) {
  const std::vector<std::string> parts = absl::StrSplit(process, absl::MaxSplits(':', 3));
  return parts.size() == 4 && !parts[2].empty() && parts[3] == Space() && StartOf(parts[1]) != parts[2];
}

std::string ProcessForPeople(absl::string_view process) {
  const std::vector<std::string> parts = absl::StrSplit(process, absl::MaxSplits(':', 3));
  return parts.size() == 4 ? absl::StrCat(parts[0], ", process ", parts[1]) : std::string(process);
}

}  // namespace tsunagu
