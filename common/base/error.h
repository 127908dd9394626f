#ifndef TSUNAGU_COMMON_BASE_ERROR_H_
#define TSUNAGU_COMMON_BASE_ERROR_H_

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

// Fills the placeholders of a reason's text: {"max", "200"}. Never personal data.
using Args = std::initializer_list<std::pair<absl::string_view, std::string>>;

enum class Language { kJapanese, kEnglish };

// A refusal for `reason`, with the status code that the reason's contract names.
absl::Status Fail(Reason reason, Args args = {});

// INVALID_ARGUMENT because of one field.
absl::Status FailAt(absl::string_view field, Reason reason, Args args = {});

Fault MakeFault(absl::string_view field, Reason reason, Args args = {});

// Collects every fault of one input, so that nobody has to send it ten times.
class Faults {
 public:
  void Add(absl::string_view field, Reason reason, Args args = {});
  // Adds what `status` says, its paths prefixed with `field`.
  void Add(absl::string_view field, const absl::Status& status);
  bool empty() const { return faults_.empty(); }
  const std::vector<Fault>& all() const { return faults_; }
  // OK when empty, else INVALID_ARGUMENT with all of them.
  absl::Status ToStatus() const;

 private:
  std::vector<Fault> faults_;
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
