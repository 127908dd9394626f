#include "common/base/reason.h"

#include <map>
#include <string>

#include "absl/strings/strip.h"
#include "common/base/mutex.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::platform::v1 {
// From reason.pb.h. This file does not include that header, because it would be recompiled with every new reason.
const google::protobuf::EnumDescriptor* Reason_descriptor();
}  // namespace tsunagu::platform::v1

namespace tsunagu {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;

absl::string_view WordOf(const EnumValueDescriptor& value) { return absl::StripPrefix(value.name(), "REASON_"); }

// All declared reasons by word. Thread-safe.
class Declared {
 public:
  static Declared& Process() {
    static auto& declared = *new Declared;
    return declared;
  }

  void Add(const EnumDescriptor& reasons) {
    MutexLock lock(mutex_);
    for (int i = 1; i < reasons.value_count(); ++i) values_[WordOf(*reasons.value(i))] = reasons.value(i);
  }

  const EnumValueDescriptor* Find(absl::string_view word) {
    MutexLock lock(mutex_);
    const auto found = values_.find(word);
    return found == values_.end() ? nullptr : found->second;
  }

 private:
  Declared() { Add(*platform::v1::Reason_descriptor()); }

  Mutex mutex_;
  std::map<absl::string_view, const EnumValueDescriptor*> values_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

Reason Reason::Find(absl::string_view word) {
  const EnumValueDescriptor* value = Declared::Process().Find(word);
  return value == nullptr ? Reason() : Reason(WordOf(*value));
}

void Reason::Declare(const EnumDescriptor* reasons) { Declared::Process().Add(*reasons); }

const ReasonRule& Reason::rule() const {
  const EnumValueDescriptor* value = Declared::Process().Find(word_);
  if (value == nullptr) value = Declared::Process().Find("INTERNAL");
  return value == nullptr ? ReasonRule::default_instance() : value->options().GetExtension(tsunagu::refusal);
}

}  // namespace tsunagu
