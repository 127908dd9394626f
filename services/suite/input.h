#ifndef TSUNAGU_SERVICES_SUITE_INPUT_H_
#define TSUNAGU_SERVICES_SUITE_INPUT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::suite {

// The input of a command: a file, standard input, or a text of the command line. Only one thread may read; other
// threads may call Stop. Errors: FILE_NOT_READABLE, with the cause.
class Input {
 public:
  // "-" means standard input.
  static absl::StatusOr<std::unique_ptr<Input>> Open(const std::string& path);
  static std::unique_ptr<Input> Of(std::string text);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  // Waits for the first byte and returns what is available, at most `most` bytes; empty at the end and after Stop.
  absl::StatusOr<std::string> Read(size_t most);
  // Returns the next line without its end; nothing at the end and after Stop. A line of more than `most` bytes is
  // returned in parts.
  absl::StatusOr<std::optional<std::string>> ReadLine(size_t most);
  // Returns everything, or slightly more than `most` bytes of it.
  absl::StatusOr<std::string> ReadAll(size_t most);
  // Ends the wait for a keyboard or a pipe, now and in later calls.
  void Stop();
  // Returns the size of the file in bytes; 0 if it is unknown.
  int64_t size() const { return size_; }

 private:
  Input(std::string name, int file, int stop) : name_(std::move(name)), file_(file), stop_(stop) {}

  // The bytes that were read and not yet returned.
  absl::string_view rest() const { return absl::string_view(buffer_).substr(given_); }
  // Reads more bytes; returns false at the end and after Stop.
  absl::StatusOr<bool> Fill();

  const std::string name_;
  const int file_;  // -1: buffer_ is the whole input
  const int stop_;  // becomes readable after Stop
  int64_t size_ = 0;
  std::string buffer_;
  size_t given_ = 0;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_INPUT_H_
