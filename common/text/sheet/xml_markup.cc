// Reads markup between < and >, references after &, and single bytes.
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/text/sheet/characters.h"
#include "common/text/sheet/xml.h"

namespace tsunagu::sheet {
namespace {

constexpr size_t kMaxAttributes = 64;
constexpr size_t kMaxAttributeBytes = 1024 * 1024;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxReferenceBytes = 10;
constexpr size_t kMaxDeclarationBytes = 256;
constexpr int kNone = -1;

bool IsSpace(int c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsNameStart(int c) {
  return c >= 0x80 || c == '_' || c == ':' || (c != kNone && absl::ascii_isalpha(static_cast<unsigned char>(c)));
}
bool IsNamePart(int c) { return IsNameStart(c) || c == '-' || c == '.' || (c >= '0' && c <= '9'); }

// Returns the character of a reference given without & and ;, or 0 when there is no such character.
uint32_t CharacterOf(absl::string_view reference) {
  constexpr std::pair<absl::string_view, char> kEntities[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [name, character] : kEntities) {
    if (reference == name) return static_cast<uint32_t>(character);
  }
  if (!absl::ConsumePrefix(&reference, "#")) return 0;
  const bool is_hex = absl::ConsumePrefix(&reference, "x");
  // The number parsers would also accept a sign or spaces.
  for (const char c : reference) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return 0;
  }
  uint32_t character = 0;
  const bool is_number = is_hex ? absl::SimpleHexAtoi(reference, &character) : absl::SimpleAtoi(reference, &character);
  return is_number && IsXmlCharacter(character) ? character : 0;
}

}  // namespace

absl::Status XmlReader::TakeAttributes() {
  attribute_count_ = 0;
  for (size_t total = 0;;) {
    const bool is_apart = TakeSpace();
    if (!IsNameStart(Peek())) return absl::OkStatus();
    if (!is_apart) return Damaged("no space before an attribute");
    if (attribute_count_ == kMaxAttributes) return Damaged("too many attributes");
    RETURN_IF_ERROR(TakeAttribute(total));
  }
}

absl::Status XmlReader::TakeAttribute(size_t& total) {
  if (attributes_.size() == attribute_count_) attributes_.emplace_back();
  auto& [name, value] = attributes_[attribute_count_];
  RETURN_IF_ERROR(TakeName(name));
  for (size_t i = 0; i < attribute_count_; ++i) {
    if (attributes_[i].name == name) return Damaged("an attribute is given twice");
  }
  TakeSpace();
  if (!TakeIf('=')) return Damaged("an attribute without value");
  TakeSpace();
  const int quote = Take();
  if (quote != '"' && quote != '\'') return Damaged("a value without quotes");
  value.clear();
  while (!TakeIf(quote)) {
    const int c = Peek();
    if (c == kNone || c == '<') return Damaged("a value is not closed");
    if (c == '&') {
      RETURN_IF_ERROR(TakeReference(value));
    } else {
      ++at_;
      value.push_back(IsSpace(c) ? ' ' : static_cast<char>(c));
    }
    if (++total > kMaxAttributeBytes) return Damaged("attributes are too long");
  }
  if (!IsXmlText(value)) return Damaged("characters that are not allowed");
  ++attribute_count_;
  return absl::OkStatus();
}

absl::Status XmlReader::TakeName(std::string& name) {
  name.clear();
  if (!IsNameStart(Peek())) return Damaged("a name is missing");
  while (IsNamePart(Peek())) {
    if (name.size() == kMaxNameBytes) return Damaged("a name is too long");
    name.push_back(static_cast<char>(Take()));
  }
  return IsXmlText(name) ? absl::OkStatus() : Damaged("characters that are not allowed");
}

absl::Status XmlReader::TakeReference(std::string& text) {
  ++at_;
  std::string reference;
  while (!TakeIf(';')) {
    if (Peek() == kNone || reference.size() == kMaxReferenceBytes) return Damaged("an entity that XML does not have");
    reference.push_back(static_cast<char>(Take()));
  }
  const uint32_t character = CharacterOf(reference);
  if (character == 0) return Damaged("an entity that XML does not have");
  AppendUtf8(character, text);
  return absl::OkStatus();
}

absl::Status XmlReader::TakeInstruction() {
  const bool is_first = before_ + static_cast<int64_t>(at_) == declaration_place_;
  std::string target;
  RETURN_IF_ERROR(TakeName(target));
  if (absl::EqualsIgnoreCase(target, "xml")) {
    return is_first && target == "xml" ? TakeDeclaration() : Damaged("a declaration inside the document");
  }
  for (int last = 0; last != '?' || Peek() != '>'; last = Take()) {
    if (Peek() == kNone) return Damaged("an instruction is not closed");
  }
  ++at_;
  return absl::OkStatus();
}

// <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
absl::Status XmlReader::TakeDeclaration() {
  std::string declaration;
  while (!absl::EndsWith(declaration, "?>")) {
    if (Peek() == kNone || declaration.size() == kMaxDeclarationBytes) return Damaged("the declaration is not closed");
    declaration.push_back(static_cast<char>(absl::ascii_tolower(static_cast<unsigned char>(Take()))));
  }
  if (absl::StrContains(declaration, "encoding") && !absl::StrContains(declaration, "\"utf-8\"") &&
      !absl::StrContains(declaration, "'utf-8'")) {
    return Damaged("the document is not in UTF-8");
  }
  return absl::OkStatus();
}

absl::Status XmlReader::TakeComment() {
  if (!TakeIf('-')) return Damaged("unknown markup");
  for (int dashes = 0; dashes < 2;) {
    const int c = Take();
    if (c == kNone) return Damaged("a comment is not closed");
    dashes = c == '-' ? dashes + 1 : 0;
  }
  return TakeIf('>') ? absl::OkStatus() : Damaged("-- inside a comment");
}

absl::Status XmlReader::BeginCharacterData() {
  if (!TakeWord("CDATA[") || open_.empty()) return Damaged("unknown markup");
  in_character_data_ = true;
  return absl::OkStatus();
}

absl::Status XmlReader::TakeByteOrderMark() {
  began_ = true;
  const int c = Peek();
  if (c == 0xFE || c == 0xFF) return Damaged("the document is not in UTF-8");
  if (c == 0xEF && !TakeWord("\xEF\xBB\xBF")) return Damaged("text outside the root element");
  declaration_place_ = before_ + static_cast<int64_t>(at_) + 2;  // after <?
  return absl::OkStatus();
}

int XmlReader::Peek() {
  if (at_ < end_) return static_cast<unsigned char>(buffer_[at_]);
  if (source_ended_) return kNone;
  before_ += static_cast<int64_t>(end_);
  at_ = end_ = 0;
  absl::StatusOr<size_t> filled = source_(absl::MakeSpan(buffer_));
  if (!filled.ok()) stopped_ = filled.status();
  source_ended_ = !filled.ok() || *filled == 0;
  if (source_ended_) return kNone;
  end_ = *filled;
  return static_cast<unsigned char>(buffer_[0]);
}

int XmlReader::Take() {
  const int c = Peek();
  if (c != kNone) ++at_;
  return c;
}

bool XmlReader::TakeIf(int expected) {
  if (Peek() != expected) return false;
  ++at_;
  return true;
}

// Takes the word. A partial match is an error too, because nothing else can follow it.
bool XmlReader::TakeWord(absl::string_view word) {
  for (const char c : word) {
    if (!TakeIf(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool XmlReader::TakeSpace() {
  const bool found = IsSpace(Peek());
  while (IsSpace(Peek())) ++at_;
  return found;
}

}  // namespace tsunagu::sheet
