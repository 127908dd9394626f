#include "services/training/paper/sign_in_page.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "common/print/document.h"
#include "common/text/row_sink.h"

namespace tsunagu::training {
namespace {

using print::Align;
using print::Document;
using print::Style;

constexpr double kLeft = 18, kRight = Document::kWidth - 18, kTop = 48, kRowHeight = 11;
constexpr size_t kRowsOfPage = 20;
// Where columns begin: number, name, body, place to sign.
constexpr double kColumns[] = {kLeft, kLeft + 12, kLeft + 68, kLeft + 112, kRight};

std::string Clock(int minute) { return absl::StrFormat("%d:%02d", minute / 60, minute % 60); }

std::string TimeAndPlace(const v1::Session& session) {
  std::string text = jp::FormatWareki(jp::DayOf(session.held_date()));
  if (session.end_minute() > 0) {
    absl::StrAppend(&text, "　", Clock(session.start_minute()), "〜", Clock(session.end_minute()));
  }
  if (!session.place().empty()) absl::StrAppend(&text, "　", session.place());
  return text;
}

absl::Status DrawCells(Document& document, double top, absl::Span<const std::string> cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    const double left = kColumns[i] + 2, width = kColumns[i + 1] - left - 1;
    const Style style{11, i == 0 ? Align::kRight : Align::kLeft, false, true};
    RETURN_IF_ERROR(document.Text({left, top + 3, width, kRowHeight - 3}, style, cells[i]).status());
  }
  return absl::OkStatus();
}

void DrawGrid(Document& document, size_t rows) {
  const double bottom = kTop + kRowHeight * static_cast<double>(rows);
  for (size_t i = 0; i <= rows; ++i) {
    const double y = kTop + kRowHeight * static_cast<double>(i);
    document.Line(kLeft, y, kRight, y);
  }
  for (const double x : kColumns) document.Line(x, kTop, x, bottom);
}

absl::Status DrawHead(Document& document, const v1::Course& course, const v1::Session& session, size_t page,
                      size_t pages) {
  const double width = kRight - kLeft;
  RETURN_IF_ERROR(document.Text({kLeft, 15, width, 10}, {18, Align::kCentre, true, true, 8}, "受付簿").status());
  const std::string title = session.display_name().empty()
                                ? course.display_name()
                                : absl::StrCat(course.display_name(), "　", session.display_name());
  RETURN_IF_ERROR(document.Text({kLeft, 28, width, 7}, {11.5, Align::kLeft, false, true}, title).status());
  RETURN_IF_ERROR(
      document.Text({kLeft, 36, width - 25, 7}, {10.5, Align::kLeft, false, true}, TimeAndPlace(session)).status());
  const std::string number = absl::StrCat(page, " / ", pages);
  RETURN_IF_ERROR(document.Text({kLeft, 36, width, 7}, {10.5, Align::kRight, false, true}, number).status());
  return DrawCells(document, kTop, {"番号", "氏名", "推薦団体", "署名"});
}

}  // namespace

absl::StatusOr<std::string> SignInPdf(const v1::Course& course, const v1::Session& session,
                                      const std::vector<Expected>& expected, Deadline deadline) {
  ASSIGN_OR_RETURN(const auto document,
                   Document::Begin("受付簿 " + course.display_name(), jp::DayOf(session.held_date())));
  const size_t pages = (expected.size() + kRowsOfPage - 1) / kRowsOfPage;
  for (size_t page = 0; page < pages; ++page) {
    if (deadline.Over()) return Fail("DEADLINE_EXCEEDED"_reason);
    RETURN_IF_ERROR(DrawHead(*document, course, session, page + 1, pages));
    const size_t end = std::min(expected.size(), (page + 1) * kRowsOfPage);
    double top = kTop;
    for (size_t i = page * kRowsOfPage; i < end; ++i) {
      RETURN_IF_ERROR(
          DrawCells(*document, top += kRowHeight, {absl::StrCat(i + 1), expected[i].name, expected[i].body}));
    }
    DrawGrid(*document, end - page * kRowsOfPage + 1);
    document->EndPage();
  }
  RETURN_IF_ERROR(document->Finish());
  return document->Take();
}

absl::StatusOr<std::string> SignInWorkbook(const v1::Session& session, const std::vector<Expected>& expected) {
  sheet::Layout layout;
  layout.sheet_name = "受付簿";
  const auto add = [&](const char* heading, int width, sheet::ColumnKind kind = sheet::ColumnKind::kText) {
    layout.columns.push_back({heading, kind, {}, width});
  };
  add("番号", 6, sheet::ColumnKind::kInteger);
  add("氏名", 24);
  add("推薦団体", 20);
  add(sign_in::kSignature, 30);
  add(sign_in::kSubject, 10);
  add(sign_in::kMinutes, 12, sheet::ColumnKind::kInteger);
  add(sign_in::kEnrollment, 30);
  add(sign_in::kSession, 30);
  ASSIGN_OR_RETURN(const std::unique_ptr<RowSink> file, WorkbookFile(std::move(layout)));
  for (size_t i = 0; i < expected.size(); ++i) {
    for (const v1::Session::Lesson& lesson : session.lessons()) {
      RETURN_IF_ERROR(file->Add({absl::StrCat(i + 1), expected[i].name, expected[i].body, "", lesson.subject(), "",
                                 expected[i].enrollment, session.name()})
                          .status());
    }
  }
  return TakeWhole(*file);
}

}  // namespace tsunagu::training
