#include "tools/demo/report.h"
#include "services/suite/text_table.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/substitute.h"
#include "services/suite/progress.h"
#include "tools/demo/numbers.h"
#include "tools/demo/words.h"
#include "tsunagu/options.pb.h"

namespace tsunagu::demo {
namespace {

using suite::WithCommas;

constexpr size_t kAllFacilities = 30;  // with more facilities, only the largest shortages are shown
constexpr size_t kShortages = 5;
constexpr size_t kExamples = 5;
constexpr absl::string_view kIndent = "  ";

class Writer {
 public:
  Writer(const DemoReport& report, Language language) : report_(report), language_(language) {}

  std::string All() {
    Result();
    LeftOut();
    Facilities();
    Shortages();
    Supply();
    Unmatched();
    Fairness();
    Prices();
    Recommendation();
    Proof();
    return std::move(text_);
  }

 private:
  absl::string_view In(absl::string_view ja, absl::string_view en) const { return demo::In(language_, ja, en); }
  template <typename... Args>
  void Line(absl::string_view ja, absl::string_view en, const Args&... args) {
    absl::SubstituteAndAppend(&text_, In(ja, en), args...);
    text_.push_back('\n');
  }
  void Heading(absl::string_view ja, absl::string_view en) {
    absl::StrAppend(&text_, text_.empty() ? "" : "\n", "■ ", In(ja, en), "\n");
  }

  // 鳥取県 (310000)
  std::string Where() const {
    if (report_.area.name().empty()) return std::string(In("全国", "everywhere"));
    return absl::Substitute(In("$0（$1）", "$0 ($1)"), report_.area.display_name(), report_.area.code());
  }

  void Result() {
    const matching::v1::Round& round = report_.round;
    const Outcome& outcome = report_.outcome;
    Heading("結果", "Result");
    Line("  範囲          $0", "  where              $0", Where());
    Line("  看護職員      $0人", "  nurses             $0", WithCommas(round.nurse_count()));
    Line("  求人          $0件・$1人分", "  openings           $0 with $1 posts", WithCommas(round.opening_count()),
         WithCommas(round.post_count()));
    Line("  決まった人    $0人（$1）", "  nurses placed      $0 ($1)", WithCommas(round.matched_count()),
         Share(round.matched_count(), round.nurse_count()));
    Line("  埋まった求人  $0人分（$1）、残り$2人分", "  posts filled       $0 ($1), $2 left open",
         WithCommas(round.matched_count()), Share(round.matched_count(), round.post_count()),
         WithCommas(round.post_count() - round.matched_count()));
    const auto& bands = outcome.by_choice;
    Line("  候補の順位    1番目 $0、2番目 $1、3番目 $2、4〜10番目 $3、それより後 $4",
         "  by choice          1st $0, 2nd $1, 3rd $2, 4th to 10th $3, later $4", WithCommas(bands[0]),
         WithCommas(bands[1]), WithCommas(bands[2]), WithCommas(bands[3]), WithCommas(bands[4]));
    Line("                （希望した事業所が先、そのあとは近い順）",
         "                     (facilities wished for, then the nearest)");
    Line("  通勤距離      平均 $0 km、中央値 $1 km", "  commute            mean $0 km, median $1 km",
         Kilometres(outcome.mean_metres), Kilometres(outcome.median_metres));
    std::vector<absl::string_view> invented;
    if (report_.plan.openings && report_.plan.openings_file.empty()) invented.push_back(In("求人", "openings"));
    if (report_.plan.nurses > 0) invented.push_back(In("看護職員", "nurses"));
    if (invented.empty()) return;
    Line("  注意          $0は架空のデータです（種 $1）", "  note               invented from seed $1: $0",
         absl::StrJoin(invented, In("と", " and ")), report_.plan.seed);
  }

  void LeftOut() {
    const auto& lines = report_.outcome.left_out;
    if (lines.empty()) return;
    Heading("参加できなかった求人・看護職員", "Left out");
    suite::TextTable table({{std::string(In("理由", "reason"))},
                            {std::string(In("件数", "rows")), true},
                            {std::string(In("例", "example"))}});
    for (const auto& line : lines) {
      table.Add({LeftOutWords(line.reason, language_), WithCommas(line.rows), line.example});
    }
    absl::StrAppend(&text_, table.Draw(kIndent));
  }

  void Facilities() {
    const auto& lines = report_.outcome.facilities;
    if (lines.empty()) return;
    const auto wanting = std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.open() > 0; });
    const bool all = lines.size() <= kAllFacilities;
    Heading(all ? "事業所ごと" : "不足の大きい事業所", all ? "By facility" : "Largest shortages");
    suite::TextTable table({{std::string(In("事業所", "facility")), false, 56},
                            {"", false, 50},
                            {std::string(In("求人", "posts")), true},
                            {std::string(In("決定", "filled")), true},
                            {std::string(In("不足", "short")), true}});
    const size_t shown = all ? lines.size() : std::min<size_t>(wanting, kShortages);
    for (size_t i = 0; i < shown; ++i) {
      table.Add({lines[i].display_name, lines[i].name, WithCommas(lines[i].posts), WithCommas(lines[i].filled),
                 WithCommas(lines[i].open())});
    }
    if (shown > 0) absl::StrAppend(&text_, table.Draw(kIndent));
    Line("  求人のある事業所 $0か所のうち、$1か所で不足", "  $1 of $0 facilities with openings are short of nurses",
         WithCommas(static_cast<int64_t>(lines.size())), WithCommas(wanting));
  }

  std::string Told(const platform::v1::Label& label) const { return std::string(In(label.ja(), label.en())); }

  const std::string& FacilityName(const std::string& facility) const {
    for (const auto& line : report_.outcome.facilities) {
      if (line.name == facility && !line.display_name.empty()) return line.display_name;
    }
    return facility;
  }

  void Shortages() {
    if (report_.shortages.shortages().empty()) return;
    Heading("不足の大きい求人と、その理由", "Largest shortages, and why");
    for (const auto& row : report_.shortages.shortages()) {
      Line("  $0  $1", "  $0  $1", FacilityName(row.facility()), Told(row.text()));
    }
  }

  // The measure that closes most comes first; measures without effect are omitted.
  void Supply() {
    std::vector<const platform::v1::Figure*> closed;
    for (const auto& figure : report_.supply.figures()) {
      if (figure.measure() == "closed_posts" && figure.numerator() > 0) closed.push_back(&figure);
    }
    if (closed.empty()) return;
    std::stable_sort(closed.begin(), closed.end(),
                     [](const auto* a, const auto* b) { return a->numerator() > b->numerator(); });
    Heading("一つだけ行うと増える就業", "What one measure alone would fill");
    suite::TextTable table({{std::string(In("方策", "measure"))}, {std::string(In("増える人数", "posts")), true}});
    for (const auto* figure : closed) table.Add({Told(figure->population_label()), WithCommas(figure->numerator())});
    absl::StrAppend(&text_, table.Draw(kIndent));
  }

  // Compares the round with the result of OBJECTIVE_COVERAGE, if the report has it.
  void Fairness() {
    Heading("公平さ", "Fairness");
    std::map<std::string, std::string> others;  // by measure
    for (const auto& figure : report_.fairness.figures()) {
      if (figure.population() == "nurses_if_coverage") others[figure.measure()] = figure.value();
    }
    std::vector<suite::TextTable::Column> columns = {{std::string(In("項目", "figure"))},
                                                     {std::string(In("値", "value")), true}};
    if (!others.empty()) columns.push_back({std::string(In("充足優先の場合", "if coverage")), true});
    columns.push_back({""});
    suite::TextTable table(columns);
    for (const auto& figure : report_.fairness.figures()) {
      if (figure.population() != "nurses") continue;
      std::vector<std::string> row = {Told(figure.measure_label()), figure.value()};
      if (!others.empty()) row.push_back(others[figure.measure()]);
      row.push_back(Told(figure.unit()));
      table.Add(row);
    }
    absl::StrAppend(&text_, table.Draw(kIndent));
  }

  // Writes what the other objectives would have given.
  void Prices() {
    if (report_.round.outcomes_size() < 2) return;
    Heading("目的による違い（安定の代償）", "What other objectives would give (the price of stability)");
    suite::TextTable table({{std::string(In("目的", "objective"))},
                            {std::string(In("決定", "placed")), true},
                            {std::string(In("平均通勤km", "mean km")), true},
                            {std::string(In("互いに望む組", "pairs that would rather have each other")), true}});
    for (const auto& outcome : report_.round.outcomes()) {
      const auto* value = matching::v1::Round::Objective_descriptor()->FindValueByNumber(outcome.objective());
      table.Add({language_ == Language::kJapanese ? value->options().GetExtension(tsunagu::ja)
                                                  : value->name().substr(sizeof("OBJECTIVE_") - 1),
                 WithCommas(outcome.matched_count()), Kilometres(outcome.mean_metres()),
                 WithCommas(outcome.blocking_pair_count())});
    }
    absl::StrAppend(&text_, table.Draw(kIndent));
  }

  void Recommendation() {
    if (report_.shortages.shortages().empty()) return;
    Heading("候補者の例", "Candidates, for example");
    if (report_.basis.empty()) {
      Line("  ここで今日有効な職業紹介の根拠がないので、候補者を挙げません",
           "  no legal basis for mediation holds here today, so nobody is named");
      return;
    }
    const auto& counts = report_.recommendation.counts();
    if (counts.eligible_count() == 0) {
      Line("  不足の大きい求人には、条件に合う人がいません",
           "  nobody fits any of the openings that are short of most");
    }
    Line("  $0: 条件に合う人 $1人（見た人 $2人）", "  $0: $1 fit, of $2 looked at",
         FacilityName(report_.recommended_for), WithCommas(counts.eligible_count()),
         WithCommas(counts.considered_count()));
    const auto add = [&](const matching::v1::Candidate& candidate) {
      std::vector<std::string> reasons;
      for (const auto& reason : candidate.reasons()) reasons.push_back(Told(reason));
      Line("  $0  $1", "  $0  $1", candidate.nurse(), absl::StrJoin(reasons, In("、", "; ")));
    };
    for (const auto& candidate : report_.recommendation.candidates()) add(candidate);
    if (!report_.recommendation.near_misses().empty()) Line("  あと一つで合う人:", "  One thing is missing:");
    for (const auto& candidate : report_.recommendation.near_misses()) add(candidate);
    for (const auto& skill : counts.skills()) Line("  $0", "  $0", Told(skill.text()));
  }

  void Unmatched() {
    const auto& lines = report_.outcome.unmatched;
    if (lines.empty()) return;
    Heading("決まらなかった人", "Nurses without a post");
    suite::TextTable table({{std::string(In("理由", "reason"))},
                            {std::string(In("主な妨げ", "main obstacle"))},
                            {std::string(In("人数", "nurses")), true}});
    for (const auto& line : lines) {
      table.Add({ReasonWords(line.reason, language_), BlockerWord(line.blocker, language_), WithCommas(line.nurses)});
    }
    absl::StrAppend(&text_, table.Draw(kIndent));
    Line("  例:", "  For example:");
    for (size_t i = 0; i < std::min(lines.size(), kExamples); ++i) {
      Line("  $0  $1", "  $0  $1", lines[i].example.nurse(), Explain(lines[i].example, language_));
    }
  }

  void Proof() {
    const auto& verdict = report_.verdict;
    Heading("検証", "Proof");
    Line("  証明書を別の検証プログラムで確認: $0（$1組）",
         "  certificate verified by the separate verifier: $0 ($1 pairs checked)",
         verdict.stable() ? In("はい", "yes") : In("いいえ", "NO"), WithCommas(verdict.checked_pair_count()));
    for (const auto& finding : verdict.findings()) {
      Line("    $0 $1 $2", "    $0 $1 $2", finding.kind(), finding.nurse(), finding.opening());
    }
    Line("  入力のダイジェスト  $0", "  snapshot digest    $0", report_.round.snapshot_digest());
    Line("  結果のダイジェスト  $0", "  result digest      $0", report_.round.result_digest());
    Line("  抽選の種 $0、規則表 第$1版、$2", "  seed $0, rule table version $1, $2", report_.plan.seed,
         report_.round.rule_table_version(), report_.round.name());
    std::vector<std::string> steps;
    for (const auto& [step, millis] : report_.millis) {
      steps.push_back(absl::StrCat(StepWord(step, language_), " ", Seconds(millis), In("秒", " s")));
    }
    Line("  所要時間  $0", "  time  $0", absl::StrJoin(steps, In("、", ", ")));
  }

  const DemoReport& report_;
  const Language language_;
  std::string text_;
};

}  // namespace

std::string ReportText(const DemoReport& report, Language language) { return Writer(report, language).All(); }

}  // namespace tsunagu::demo
