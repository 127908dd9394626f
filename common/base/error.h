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

// Fills the placeholders of a reason's text: {"max", "200"}; {"allowed_ja", "市"} fills {allowed} of the Japanese text.
// Never personal data. A value is cut behind 1,000 bytes, since it may be as long as what somebody sent.
using Args = std::initializer_list<std::pair<absl::string_view, std::string>>;

enum class Language { kJapanese, kEnglish };

// A refusal for `reason`, with the status code that the reason's contract names.
absl::Status Fail(Reason reason, Args args = {});

// INVALID_ARGUMENT because of one field.
absl::Status FailAt(absl::string_view field, Reason reason, Args args = {});

Fault MakeFault(absl::string_view field, Reason reason, Args args = {});

// Collects the faults of one input, so that nobody has to send it ten times. Bounded, however much the input holds: the
// first kMost refusals and the first kMost warnings are kept, of the others their number.
class Faults {
 public:
  static constexpr int kMost = 20;

  void Add(absl::string_view field, Reason reason, Args args = {});
  // Adds what `status` says, its paths prefixed with `field`.
  void Add(absl::string_view field, const absl::Status& status);
  bool empty() const { return faults_.empty(); }
  const std::vector<Fault>& all() const { return faults_; }
  // How many there were beside all().
  int64_t omitted() const { return omitted_; }
  void Omit(int64_t count) { omitted_ += count; }
  // OK when empty, else INVALID_ARGUMENT with all of them.
  absl::Status ToStatus() const;

 private:
  // Whether there is room for one more of this kind; where there is none, it is counted.
  bool TakesOne(bool warning);
  void Keep(Fault fault);

  std::vector<Fault> faults_;
  int64_t omitted_ = 0;
};

absl::Status ToStatus(const Fault& fault);
// The same with a code of its own: for a reason that only its sender knows.
absl::Status ToStatus(const Fault& fault, absl::StatusCode code);

// What a status made here says; for any other error, INTERNAL without details.
Fault FaultOf(const absl::Status& status);
// Its only fault's reason, where there is one fault; else that of the whole.
Reason ReasonOf(const absl::Status& status);
Reason ReasonOf(const Fault& fault);

// The reason as clients see it: without the enum's prefix, with the resource's own word for
// RESOURCE_NOT_FOUND and RESOURCE_EXISTS (argument "resource": AREA_NOT_FOUND).
std::string ReasonWord(const Fault& fault);

// How long to wait before the same request may succeed; zero where waiting alone does not help.
absl::Duration RetryDelayOf(Reason reason);

// True where the reason marks a warning: the row was taken, somebody should look.
bool IsWarning(Reason reason);

// What happened and what to do.
std::string Text(const Fault& fault, Language language);

// What whoever runs a program is told of an error: both languages and the reason's word; the error's own text where
// it carries no reason.
std::string TextForOperator(const absl::Status& status);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_BASE_ERROR_H_
