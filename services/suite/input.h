#ifndef TSUNAGU_SERVICES_SUITE_INPUT_H_
#define TSUNAGU_SERVICES_SUITE_INPUT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tsunagu::suite {

// What a command reads: a file, standard input, or a text of the command line. One thread reads; Stop is for others.
// Errors say what is wrong with the file: FILE_NOT_READABLE.
class Input {
 public:
  // "-" is standard input.
  static absl::StatusOr<std::unique_ptr<Input>> Open(const std::string& path);
  static std::unique_ptr<Input> Of(std::string text);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  // What there is, at most `most` bytes, waiting for the first; empty at the end and after Stop.
  absl::StatusOr<std::string> Read(size_t most);
  // The next line without its end; nothing at the end and after Stop. A line over `most` bytes comes in parts.
  absl::StatusOr<std::optional<std::string>> ReadLine(size_t most);
  // Everything, or a little more than `most` bytes of it.
  absl::StatusOr<std::string> ReadAll(size_t most);
  // Ends a wait for a keyboard or a pipe, now and from now on.
  void Stop();
  // Bytes of the file; 0 where that is not known.
  int64_t size() const { return size_; }

 private:
  Input(std::string name, int file, int stop) : name_(std::move(name)), file_(file), stop_(stop) {}

  // What was read and not yet given.
  absl::string_view rest() const { return absl::string_view(buffer_).substr(given_); }
  // Reads on behind rest(); false at the end and after Stop.
  absl::StatusOr<bool> Fill();

  const std::string name_;
  const int file_;  // -1: the text in buffer_ is all
  const int stop_;  // readable once stopped
  int64_t size_ = 0;
  std::string buffer_;
  size_t given_ = 0;
};

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_INPUT_H_
