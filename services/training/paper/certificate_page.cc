#include "services/training/paper/certificate_page.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "services/training/badge.h"

namespace tsunagu::training {
namespace {

using print::Align;
using print::Box;
using print::Document;
using print::Style;

constexpr double kMargin = 25, kInner = Document::kWidth - 2 * kMargin;
constexpr double kCodeSide = 78;  // of the widest code each module is then 0.42 mm

std::string WesternDay(jp::CivilDay day) { return absl::StrCat(day.year(), "年", day.month(), "月", day.day(), "日"); }

// 令和8年4月3日（2026年4月3日）
std::string BothDays(const google::type::Date& date) {
  const jp::CivilDay day = jp::DayOf(date);
  return absl::StrCat(jp::FormatWareki(day), "（", WesternDay(day), "）");
}

// Draws a heading on the left and its value.
absl::Status DrawRow(Document& document, double& top, const char* heading, const std::string& text) {
  if (text.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(document.Text({kMargin, top, 30, 6}, {10.5}, heading).status());
  ASSIGN_OR_RETURN(const double height, document.Text({kMargin + 32, top, kInner - 32, 14}, {10.5}, text));
  top += height + 3;
  return absl::OkStatus();
}

absl::Status DrawCode(const v1::Certificate& certificate, Document& document) {
  const auto code = print::QrCode::Of(certificate.token());
  if (!code) return Fail("TOKEN_TOO_LONG_TO_PRINT"_reason);
  constexpr double kTop = Document::kHeight - kMargin - kCodeSide;
  document.Code(kMargin, kTop, kCodeSide, *code);
  return document
      .Text({kMargin + kCodeSide + 5, kTop + 6, kInner - kCodeSide - 5, kCodeSide - 10}, {8.5},
            "左の二次元コードには、この修了証と同じ内容が、発行者の電子署名とともに入っています（Open Badges 3.0）。"
            "読み取った文字列を tsunagu verify-certificate、または JSON Web Token を扱うソフトウェアに渡すと、"
            "発行者が公開する鍵によって、真正であるかどうかを確かめられます。")
      .status();
}

}  // namespace

absl::Status DrawCertificate(const v1::Certificate& certificate, Document& document) {
  const auto badge = ReadBadge(certificate.token());
  if (!badge) return Fail("NAME_NOT_READABLE"_reason);
  RETURN_IF_ERROR(document
                      .Text({kMargin, 25, kInner, 7}, {10.5, Align::kRight, false, true},
                            absl::StrCat("第 ", certificate.number(), " 号"))
                      .status());
  RETURN_IF_ERROR(document.Text({kMargin, 42, kInner, 24}, {34, Align::kCentre, true, true, 18}, "修了証").status());
  RETURN_IF_ERROR(
      document.Text({kMargin, 78, kInner, 18}, {26, Align::kCentre, false, true}, certificate.holder()).status());
  document.Line(kMargin + 20, 95, kMargin + kInner - 20, 95);
  RETURN_IF_ERROR(
      document.Text({kMargin, 102, kInner, 8}, {12, Align::kCentre}, "下記の研修を修了したことを証します。").status());
  double top = 118;
  RETURN_IF_ERROR(DrawRow(document, top, "研修", certificate.course_title()));
  RETURN_IF_ERROR(DrawRow(document, top, "カリキュラム", badge->achievement));
  if (certificate.has_completion_date()) {
    RETURN_IF_ERROR(DrawRow(document, top, "修了日", BothDays(certificate.completion_date())));
  }
  RETURN_IF_ERROR(DrawRow(document, top, "交付日", BothDays(certificate.issue_date())));
  if (certificate.has_expiry_date()) {
    RETURN_IF_ERROR(DrawRow(document, top, "有効期限", BothDays(certificate.expiry_date())));
  }
  RETURN_IF_ERROR(document.Text({kMargin, 172, kInner, 10}, {16, Align::kRight, false, true}, badge->issuer).status());
  RETURN_IF_ERROR(DrawCode(certificate, document));
  document.EndPage();
  return absl::OkStatus();
}

}  // namespace tsunagu::training
