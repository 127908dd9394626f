#include "services/suite/recommend.h"

#include <iostream>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/host/words.h"
#include "services/suite/print_error.h"
#include "tsunagu/matching/v1/recommendation.pb.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::suite {
namespace {

namespace v1 = matching::v1;

struct Flags : RecommendOptions {
  ClientFlags client;
};

// Writes an answer in one language.
class Telling {
 public:
  Telling(Language language, bool of_nurses, std::ostream& out)
      : ja_(language == Language::kJapanese), of_nurses_(of_nurses), out_(out) {}

  void Tell(const v1::RecommendNursesResponse& response) const { TellAll(response); }
  // First what she is bound to, since she cannot simply take other openings.
  void Tell(const v1::RecommendOpeningsResponse& response) const {
    for (const auto& engagement : response.engagements()) {
      out_ << (ja_ ? absl::StrCat("ご注意: ", In(engagement.text()), "。同じ時間帯の求人は承諾できません。")
                   : absl::StrCat("Note: she ", In(engagement.text()),
                                  ". She cannot accept an opening at the same time."))
           << "\n";
    }
    TellAll(response);
  }

 private:
  template <typename Response>
  void TellAll(const Response& response) const {
    const v1::CandidateCounts& counts = response.counts();
    out_ << (ja_ ? absl::StrCat(of_nurses_ ? "この求人に紹介できる看護職員: " : "紹介できる求人: ",
                                counts.eligible_count(), of_nurses_ ? "人（確認した" : "件（確認した",
                                counts.considered_count(), of_nurses_ ? "人のうち）" : "件のうち）")
                 : absl::StrCat(of_nurses_ ? "Nurses who could take it: " : "Openings that fit: ",
                                counts.eligible_count(), " of ", counts.considered_count()))
         << "\n";
    int number = 0;
    for (const v1::Candidate& row : response.candidates()) Tell(row, absl::StrCat(++number, ". "));
    if (response.near_misses_size() > 0) out_ << (ja_ ? "あと一つで紹介できるもの:" : "One thing is missing:") << "\n";
    for (const v1::Candidate& row : response.near_misses()) Tell(row, "- ");
    Tell(counts);
    for (const v1::Withheld& why : response.withheld()) {
      const int32_t nurses = why.nurse_count();
      const std::string of_ja =
          nurses > 0 ? absl::StrCat("看護職員", nurses, "人") : absl::StrCat("求人", why.opening_count(), "件");
      const std::string of_en =
          nurses > 0 ? absl::StrCat("nurses: ", nurses) : absl::StrCat("openings: ", why.opening_count());
      out_ << (ja_ ? absl::StrCat("名前は出せません（", of_ja, "）: ") : absl::StrCat("No names (", of_en, "): "))
           << In(why.text()) << "\n";
    }
  }

  const std::string& In(const platform::v1::Label& label) const { return ja_ ? label.ja() : label.en(); }

  void Tell(const v1::Candidate& row, const std::string& mark) const {
    out_ << "  " << mark << (of_nurses_ ? row.nurse() : absl::StrCat(row.opening(), " ", row.facility())) << "\n";
    for (const platform::v1::Label& reason : row.reasons()) out_ << "     " << In(reason) << "\n";
  }

  void Tell(const v1::CandidateCounts& counts) const {
    for (const auto& skill : counts.skills()) out_ << In(skill.text()) << "\n";
    for (const auto& way : counts.ways()) out_ << In(way.text()) << "\n";
    for (const auto& row : counts.blockers()) {
      const auto& blocker = *v1::Blocker_descriptor()->FindValueByNumber(row.blocker());
      out_ << (ja_ ? absl::StrCat("妨げ（", blocker.options().GetExtension(tsunagu::ja), "）: ", row.count(),
                                  of_nurses_ ? "人" : "件")
                   : absl::StrCat("stopped by ", blocker.name().substr(sizeof("BLOCKER_") - 1), ": ", row.count()))
           << (ja_ ? absl::StrCat("（そのうち、ほかに妨げがない: ", row.near_miss_count(), "）")
                   : absl::StrCat(" (by nothing else: ", row.near_miss_count(), ")"))
           << "\n";
    }
  }

  const bool ja_, of_nurses_;
  std::ostream& out_;
};

template <typename Request>
void SetCommon(const RecommendOptions& options, Request& request) {
  request.set_operator_code(options.operator_code);
  if (!options.basis.empty()) request.set_legal_basis(FullName("legalBases", options.basis));
  if (!options.area.empty()) request.set_area(FullName("areas", options.area));
  request.set_page_size(options.count);
}

template <typename Enum>
absl::StatusOr<Enum> Read(const google::protobuf::EnumDescriptor& type, const std::string& prefix,
                          const std::string& word) {
  for (int i = 1; i < type.value_count(); ++i) {
    const auto& value = *type.value(i);
    if (value.name() == prefix + word || value.options().GetExtension(tsunagu::ja) == word) {
      return static_cast<Enum>(value.number());
    }
  }
  return FailHere(absl::StatusCode::kInvalidArgument, "WORD_UNKNOWN", absl::StrCat("この語は使えません: ", word),
                  absl::StrCat("There is no such word: ", word));
}

absl::Status SetPerson(const RecommendOptions& options, v1::SnapshotNurse& person) {
  person.set_name("nurses/-");
  ASSIGN_OR_RETURN(const auto licence,
                   Read<registry::v1::Licence>(*registry::v1::Licence_descriptor(), "LICENCE_", options.licence));
  person.set_licence(licence);
  for (const std::string& word : options.skills) {
    ASSIGN_OR_RETURN(const auto skill, Read<registry::v1::Skill>(*registry::v1::Skill_descriptor(), "SKILL_", word));
    person.add_skills(skill);
  }
  person.set_weekly_minutes(options.weekly_minutes);
  person.set_home_mesh(options.home_mesh);
  person.set_commute_limit_metres(options.commute_limit_metres);
  person.set_commute_limit_minutes(options.commute_limit_minutes);
  if (!options.home_area.empty()) person.set_home_area(FullName("areas", options.home_area));
  return absl::OkStatus();
}

}  // namespace

absl::Status Recommend(const Client& client, const RecommendOptions& options, std::ostream& told) {
  const Language language = client.once.language;
  const bool for_opening = !options.opening.empty(), for_nurse = !options.nurse.empty();
  if (for_opening + for_nurse + !options.licence.empty() != 1) {
    return FailHere(absl::StatusCode::kInvalidArgument, "RECOMMEND_FOR_ONE",
                    "--opening、--nurse、--licence のどれか一つを指定してください。",
                    "Give one of --opening, --nurse and --licence.");
  }
  if (for_opening) {
    v1::RecommendNursesRequest request;
    request.set_opening(FullName("openings", options.opening));
    SetCommon(options, request);
    ASSIGN_OR_RETURN(const auto response,
                     client.peer->Unary<v1::RecommendNursesResponse>(
                         "tsunagu.matching.v1.RecommendationService/RecommendNurses", request, client.once));
    Telling(language, true, told).Tell(response);
    if (response.promised_count() > 0) {
      told << (language == Language::kJapanese
                   ? absl::StrCat("このほか、ほかの求人を承諾している看護職員: ", response.promised_count(), "人")
                   : absl::StrCat("Besides, nurses to whom another post is promised: ", response.promised_count()))
           << "\n";
    }
    return Flush(told);
  }
  v1::RecommendOpeningsRequest request;
  if (for_nurse) {
    request.set_nurse(FullName("nurses", options.nurse));
  } else {
    RETURN_IF_ERROR(SetPerson(options, *request.mutable_person()));
  }
  SetCommon(options, request);
  ASSIGN_OR_RETURN(const auto response,
                   client.peer->Unary<v1::RecommendOpeningsResponse>(
                       "tsunagu.matching.v1.RecommendationService/RecommendOpenings", request, client.once));
  Telling(language, false, told).Tell(response);
  if (response.left_out_count() > 0) {
    told << (language == Language::kJapanese ? "対象にできない求人: " : "Openings that could not be looked at: ")
         << response.left_out_count() << "\n";
  }
  return Flush(told);
}

void AddRecommend(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand(
      "recommend", Words("求人に合う看護職員、または看護職員に合う求人を、理由とともに挙げる",
                         "Nurses for an opening, or openings for a nurse, with reasons and with what is missing"));
  auto flags = std::make_shared<Flags>();
  command->add_option("--opening", flags->opening, Words("この求人に", "For this opening"));
  command->add_option("--nurse", flags->nurse, Words("この看護職員に", "For this nurse"));
  command->add_option("--licence", flags->licence,
                      Words("登録のない人に。その免許（NURSE など）",
                            "For somebody who is not registered: her licence, NURSE for one"));
  command->add_option(
      "--skill", flags->skills,
      Words("その人ができるケア（SUCTION など）。繰り返せる", "Care that she gives, SUCTION for one; may be repeated"));
  command->add_option("--minutes", flags->weekly_minutes,
                      Words("その人の週の勤務可能分数", "Minutes a week that she would work"));
  command->add_option("--mesh", flags->home_mesh,
                      Words("その人の自宅のメッシュ（8桁）", "The mesh in which she lives, 8 digits"));
  command->add_option("--metres", flags->commute_limit_metres,
                      Words("その人の通勤上限（m）", "How far she would go, metres"));
  command->add_option(
      "--travel-minutes", flags->commute_limit_minutes,
      Words("その人の通勤時間の上限（分）。通勤時間表がある区間で、距離の代わりに使う",
            "How long she would travel, minutes; counts instead of metres where travel times are told"));
  command->add_option("--home-area", flags->home_area,
                      Words("その人の居住地域。通勤時間表に使う", "The area in which she lives, for travel times"));
  command->add_option("--operator", flags->operator_code,
                      Words("紹介する運営者（areas/310000、法人番号）",
                            "Who brings them together: areas/310000, or a corporate number"));
  command->add_option(
      "--basis", flags->basis,
      Words("職業紹介の根拠。指定がなければ件数だけ", "The legal basis for it; without one there are only counts"));
  command->add_option("--area", flags->area,
                      Words("この地域だけ（指定がなければ同じ都道府県、- は全部）",
                            "Only this area; the same prefecture if not given, - for all"));
  command->add_option("--count", flags->count, Words("挙げる数の上限", "Most to list"))->check(CLI::Range(1, 200));
  RunAsClient(*command, flags, chosen,
              [](const Client& client, const Flags& options) { return Recommend(client, options, std::cout); });
}

}  // namespace tsunagu::suite
