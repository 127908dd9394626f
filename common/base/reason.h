#ifndef TSUNAGU_COMMON_BASE_REASON_H_
#define TSUNAGU_COMMON_BASE_REASON_H_

#include <cstddef>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace tsunagu {

class ReasonRule;

// Why something is refused or warned about. Code names a reason by its word, "FIELD_REQUIRED"_reason, so that a new
// reason recompiles nothing but its contract. The contracts hold the complete list of words: every service has an enum
// `Reason` whose values carry the texts (tsunagu.refusal). tests/checks/reasons.sh compares words and contracts.
class Reason {
 public:
  // No reason.
  constexpr Reason() = default;
  // `word` must be valid for as long as the program runs.
  explicit constexpr Reason(absl::string_view word) : word_(word) {}

  // Returns the reason declared as `word`; no reason when it is not declared (it may come from a newer version).
  static Reason Find(absl::string_view word);
  // Adds the reasons of a service. The reasons of the platform are always declared.
  static void Declare(const google::protobuf::EnumDescriptor* reasons);

  constexpr absl::string_view word() const { return word_; }
  constexpr bool none() const { return word_.empty(); }
  // Returns the code and the texts that the contract declares; those of INTERNAL when no contract declares the reason.
  const ReasonRule& rule() const;

  friend constexpr bool operator==(Reason a, Reason b) { return a.word_ == b.word_; }
  friend constexpr bool operator!=(Reason a, Reason b) { return a.word_ != b.word_; }
  friend constexpr bool operator<(Reason a, Reason b) { return a.word_ < b.word_; }
  friend std::ostream& operator<<(std::ostream& out, Reason reason) { return out << reason.word_; }

 private:
  absl::string_view word_;
};

consteval Reason operator""_reason(const char* word, size_t size) { return Reason(absl::string_view(word, size)); }

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_REASON_H_
