#include "tests/process/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/deadline.h"
#include "gtest/gtest.h"

extern char** environ;

namespace tsunagu::process {
namespace {

std::vector<std::string> EnvironmentWith(const std::map<std::string, std::string>& more) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const absl::string_view one = *entry;
    const bool ours =
        absl::StartsWith(one, "TSUNAGU_") || absl::StartsWith(one, "LC_") || absl::StartsWith(one, "LANG");
    if (!ours) all.emplace_back(one);
  }
  for (const auto& [name, value] : more) all.push_back(absl::StrCat(name, "=", value));
  return all;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& one : strings) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  return pointers;
}

void Require(bool holds, const char* what) {
  if (holds) return;
  std::perror(what);
  std::abort();
}

bool Readable(int file, absl::Duration patience) {
  pollfd poller = {file, POLLIN, 0};
  return poll(&poller, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) > 0;
}

}  // namespace

Process::Process(std::vector<std::string> command, Options options) {
  std::vector<std::string> environment = EnvironmentWith(options.environment);
  const std::vector<char*> arguments = Pointers(command), variables = Pointers(environment);
  int output[2];
  Require(pipe2(output, O_CLOEXEC) == 0, "pipe");
  errors_ = memfd_create("errors", MFD_CLOEXEC);
  Require(errors_ >= 0, "memfd");
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  pid_ = fork();
  Require(pid_ >= 0, "fork");
  if (pid_ == 0) {  // only functions that are safe between fork and exec in a process with threads
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(input, 0);
    dup2(output[1], 1);
    dup2(errors_, 2);
    if (!options.working_folder.empty() && chdir(options.working_folder.c_str()) != 0) _exit(126);
    execve(arguments[0], arguments.data(), variables.data());
    _exit(127);
  }
  close(input);
  close(output[1]);
  output_ = output[0];
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));  // glibc 2.36 declares its own for C only
  Require(pidfd_ >= 0, "pidfd");
}

Process::~Process() {
  Signal(SIGKILL);
  Wait();
  for (const int file : {pidfd_, output_, errors_}) close(file);
}

bool Process::ReadMore(absl::Duration patience) {
  if (!Readable(output_, patience)) return false;
  char buffer[4096];
  const ssize_t size = read(output_, buffer, sizeof(buffer));
  if (size <= 0) return false;
  unread_.append(buffer, static_cast<size_t>(size));
  return true;
}

absl::StatusOr<std::string> Process::ReadLine() {
  size_t end;
  while ((end = unread_.find('\n')) == std::string::npos) {
    if (!ReadMore(kPatience)) return absl::UnavailableError(absl::StrCat(unread_, Errors()));
  }
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::string Process::ReadRest() {
  while (ReadMore(kPatience)) {
  }
  return std::move(unread_);
}

std::string Process::Errors() const {
  std::string text;
  char buffer[4096];
  ssize_t size;
  while ((size = pread(errors_, buffer, sizeof(buffer), static_cast<off_t>(text.size()))) > 0) {
    text.append(buffer, static_cast<size_t>(size));
  }
  return text;
}

void Process::Signal(int signal) {
  if (!ended_) kill(pid_, signal);
}

int Process::Wait(absl::Duration patience) {
  if (ended_ || !Readable(pidfd_, patience)) return result_;
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) return result_;
  ended_ = true;
  result_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return result_;
}

bool Process::WaitUntilStopped() {
  const Deadline deadline = Deadline::After(kPatience);
  while (!deadline.Over()) {
    siginfo_t info = {};
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG) == 0 && info.si_pid == pid_) return true;
    if (Readable(pidfd_, absl::Milliseconds(5))) return false;  // a stop sends no notification; an end does at once
  }
  return false;
}

Outcome RunToEnd(std::vector<std::string> command, Process::Options options) {
  Process process(std::move(command), std::move(options));
  Outcome outcome;
  outcome.output = process.ReadRest();
  outcome.code = process.Wait();
  outcome.errors = process.Errors();
  return outcome;
}

Folder::Folder() : Folder(testing::TempDir()) {}

Folder::Folder(const std::string& within) : path_(absl::StrCat(within, "/tsunagu-XXXXXX")) {
  Require(mkdtemp(path_.data()) != nullptr, "mkdtemp");
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::operator/(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

void WriteFile(const std::string& path, absl::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

std::string Binary(absl::string_view name) {
  const char* folder = std::getenv("TSUNAGU_BIN_DIR");
  return absl::StrCat(folder != nullptr ? folder : TSUNAGU_BIN_DIR, "/", name);
}

}  // namespace tsunagu::process
