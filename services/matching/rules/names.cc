#include "services/matching/rules/names.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tsunagu/options.pb.h"
#include "tsunagu/registry/v1/half_day.pb.h"

namespace tsunagu::matching::rules {
Label LabelOf(std::string ja, std::string en) {
  Label label;
  label.set_ja(std::move(ja));
  label.set_en(std::move(en));
  return label;
}

Label NameOf(const google::protobuf::EnumDescriptor& type, int number) {
  const auto* value = type.FindValueByNumber(number);
  if (value == nullptr) return LabelOf("?", "?");
  const std::string& none = type.value(0)->name();
  const std::string word = value->name().substr(none.size() - std::string("UNSPECIFIED").size());
  const bool coded = &type == registry::v1::HalfDay_descriptor();
  return LabelOf(value->options().GetExtension(tsunagu::ja),
                 coded ? word : absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", " "}}));
}

Label NamesOf(const google::protobuf::EnumDescriptor& type, const google::protobuf::RepeatedField<int>& numbers) {
  std::vector<std::string> ja, en;
  for (const int number : numbers) {
    const Label name = NameOf(type, number);
    ja.push_back(name.ja());
    en.push_back(name.en());
  }
  return LabelOf(absl::StrJoin(ja, "、"), absl::StrJoin(en, ", "));
}

}  // namespace tsunagu::matching::rules
