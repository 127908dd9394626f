#include "common/text/sheet/xml.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/sheet/characters.h"

namespace tsunagu::sheet {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;
constexpr size_t kPieceBytes = 16 * 1024;
constexpr size_t kMaxDepth = 64;
constexpr int kNone = -1;

bool IsContinuation(int c) { return c >= 0x80 && c < 0xC0; }

}  // namespace

XmlReader::XmlReader(std::string part, Source source)
    : part_(std::move(part)), source_(std::move(source)), buffer_(kBufferBytes) {}

absl::StatusOr<XmlReader::Token> XmlReader::Next() {
  if (!stopped_.ok()) return stopped_;
  absl::StatusOr<Token> token = Scan();
  // The error of the source comes first: to the scanner it looked like the end of the document.
  if (!stopped_.ok()) return stopped_;
  if (!token.ok()) stopped_ = token.status();
  return token;
}

absl::string_view XmlReader::Attribute(absl::string_view name) const {
  for (size_t i = 0; i < attribute_count_; ++i) {
    if (attributes_[i].name == name) return attributes_[i].value;
  }
  return "";
}

absl::string_view XmlReader::PrefixedAttribute(absl::string_view local_name) const {
  for (size_t i = 0; i < attribute_count_; ++i) {
    absl::string_view name = attributes_[i].name;
    if (absl::ConsumeSuffix(&name, local_name) && absl::EndsWith(name, ":")) return attributes_[i].value;
  }
  return "";
}

absl::Status XmlReader::Skip() {
  for (const size_t outside = depth() - 1; depth() > outside;) {
    ASSIGN_OR_RETURN(const Token token, Next());
    if (token == Token::kFinish) break;
  }
  return absl::OkStatus();
}

absl::Status XmlReader::Finish() {
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, Next());
    if (token == Token::kFinish) return absl::OkStatus();
  }
}

absl::Status XmlReader::Damaged(absl::string_view detail) const {
  const int64_t place = before_ + static_cast<int64_t>(at_);
  return Fail("WORKBOOK_DAMAGED"_reason, {{"part", part_}, {"detail", absl::StrCat(detail, " at byte ", place)}});
}

absl::StatusOr<XmlReader::Token> XmlReader::Scan() {
  if (std::exchange(empty_element_, false)) {
    CutPrefix();
    open_.pop_back();
    root_ended_ = open_.empty();
    return Token::kEnd;
  }
  if (!began_) RETURN_IF_ERROR(TakeByteOrderMark());
  for (;;) {
    if (in_character_data_) return ScanText();
    const int c = Peek();
    if (c == kNone) return root_ended_ ? absl::StatusOr<Token>(Token::kFinish) : Damaged("the document is cut");
    if (c != '<') {
      if (!open_.empty()) return ScanText();
      if (!TakeSpace()) return Damaged("text outside the root element");
      continue;
    }
    ++at_;
    if (TakeIf('?')) {
      RETURN_IF_ERROR(TakeInstruction());
    } else if (TakeIf('/')) {
      return ScanEnd();
    } else if (!TakeIf('!')) {
      return ScanStart();
    } else if (TakeIf('-')) {
      RETURN_IF_ERROR(TakeComment());
    } else if (TakeIf('[')) {
      RETURN_IF_ERROR(BeginCharacterData());
    } else if (TakeWord("DOCTYPE")) {
      return Fail("WORKBOOK_UNSAFE"_reason, {{"part", part_}});
    } else {
      return Damaged("unknown markup");
    }
  }
}

// Reads text up to the next markup, or a piece of it. Up to two ] are held back, because they may be the end of a CDATA
// section.
absl::StatusOr<XmlReader::Token> XmlReader::ScanText() {
  text_.clear();
  for (;;) {
    int c = Peek();
    if (c == kNone && in_character_data_) return Damaged("a CDATA section is not closed");
    if (c == kNone || (c == '<' && !in_character_data_)) {
      ReleaseBrackets();
      break;
    }
    if (text_.size() >= kPieceBytes && (!IsContinuation(c) || text_.size() >= kPieceBytes + 4)) break;
    if (c == '&' && !in_character_data_) {
      ReleaseBrackets();
      RETURN_IF_ERROR(TakeReference(text_));
      continue;
    }
    ++at_;
    if (c == ']' && brackets_ < 2) {
      ++brackets_;
      continue;
    }
    if (c == '>' && brackets_ == 2) {
      if (!std::exchange(in_character_data_, false)) return Damaged("]]> in text");
      brackets_ = 0;
      break;
    }
    if (c != ']') ReleaseBrackets();
    if (c == '\r') {
      TakeIf('\n');
      c = '\n';
    }
    text_.push_back(static_cast<char>(c));
  }
  if (!IsXmlText(text_)) return Damaged("characters that are not allowed");
  return Token::kText;
}

void XmlReader::ReleaseBrackets() { text_.append(static_cast<size_t>(std::exchange(brackets_, 0)), ']'); }

absl::StatusOr<XmlReader::Token> XmlReader::ScanStart() {
  if (root_ended_) return Damaged("a second root element");
  if (open_.size() == kMaxDepth) return Damaged("too many levels");
  RETURN_IF_ERROR(TakeName(name_));
  RETURN_IF_ERROR(TakeAttributes());
  empty_element_ = TakeIf('/');
  if (!TakeIf('>')) return Damaged("a tag is not closed");
  open_.push_back(name_);
  CutPrefix();
  return Token::kStart;
}

absl::StatusOr<XmlReader::Token> XmlReader::ScanEnd() {
  RETURN_IF_ERROR(TakeName(name_));
  TakeSpace();
  if (!TakeIf('>')) return Damaged("a tag is not closed");
  if (open_.empty() || open_.back() != name_) return Damaged("a tag closes another element");
  open_.pop_back();
  root_ended_ = open_.empty();
  attribute_count_ = 0;
  CutPrefix();
  return Token::kEnd;
}

void XmlReader::CutPrefix() {
  const size_t colon = name_.rfind(':');
  if (colon != std::string::npos) name_.erase(0, colon + 1);
}

}  // namespace tsunagu::sheet
