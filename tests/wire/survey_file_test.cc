// Forms of a survey as files: sent to each body, filled in and returned, and all answers of a locked round as one file.
#include <zip.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/base/digest.h"
#include "common/jp/cp932.h"
#include "common/text/csv.h"
#include "common/text/sheet/archive_test.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/eight_writers.h"
#include "tests/wire/suite_test_base.h"
#include "tsunagu/platform/v1/erasure.pb.h"
#include "tsunagu/registry/v1/area_change.pb.h"
#include "tsunagu/registry/v1/coordinator.pb.h"
#include "tsunagu/registry/v1/placement.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"
#include "tsunagu/registry/v1/survey_response.pb.h"
#include "tsunagu/registry/v1/survey_round.pb.h"

namespace tsunagu::wire {
namespace {

using google::protobuf::util::TimeUtil;
using registry_v1::SurveyFile;
using sheet::testing::CompoundFile;
using sheet::testing::Parts;
using sheet::testing::Zip;
using testing::ElementsAre;
using testing::HasSubstr;
using Response = registry_v1::SurveyResponse;
using Round = registry_v1::SurveyRound;

constexpr char kTottori[] = "surveyRounds/r2019/surveyResponses/312011";
constexpr char kIwami[] = "surveyRounds/r2019/surveyResponses/313025";
constexpr char kSheet[] = "xl/worksheets/sheet1.xml";

// What each answer says, by its row: D8 is the first.
using Cells = std::map<int, std::string>;

std::vector<std::vector<std::string>> RowsOf(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  contract::CsvReader reader(contract::Encoding::kAuto, [&](contract::CsvRow row) {
    rows.push_back(std::move(row.cells));
    return row.fault;
  });
  EXPECT_EQ(Said(reader.Feed(csv)), "OK");
  EXPECT_EQ(Said(reader.Finish()), "OK");
  return rows;
}

std::string CsvOf(const std::vector<std::vector<std::string>>& rows) {
  std::string csv;
  for (const auto& row : rows) csv += contract::CsvLine(row);
  return csv;
}

std::string FilledCsv(const std::string& csv, const Cells& cells) {
  auto rows = RowsOf(csv);
  for (const auto& [row, text] : cells) rows[row - 1][3] = text;
  return CsvOf(rows);
}

Parts Unzip(const std::string& bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_t* archive =
      zip_open_from_source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), ZIP_RDONLY, &error);
  Parts parts;
  for (zip_int64_t i = 0; archive != nullptr && i < zip_get_num_entries(archive, 0); ++i) {
    zip_stat_t about;
    zip_stat_index(archive, i, 0, &about);
    std::string content(about.size, '\0');
    zip_file_t* file = zip_fopen_index(archive, i, 0);
    EXPECT_EQ(zip_fread(file, content.data(), content.size()), static_cast<zip_int64_t>(content.size()));
    zip_fclose(file);
    parts.emplace_back(about.name, std::move(content));
  }
  if (archive != nullptr) zip_discard(archive);
  return parts;
}

std::string& PartOf(Parts& parts, const std::string& name) {
  for (auto& [one, content] : parts) {
    if (one == name) return content;
  }
  ADD_FAILURE() << "no " << name;
  return parts.front().second;
}

// The workbook with another cell in the place of that one: inner is <v>...</v>, <f>...</f> or an inline text.
std::string WithCell(const std::string& workbook, const std::string& cell, const std::string& type,
                     const std::string& inner) {
  Parts parts = Unzip(workbook);
  std::string& sheet = PartOf(parts, kSheet);
  const size_t begin = sheet.find(absl::StrCat("<c r=\"", cell, "\""));
  EXPECT_NE(begin, std::string::npos) << cell;
  size_t end = sheet.find('>', begin);
  end = sheet[end - 1] == '/' ? end + 1 : sheet.find("</c>", begin) + 4;
  sheet.replace(begin, end - begin, absl::StrCat("<c r=\"", cell, "\"", type, ">", inner, "</c>"));
  return Zip(parts);
}
std::string WithText(const std::string& workbook, const std::string& cell, const std::string& text) {
  return WithCell(workbook, cell, " t=\"inlineStr\"", absl::StrCat("<is><t>", text, "</t></is>"));
}
std::string FilledWorkbook(std::string workbook, const Cells& cells) {
  for (const auto& [row, text] : cells) workbook = WithText(workbook, absl::StrCat("D", row), text);
  return workbook;
}
std::string Changed(const std::string& workbook, const std::string& from, const std::string& to) {
  Parts parts = Unzip(workbook);
  std::string& sheet = PartOf(parts, kSheet);
  EXPECT_THAT(sheet, HasSubstr(from));
  sheet = absl::StrReplaceAll(sheet, {{from, to}});
  return Zip(parts);
}

class SurveyFileTest : public SuiteTest {
 protected:
  void SetUp() override {
    SuiteTest::SetUp();
    if (IsSkipped()) return;
    CreateAreas();
    first_ = Place("見本 一子", "areas/312011", "2019-04-01");
    Place("見本 二子", "areas/312011", "2019-04-01");
    MakeForm("f1");
    ASSERT_EQ(Said(Open("r2019", "f1", "2019-08-01", "2019-09-30")), "OK");
    town_ = std::make_unique<Caller>(CallerWith("town", {"municipality-officer@areas/312011"}));
    prefecture_ = std::make_unique<Caller>(CallerWith("pref", {"prefecture-officer@areas/310000"}));
  }

  template <typename M>
  absl::StatusOr<M> Ask(const Caller& caller, const std::string& method, const google::protobuf::Message& request) {
    return caller.Call<M>("registry.v1." + method, request);
  }
  template <typename R>
  static R Read(const std::string& text) {
    R request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    return request;
  }
  static std::string Day(const std::string& iso) {
    const std::vector<std::string> parts = absl::StrSplit(iso, '-');
    return absl::StrCat("{ year: ", parts[0], " month: ", std::stoi(parts[1]), " day: ", std::stoi(parts[2]), " }");
  }

  // The coordinator.
  std::string Place(const std::string& name, const std::string& body, const std::string& from) {
    const auto person =
        Ask<registry_v1::Coordinator>(admin(), "CoordinatorService/CreateCoordinator",
                                      Read<registry_v1::CreateCoordinatorRequest>(absl::StrCat(
                                          "coordinator { display_name: '", name, "' home_area: 'areas/312011' }")));
    EXPECT_EQ(Said(person), "OK");
    const auto placed =
        Ask<registry_v1::Placement>(admin(), "PlacementService/CreatePlacement",
                                    Read<registry_v1::CreatePlacementRequest>(absl::StrCat(
                                        "placement { coordinator: '", person->name(), "' body: '", body,
                                        "' stage: PLACEMENT_STAGE_ACTUAL valid_from_date ", Day(from), " }")));
    EXPECT_EQ(Said(placed), "OK");
    placement_ = placed->name();
    return person->name();
  }

  void MakeForm(const std::string& id, const std::string& more = "") {
    const auto made = Ask<registry_v1::SurveyForm>(
        admin(), "SurveyFormService/CreateSurveyForm",
        Read<registry_v1::CreateSurveyFormRequest>(absl::StrCat(
            "survey_form_id: '", id, R"pb('
                                          survey_form {
                                            display_name: '見本調査票'
                                            items {
                                              code: 'placing'
                                              label: '配置の有無'
                                              kind: KIND_YES_NO
                                              required: true
                                              indicator: INDICATOR_PLACING
                                              section: '1 配置'
                                            }
                                            items {
                                              code: 'persons'
                                              label: '配置人数'
                                              kind: KIND_NUMBER
                                              unit: '人'
                                              required: true
                                              indicator: INDICATOR_PERSONS
                                              section: '1 配置'
                                            }
                                            items {
                                              code: 'own'
                                              label: '直営'
                                              kind: KIND_NUMBER
                                              unit: '人'
                                              section: '2 内訳'
                                            }
                                            items {
                                              code: 'given'
                                              label: '委託'
                                              kind: KIND_NUMBER
                                              unit: '人'
                                              section: '2 内訳'
                                            }
                                            items { code: 'since' label: '開始日' kind: KIND_DATE section: '3 実施' }
                                            items {
                                              code: 'way'
                                              label: '方法'
                                              kind: KIND_CHOICE
                                              choices: '単独'
                                              choices: '共同'
                                              section: '3 実施'
                                            }
                                            items { code: 'remarks' label: '特記事項' kind: KIND_TEXT }
                                            totals { item: 'persons' parts: 'own' parts: 'given' }
                                            checks { rule: RULE_REQUIRED_IF item: 'way' other: 'placing' value: '1' }
                                            layout {
                                              title: '見本配置状況調査票'
                                              notes: '色のついた欄に記入してください。'
                                            })pb",
            more, " }")));
    ASSERT_EQ(Said(made), "OK");
  }

  absl::StatusOr<Round> Open(const std::string& id, const std::string& form, const std::string& day,
                             const std::string& due) {
    return Ask<Round>(admin(), "SurveyRoundService/CreateSurveyRound",
                      Read<registry_v1::CreateSurveyRoundRequest>(absl::StrCat(
                          "survey_round_id: '", id, "' survey_round { display_name: '見本調査' form: 'surveyForms/",
                          form, "' prefecture: 'areas/310000' as_of_date ", Day(day), " due_date ", Day(due), " }")));
  }

  absl::StatusOr<SurveyFile> Make(const Caller& caller, const std::string& name,
                                  SurveyFile::Format format = SurveyFile::FORMAT_XLSX) {
    registry_v1::MakeSurveyFileRequest request;
    request.set_name(name);
    request.set_format(format);
    return Ask<SurveyFile>(caller, "SurveyResponseService/MakeSurveyFile", request);
  }
  absl::StatusOr<Response> Import(const Caller& caller, const std::string& data, bool submit = false,
                                  const std::string& parent = "surveyRounds/-", const std::string& body = "") {
    registry_v1::ImportSurveyFileRequest request;
    request.set_parent(parent);
    request.set_body(body);
    request.set_data(data);
    request.set_submit(submit);
    return Ask<Response>(caller, "SurveyResponseService/ImportSurveyFile", request);
  }
  absl::StatusOr<SurveyFile> Export(const Caller& caller, const std::string& round, SurveyFile::Format format) {
    registry_v1::ExportSurveyResponsesRequest request;
    request.set_parent(round);
    request.set_format(format);
    return Ask<SurveyFile>(caller, "SurveyResponseService/ExportSurveyResponses", request);
  }
  absl::StatusOr<Response> Get(const std::string& name) {
    registry_v1::GetSurveyResponseRequest request;
    request.set_name(name);
    return Ask<Response>(admin(), "SurveyResponseService/GetSurveyResponse", request);
  }
  static std::string AnswersOf(const Response& response) {
    std::vector<std::string> said;
    for (const auto& answer : response.answers()) said.push_back(absl::StrCat(answer.item(), "=", answer.value()));
    return absl::StrJoin(said, " ");
  }
  std::string Accept(const std::string& name) {
    registry_v1::AcceptSurveyResponseRequest request;
    request.set_name(name);
    return Said(Ask<Response>(admin(), "SurveyResponseService/AcceptSurveyResponse", request));
  }
  std::string Return(const std::string& name) {
    registry_v1::ReturnSurveyResponseRequest request;
    request.set_name(name);
    request.add_objections()->set_text("人数を確認してください。");
    return Said(Ask<Response>(admin(), "SurveyResponseService/ReturnSurveyResponse", request));
  }
  absl::StatusOr<Round> Lock(const std::string& name) {
    registry_v1::LockSurveyRoundRequest request;
    request.set_name(name);
    request.set_leave_out_others(true);
    return Ask<Round>(admin(), "SurveyRoundService/LockSurveyRound", request);
  }

  const Caller& town() { return *town_; }
  const Caller& prefecture() { return *prefecture_; }

  std::string first_;      // a coordinator
  std::string placement_;  // of the last one that was placed

 private:
  std::unique_ptr<Caller> town_, prefecture_;
};
WIRE_TEST_ON_BOTH(SurveyFileTest);

const Cells kFilled = {{9, "３"},       {10, "1,010"},    {11, "2"},       {12, "令和元年5月1日"},
                       {13, " 共同　"}, {14, "―〜 見本"}, {15, "備考です"}};

TEST_P(SurveyFileTest, AWorkbookIsLaidOutAsItsFormSays) {
  const auto file = Make(town(), kTottori);
  ASSERT_EQ(Said(file), "OK");
  EXPECT_EQ(file->sha256(), absl::BytesToHexString(Sha256(file->data())));
  EXPECT_EQ(Make(town(), kTottori)->data(), file->data()) << "equal input, equal bytes";
  Parts parts = Unzip(file->data());
  const std::string& sheet = PartOf(parts, kSheet);
  EXPECT_THAT(sheet, HasSubstr("<sheetProtection sheet=\"1\""));
  for (const char* range : {"A2:F2", "C3:F3", "A6:F6", "B8:B9", "B10:B11", "B12:B13"}) {
    EXPECT_THAT(sheet, HasSubstr(absl::StrCat("<mergeCell ref=\"", range, "\"/>")));
  }
  EXPECT_THAT(sheet, HasSubstr("type=\"list\""));
  EXPECT_THAT(sheet, HasSubstr("<formula1>\"有,無\"</formula1>"));
  EXPECT_THAT(sheet, HasSubstr("<formula1>\"単独,共同\"</formula1>"));
  EXPECT_THAT(sheet, HasSubstr("type=\"whole\""));
  EXPECT_THAT(sheet, HasSubstr("type=\"date\""));
  const std::string& strings = PartOf(parts, "xl/sharedStrings.xml");
  for (const char* text :
       {"見本配置状況調査票", "鳥取市（312011）", "令和元年8月1日（回答期限 令和元年9月30日）",
        "色のついた欄に記入してください。", "areas/312011", "surveyForms/f1", "surveyRounds/r2019"}) {
    EXPECT_THAT(strings, HasSubstr(text));
  }
  EXPECT_THAT(PartOf(parts, "xl/workbook.xml"), HasSubstr("<sheet name=\"調査票\""));
}

TEST_P(SurveyFileTest, TheSameRowsInCsv) {
  const auto file = Make(town(), kTottori, SurveyFile::FORMAT_CSV);
  ASSERT_EQ(Said(file), "OK");
  EXPECT_TRUE(absl::StartsWith(file->data(), "\xEF\xBB\xBF"));
  EXPECT_EQ(file->data().substr(3),
            "tsunagu調査票1,surveyForms/f1,1,surveyRounds/r2019,areas/312011,\r\n"
            "見本配置状況調査票,,,,,\r\n"
            "団体,,鳥取市（312011）,,,\r\n"
            "調査,,見本調査,,,\r\n"
            "基準日,,令和元年8月1日（回答期限 令和元年9月30日）,,,\r\n"
            "色のついた欄に記入してください。,,,,,\r\n"
            "番号,区分,項目,回答,単位,登録からの集計\r\n"
            "1,1 配置,配置の有無,有,,有\r\n"
            "2,,配置人数,2,人,2\r\n"
            "3,2 内訳,直営,,人,\r\n"
            "4,,委託,,人,\r\n"
            "5,3 実施,開始日,,,\r\n"
            "6,,方法,,,\r\n"
            "7,,特記事項,,,\r\n"
            ",,備考,,,\r\n");
  const auto cp932 = Make(town(), kTottori, SurveyFile::FORMAT_CSV_CP932);
  ASSERT_EQ(Said(cp932), "OK");
  EXPECT_EQ(*jp::FromCp932(cp932->data()), file->data().substr(3));
}

TEST_P(SurveyFileTest, OutAndBackInEachFormat) {
  const auto workbook = Make(town(), kTottori), csv = Make(town(), kTottori, SurveyFile::FORMAT_CSV);
  ASSERT_EQ(Said(workbook), "OK");
  const std::string filled = FilledCsv(csv->data(), kFilled);
  for (const std::string& file :
       {FilledWorkbook(workbook->data(), kFilled), filled, "\xEF\xBB\xBF" + filled, jp::ToCp932(filled).bytes}) {
    const auto taken = Import(town(), file);
    ASSERT_EQ(Said(taken), "OK");
    EXPECT_EQ(AnswersOf(*taken), "placing=1 persons=3 own=1010 given=2 since=2019-05-01 way=共同 remarks=―〜 見本");
    EXPECT_EQ(taken->note(), "備考です");
    EXPECT_EQ(taken->state(), Response::STATE_DRAFT);
    EXPECT_EQ(taken->answers(1).provenance(), Response::PROVENANCE_ATTESTED);
    EXPECT_EQ(taken->answers(1).counted(), "2");
    EXPECT_EQ(taken->answers(0).provenance(), Response::PROVENANCE_ROWS);
  }
  const auto stored = Get(kTottori);
  ASSERT_EQ(stored->files_size(), 4);
  EXPECT_EQ(stored->files(3).sender(), "town");
  EXPECT_TRUE(stored->files(3).late()) << "it was wanted in 2019";
  EXPECT_FALSE(stored->files(3).submitted());
}

// Our file, filled in and saved by openpyxl 3.1, which writes all of it anew.
TEST_P(SurveyFileTest, AFileThatAnotherLibraryHasSaved) {
  std::ifstream file(TSUNAGU_SOURCE_DIR "/tests/wire/survey_form_saved_by_openpyxl.xlsx", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto taken = Import(town(), bytes, true);
  ASSERT_EQ(Said(taken), "OK");
  EXPECT_EQ(AnswersOf(*taken), "placing=1 persons=3 own=1 given=2 since=2019-05-01 way=共同 remarks=別のソフトで記入");
  EXPECT_EQ(taken->state(), Response::STATE_SUBMITTED);
}

TEST_P(SurveyFileTest, WhatIsWrongIsToldByCellAllAtOnce) {
  const auto workbook = Make(town(), kTottori);
  const std::string before = AnswersOf(*Get(kTottori));
  const std::string filled = FilledWorkbook(
      workbook->data(), {{8, "たぶん"}, {9, "三人"}, {10, "-1"}, {11, "1E3"}, {12, "4/1/2024"}, {13, "別の方法"}});
  EXPECT_EQ(Said(Import(town(), filled, true)),
            "INVALID_ARGUMENT INVALID_REQUEST 調査票!D10:ANSWER_NOT_A_NUMBER 調査票!D11:NUMBER_WITH_EXPONENT "
            "調査票!D12:DATE_ORDER_UNCLEAR 調査票!D13:ANSWER_NO_CHOICE 調査票!D8:ANSWER_NOT_YES_OR_NO "
            "調査票!D9:ANSWER_NOT_A_NUMBER");
  // A total names its cell, and those of its parts.
  const auto total = Import(town(), FilledWorkbook(workbook->data(), {{9, "5"}, {10, "1"}, {11, "3"}}), true);
  EXPECT_EQ(Said(total), "INVALID_ARGUMENT INVALID_REQUEST 調査票!D13:ANSWER_MISSING_THEN 調査票!D9:TOTAL_DIFFERS");
  std::string text;
  const Fault all = FaultOf(total.status());
  for (const Fault& fault : all.faults()) absl::StrAppend(&text, Text(fault, Language::kJapanese), "\n");
  EXPECT_THAT(text, HasSubstr("「配置人数（調査票!D9）」は5ですが、内訳（直営（調査票!D10）、委託（調査票!"
                              "D11））の合計は4です。差は1です。"));
  EXPECT_EQ(AnswersOf(*Get(kTottori)), before) << "nothing half done";
  EXPECT_EQ(Get(kTottori)->files_size(), 0);
  // What is not handed in yet need not add up.
  EXPECT_EQ(Said(Import(town(), FilledWorkbook(workbook->data(), {{9, "5"}, {10, "1"}}))), "OK");
}

TEST_P(SurveyFileTest, EachFileThatIsNotTheOneHasItsReason) {
  const auto workbook = Make(town(), kTottori), csv = Make(town(), kTottori, SurveyFile::FORMAT_CSV);
  const auto theirs = Make(admin(), kIwami);
  MakeForm("f2");
  ASSERT_EQ(Said(Open("r2020", "f1", "2020-08-01", "2020-09-30")), "OK");
  ASSERT_EQ(Said(Open("other", "f2", "2020-08-01", "2020-09-30")), "OK");
  const auto later = Make(town(), "surveyRounds/r2020/surveyResponses/312011");
  const auto other = Make(town(), "surveyRounds/other/surveyResponses/312011");
  const std::string& file = workbook->data();
  std::string rows = "<row r=\"20\"/>";
  for (int row = 21; row <= 1'000'020; ++row) absl::StrAppend(&rows, "<row r=\"", row, "\"/>");
  std::string bomb;
  for (int row = 20; row < 700; ++row) {
    absl::StrAppend(&bomb, "<row r=\"", row, "\"><c r=\"A", row, "\" t=\"inlineStr\"><is><t>", std::string(30'000, '0'),
                    "</t></is></c></row>");
  }
  const struct {
    const char* what;
    std::string data;
    const char* said;
  } kCases[] = {
      {"a table of something else", "団体,人数\r\n312011,3\r\n", "data:SURVEY_FILE_OF_NO_FORM"},
      {"another workbook", sheet::testing::Book{"<row><c t=\"inlineStr\"><is><t>x</t></is></c></row>"}.Bytes(),
       "data:SURVEY_FILE_OF_NO_FORM"},
      {"another form", other->data(), "data:SURVEY_FILE_OF_ANOTHER_FORM"},
      {"another version", WithText(file, "C1", "7"), "data:SURVEY_FILE_OF_ANOTHER_VERSION"},
      {"another round", later->data(), "data:SURVEY_FILE_OF_ANOTHER_ROUND"},
      {"another body's", theirs->data(), "data:SURVEY_FILE_OF_ANOTHER_BODY"},
      {"whose it is, changed by hand", WithText(file, "E1", "areas/313025"), "data:SURVEY_FILE_OF_ANOTHER_BODY"},
      {"no name of a body", WithText(file, "E1", "鳥取市"), "data:SURVEY_FILE_OF_NO_FORM"},
      {"moved rows", WithText(WithText(file, "A9", "3"), "C9", "直営"), "調査票!A9:SURVEY_CELL_MOVED"},
      {"moved columns", WithText(WithText(file, "D7", "単位"), "E7", "回答"), "調査票!D7:SURVEY_CELL_MOVED"},
      {"another question", WithText(file, "C10", "委託"), "調査票!C10:SURVEY_CELL_MOVED"},
      {"a formula", WithCell(file, "D9", "", "<f>1+2</f><v>3</v>"), "調査票!D9:SURVEY_CELL_IS_FORMULA"},
      {"a formula without its value", WithCell(file, "D9", "", "<f>1+2</f>"), "調査票!D9:SURVEY_CELL_IS_FORMULA"},
      {"an error", WithCell(file, "D9", " t=\"e\"", "<v>#N/A</v>"), "調査票!D9:CELL_HAS_ERROR"},
      {"merged answers",
       Changed(file, "<mergeCell ref=\"A6:F6\"/>", "<mergeCell ref=\"A6:F6\"/><mergeCell ref=\"D10:D11\"/>"),
       "調査票!D10:SURVEY_CELLS_MERGED"},
      {"a thousand merged ranges and more",
       Changed(file, "<mergeCell ref=\"A6:F6\"/>",
               sheet::testing::Repeat(1'000, "<mergeCell ref=\"H6:I6\"/>") + "<mergeCell ref=\"D10:D11\"/>"),
       "調査票!D8:SURVEY_TOO_MANY_MERGED"},
      {"a password", CompoundFile({"EncryptionInfo", "EncryptedPackage"}), "WORKBOOK_ENCRYPTED"},
      {"a million empty rows", Changed(file, "</sheetData>", rows + "</sheetData>"), "data:SURVEY_FILE_TOO_LONG"},
      {"a million blank lines",
       csv->data() + sheet::testing::Repeat(1'000'000, "\r\n") + sheet::testing::Repeat(1'100, "x\r\n"),
       "data:SURVEY_FILE_TOO_LONG"},
      {"a bomb", Changed(file, "</sheetData>", bomb + "</sheetData>"), "data:WORKBOOK_EXPANDS_TOO_MUCH"},
  };
  for (const auto& c : kCases) {
    if (c.data.size() > (3 << 20)) {
      ADD_FAILURE() << c.what << " has " << c.data.size() << " bytes";
      continue;
    }
    EXPECT_THAT(Said(Import(town(), c.data, false, "surveyRounds/r2019")), HasSubstr(c.said)) << c.what;
  }
  EXPECT_THAT(Said(Import(admin(), theirs->data(), false, "surveyRounds/r2019", "areas/312011")),
              HasSubstr("SURVEY_FILE_OF_ANOTHER_BODY"));
  EXPECT_EQ(Get(kTottori)->files_size(), 0);
  EXPECT_EQ(Said(Import(town(), file, false, "surveyRounds/r2019", "areas/312011")), "OK");
}

TEST_P(SurveyFileTest, AnswersThatWereHandedInAndRoundsThatAreLockedTakeNoFile) {
  const auto file = Make(town(), kTottori, SurveyFile::FORMAT_CSV);
  const std::string filled = FilledCsv(file->data(), {{10, "2"}, {13, "単独"}});
  const auto submitted = Import(town(), filled, true);
  ASSERT_EQ(Said(submitted), "OK");
  EXPECT_EQ(submitted->state(), Response::STATE_SUBMITTED);
  EXPECT_EQ(submitted->answers(1).provenance(), Response::PROVENANCE_ROWS);
  EXPECT_TRUE(submitted->has_submit_time());
  EXPECT_TRUE(submitted->files(0).submitted());
  EXPECT_EQ(Said(Import(town(), filled)), "FAILED_PRECONDITION SURVEY_HANDED_IN");
  ASSERT_EQ(Return(kTottori), "OK");
  ASSERT_EQ(Said(Import(town(), filled, true)), "OK");
  EXPECT_EQ(Get(kTottori)->objections_size(), 0);
  ASSERT_EQ(Said(Lock("surveyRounds/r2019")), "OK");
  EXPECT_EQ(Said(Import(town(), filled)), "FAILED_PRECONDITION SURVEY_LOCKED");
  EXPECT_EQ(Said(Make(town(), kTottori)), "FAILED_PRECONDITION SURVEY_LOCKED");
}

TEST_P(SurveyFileTest, EarlierFilesStayReadable) {
  const auto csv = Make(town(), kTottori, SurveyFile::FORMAT_CSV);
  ASSERT_EQ(Said(Import(town(), FilledCsv(csv->data(), {{10, "1"}}))), "OK");
  clock().Advance(absl::Seconds(1));
  const auto between = TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(clock().Now()));
  registry_v1::ListSurveyResponsesRequest settled;  // what is known is asked for when it is there
  settled.set_parent("surveyRounds/r2019");
  *settled.mutable_as_known_at() = between;
  ASSERT_EQ(Said(Ask<registry_v1::ListSurveyResponsesResponse>(admin(), "SurveyResponseService/ListSurveyResponses",
                                                               settled)),
            "OK");
  clock().Advance(absl::Hours(1));
  const auto corrected = Import(prefecture(), FilledCsv(csv->data(), {{10, "2"}}));
  ASSERT_EQ(Said(corrected), "OK");
  ASSERT_EQ(corrected->files_size(), 2);
  EXPECT_EQ(corrected->files(0).sender(), "town");
  EXPECT_EQ(corrected->files(1).sender(), "pref");
  EXPECT_NE(corrected->files(0).sha256(), corrected->files(1).sha256());
  registry_v1::GetSurveyResponseRequest request;
  request.set_name(kTottori);
  *request.mutable_as_known_at() = between;
  const auto then = Ask<Response>(town(), "SurveyResponseService/GetSurveyResponse", request);
  ASSERT_EQ(Said(then), "OK");
  EXPECT_THAT(AnswersOf(*then), HasSubstr("own=1 "));
  EXPECT_THAT(AnswersOf(*corrected), HasSubstr("own=2 "));
}

TEST_P(SurveyFileTest, ALockedRoundGivesTheSameBytesForEver) {
  const auto csv = Make(town(), kTottori, SurveyFile::FORMAT_CSV);
  ASSERT_EQ(Said(Import(town(), FilledCsv(csv->data(), {{10, "2"}, {13, "単独"}, {14, "=1+1"}}), true)), "OK");
  ASSERT_EQ(Accept(kTottori), "OK");
  const auto locked = Lock("surveyRounds/r2019");
  ASSERT_EQ(Said(locked), "OK");
  const auto text = Export(prefecture(), "surveyRounds/r2019", SurveyFile::FORMAT_CSV);
  const auto cp932 = Export(prefecture(), "surveyRounds/r2019", SurveyFile::FORMAT_CSV_CP932);
  const auto workbook = Export(prefecture(), "surveyRounds/r2019", SurveyFile::FORMAT_XLSX);
  ASSERT_EQ(Said(text), "OK");
  ASSERT_EQ(Said(workbook), "OK");
  EXPECT_EQ(text->sha256(), locked->csv_sha256());
  EXPECT_EQ(workbook->sha256(), locked->xlsx_sha256());
  const auto rows = RowsOf(text->data());
  ASSERT_EQ(rows.size(), 2u) << "who was not accepted is left out";
  EXPECT_THAT(rows[0],
              ElementsAre("団体コード", "団体", "状態", "提出日時", "配置の有無", "配置人数（人）", "直営（人）",
                          "委託（人）", "開始日", "方法", "特記事項", "配置の有無の根拠", "配置人数の根拠",
                          "直営の根拠", "委託の根拠", "開始日の根拠", "方法の根拠", "特記事項の根拠", "備考"));
  EXPECT_THAT(rows[1],
              ElementsAre("312011", "鳥取市", "受理", "2050-04-03 12:00", "有", "2", "2", "", "", "単独", "'=1+1",
                          "登録から集計", "登録から集計", "団体の申告", "", "", "団体の申告", "団体の申告", ""));

  // Years later: one town has gone into the city, which has another name now, a placement was corrected, a coordinator
  // erased.
  clock().Advance(absl::Hours(24 * 400));
  ASSERT_EQ(Said(Ask<registry_v1::Placement>(
                admin(), "PlacementService/UpdatePlacement",
                Read<registry_v1::UpdatePlacementRequest>(absl::StrCat(
                    "placement { name: '", placement_, "' valid_from_date ", Day("2019-09-01"), " valid_to_date ",
                    Day("2049-12-31"), " } update_mask { paths: 'valid_from_date' paths: 'valid_to_date' }")))),
            "OK");
  platform_v1::EraseDataSubjectRequest erase;
  erase.set_parent("services/registry");
  erase.set_subject(first_);
  ASSERT_EQ(
      Said(admin().Call<platform_v1::EraseDataSubjectResponse>("platform.v1.ErasureService/EraseDataSubject", erase)),
      "OK");
  ASSERT_EQ(Said(Ask<registry_v1::AreaChange>(
                admin(), "AreaChangeService/CreateAreaChange",
                Read<registry_v1::CreateAreaChangeRequest>(absl::StrCat(
                    "area_change { kind: AREA_CHANGE_KIND_ABSORPTION effective_date ", Day("2051-04-01"),
                    " from_areas: 'areas/312011' from_areas: 'areas/313025' from_names: '鳥取市' from_names: '岩美町' "
                    "to_areas: 'areas/312011' to_names: '見本市' }")))),
            "OK");
  registry_v1::UpdateAreaRequest rename;
  rename.mutable_area()->set_name("areas/312011");
  rename.mutable_area()->set_display_name("見本市");
  rename.mutable_update_mask()->add_paths("display_name");
  ASSERT_EQ(Said(Ask<registry_v1::Area>(admin(), "AreaService/UpdateArea", rename)), "OK");

  EXPECT_EQ(Export(prefecture(), "surveyRounds/r2019", SurveyFile::FORMAT_CSV)->data(), text->data());
  EXPECT_EQ(Export(prefecture(), "surveyRounds/r2019", SurveyFile::FORMAT_CSV_CP932)->data(), cp932->data());
  EXPECT_EQ(Export(prefecture(), "surveyRounds/r2019", SurveyFile::FORMAT_XLSX)->data(), workbook->data());
  // Of the same day, counted today, it is another number.
  ASSERT_EQ(Said(Open("again", "f1", "2019-08-01", "2019-09-30")), "OK");
  EXPECT_EQ(Get("surveyRounds/again/surveyResponses/312011")->answers(1).value(), "1");
}

TEST_P(SurveyFileTest, AnOpenRoundExportsWhatThereIsToThoseWhoSeeIt) {
  const auto file = Export(prefecture(), "surveyRounds/r2019", SurveyFile::FORMAT_CSV);
  ASSERT_EQ(Said(file), "OK");
  EXPECT_EQ(RowsOf(file->data()).size(), 3u);
  EXPECT_EQ(RowsOf(file->data())[1][2], "未回答");
  EXPECT_EQ(Said(Export(town(), "surveyRounds/r2019", SurveyFile::FORMAT_CSV)), "NOT_FOUND SURVEY_ROUND_NOT_FOUND");
  const Caller elsewhere = CallerWith("shimane", {"prefecture-officer@areas/320005"});
  EXPECT_EQ(Said(Export(elsewhere, "surveyRounds/r2019", SurveyFile::FORMAT_CSV)), "NOT_FOUND SURVEY_ROUND_NOT_FOUND");
  EXPECT_EQ(Said(Make(town(), kIwami)), "NOT_FOUND SURVEY_RESPONSE_NOT_FOUND");
}

TEST_P(SurveyFileTest, WhatBecameOfEachAnswerSinceLastYear) {
  ASSERT_EQ(Said(Import(town(), FilledCsv(Make(town(), kTottori, SurveyFile::FORMAT_CSV)->data(), {{10, "5"}}))), "OK");
  MakeForm("f2", "items { code: 'new' label: '新しい項目' kind: KIND_TEXT }");
  Place("見本 三子", "areas/312011", "2020-04-01");
  ASSERT_EQ(Said(Open("r2020", "f2", "2020-08-01", "2020-09-30")), "OK");
  registry_v1::CompareSurveyRoundsRequest request;
  request.set_parent("surveyRounds/r2020");
  request.set_previous("surveyRounds/r2019");
  const auto told = [&](const Caller& caller) {
    const auto stream = caller.Stream("registry.v1.SurveyResponseService/CompareSurveyRounds");
    if (stream->Write(request)) stream->WritesDone();
    std::vector<std::string> lines;
    registry_v1::SurveyDifference one;
    for (;;) {
      one.Clear();
      const absl::StatusOr<bool> more = stream->Read(one);
      if (!more.ok() || !*more) break;
      lines.push_back(absl::StrCat(one.body_name(), " ", one.item(), " ", one.previous_value(), "(",
                                   one.previous_provenance(), ") ", one.value(), "(", one.provenance(), ")",
                                   one.has_difference() ? absl::StrCat(" ", one.difference()) : ""));
    }
    if (const absl::Status end = stream->Finish(); !end.ok()) return std::vector<std::string>{Said(end)};
    return lines;
  };
  EXPECT_EQ(told(prefecture()).size(), 16u);
  request.set_changed_only(true);
  EXPECT_THAT(told(prefecture()), ElementsAre("鳥取市 persons 2(1) 3(1) 1", "鳥取市 own 5(2) (0)"));
  EXPECT_THAT(told(town()), ElementsAre("NOT_FOUND SURVEY_ROUND_NOT_FOUND"));
}

// Files come at once while the round is locked: what the export holds is what the answers say.
TEST_P(SurveyFileTest, EightWhoSendFilesWhileItIsLocked) {
  const auto csv = Make(town(), kTottori, SurveyFile::FORMAT_CSV);
  const auto told = EightAtOnce([&](int writer) {
    if (writer == 0) return "lock " + Said(Lock("surveyRounds/r2019"));
    return Said(Import(admin(), FilledCsv(csv->data(), {{10, std::to_string(writer)}})));
  });
  EXPECT_EQ(told.count("lock OK"), 1u) << testing::PrintToString(told);
  for (const auto& [said, count] : told) {
    EXPECT_THAT(said, testing::AnyOf("lock OK", "OK", "FAILED_PRECONDITION SURVEY_LOCKED", HasSubstr("ETAG_MISMATCH")));
  }
}

}  // namespace
}  // namespace tsunagu::wire
