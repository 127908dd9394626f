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

// Long enough for a slow machine; a successful test never waits this long.
inline constexpr absl::Duration kPatience = absl::Seconds(60 * TSUNAGU_SLOWNESS);

// A process that a test starts. It is killed at the latest with this object or with the test. Not thread-safe.
class Process {
 public:
  struct Options {
    std::map<std::string, std::string> environment;  // added to the test's environment, without its TSUNAGU_… variables
                                                     // and its language
    std::string working_folder;
  };

  // `command`: the path of the program and its arguments. Aborts if it cannot be started.
  Process(std::vector<std::string> command, Options options);
  explicit Process(std::vector<std::string> command) : Process(std::move(command), Options()) {}
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Returns the next line of standard output; an error with the text of standard error if the process ends instead, or
  // takes too long.
  absl::StatusOr<std::string> ReadLine();
  // Returns the rest of standard output up to its end.
  std::string ReadRest();
  // Returns everything written to standard error so far.
  std::string Errors() const;

  pid_t pid() const { return pid_; }
  void Signal(int signal);
  // Returns the exit code, or minus the signal that ended it; -1000 if it has not ended in time.
  int Wait(absl::Duration patience = kPatience);
  // Waits until SIGSTOP has stopped it. Returns false if it ends instead, or takes too long.
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

// The output of a program that ends by itself.
struct Outcome {
  int code = 0;
  std::string output;
  std::string errors;
};
Outcome RunToEnd(std::vector<std::string> command, Process::Options options);
inline Outcome RunToEnd(std::vector<std::string> command) { return RunToEnd(std::move(command), Process::Options()); }

// A folder that is deleted with this object.
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

// Returns build/bin/<name>.
std::string Binary(absl::string_view name);

}  // namespace tsunagu::process

#endif  // TSUNAGU_TESTS_PROCESS_PROCESS_H_
