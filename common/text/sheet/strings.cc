#include "common/text/sheet/strings.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/sheet/characters.h"

namespace tsunagu::sheet {
namespace {

using Token = XmlReader::Token;

// The most bytes that one UTF-16 unit can take: those of an escape.
constexpr size_t kUnitBytes = 7;

absl::Status TooLong(int64_t max_characters) {
  return Fail("CELL_TOO_LONG"_reason, {{"max", absl::StrCat(max_characters)}});
}

// The cells that share a text are not known yet.
absl::Status InTable(const absl::Status& status, const Limits& limits) {
  if (ReasonOf(status) != "CELL_TOO_LONG"_reason) return status;
  return Fail("CELL_TOO_LONG"_reason,
              {{"cell", "xl/sharedStrings.xml"}, {"max", absl::StrCat(limits.cell_characters)}});
}

absl::Status TooMuch(const Limits& limits) {
  return Fail("WORKBOOK_TOO_MUCH_TEXT"_reason,
              {{"max", absl::StrCat(limits.string_bytes)}, {"max_count", absl::StrCat(limits.strings)}});
}

absl::Status AppendText(XmlReader& xml, int64_t max_characters, std::string& text) {
  for (const size_t inside = xml.depth();;) {
    ASSIGN_OR_RETURN(const Token token, xml.Next());
    if (token == Token::kText && xml.depth() == inside) absl::StrAppend(&text, xml.text());
    if (text.size() > static_cast<size_t>(max_characters) * kUnitBytes) return TooLong(max_characters);
    if (xml.depth() < inside) return absl::OkStatus();
  }
}

}  // namespace

absl::StatusOr<std::string> ReadText(XmlReader& xml, int64_t max_characters) {
  std::string text;
  RETURN_IF_ERROR(AppendText(xml, max_characters, text));
  return text;
}

absl::StatusOr<std::string> ReadRichText(XmlReader& xml, int64_t max_characters) {
  std::string text;
  for (const size_t inside = xml.depth();;) {
    ASSIGN_OR_RETURN(const Token token, xml.Next());
    if (xml.depth() < inside) return DecodeText(text, max_characters);
    if (token != Token::kStart) continue;
    if (xml.name() == "t") {
      RETURN_IF_ERROR(AppendText(xml, max_characters, text));
    } else if (xml.name() != "r") {
      RETURN_IF_ERROR(xml.Skip());
    }
  }
}

absl::StatusOr<std::string> DecodeText(absl::string_view text, int64_t max_characters) {
  std::string decoded = Unescape(text);
  if (Utf16Length(decoded) > static_cast<size_t>(max_characters)) return TooLong(max_characters);
  return decoded;
}

absl::Status SharedStrings::Read(XmlReader& xml, const Limits& limits) {
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml.Next());
    if (token == Token::kFinish) return absl::OkStatus();
    if (token != Token::kStart || xml.depth() != 2) continue;
    if (xml.name() != "si") {
      RETURN_IF_ERROR(xml.Skip());
      continue;
    }
    const absl::StatusOr<std::string> text = ReadRichText(xml, limits.cell_characters);
    if (!text.ok()) return InTable(text.status(), limits);
    const size_t size = all_.size() + text->size();
    if (size > static_cast<size_t>(limits.string_bytes) || ends_.size() == static_cast<size_t>(limits.strings)) {
      return TooMuch(limits);
    }
    all_ += *text;
    ends_.push_back(all_.size());
  }
}

absl::string_view SharedStrings::Get(size_t index) const {
  const size_t begin = index == 0 ? 0 : ends_[index - 1];
  return absl::string_view(all_).substr(begin, ends_[index] - begin);
}

}  // namespace tsunagu::sheet
