#ifndef TSUNAGU_COMMON_BASE_ERROR_H_
#define TSUNAGU_COMMON_BASE_ERROR_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/fault.pb.h"
#include "common/base/reason.h"

namespace tsunagu {

using Fault = base::Fault;

// The arguments that fill the placeholders of a reason's text: {"max", "200"}; {"allowed_ja", "市"} fills {allowed} in
// the Japanese text. Never personal data. A value is cut after 1,000 bytes, because it may be as long as the input.
using Args = std::initializer_list<std::pair<absl::string_view, std::string>>;

enum class Language { kJapanese, kEnglish };

// Returns an error for `reason`, with the status code that the reason's contract names.
absl::Status Fail(Reason reason, Args args = {});

// Returns INVALID_ARGUMENT with one faulty field.
absl::Status FailAt(absl::string_view field, Reason reason, Args args = {});

Fault MakeFault(absl::string_view field, Reason reason, Args args = {});

// Collects the faults of one input, so that the sender sees them all at once. Memory is bounded: the first kMost
// refusals and the first kMost warnings are kept; the others are only counted.
class Faults {
 public:
  static constexpr int kMost = 20;

  void Add(absl::string_view field, Reason reason, Args args = {});
  // Adds the faults of `status`, their paths prefixed with `field`.
  void Add(absl::string_view field, const absl::Status& status);
  bool empty() const { return faults_.empty(); }
  const std::vector<Fault>& all() const { return faults_; }
  // The number of faults that are not in all().
  int64_t omitted() const { return omitted_; }
  void Omit(int64_t count) { omitted_ += count; }
  // Returns OK when there are no faults, else INVALID_ARGUMENT with all of them.
  absl::Status ToStatus() const;

 private:
  // Returns whether there is room for one more fault of this kind. If there is none, counts the fault as omitted.
  bool TakesOne(bool warning);
  void Keep(Fault fault);

  std::vector<Fault> faults_;
  int64_t omitted_ = 0;
};

absl::Status ToStatus(const Fault& fault);
// As above, with another status code: for a reason of another program whose contract is not known here.
absl::Status ToStatus(const Fault& fault, absl::StatusCode code);

// Returns the fault that a status made here carries. For any other error: CANCELLED, DEADLINE_EXCEEDED or DATA_DAMAGED
// for these codes, else INTERNAL, without details.
Fault FaultOf(const absl::Status& status);
// Returns the reason of the only field fault when there is exactly one, else the reason of the whole error.
Reason ReasonOf(const absl::Status& status);
Reason ReasonOf(const Fault& fault);

// Returns the reason as clients see it: without the enum's prefix. RESOURCE_NOT_FOUND and RESOURCE_EXISTS carry the
// word of the resource (argument "resource": AREA_NOT_FOUND).
std::string ReasonWord(const Fault& fault);

// Returns how long to wait before the same request may succeed; zero when waiting alone does not help.
absl::Duration RetryDelayOf(Reason reason);

// Returns whether the reason is a warning: the row was accepted, but somebody should check it.
bool IsWarning(Reason reason);

// Returns the text for people: what happened and what to do.
std::string Text(const Fault& fault, Language language);

// Returns the text of an error for the operator of a program: both languages and the word of the reason. An error
// without a reason gives its own message.
std::string TextForOperator(const absl::Status& status);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_ERROR_H_
