#include "services/matching/rounds/licence_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/jp/civil_day.h"
#include "services/matching/rules/names.h"

namespace tsunagu::matching {
namespace {

void Append(const platform::v1::Label& more, platform::v1::Label& text) {
  absl::StrAppend(text.mutable_ja(), more.ja());
  absl::StrAppend(text.mutable_en(), " ", more.en());
}

bool IsAboutLicence(v1::Blocker blocker) {
  return blocker == v1::BLOCKER_LICENCE || blocker == v1::BLOCKER_EMPLOYER_RULE;
}

}  // namespace

void AddLicenceExpiry(const v1::RoundEvent& expiry, v1::ExplainAssignmentResponse& response) {
  const std::string day = jp::FormatIso(jp::DayOf(expiry.apply_date()));
  const auto left = expiry.change().licence_expires().remaining_licence();
  platform::v1::Label said;
  said.set_ja(absl::StrCat("免許は", day, "に失効しました（出来事", expiry.number(), "）。"));
  said.set_en(absl::StrCat("Her licence expired on ", day, " (event ", expiry.number(), ")."));
  for (auto& step : *response.mutable_steps()) {
    if (IsAboutLicence(step.blocker())) Append(said, *step.mutable_text());
  }
  if (left != registry::v1::LICENCE_UNSPECIFIED) {
    const platform::v1::Label name = rules::NameOf(*registry::v1::Licence_descriptor(), left);
    absl::StrAppend(said.mutable_ja(), "残る免許は", name.ja(), "です。");
    absl::StrAppend(said.mutable_en(), " She still has that of: ", name.en(), ".");
  }
  Append(said, *response.mutable_text());
}

}  // namespace tsunagu::matching
