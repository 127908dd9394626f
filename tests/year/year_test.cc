// One fiscal year of a prefecture in chronological order: transfers and renewals in April; the old year's accounts
// close in May; decisions and nominations in June; the survey of 1 August; the budget request in October from figures;
// changes in January; reports in March; amounts are fixed and paid until May. People and money are imported from files,
// CSV and workbooks in turn, and names are looked up in exported files. The month of each step is a setting.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/jp/civil_day.h"
#include "google/protobuf/text_format.h"
#include "services/training/templates.h"
#include "tests/faults/subsidy_books.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/tables.h"
#include "tsunagu/platform/v1/due.pb.h"
#include "tsunagu/platform/v1/report.pb.h"
#include "tsunagu/registry/v1/placement_report.pb.h"
#include "tsunagu/subsidy/v1/activity_scheme.pb.h"
#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/budget_line.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/rule_set.pb.h"
#include "tsunagu/subsidy/v1/subsidy_report.pb.h"
#include "tsunagu/training/v1/certificate.pb.h"
#include "tsunagu/training/v1/course.pb.h"
#include "tsunagu/training/v1/curriculum.pb.h"
#include "tsunagu/training/v1/session.pb.h"

namespace tsunagu::wire {
namespace {

struct Months {
  int decisions, nominations, survey, request, change;
};
constexpr Months kUsual = {6, 6, 8, 10, 1};
constexpr Months kElsewhere = {7, 5, 9, 11, 12};

class YearTest : public SuiteTest {
 protected:
  // A day of fiscal year 2050.
  static std::string In(int month, int day) {
    return absl::StrFormat("%d-%02d-%02d", month >= 4 ? 2050 : 2051, month, day);
  }
  // Moves the clock to noon of that day, which must not be past.
  void GoTo(const std::string& day) {
    const auto date = *jp::ParseDay(day);
    const absl::Time noon =
        absl::FromCivil(absl::CivilHour(date.year(), date.month(), date.day(), 12), absl::FixedTimeZone(9 * 60 * 60));
    ASSERT_GE(noon, clock().Now()) << day;
    clock().Advance(noon - clock().Now());
  }

  template <typename M, typename Request>
  M Ask(const std::string& method, const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    const auto answer = reader().Call<M>(method, request);
    EXPECT_EQ(Said(answer), "OK") << method << ": " << text;
    return answer.ok() ? *answer : M();
  }

  // Every row of the file is taken: a CSV, or a workbook each second time.
  void Take(const std::string& service, const std::string& collection, const Table& table) {
    Take(admin(), service, collection, table);
  }
  void Take(const Caller& caller, const std::string& service, const std::string& collection, const Table& table) {
    platform_v1::ImportRowsRequest options;
    options.set_parent("services/" + service);
    options.set_collection(collection);
    const Imported imported =
        ImportCsv(caller.For("tests"), options, ++files_ % 2 == 0 ? WorkbookOf(table) : CsvOf(table));
    EXPECT_EQ(Said(imported.status), "OK") << collection;
    EXPECT_EQ(imported.counts.refused_count(), 0) << collection << ": " << absl::StrJoin(imported.rows, "; ");
    EXPECT_EQ(imported.counts.row_count(), static_cast<int>(table.size()) - 1) << collection;
  }
  // Returns the names of records in an export, by the value of the column `by`. Cells of these tests contain no commas.
  std::map<std::string, std::string> Names(const std::string& service, const std::string& collection,
                                           const std::string& by) {
    platform_v1::ExportRowsRequest request;
    request.set_parent("services/" + service);
    request.set_collection(collection);
    const Exported exported = Export(reader(), request);
    EXPECT_EQ(Said(exported.status), "OK") << collection;
    std::map<std::string, std::string> found;
    std::vector<std::string> headings;
    for (const absl::string_view line : absl::StrSplit(exported.file, "\r\n", absl::SkipEmpty())) {
      const std::vector<std::string> cells = absl::StrSplit(absl::StripPrefix(line, "\xEF\xBB\xBF"), ',');
      if (headings.empty()) {
        headings = cells;
        continue;
      }
      std::map<std::string, std::string> row;
      for (size_t i = 0; i < headings.size() && i < cells.size(); ++i) row[headings[i]] = cells[i];
      found[row[by]] = absl::StrCat(collection, "/", cells[0]);
    }
    EXPECT_EQ(std::count(headings.begin(), headings.end(), by), 1)
        << collection << ": " << absl::StrJoin(headings, ",");
    return found;
  }

  // "bodies=10 persons=1": those measures of a population, in order.
  static std::string Figures(const platform_v1::Report& report, const std::string& population,
                             const std::vector<std::string>& measures) {
    std::string values;
    for (const platform_v1::Figure& figure : report.figures()) {
      const bool is_wanted = std::count(measures.begin(), measures.end(), figure.measure()) > 0;
      if (is_wanted && figure.population() == population && figure.group().empty()) {
        absl::StrAppend(&values, values.empty() ? "" : " ", figure.measure(), "=", figure.numerator());
      }
    }
    return values;
  }
  std::vector<std::string> FaultsOfBooks() {
    return faults::FaultsOfSubsidyBooks([&](const std::string& method, const auto& request, auto& response) {
      return admin().CallUntyped("subsidy.v1." + method, request, response);
    });
  }

  Server::Options ServerOptions() override {
    Server::Options options;
    options.services = {"registry", "training", "subsidy"};
    return options;
  }
  void SetUp() override;

  void OpenTheYear();
  void RenewHours();
  void CloseTheOldYear();
  void Decide(int month);
  void Nominate(int month);
  void Survey(int month);
  void Request(int month);
  void Change(int month);
  void TrainAndReport();
  void Settle();
  // The figures of the placement report about municipalities, as of that day.
  std::string Placed(const std::string& day);

  void Live(const Months& months) {
    OpenTheYear();
    RenewHours();
    // In the order of the months, whatever they are.
    std::map<std::string, std::function<void()>> steps = {
        {In(5, 31), [&] { CloseTheOldYear(); }},
        {In(months.decisions, 10), [&] { Decide(months.decisions); }},
        {In(months.nominations, 20), [&] { Nominate(months.nominations); }},
        {In(months.survey, 1), [&] { Survey(months.survey); }},
        {In(months.request, 15), [&] { Request(months.request); }},
        {In(months.change, 15), [&] { Change(months.change); }},
        {In(3, 10), [&] { TrainAndReport(); }},
        {"2051-04-20", [&] { Settle(); }},
    };
    for (const auto& [day, step] : steps) {
      SCOPED_TRACE(day);
      if (!HasFatalFailure()) step();
    }
  }

  std::unique_ptr<Caller> city_, town_, officer_, budget_, treasurer_;
  int files_ = 0;
  std::map<std::string, std::string> applications_;  // by body
  std::map<std::string, std::string> lines_;         // by code
  std::vector<std::string> accepted_;                // enrolments
  std::string course_, surveyed_, surveyed_on_;
};

void YearTest::SetUp() {
  SuiteTest::SetUp();
  if (IsSkipped()) return;
  const auto caller = [&](const char* id, const char* grant) {
    return std::make_unique<Caller>(CallerWith(id, {grant}, "subsidy"));
  };
  city_ = caller("city", "municipality-officer@areas/312011");
  town_ = caller("town", "municipality-officer@areas/313025");
  officer_ = caller("officer", "prefecture-officer@areas/310000");
  budget_ = caller("budget", "budget-officer@areas/310000");
  treasurer_ = caller("treasurer", "treasurer@areas/310000");
}

// 3 April: the staff has changed, the budget is there, and the old year still has its accounts.
void YearTest::OpenTheYear() {
  Take("registry", "areas",
       {{"団体コード", "都道府県名（漢字）", "市区町村名（漢字）"},
        {"310000", "鳥取県", ""},
        {"312011", "鳥取県", "鳥取市"},
        {"313025", "鳥取県", "岩美町"}});
  Take("registry", "coordinators",
       {{"source_key", "display_name", "home_area"},
        {"k1", "見本 一花", "areas/312011"},
        {"k2", "見本 二葉", "areas/312011"}});
  const std::vector<std::string> headings = {"取込元のキー", "コーディネーター", "配置団体",
                                             "段階",         "開始日",           "終了日"};
  Take("registry", "placements", {headings, {"p1", "k1", "areas/312011", "実績", "2048-04-01", ""}});
  Take("registry", "placements",
       {headings,
        {"p1", "k1", "areas/312011", "実績", "2048-04-01", "2050-03-31"},
        {"p2", "k1", "areas/313025", "実績", "2050-04-01", ""},
        {"p3", "k2", "areas/312011", "実績", "2050-04-01", ""}});

  Ask<subsidy::v1::RuleSet, subsidy::v1::CreateRuleSetRequest>("subsidy.v1.RuleSetService/CreateRuleSet", R"pb(
    rule_set_id: "r1"
    rule_set {
      display_name: "見本県補助金交付要綱"
      result: "grant"
      items {
        code: "council"
        ja: "協議の場"
        en: "council"
        inputs { name: "spent" ja: "対象経費" en: "eligible cost" unit: UNIT_YEN }
        steps {
          name: "grant"
          ja: "補助額"
          en: "grant"
          formula: "min(spent, 800000) / 2"
          rounding_unit: 1000
          rounding: ROUNDING_DOWN
        }
      }
      minor_change { step: "grant" percent: 20 base: BASE_WHOLE }
      report_deadline { days: 30 latest_month: 4 latest_day: 10 }
    })pb");
  Ask<subsidy::v1::Programme, subsidy::v1::CreateProgrammeRequest>(
      "subsidy.v1.ProgrammeService/CreateProgramme",
      "programme_id: 'p2050' programme { display_name: '見本事業' fiscal_year: 2050 grantor: 'areas/310000' rule_set: "
      "'ruleSets/r1' }");
  Take(*budget_, "subsidy", "budgetLines",
       {{"名称", "年度", "科目コード", "団体"},
        {"見本費", "2049", "2049-03", "areas/310000"},
        {"見本費", "2050", "2050-03", "areas/310000"}});
  lines_ = Names("subsidy", "budgetLines", "code");
  const std::vector<std::string> changes = {"予算科目", "種別", "金額（円）", "異動日", "相手科目", "文書番号"};
  Take(*budget_, "subsidy", "budgetChanges",
       {changes,
        {"2049-03", "当初", "500000", "2049-04-01", "", "議決1"},
        {"2049-03", "繰越明許", "100000", "2050-03-31", "2050-03", "繰1"},
        {"2050-03", "当初", "900000", In(4, 1), "", "議決2"}});
}

// The child a-1 had hours in the old year, which are renewed; a-2 enters school and begins with what is left of the
// year.
void YearTest::RenewHours() {
  Ask<subsidy::v1::ActivityScheme, subsidy::v1::CreateActivitySchemeRequest>(
      "subsidy.v1.ActivitySchemeService/CreateActivityScheme",
      "activity_scheme_id: 's1' activity_scheme { display_name: '見本レスパイト' body: 'areas/312011' activity: "
      "ACTIVITY_RESPITE "
      "unit_minutes: 30 rest: REST_DROPPED start: START_DECISION limit_minutes: 2880 "
      "limit_period: LIMIT_PERIOD_YEAR unit_price_yen: 3750 }");
  Take(*city_, "subsidy", "providers",
       {{"事業所名", "登録番号", "登録団体", "事業", "登録日"},
        {"見本訪問看護", "P1", "areas/312011", "家族のレスパイト", "2049-04-01"}});
  const std::vector<std::string> headings = {"決定番号", "団体",   "実施基準", "児童の記号",
                                             "年度",     "受付日", "決定日",   "更新前の利用決定"};
  Take(*city_, "subsidy", "usageGrants",
       {headings, {"G49", "areas/312011", "activitySchemes/s1", "a-1", "2049", "2049-04-01", "2049-04-01", ""}});
  Take(*city_, "subsidy", "usageGrants",
       {headings,
        {"G50", "areas/312011", "activitySchemes/s1", "a-1", "2050", In(4, 1), In(4, 1), "G49"},
        {"G51", "areas/312011", "activitySchemes/s1", "a-2", "2050", In(4, 2), In(4, 3), ""}});
  Take(*city_, "subsidy", "serviceRecords",
       {{"利用決定", "登録事業所", "実施日", "開始時刻", "終了時刻", "場所", "従事者"},
        {"G50", "P1", In(4, 2), "9:00", "10:40", "自宅", "看護職員"}});
}

void YearTest::CloseTheOldYear() {
  GoTo(In(5, 31));
  const auto closed = Ask<subsidy::v1::BudgetLine, subsidy::v1::CloseBudgetLineRequest>(
      "subsidy.v1.BudgetLineService/CloseBudgetLine", absl::StrCat("name: '", lines_["2049-03"], "'"));
  EXPECT_EQ(closed.available_yen(), 400'000);
}

void YearTest::Decide(int month) {
  GoTo(In(month, 10));
  Take(*budget_, "subsidy", "allotments",
       {{"補助事業", "団体", "内示額（円）"}, {"programmes/p2050", "areas/312011", "400000"}});
  for (const auto& [caller, body, yen] :
       {std::tuple(city_.get(), "areas/312011", "500000"), std::tuple(town_.get(), "areas/313025", "700000")}) {
    Take(*caller, "subsidy", "applications",
         {{"補助事業", "申請団体", "council.spent"}, {"programmes/p2050", body, yen}});
  }
  applications_ = Names("subsidy", "applications", "applicant");
  const std::string city = applications_["areas/312011"], town = applications_["areas/313025"];
  Take(*city_, "subsidy", "filings", {{"交付申請", "種別", "提出日"}, {city, "交付申請", In(month, 10)}});
  Take(*town_, "subsidy", "filings", {{"交付申請", "種別", "提出日"}, {town, "交付申請", In(month, 10)}});
  Take(*officer_, "subsidy", "decisions",
       {{"交付申請", "種別", "決定日", "文書番号", "予算科目"},
        {city, "審査終了", In(month, 10), "", ""},
        {town, "審査終了", In(month, 10), "", ""},
        {city, "交付決定", In(month, 10), "障1", "2050-03"},
        {town, "交付決定", In(month, 10), "障2", "2050-03"}});
  Take(*treasurer_, "subsidy", "payments",
       {{"交付申請", "種別", "支払日", "金額（円）", "伝票番号"}, {city, "概算払", In(month, 10), "100000", "v1"}});
}

void YearTest::Nominate(int month) {
  GoTo(In(month, 20));
  training::v1::CreateCurriculumRequest request;
  *request.mutable_curriculum() = training::Templates()[0];
  request.mutable_curriculum()->clear_name();
  request.set_curriculum_id("coordinator-1");
  ASSERT_EQ(Said(reader().Call<training::v1::Curriculum>("training.v1.CurriculumService/CreateCurriculum", request)),
            "OK");
  Take("training", "courses",
       {{"研修名", "カリキュラム", "年度", "実施主体", "定員", "開始日", "終了日", "修了証の発行者"},
        {"みほん研修", "curricula/coordinator-1", "2050", "areas/310000", "2", In(9, 1), In(2, 28), "見本県知事"}});
  const std::string course = Names("training", "courses", "display_name")["みほん研修"];
  Take("training", "learners",
       {{"氏名", "所属団体", "取込元のキー"},
        {"見本 三和", "areas/312011", "l1"},
        {"見本 四葉", "areas/313025", "l2"},
        {"見本 五月", "areas/312011", "l3"}});
  const auto learners = Names("training", "learners", "source_key");
  Take("training", "enrollments",
       {{"研修", "受講者", "推薦団体", "推薦順位", "推薦理由"},
        {course, learners.at("l1"), "areas/312011", "1", "配置予定"},
        {course, learners.at("l2"), "areas/313025", "1", "配置者の後任"},
        {course, learners.at("l3"), "areas/312011", "2", "その他"}});
  const auto selected = Ask<training::v1::SelectLearnersResponse, training::v1::SelectLearnersRequest>(
      "training.v1.CourseService/SelectLearners", absl::StrCat("name: '", course, "'"));
  EXPECT_EQ(selected.accepted_size(), 2);
  EXPECT_EQ(selected.waiting_size(), 1);
  course_ = course;
  accepted_.assign(selected.accepted().begin(), selected.accepted().end());
}

// What the ministry asks for as of the first of the month.
void YearTest::Survey(int month) {
  GoTo(In(month, 1));
  surveyed_on_ = In(month, 1);
  surveyed_ = Placed(surveyed_on_);
  EXPECT_EQ(surveyed_, "bodies=2 placing_bodies=2 persons=2");
}

void YearTest::Request(int month) {
  GoTo(In(month, 15));
  const auto report = Ask<platform::v1::Report, subsidy::v1::GetSubsidyReportRequest>(
      "subsidy.v1.SubsidyReportService/GetSubsidyReport", "fiscal_year: 2050");
  EXPECT_EQ(Figures(report, "all", {"budget", "granted", "paid", "available"}),
            "budget=1000000 granted=600000 paid=100000 available=400000")
      << "with what was carried over";
}

void YearTest::Change(int month) {
  GoTo(In(month, 15));
  const std::string city = applications_["areas/312011"], town = applications_["areas/313025"];
  Take(*city_, "subsidy", "filings",
       {{"交付申請", "種別", "提出日", "理由", "council.spent"},
        {city, "変更申請", In(month, 15), "対象者の増", "700000"}});
  Take(*town_, "subsidy", "filings",
       {{"交付申請", "種別", "提出日", "理由", "council.spent"}, {town, "変更申請", In(month, 15), "軽微", "710000"}});
  Take(*officer_, "subsidy", "decisions",
       {{"交付申請", "種別", "決定日", "文書番号"}, {city, "変更交付決定", In(month, 15), "障3"}});
}

void YearTest::TrainAndReport() {
  // Each subject on a day of its own, for whoever was accepted; one of them misses the last.
  ASSERT_EQ(accepted_.size(), 2u);
  Table attended = {{"受講申込", "開催回", "科目", "出席（分）"}};
  int day = 1;
  const auto& subjects = training::Templates()[0].subjects();
  for (const auto& subject : subjects) {
    const auto session = Ask<training::v1::Session, training::v1::CreateSessionRequest>(
        "training.v1.SessionService/CreateSession",
        absl::StrCat("parent: '", course_, "' session { held_date { year: 2051 month: 2 day: ", day++,
                     " } start_minute: 540 end_minute: ", 540 + subject.minutes(),
                     " mode: MODE_ON_SITE lessons { subject: '", subject.code(), "' minutes: ", subject.minutes(),
                     " } }"));
    for (const std::string& name : accepted_) {
      if (name == accepted_[1] && day > subjects.size()) continue;
      attended.push_back({name, session.name(), subject.code(), absl::StrCat(subject.minutes())});
    }
  }
  GoTo(In(3, 10));
  Take("training", "attendances", attended);
  training::v1::IssueCertificateRequest request;
  request.set_enrollment(accepted_[0]);
  EXPECT_EQ(Said(reader().Call<training::v1::Certificate>("training.v1.CertificateService/IssueCertificate", request)),
            "OK");
  request.set_enrollment(accepted_[1]);
  EXPECT_THAT(
      Said(reader().Call<training::v1::Certificate>("training.v1.CertificateService/IssueCertificate", request)),
      testing::HasSubstr("REQUIREMENT_MISSING"));

  platform::v1::ListDueRequest due;
  due.set_parent("services/subsidy");
  *due.mutable_until_date() = jp::ToDate(*jp::ParseDay(In(3, 31)));
  const auto listed = city_->Call<platform::v1::ListDueResponse>("platform.v1.DueService/ListDue", due);
  ASSERT_EQ(Said(listed), "OK");
  const auto ends = [](const auto& item) { return item.kind() == "USAGE_GRANT_ENDS"; };
  EXPECT_EQ(std::count_if(listed->due().begin(), listed->due().end(), ends), 2) << "both children's hours end";

  // Graduation: who leaves does so with the year. What was done is reported.
  GoTo(In(3, 31));
  Take("registry", "placements",
       {{"取込元のキー", "コーディネーター", "配置団体", "段階", "開始日", "終了日"},
        {"p3", "k2", "areas/312011", "実績", "2050-04-01", In(3, 31)}});
  const std::vector<std::string> headings = {"交付申請", "種別", "提出日", "完了日", "council.spent"};
  Take(*city_, "subsidy", "filings",
       {headings, {applications_["areas/312011"], "完了実績報告", In(3, 31), In(3, 31), "690000"}});
  Take(*town_, "subsidy", "filings",
       {headings, {applications_["areas/313025"], "完了実績報告", In(3, 31), In(3, 31), "720000"}});
}

// The spring after the year.
void YearTest::Settle() {
  GoTo("2051-04-20");
  const std::string city = applications_["areas/312011"], town = applications_["areas/313025"];
  Take(*officer_, "subsidy", "decisions",
       {{"交付申請", "種別", "決定日", "文書番号"},
        {city, "額の確定", "2051-04-20", "障4"},
        {town, "額の確定", "2051-04-20", "障5"}});
  GoTo("2051-05-20");
  Take(*treasurer_, "subsidy", "payments",
       {{"交付申請", "種別", "支払日", "金額（円）", "伝票番号"},
        {city, "精算払", "2051-05-20", "245000", "v2"},
        {town, "精算払", "2051-05-20", "350000", "v3"}});
  GoTo("2051-06-01");
  const auto closed = Ask<subsidy::v1::BudgetLine, subsidy::v1::CloseBudgetLineRequest>(
      "subsidy.v1.BudgetLineService/CloseBudgetLine", absl::StrCat("name: '", lines_["2050-03"], "'"));
  EXPECT_EQ(closed.paid_yen(), 695'000);
  EXPECT_EQ(closed.available_yen(), 305'000);
  for (const std::string& name : {city, town}) {
    const auto application = Ask<subsidy::v1::Application, subsidy::v1::GetApplicationRequest>(
        "subsidy.v1.ApplicationService/GetApplication", absl::StrCat("name: '", name, "'"));
    EXPECT_EQ(application.state(), subsidy::v1::Application::STATE_SETTLED);
  }
  EXPECT_THAT(FaultsOfBooks(), testing::IsEmpty());
  EXPECT_EQ(Placed(surveyed_on_), surveyed_) << "what was reported then is what is said of that day now";
  EXPECT_EQ(Placed("2051-04-01"), "bodies=2 placing_bodies=1 persons=1");
}

std::string YearTest::Placed(const std::string& day) {
  clock().Advance(absl::Seconds(1));
  const auto report = Ask<platform::v1::Report, registry::v1::GetPlacementReportRequest>(
      "registry.v1.PlacementReportService/GetPlacementReport",
      absl::StrCat("as_of_date { ", jp::ToDate(*jp::ParseDay(day)).ShortDebugString(), " }"));
  return Figures(report, "municipalities", {"bodies", "placing_bodies", "persons"});
}

TEST_P(YearTest, OfMostPrefectures) { Live(kUsual); }
TEST_P(YearTest, OfOneWithOtherMonths) { Live(kElsewhere); }

WIRE_TEST_ON_BOTH(YearTest);

}  // namespace
}  // namespace tsunagu::wire
