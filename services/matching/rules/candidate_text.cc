#include "services/matching/rules/candidate_text.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/jp/civil_day.h"
#include "services/matching/rules/names.h"

namespace tsunagu::matching::rules {
namespace {

using Values = google::protobuf::RepeatedField<int>;

// 3,249 m is 3.2 km.
std::string Kilometres(int64_t metres) {
  const int64_t tenths = (metres + 50) / 100;
  return absl::StrCat(tenths / 10, ".", tenths % 10);
}

// 346 m; 3,201 m becomes 3.3 km: rounded up, so that it is sufficient.
std::string Farther(int64_t metres, const char* space) {
  if (metres < 1000) return absl::StrCat(metres, space, "m");
  const int64_t tenths = (metres + 99) / 100;
  return absl::StrCat(tenths / 10, ".", tenths % 10, space, "km");
}

// Adds how the way was measured, if a rule defines it.
Label SayHowFar(const v1::Candidate& candidate, const v1::SnapshotNurse& nurse) {
  const v1::Way& way = candidate.way();
  const std::string how_ja = way.commute_rule().empty() ? "" : absl::StrCat("。", way.text().ja());
  const std::string how_en = way.commute_rule().empty() ? "" : absl::StrCat("; ", way.text().en());
  if (way.by_minutes()) {
    const int32_t limit = nurse.commute_limit_minutes();
    return LabelOf(
        absl::StrCat("自宅から", way.minutes(), "分（通勤上限", limit, "分", how_ja, "）"),
        absl::StrCat(way.minutes(), " minutes from her home (she travels up to ", limit, " minutes", how_en, ")"));
  }
  const std::string away = Kilometres(candidate.distance_metres()), limit = Kilometres(nurse.commute_limit_metres());
  return LabelOf(absl::StrCat("自宅から", away, "km（通勤上限", limit, "km", how_ja, "）"),
                 absl::StrCat(away, " km from her home (she goes up to ", limit, " km", how_en, ")"));
}

void SayEligible(const v1::Candidate& candidate, const v1::SnapshotNurse& nurse, const v1::SnapshotOpening& opening,
                 std::vector<Label>& reasons) {
  const auto& skills = *registry::v1::Skill_descriptor();
  if (!opening.required_skills().empty()) {
    const Label all = NamesOf(skills, opening.required_skills());
    reasons.push_back(LabelOf(absl::StrCat("必要なケアがすべてできます（", all.ja(), "）"),
                              absl::StrCat("gives all care that is needed (", all.en(), ")")));
  }
  Values beyond;
  for (const int skill : nurse.skills()) {
    const auto& needed = opening.required_skills();
    if (std::find(needed.begin(), needed.end(), skill) == needed.end()) beyond.Add(skill);
  }
  if (!beyond.empty()) {
    const Label more = NamesOf(skills, beyond);
    reasons.push_back(LabelOf(absl::StrCat("ほかにできるケア: ", more.ja()), absl::StrCat("other care: ", more.en())));
  }
  reasons.push_back(SayHowFar(candidate, nurse));
  const auto wish = std::find(nurse.wishes().begin(), nurse.wishes().end(), candidate.facility());
  if (wish == nurse.wishes().end()) return;
  const auto rank = std::to_string(wish - nurse.wishes().begin() + 1);
  reasons.push_back(LabelOf(absl::StrCat("本人の第", rank, "希望の事業所"), absl::StrCat("her wish no. ", rank)));
}

Label SayNearMiss(const v1::Candidate& candidate, const v1::SnapshotNurse& nurse) {
  const int32_t minutes = candidate.missing_minutes(), days = candidate.missing_days();
  switch (candidate.blocker()) {
    case v1::BLOCKER_EMPLOYER_RULE: {
      const Label licence = NameOf(*registry::v1::Licence_descriptor(), nurse.licence());
      return LabelOf(absl::StrCat("求人側が", licence.ja(), "を受け入れれば"),
                     absl::StrCat("if the employer took her licence (", licence.en(), ")"));
    }
    case v1::BLOCKER_SKILLS: {
      const Label skills = NamesOf(*registry::v1::Skill_descriptor(), candidate.missing_skills());
      return LabelOf(absl::StrCat(skills.ja(), "の研修を受ければ"), absl::StrCat("with training in ", skills.en()));
    }
    case v1::BLOCKER_HALF_DAYS: {
      const auto& half_days = *registry::v1::HalfDay_descriptor();
      const Label school = NamesOf(half_days, candidate.missing_school_half_days());
      const Label holidays = NamesOf(half_days, candidate.missing_holiday_half_days());
      std::vector<std::string> ja, en;
      if (!school.ja().empty()) ja.push_back(school.ja()), en.push_back(school.en());
      if (!holidays.ja().empty()) {
        ja.push_back(absl::StrCat("長期休業中の", holidays.ja()));
        en.push_back(absl::StrCat("in the long holidays ", holidays.en()));
      }
      return LabelOf(absl::StrCat(absl::StrJoin(ja, "、"), "にも働ければ"),
                     absl::StrCat("if she also worked ", absl::StrJoin(en, "; ")));
    }
    case v1::BLOCKER_HOURS:
      return LabelOf(absl::StrCat("週にあと", minutes, "分働ければ"),
                     absl::StrCat("if she worked ", minutes, " more minutes a week"));
    case v1::BLOCKER_FEW_HOURS:
      return LabelOf(absl::StrCat("勤務が希望より週", minutes, "分少なくてよければ"),
                     absl::StrCat("if ", minutes, " minutes a week less were enough for her"));
    case v1::BLOCKER_START:
      return LabelOf(absl::StrCat("本人が", days, "日早く始めるか、求人が", days, "日待てば"),
                     absl::StrCat("if she began ", days, " days sooner, or the opening waited as long"));
    case v1::BLOCKER_TRAVEL_TIME: {
      const int32_t longer = candidate.extra_travel_minutes();
      return LabelOf(absl::StrCat("通勤時間の上限をあと", longer, "分延ばせば"),
                     absl::StrCat("if she travelled ", longer, longer == 1 ? " minute longer" : " minutes longer"));
    }
    default:
      return LabelOf(absl::StrCat("通勤上限をあと", Farther(candidate.extra_metres(), ""), "広げれば"),
                     absl::StrCat("if she went ", Farther(candidate.extra_metres(), " "), " farther"));
  }
}

}  // namespace

std::vector<Label> ReasonsOf(const v1::Candidate& candidate, const v1::SnapshotNurse& nurse,
                             const v1::SnapshotOpening& opening) {
  std::vector<Label> reasons;
  if (candidate.blocker() == v1::BLOCKER_UNSPECIFIED) {
    SayEligible(candidate, nurse, opening, reasons);
  } else {
    reasons.push_back(SayNearMiss(candidate, nurse));
  }
  return reasons;
}

namespace {

// 「求人があと4件」, "4 more openings".
Label MoreOf(int32_t count, bool of_nurses) {
  return LabelOf(absl::StrCat(of_nurses ? "看護職員があと" : "求人があと", count, of_nurses ? "人" : "件"),
                 absl::StrCat(count, of_nurses ? " more nurse" : " more opening", count == 1 ? "" : "s"));
}

}  // namespace

Label TextOf(registry::v1::Skill skill, int32_t count, bool of_nurses) {
  const Label name = NameOf(*registry::v1::Skill_descriptor(), skill), more = MoreOf(count, of_nurses);
  return LabelOf(absl::StrCat(name.ja(), "の研修で、", more.ja()),
                 absl::StrCat("with training in ", name.en(), ": ", more.en()));
}

Label TextOf(const v1::CandidateCounts::WayCount& way, bool of_nurses) {
  const Label more = MoreOf(way.count(), of_nurses);
  if (way.extra_minutes() > 0) {
    return LabelOf(absl::StrCat("通勤時間があと", way.extra_minutes(), "分延びると、", more.ja()),
                   absl::StrCat("with ", way.extra_minutes(), " minutes more of travel: ", more.en()));
  }
  const int32_t kilometres = way.extra_metres() / 1000;
  return LabelOf(absl::StrCat("通勤があと", kilometres, " km延びると、", more.ja()),
                 absl::StrCat("with ", kilometres, " km more of travel: ", more.en()));
}

Label TextOf(const v1::RecommendOpeningsResponse::Engagement& engagement) {
  const std::string from = jp::FormatIso(jp::DayOf(engagement.start_date()));
  if (!engagement.has_leave_date()) {
    return LabelOf(absl::StrCat(from, "からの就業先が決まっています（承諾済みか就業中）"),
                   absl::StrCat("has accepted a post, or works in one, from ", from, " on"));
  }
  const std::string to = jp::FormatIso(jp::DayOf(engagement.leave_date()));
  return LabelOf(absl::StrCat(from, "から", to, "までの就業先が決まっています"),
                 absl::StrCat("has a post from ", from, " to ", to));
}

}  // namespace tsunagu::matching::rules
