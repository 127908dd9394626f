// An exported file can be imported again and changes nothing; and a value that a file could not represent replaces
// nothing.
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/host/host.h"
#include "common/jp/cp932.h"
#include "common/records/table.h"
#include "common/service/service.h"
#include "tests/wire/suite_test_base.h"
#include "tests/wire/tables.h"

namespace tsunagu::wire {
namespace {

using testing::ElementsAre;

// Rows of every resource, with texts that CP932 does not have: 𠮷, 辻 with a variation selector, — U+2014, ¥ and 〜.
struct Rows {
  const char* collection;
  Table table;
};
const std::vector<Rows>& All() {
  static const auto& all = *new std::vector<Rows>{
      {"areas",
       {{"団体コード", "種別", "名称", "カナ", "上位の地域", "開始日"},
        {"310000", "都道府県", "鳥取県", "トットリケン", "", ""},
        {"312011", "市", "鳥取市", "トットリシ", "310000", "2004-11-01"},
        {"312029", "市", "𠮷見市", "", "310000", ""}}},
      {"areaChanges",
       {{"area_change_id", "種別", "施行日", "変更前の地域", "変更前の名称", "変更後の地域", "変更後の名称", "出典",
         "取消し"},
        {"c1", "名称変更", "2019-05-01", "312029", "旧見本市—", "312029", "𠮷見市", "告示", ""}}},
      {"areaRoles",
       {{"area_role_id", "地域", "役割", "開始日", "出典"}, {"r1", "312011", "中核市", "2018-04-01", "政令—"}}},
      {"serviceKinds", {{"サービス種類コード", "サービスの名称"}, {"99", "見本サービス"}}},
      {"regions", {{"region_id", "名称", "種別", "都道府県"}, {"east", "東部—圏域", "二次医療圏", "310000"}}},
      {"regionMembers", {{"圏域", "構成団体", "開始日"}, {"east", "312011", "2020-04-01"}}},
      {"jointGroups",
       {{"joint_group_id", "名称", "都道府県", "都道府県の関与"}, {"tobu", "東部—共同配置", "310000", "協議会で確認"}}},
      {"jointGroupMembers",
       {{"共同配置グループ", "構成団体", "開始日"},
        {"tobu", "312011", "2020-04-01"},
        {"tobu", "312029", "2020-04-01"}}},
      {"facilities",
       {{"facility_id", "事業所の名称", "サービス種別", "定員", "所在地域", "識別番号", "住所", "定休日", "留意事項"},
        {"kita", "=1+1", "放課後等デイサービス", "10", "312011", "x/1/67;y/2/67", "鳥取市〜−", "土日\n祝日",
         "\"引用\", 'x'"},
        {"minami", "𠮷田の家", "", "", "", "", "辻󠄀一番", "", "¥100—"}}},
      {"nurses",
       {{"取込元のキー",
         "氏名",
         "氏名カナ",
         "免許",
         "週の勤務可能分数",
         "自宅メッシュ",
         "居住地域",
         "通勤上限（m）",
         "生年月日",
         "電話番号",
         "できるケア",
         "求職中",
         "希望事業所",
         "登録開始日",
         "登録終了日",
         "働ける半日",
         "長期休業中に働ける半日",
         "週の勤務分数の下限",
         "就業可能日",
         "希望しない事業所",
         "登録先"},
        {"k/1",
         "𠮷田 花子",
         "ヨシダ ハナコ",
         "看護師",
         "1200",
         "53341198",
         "312011",
         "8000",
         "1985-04-02",
         "0857-00-0000",
         "",
         "○",
         "kita",
         "2049-04-01",
         "2051-03-31",
         "月午前;月午後",
         "火午前",
         "600",
         "2050-04-10",
         "minami",
         R"({"kind":"POOL_KIND_SCHOOL_BANK","area":"areas/312011"};{"kind":"POOL_KIND_SUPPORTER","max_yearly_visit_count":2})"},
        {"",    "辻󠄀 太郎",
         "",    "准看護師",
         "600", "53341198",
         "",    "5000",
         "",    "",
         "",    "",
         "",    "",
         "",    "",
         "",    "",
         "",    "",
         ""}}},
      {"coordinators",
       {{"取込元のキー", "氏名", "所属地域", "登録終了日"}, {"c1", "髙橋—見本", "312011", "2051-03-31"}}},
      {"coordinatorTrainings",
       {{"コーディネーター", "coordinator_training_id", "研修名", "修了日", "有効期限", "発行者", "修了証番号",
         "取消し"},
        {"$coordinators", "t1", "𠮷田研修—", "2040-03-01", "2045-02-28", "見本県", "第1号", ""}}},
      {"nurseTrainings",
       {{"看護職員", "nurse_training_id", "研修名", "修了日", "できるケア", "取消し"},
        {"$nurses", "t1", "みほん研修", "2040-03-01", "吸引;経管栄養", "○"}}},
      {"placements",
       {{"取込元のキー", "コーディネーター", "配置団体", "段階", "開始日", "終了日"},
        {"p/1", "c1", "312011", "実績", "2040-04-01", "2041-03-31"},
        {"p/2", "c1", "jointGroups/tobu", "実績", "2040-04-01", "2041-03-31"}}},
      {"councils",
       {{"council_id", "名称", "設置区分", "設置団体", "圏域", "対象地域", "設置形態", "単独・共同", "段階", "開始日",
         "終了日", "委員数（医療）", "委員数（家族）"},
        {"c1", "東部—協議会", "圏域", "312011", "east", "310000;312029", "自立支援協議会の部会", "共同", "実績",
         "2040-04-01", "2051-03-31", "", "2"}}},
      {"meetings",
       {{"協議の場", "meeting_id", "開催日", "議題", "決定事項"}, {"c1", "m1", "2049-06-01", "一\n二", "=1+1"}}},
      {"localIssues",
       {{"local_issue_id", "地域", "課題名", "内容", "提起日", "協議の場", "開催", "状況", "施策", "決定日",
         "補助事業・予算科目"},
        {"i1", "312011", "通学の付添い", "辻󠄀\n〜", "2049-06-01", "c1", "councils/c1/meetings/m1", "施策決定",
         "派遣", "2049-07-01", "programmes/r31"}}},
      {"planTargets",
       {{"plan_target_id", "団体", "年度", "指標", "目標値", "出典"},
        {"t1", "312011", "2050", "協議の場の設置数", "0", "計画—"}}},
      {"openings",
       {{"opening_id", "事業所", "求人名", "人数", "免許", "週の勤務分数", "勤務開始日", "募集終了日", "求人の種類",
         "勤務する半日", "分けない半日", "始業時刻", "終業時刻", "ケアの時刻", "勤務条件", "出所の番号"},
        {"o1", "facilities/kita", "𠮷田の家　看護師", "2", "看護師;准看護師", "1200", "2050-10-01", "2050-12-31", "",
         "", "", "", "", "", "", ""},
        {"o2", "facilities/kita", "訪問", "1", "看護師", "600", "", "", "訪問（委託）", "月午前;月午後;水午前;水午後",
         R"({"half_days":["HALF_DAY_MON_AM","HALF_DAY_MON_PM"]};{"half_days":["HALF_DAY_WED_AM","HALF_DAY_WED_PM"]})",
         "8:15", "15:00", "10:30;13:00-13:20", "時給1,800円\n交通費", "𠮷—1"}}},
      {"legalBases",
       {{"legal_basis_id", "運営者", "運営者の名称", "対象地域", "種類", "根拠条項", "番号", "届出・許可等の日",
         "取扱職種", "取り扱う求人の種類", "不受理の事由", "苦情の窓口", "開始日", "終了日"},
        {"b1", "areas/310000", "見本県—", "310000", "届出（地方公共団体の無料職業紹介）", "見本条", "見本第1号",
         "2049-04-01", "看護師;准看護師", "雇用;訪問（委託）",
         R"({"code":"a","text":"法令違反; 𠮷"};{"code":"b","text":"賃金\"x\"; {不当}"})", "見本課", "2049-04-01",
         "2051-03-31"}}},
      {"visitSupplies",
       {{"visit_supply_id", "委託先の番号", "委託先の名称", "委託先の種類", "地域", "緯度（百万分の一度）",
         "経度（百万分の一度）", "訪問できる距離（m）", "免許", "できるケア", "訪問できる半日",
         "長期休業中に訪問できる半日", "同時に訪問できる人数", "週の訪問回数の上限", "年度の訪問回数の上限",
         "希望する事業所", "訪問しない事業所", "開始日", "終了日"},
        {"s1", "31-1", "見本訪問看護—𠮷", "訪問看護ステーション", "312011", "35500000", "134230000", "20000", "看護師",
         "吸引;経管栄養", "月午前;月午後;水午前;水午後", "水午後", "2", "10", "", "facilities/kita", "", "", ""},
        {"s2", "31-2", "見本の支援者", "看護職員の登録バンク等", "310000", "35500000", "134230000", "9000", "准看護師",
         "", "金午後", "", "", "", "20", "", "facilities/kita", "2049-04-01", "2051-03-31"}}},
      {"visitContracts",
       {{"visit_contract_id", "求人", "委託先の番号", "委託先の名称", "担当する半日", "長期休業中に担当する半日",
         "開始日", "終了日", "訪問の供給"},
        {"v1", "openings/o2", "31-1", "見本訪問看護—𠮷", "月午前;月午後", "", "2050-10-01", "2051-03-31",
         "visitSupplies/s1"}}},
  };
  return all;
}

class ImportExportsTest : public SuiteTest {
 protected:
  void ImportAll() {
    for (const Rows& rows : All()) {
      const Imported imported = ImportCsv(reader(), rows.collection, CsvOf(Named(rows.table)));
      ASSERT_EQ(imported.counts.created_count(), static_cast<int64_t>(rows.table.size()) - 1)
          << rows.collection << ": " << Said(imported.status) << absl::StrJoin(imported.rows, "; ");
    }
  }
  // Ids that the server made: $nurses is that of the first one.
  Table Named(Table table) {
    for (auto& row : table) {
      if (row[0].empty() || row[0][0] != '$') continue;
      const std::string collection = row[0].substr(1);
      row[0] = absl::StrCat(collection, "/",
                            Column(registry(), absl::StrCat("SELECT MIN(`id`) FROM `", collection, "`")).at(0));
    }
    return table;
  }
  // The whole of a collection as it is stored.
  std::string Stored(const std::string& collection) { return ExportCsv(reader(), collection).file; }
  std::string ImportCp932(const std::string& collection, const Table& table) {
    const Imported imported = ImportCsv(reader(), collection, jp::ToCp932(CsvOf(table)).bytes);
    return absl::StrCat(imported.status.ok() ? "" : Said(imported.status), imported.summary, "; ",
                        absl::StrJoin(imported.rows, "; "));
  }
};
WIRE_TEST_ON_BOTH(ImportExportsTest);

TEST_P(ImportExportsTest, EveryResourceComesBackUnchangedFromEveryFormat) {
  ImportAll();
  std::set<std::string> known;
  for (const Rows& rows : All()) {
    known.insert(rows.collection);
    const std::string before = Stored(rows.collection);
    const int64_t count = static_cast<int64_t>(rows.table.size()) - 1;
    for (const Language language : {Language::kJapanese, Language::kEnglish}) {
      for (const std::string format : {"utf8", "cp932", "xlsx"}) {
        platform_v1::ExportRowsRequest request;
        request.set_collection(rows.collection);
        if (format == "xlsx") request.set_format(platform_v1::FILE_FORMAT_XLSX);
        if (format == "cp932") request.set_encoding(platform_v1::TEXT_ENCODING_CP932);
        const Exported exported = Export(reader().In(language), request);
        ASSERT_EQ(Said(exported.status), "OK");
        const Imported imported = ImportCsv(reader(), rows.collection, exported.file);
        EXPECT_EQ(imported.counts.unchanged_count(), count)
            << rows.collection << " " << format << ": " << Said(imported.status) << imported.summary
            << absl::StrJoin(imported.rows, "; ");
        EXPECT_EQ(imported.counts.row_count(), count);
        EXPECT_TRUE(format == "cp932" || imported.rows.empty()) << absl::StrJoin(imported.rows, "; ");
      }
    }
    EXPECT_EQ(Stored(rows.collection), before);
  }
  // Every importable resource needs a row above.
  for (const auto& [collection, resource] : server().host().Find("registry")->resources()) {
    EXPECT_EQ(known.count(collection), resource.table->schema().rule().importable() ? 1u : 0u) << collection;
  }
}

TEST_P(ImportExportsTest, AGetaMarkReplacesNothing) {
  ImportAll();
  const Table heading = {{"facility_id", "事業所の名称", "住所", "定員"}};
  const auto with = [&](std::vector<std::string> row) {
    Table table = heading;
    table.push_back(std::move(row));
    return table;
  };
  EXPECT_EQ(ImportCp932("facilities", with({"minami", "〓田の家", "辻一番", ""})),
            "1 rows: 1 unchanged, 1 warned; 2 warned 事業所の名称:GETA_MARK");
  EXPECT_EQ(GetFacility(admin(), "facilities/minami")->display_name(), "𠮷田の家");
  EXPECT_EQ(GetFacility(admin(), "facilities/minami")->address(), "辻󠄀一番");
  EXPECT_EQ(ImportCp932("facilities", with({"minami", "〓田の家", "辻二番", "5"})),
            "1 rows: 1 updated, 1 warned; 2 warned 事業所の名称:GETA_MARK")
      << "the rest of the row is taken";
  EXPECT_EQ(GetFacility(admin(), "facilities/minami")->display_name(), "𠮷田の家") << "half of a name is no name";
  EXPECT_EQ(GetFacility(admin(), "facilities/minami")->address(), "辻二番");
  EXPECT_EQ(GetFacility(admin(), "facilities/minami")->capacity(), 5);
  EXPECT_EQ(ImportCp932("facilities", with({"atarashii", "〓田の家", "", ""})),
            "1 rows: 1 created, 1 warned; 2 warned 事業所の名称:GETA_MARK")
      << "nothing is replaced, and the mark shows that something is missing";
  EXPECT_EQ(ImportCp932("facilities", with({"minami", "吉田の家", "", "5"})), "1 rows: 1 updated; ")
      << "what the file can hold, it changes";
}

TEST_P(ImportExportsTest, NorDoesABrokenCharacterOrAMarkInAnotherFormat) {
  ImportAll();
  for (const std::string name : {"\uFFFD田の家", "〓田の家"}) {
    const Table table = {{"facility_id", "事業所の名称"}, {"minami", name}};
    for (const std::string& file : {CsvOf(table), WorkbookOf(table)}) {
      const Imported imported = ImportCsv(admin(), "facilities", file);
      EXPECT_EQ(imported.summary, "1 rows: 1 unchanged, 1 warned") << absl::StrJoin(imported.rows, "; ");
    }
  }
  const Table people = {{"取込元のキー", "氏名", "免許", "週の勤務可能分数", "自宅メッシュ", "通勤上限（m）"},
                        {"k/1", "〓田 花子", "看護師", "1200", "53341198", "8000"}};
  EXPECT_EQ(ImportCp932("nurses", people), "1 rows: 1 unchanged, 1 warned; 2 warned 氏名:GETA_MARK");
}

}  // namespace
}  // namespace tsunagu::wire
