#include "services/matching/rounds/explanation_text.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/contract/own_id.h"
#include "services/matching/rounds/worth.h"
#include "services/matching/rules/names.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::matching {
namespace {

using platform::v1::Label;
using registry::v1::Skill;

// Appends sentences in both languages.
class Text {
 public:
  Text& Add(absl::string_view ja, absl::string_view en) {
    label_.mutable_ja()->append(ja.data(), ja.size());
    absl::StrAppend(label_.mutable_en(), label_.en().empty() ? "" : " ", en);
    return *this;
  }
  const Label& label() const { return label_; }

 private:
  Label label_;
};

// 「吸引」, or "a kind of care" if its name would reveal few children.
Label CareText(Skill skill, bool names_care) {
  Label care;
  if (names_care) {
    care = rules::NameOf(*registry::v1::Skill_descriptor(), skill);
    care.set_ja(absl::StrCat("「", care.ja(), "」"));
  } else {
    care.set_ja("あるケア（必要とする事業所が少ないため、名称は示しません）");
    care.set_en("a kind of care that too few facilities need for it to be named");
  }
  return care;
}

int64_t Kilometres(int64_t metres) { return (metres + 999) / 1000; }

Label SpanText(const v1::Span& span) {
  Label label;
  const bool exact = span.at_least() == span.at_most();
  label.set_ja(exact ? absl::StrCat(span.at_least()) : absl::StrCat(span.at_least(), "〜", span.at_most()));
  label.set_en(exact ? absl::StrCat(span.at_least()) : absl::StrCat(span.at_least(), " to ", span.at_most()));
  return label;
}

void AddLowered(const Label& place, absl::string_view before, Text& text) {
  text.Add(
      absl::StrCat(before, "ほかの場所の下限を満たすため、", place.ja(), "では上限より少ない人数までにしています。"),
      absl::StrCat("So that a floor elsewhere is met, fewer are taken in ", place.en(), " than its cap allows."));
}

void AddObstacles(const v1::Obstacles& obstacles, bool names_care, Text& text) {
  if (obstacles.held()) {
    text.Add(
        "ここを希望する人がいますが、退職などの出来事の後、募集を空けてあるか、異動の上限に達したため止めてあります。",
        "After an event it is held, or the moves were stopped at their limit, and somebody would rather be here.");
    return;
  }
  if (!obstacles.cap().empty()) {
    const Label place = NameOfPlace(obstacles.cap(), obstacles.cap_display_name());
    if (obstacles.cap_is_zero()) {
      text.Add(absl::StrCat(place.ja(), "の上限は0人です。上限を上げると、決まることがあります。"),
               absl::StrCat("The cap of ", place.en(), " is 0. With a higher one it may get somebody."));
      return;
    }
    if (obstacles.cap_is_lowered()) {
      AddLowered(place, "", text);
      return;
    }
    text.Add(absl::StrCat(place.ja(), "の上限に達しています。上限を上げると、さらに決まることがあります。"),
             absl::StrCat("The cap of ", place.en(), " is reached. With a higher one it may get more."));
    return;
  }
  if (obstacles.main_blocker() == v1::BLOCKER_UNSPECIFIED) {
    text.Add("就職先の決まっていない人について、示せる理由はありません。求職者が増えると、埋まることがあります。",
             "For those without a post, no reason can be named. More nurses may fill it.");
    return;
  }
  const Label blocker = NameOf(obstacles.main_blocker()), blocked = SpanText(obstacles.blocked());
  text.Add(absl::StrCat("就職先の決まっていない人が対象にならない理由のうち、示せるもので最も多いのは「", blocker.ja(),
                        "」です（", blocked.ja(), "人）。"),
           absl::StrCat("Of the reasons that can be named, this keeps most of those without a post away: ",
                        blocker.en(), " (", blocked.en(), ")."));
  if (obstacles.by_skill().at_most() > 0) {
    const Label care = CareText(obstacles.missing_skill(), names_care), count = SpanText(obstacles.by_skill());
    text.Add(absl::StrCat(care.ja(), "の研修を行うと、", count.ja(), "人が対象になります。"),
             absl::StrCat("Training in ", care.en(), " would bring ", count.en(), "."));
  }
  if (obstacles.by_distance().at_most() > 0) {
    const Label count = SpanText(obstacles.by_distance());
    text.Add(absl::StrCat("あと5 km遠くまで通勤できれば、", count.ja(), "人が対象になります。"),
             absl::StrCat("A way to work 5 km longer would bring ", count.en(), "."));
  }
  if (obstacles.by_minutes().at_most() > 0) {
    const Label count = SpanText(obstacles.by_minutes());
    text.Add(absl::StrCat("あと10分長く通勤できれば、", count.ja(), "人が対象になります。"),
             absl::StrCat("10 minutes more of travel would bring ", count.en(), "."));
  }
  if (obstacles.by_hours().at_most() > 0) {
    const Label count = SpanText(obstacles.by_hours());
    text.Add(absl::StrCat("週の勤務が8時間短ければ、", count.ja(), "人が対象になります。"),
             absl::StrCat("A week 8 hours shorter would bring ", count.en(), "."));
  }
}

// 「重み2にあたる募集」, 「通勤が合計1200 m」.
Label WorthText(const v1::Worth& worth) {
  Label label;
  if (worth.weight() > 0) {
    label.set_ja(absl::StrCat("重み", worth.weight(), "にあたる募集"));
    label.set_en(absl::StrCat("posts of weight ", worth.weight()));
  } else {
    label.set_ja(absl::StrCat("通勤が合計", worth.metres(), " m"));
    label.set_en(absl::StrCat(worth.metres(), " m of ways to work in all"));
  }
  return label;
}

// "1 opening", "2 openings".
std::string Counted(int64_t count, absl::string_view one) {
  return absl::StrCat(count, " ", one, count == 1 ? "" : "s");
}

// Adds what decided, if the last admitted nurse is disclosed; else adds what decides in general, with her own way. With
// a number of skills the nurse could tell the care that the opening needs.
void AddFull(const v1::ExplainAssignmentResponse::Step& step, Text& text) {
  const Label eligible = SpanText(step.eligible());
  text.Add(
      absl::StrCat("満員です。優先順位が上の人で埋まりました（条件の合う人", eligible.ja(), "人、募集",
                   step.post_count(), "人）。"),
      absl::StrCat("It is full: ", step.post_count() == 1 ? "the post" : "the posts", " went to nurses who go first (",
                   eligible.en(), " could have come, for ", Counted(step.post_count(), "post"), ")."));
  const int64_t km = Kilometres(step.metres());
  if (step.decided_by() == v1::PRIORITY_RULE_UNSPECIFIED) {
    text.Add(absl::StrCat("優先順位は、必要なケアのほかにできるケアの数、通勤の近さ（本人は", km,
                          " km）、抽選の順に決まります。"),
             absl::StrCat("Who goes first is decided by further skills, then by the way to work (hers is ", km,
                          " km), then by lot."));
    return;
  }
  text.Add(
      absl::StrCat("最後に決まった人の通勤は", step.cut_off_kilometres(), " km以内です（本人は", km, " km）。"),
      absl::StrCat("The last of them lives within ", step.cut_off_kilometres(), " km; this nurse has ", km, " km."));
  if (step.decided_by() == v1::PRIORITY_RULE_SKILLS) {
    text.Add("できるケアの数で決まりました。", "The further skills decided.");
  } else if (step.decided_by() == v1::PRIORITY_RULE_WAY) {
    text.Add("できるケアの数は同じで、通勤の近さで決まりました。",
             "Their further skills are as many: the way to work decided.");
  } else {
    text.Add("できるケアの数も通勤の距離も同じで、抽選で決まりました。",
             "Their further skills are as many and their ways as long: the lots decided.");
  }
}

void AddPosts(int32_t posts, int32_t filled, Text& text) {
  text.Add(absl::StrCat("募集", posts, "人のうち", filled, "人が決まりました。"),
           absl::StrCat(filled, " of ", Counted(posts, "post"), posts == 1 ? " is filled." : " are filled."));
}

void AddUnmatched(const v1::Assignment& row, bool names_care, Text& text) {
  if (row.main_blocker() != v1::BLOCKER_UNSPECIFIED) {
    const Label blocker = NameOf(row.main_blocker());
    text.Add(
        absl::StrCat("求人が対象にならない理由で最も多いのは「", blocker.ja(), "」です（求人",
                     row.blocked_opening_count(), "件）。"),
        absl::StrCat("What stops most: ", blocker.en(), " (", Counted(row.blocked_opening_count(), "opening"), ")."));
  }
  if (row.openings_by_skill_count() > 0) {
    const Label care = CareText(row.missing_skill(), names_care);
    text.Add(
        absl::StrCat(care.ja(), "の研修を受けると、さらに求人", row.openings_by_skill_count(), "件が対象になります。"),
        absl::StrCat("With training in ", care.en(), ", ", Counted(row.openings_by_skill_count(), "more opening"),
                     " would fit."));
  }
  if (row.extra_metres() > 0) {
    const int64_t km = Kilometres(row.extra_metres());
    text.Add(absl::StrCat("あと", km, " km遠くまで通勤できれば、対象になる求人があります。"),
             absl::StrCat("Going ", km, " km further, there is one."));
  }
  if (row.extra_travel_minutes() > 0) {
    text.Add(absl::StrCat("あと", row.extra_travel_minutes(), "分長く通勤できれば、対象になる求人があります。"),
             absl::StrCat("Travelling ", Counted(row.extra_travel_minutes(), "minute"), " longer, there is one."));
  }
}

}  // namespace

Label TextOf(const v1::Assignment& row, bool names_care) {
  Text text;
  switch (row.unmatched_reason()) {
    case v1::UNMATCHED_REASON_NO_OPENINGS:
      text.Add("求人がありませんでした。", "There were no openings.");
      break;
    case v1::UNMATCHED_REASON_NO_ELIGIBLE_OPENING:
      text.Add("条件の合う求人がありませんでした。", "No opening fitted.");
      AddUnmatched(row, names_care, text);
      break;
    case v1::UNMATCHED_REASON_CAPPED:
      text.Add("条件の合う求人は、埋まったか、場所ごとの人数の制限に達しました。",
               "All openings that fitted are filled, or a limit around them is reached.");
      break;
    case v1::UNMATCHED_REASON_FILLED:
      text.Add("条件の合う求人は、ほかの人で埋まりました。", "All openings that fitted were filled by others.");
      AddUnmatched(row, names_care, text);
      break;
    case v1::UNMATCHED_REASON_HELD:
      text.Add(
          "条件の合う求人に入れるところですが、退職などの出来事の後、募集を空けてあるか、異動の上限に達したため止めてあ"
          "ります。",
          "An opening that fits would take her: after an event it is held, or the moves were stopped at their limit.");
      break;
    case v1::UNMATCHED_REASON_NOT_LISTED:
      text.Add(
          "当時の規則では、条件の合う求人のうち近い30件だけが対象で、そのすべてが、優先順位が上の人で埋まりました。",
          "By the rules of that time only the 30 nearest openings that fitted were on her list, and all of these were "
          "filled by nurses who go first.");
      AddUnmatched(row, names_care, text);
      break;
    case v1::UNMATCHED_REASON_OUTRANKED:
      text.Add("条件の合う求人は、優先順位が上の人で埋まりました。",
               "All openings that fitted were filled by nurses who go first.");
      AddUnmatched(row, names_care, text);
      break;
    default:
      text.Add(
          absl::StrCat("希望順で", row.choice(), "番目の求人に決まりました（通勤 約", Kilometres(row.distance_metres()),
                       " km）。"),
          absl::StrCat("Choice number ", row.choice(), ", about ", Kilometres(row.distance_metres()), " km away."));
  }
  return text.label();
}

Label TextOf(const v1::ExplainAssignmentResponse::Step& step) {
  Text text;
  switch (step.blocker()) {
    case v1::BLOCKER_UNSPECIFIED:
      if (step.held()) {
        text.Add("入れるところですが、退職などの出来事の後、募集を空けてあるか、異動の上限に達したため止めてあります。",
                 "It would take her: after an event it is held, or the moves were stopped at their limit.");
        return text.label();
      }
      if (!step.cap().empty()) {
        const Label place = NameOfPlace(step.cap(), step.cap_display_name());
        if (step.cap_is_zero()) {
          text.Add(absl::StrCat("空きはありますが、", place.ja(), "の上限が0人のため、だれも決まりません。"),
                   absl::StrCat("It has posts left, but the cap of ", place.en(), " is 0: nobody can have one."));
          return text.label();
        }
        if (step.cap_is_lowered()) {
          AddLowered(place, "空きはありますが、", text);
          return text.label();
        }
        text.Add(absl::StrCat("空きはありますが、", place.ja(), "の上限に達し、優先順位が上の人が先に決まりました。"),
                 absl::StrCat("It has posts left, but the cap of ", place.en(), " is reached by nurses who go first."));
        return text.label();
      }
      AddFull(step, text);
      return text.label();
    case v1::BLOCKER_NOT_LISTED:
      text.Add("当時の規則では、近い30件の求人だけが対象でした。",
               "By the rules of that time only the 30 nearest openings were on her list.");
      break;
    case v1::BLOCKER_LICENCE:
      text.Add("免許が条件に合いません。", "It asks for another licence.");
      break;
    case v1::BLOCKER_EMPLOYER_RULE:
      text.Add("求人側がこの免許を対象にしていません。", "The employer does not take this licence.");
      break;
    case v1::BLOCKER_HALF_DAYS:
      text.Add("勤務できない半日があります。", "It has half-days on which she does not work.");
      break;
    case v1::BLOCKER_FEW_HOURS:
      text.Add("希望より勤務時間の短い求人です。", "It has fewer hours than she wants.");
      break;
    case v1::BLOCKER_START:
      text.Add("勤務の開始日に間に合いません。", "It begins before she could.");
      break;
    case v1::BLOCKER_EXCLUDED:
      text.Add("本人が希望しない事業所です。", "She would not work at this facility.");
      break;
    default:
      break;
  }
  if (!step.missing_skills().empty()) text.Add("必要なケアの研修が必要です。", "Training in care is needed.");
  if (step.extra_minutes() > 0) {
    text.Add(absl::StrCat("週にあと", step.extra_minutes(), "分の勤務が必要です。"),
             absl::StrCat("It takes ", Counted(step.extra_minutes(), "more minute"), " a week."));
  }
  if (step.extra_metres() > 0) {
    text.Add(absl::StrCat("通勤できる距離より", step.extra_metres(), " m遠くにあります。"),
             absl::StrCat("It is ", step.extra_metres(), " m beyond the way that she would go."));
  }
  if (step.extra_travel_minutes() > 0) {
    text.Add(
        absl::StrCat("通勤できる時間より", step.extra_travel_minutes(), "分長くかかります。"),
        absl::StrCat("It takes ", Counted(step.extra_travel_minutes(), "minute"), " longer than she would travel."));
  }
  return text.label();
}

Label TextOf(const v1::ExplainOpeningResponse& row) {
  Text text;
  AddPosts(row.post_count(), row.filled_count(), text);
  const Label eligible = SpanText(row.eligible()), elsewhere = SpanText(row.elsewhere());
  text.Add(
      absl::StrCat("条件の合う人は", eligible.ja(), "人で、うち", elsewhere.ja(),
                   "人は、より希望順の高い求人に決まりました。"),
      absl::StrCat("Could have come: ", eligible.en(), "; have something that they prefer: ", elsewhere.en(), "."));
  if (row.refused().at_most() > 0) {
    const Label refused = SpanText(row.refused());
    const bool is_full = row.filled_count() >= row.post_count();
    if (row.obstacles().held()) {
      text.Add(absl::StrCat("ここを希望し、入っていない人は", refused.ja(),
                            "人です。退職などの出来事の後、募集を空けてあるか、異動の上限に達したため止めてあります。"),
               absl::StrCat("Would have come: ", refused.en(),
                            ". After an event it is held, or the moves were stopped at "
                            "their limit."));
      return text.label();
    }
    const Label place = NameOfPlace(row.obstacles().cap(), row.obstacles().cap_display_name());
    const bool is_zero = row.obstacles().cap_is_zero();
    const bool is_lowered = row.obstacles().cap_is_lowered();
    const std::string why_ja = is_full ? "満員" : is_lowered ? "ほかの場所の下限" : absl::StrCat(place.ja(), "の上限");
    const std::string why_en = is_full ? "it was full"
                               : is_lowered
                                   ? "a floor elsewhere comes first"
                                   : absl::StrCat("the cap of ", place.en(), is_zero ? " is 0" : " was reached");
    text.Add(absl::StrCat(why_ja, "のため入れなかった人は", refused.ja(), "人です。"),
             absl::StrCat("Not taken, since ", why_en, ": ", refused.en(), "."));
  }
  if (row.filled_count() < row.post_count()) AddObstacles(row.obstacles(), true, text);
  return text.label();
}

Label NameOf(v1::Blocker blocker) {
  static const auto& english =
      *new std::map<v1::Blocker, std::string>{{v1::BLOCKER_LICENCE, "the licence"},
                                              {v1::BLOCKER_DISTANCE, "the way to work"},
                                              {v1::BLOCKER_TRAVEL_TIME, "the time that the way to work takes"},
                                              {v1::BLOCKER_EMPLOYER_RULE, "licences that the employer does not take"},
                                              {v1::BLOCKER_HALF_DAYS, "half-days"},
                                              {v1::BLOCKER_FEW_HOURS, "too few hours"},
                                              {v1::BLOCKER_START, "the first day"},
                                              {v1::BLOCKER_EXCLUDED, "facilities where she would not work"},
                                              {v1::BLOCKER_NOT_LISTED, "lists of the 30 nearest openings"},
                                              {v1::BLOCKER_SUPPLIER, "the kind of supplier"}};
  Label label = rules::NameOf(*v1::Blocker_descriptor(), blocker);
  const auto name = english.find(blocker);
  if (name != english.end()) label.set_en(name->second);
  return label;
}

Label NameOfPlace(const std::string& place, const std::string& display_name) {
  const std::string id = contract::OwnId(place);
  Label name;
  const bool has_name = !display_name.empty() && display_name != id;
  name.set_ja(has_name ? absl::StrCat(display_name, "（", id, "）") : id);
  name.set_en(has_name ? absl::StrCat(display_name, " (", id, ")") : id);
  return name;
}

void AddCaps(v1::ExplainAssignmentResponse& response) {
  std::map<std::string, Label> places;
  for (const auto& step : response.steps()) {
    if (!step.cap().empty() && !step.cap_is_lowered())
      places[step.cap()] = NameOfPlace(step.cap(), step.cap_display_name());
  }
  if (places.empty()) return;
  std::vector<std::string> ja, en;
  for (const auto& [place, name] : places) {
    ja.push_back(name.ja());
    en.push_back(name.en());
  }
  absl::StrAppend(response.mutable_text()->mutable_ja(), "上限に達した場所: ", absl::StrJoin(ja, "、"), "。");
  absl::StrAppend(response.mutable_text()->mutable_en(), " Caps reached: ", absl::StrJoin(en, ", "), ".");
}

void AddAfterEvent(int32_t after_event, Label& text) {
  if (after_event == 0) return;
  absl::StrAppend(text.mutable_ja(), "（出来事", after_event, "まで反映）");
  absl::StrAppend(text.mutable_en(), " (As of event ", after_event, ".)");
}

Label TextByPrices(const v1::ExplainAssignmentResponse::Step& step) {
  Text text;
  if (!step.has_loss()) {
    text.Add("ここに決まっても、全体の結果はよくなりません。条件の合う人が少ない求人については、理由を示しません。",
             "The round as a whole would be no better with her here. Why is not told where few could have come.");
  } else if (step.loss().floor()) {
    text.Add("ここに移ると、下限を満たせなくなります。", "Were she here, a floor could not be met.");
  } else if (IsNothing(step.loss())) {
    text.Add("どちらでも全体の結果は同じで、抽選の順で決まりました。",
             "For the round as a whole it is the same: the lots decided.");
  } else {
    const Label worth = WorthText(step.loss());
    text.Add(absl::StrCat("ここに移ると、全体で", worth.ja(),
                          step.loss().weight() > 0 ? "が埋まらなくなります。" : "長くなります。"),
             absl::StrCat("Were she here, the round would ", step.loss().weight() > 0 ? "leave empty " : "need ",
                          worth.en(), step.loss().weight() > 0 ? "." : " more."));
  }
  return text.label();
}

Label TextByPrices(const v1::ExplainOpeningResponse& row) {
  Text text;
  AddPosts(row.post_count(), row.filled_count(), text);
  const Label eligible = SpanText(row.eligible()), elsewhere = SpanText(row.elsewhere()),
              refused = SpanText(row.refused());
  text.Add(absl::StrCat("条件の合う人は", eligible.ja(), "人で、うち", elsewhere.ja(), "人はほかの求人に決まり、",
                        refused.ja(), "人はどこにも決まりませんでした。"),
           absl::StrCat("Could have come: ", eligible.en(), "; have another post: ", elsewhere.en(),
                        "; have none: ", refused.en(), "."));
  if (row.has_floor_worth()) {
    const Label worth = WorthText(row.floor_worth());
    text.Add(row.floor_worth().floor()
                 ? "この地域の下限は、これ以上引き上げられません。"
                 : absl::StrCat("この地域の下限を満たすため、1人につき、全体で", worth.ja(),
                                row.floor_worth().weight() > 0 ? "が埋まらなくなっています。" : "長くなっています。"),
             row.floor_worth().floor() ? "The floor here could not be met by one more."
                                       : absl::StrCat("The floor here costs ", worth.en(), " for one nurse more."));
  }
  if (row.has_post_worth()) {
    const Label worth = WorthText(row.post_worth());
    if (IsNothing(row.post_worth())) {
      text.Add("募集を1人増やしても、全体の結果は変わりません。", "One more post would change nothing.");
    } else {
      text.Add(absl::StrCat("募集を1人増やすと、全体で最大、", worth.ja(),
                            row.post_worth().weight() > 0 ? "がさらに埋まります。" : "短くなります。"),
               absl::StrCat("One more post would ", row.post_worth().weight() > 0 ? "fill " : "save ", worth.en(),
                            " at most."));
    }
  }
  if (row.filled_count() >= row.post_count()) return text.label();
  if (row.has_least_loss()) {
    const Label worth = WorthText(row.least_loss());
    if (row.least_loss().floor()) {
      text.Add("ここに1人でも決まると、下限を満たせなくなります。", "Were anybody here, a floor could not be met.");
    } else if (!IsNothing(row.least_loss())) {
      text.Add(absl::StrCat("ここに1人でも決まると、全体で少なくとも、", worth.ja(),
                            row.least_loss().weight() > 0 ? "が埋まらなくなります。" : "長くなります。"),
               absl::StrCat("Were anybody here, it would cost the round ", worth.en(), " at least."));
    }
  }
  AddObstacles(row.obstacles(), true, text);
  return text.label();
}

Label TextOf(const v1::ExplainAreaResponse::Shortage& row, bool names_care) {
  Text text;
  AddPosts(row.post_count(), row.filled_count(), text);
  AddObstacles(row.obstacles(), names_care, text);
  return text.label();
}

Label TextOf(const v1::ExplainAreaResponse& row) {
  Text text;
  text.Add(absl::StrCat("求人", row.opening_count(), "件の"),
           absl::StrCat(Counted(row.opening_count(), "opening"), ":"));
  AddPosts(row.post_count(), row.filled_count(), text);
  return text.label();
}

}  // namespace tsunagu::matching
