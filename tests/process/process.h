#ifndef TSUNAGU_TESTS_PROCESS_PROCESS_H_
#define TSUNAGU_TESTS_PROCESS_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tsunagu::process {

// Long enough for a slow machine; nobody waits that long where all is well.
inline constexpr absl::Duration kPatience = absl::Seconds(60 * TSUNAGU_SLOWNESS);

// A process started by a test, killed at the latest with this object or with the test. One thread at a time.
class Process {
 public:
  struct Options {
    std::map<std::string, std::string> environment;  // besides the test's own, without its TSUNAGU_… and its language
    std::string working_folder;
  };

  // `command`: the path of the program and its arguments. Aborts where it cannot be started.
  Process(std::vector<std::string> command, Options options);
  explicit Process(std::vector<std::string> command) : Process(std::move(command), Options()) {}
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The next line of standard output; an error with what it wrote to standard error when it ends instead, or takes
  // too long.
  absl::StatusOr<std::string> ReadLine();
  // What is left of standard output until it ends.
  std::string ReadRest();
  // Everything written to standard error so far.
  std::string Errors() const;

  pid_t pid() const { return pid_; }
  void Signal(int signal);
  // The exit code, or minus the signal that ended it; -1000 when it has not ended in time.
  int Wait(absl::Duration patience = kPatience);
  // Until it is stopped by SIGSTOP. False when it ends instead, or takes too long.
  bool WaitUntilStopped();
  bool running() { return Wait(absl::ZeroDuration()) == kRunning; }
  pid_t id() const { return pid_; }

  static constexpr int kRunning = -1000;

 private:
  bool ReadMore(absl::Duration patience);

  pid_t pid_ = -1;
  int pidfd_ = -1;
  int output_ = -1;
  int errors_ = -1;
  std::string unread_;
  bool ended_ = false;
  int result_ = kRunning;
};

// What a program that ends by itself says.
struct Outcome {
  int code = 0;
  std::string output;
  std::string errors;
};
Outcome RunToEnd(std::vector<std::string> command, Process::Options options);
inline Outcome RunToEnd(std::vector<std::string> command) { return RunToEnd(std::move(command), Process::Options()); }

// A folder that goes with this object.
class Folder {
 public:
  Folder();
  explicit Folder(const std::string& within);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(absl::string_view name) const;

 private:
  std::string path_;
};

void WriteFile(const std::string& path, absl::string_view text);
std::string ReadFile(const std::string& path);

// build/bin/<name>.
std::string Binary(absl::string_view name);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_PROCESS_H_
