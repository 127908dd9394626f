#ifndef TSUNAGU_COMMON_TEXT_SHEET_XML_H_
#define TSUNAGU_COMMON_TEXT_SHEET_XML_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace tsunagu::sheet {

// Reads XML 1.0 in UTF-8 token by token, in constant memory whatever its size. It is strict: XML that is not
// well-formed is refused. A DOCTYPE is refused, the only entities are the five of XML itself and numeric character
// references, and nothing is ever fetched. Prefixes of names are cut off and not resolved.
//
// At most 64 levels, 64 attributes per element, 1 MiB for all attributes of an element, 256 bytes per name. Line ends
// in text are \n. Comments and processing instructions are skipped. Not thread-safe.
//
// Errors, of every call: WORKBOOK_UNSAFE {part}; WORKBOOK_DAMAGED {part, detail: what, and at which byte}; those of the
// source. After an error, every call returns it again.
class XmlReader {
 public:
  enum class Token { kStart, kEnd, kText, kFinish };

  // Fills the span from its beginning and returns the number of bytes; 0 means the end.
  using Source = std::function<absl::StatusOr<size_t>(absl::Span<char> into)>;

  // `part` names the document in errors.
  XmlReader(std::string part, Source source);

  // <a/> gives a kStart and a kEnd. A text may come in several pieces, each of whole characters, about 16 KiB at most
  // and possibly empty. After the end of the root element every call returns kFinish.
  absl::StatusOr<Token> Next();

  // For kStart and kEnd: the name without its prefix.
  absl::string_view name() const { return name_; }
  // For kStart: the value of the attribute with exactly this name, including its prefix; empty when there is none.
  absl::string_view Attribute(absl::string_view name) const;
  // The same by the name without its prefix, for attributes that must have a prefix, whatever it is: r:id.
  absl::string_view PrefixedAttribute(absl::string_view local_name) const;
  // For kText.
  absl::string_view text() const { return text_; }
  // The number of open elements. It includes the element of a kStart, but not that of a kEnd.
  size_t depth() const { return open_.size(); }

  // Call after a kStart: reads past its kEnd.
  absl::Status Skip();
  // Reads the rest of the document, so that all of it is checked.
  absl::Status Finish();

  // Returns WORKBOOK_DAMAGED at this place, for content that is well-formed but wrong.
  absl::Status Damaged(absl::string_view detail) const;

 private:
  struct NameAndValue {
    std::string name;
    std::string value;
  };

  absl::StatusOr<Token> Scan();
  absl::StatusOr<Token> ScanText();
  absl::StatusOr<Token> ScanStart();
  absl::StatusOr<Token> ScanEnd();
  absl::Status TakeAttributes();
  absl::Status TakeAttribute(size_t& total);
  absl::Status TakeName(std::string& name);
  absl::Status TakeReference(std::string& text);
  absl::Status TakeInstruction();
  absl::Status TakeDeclaration();
  absl::Status TakeComment();
  absl::Status BeginCharacterData();
  absl::Status TakeByteOrderMark();
  void CutPrefix();
  void ReleaseBrackets();

  int Peek();  // -1 at the end and after an error of the source
  int Take();
  bool TakeIf(int expected);
  bool TakeWord(absl::string_view word);
  bool TakeSpace();

  const std::string part_;
  const Source source_;
  std::vector<char> buffer_;
  size_t at_ = 0;
  size_t end_ = 0;
  int64_t before_ = 0;  // bytes before the buffer
  absl::Status stopped_;
  bool source_ended_ = false;

  bool began_ = false;
  int64_t declaration_place_ = 0;  // where the name of <?xml must begin
  bool root_ended_ = false;
  bool empty_element_ = false;  // the kEnd of <a/> is still to be returned
  bool in_character_data_ = false;
  int brackets_ = 0;  // number of ] held back
  std::string name_;
  std::string text_;
  std::vector<NameAndValue> attributes_;  // only the first attribute_count_ are valid, the others keep their memory
  size_t attribute_count_ = 0;
  std::vector<std::string> open_;
};

}  // namespace tsunagu::sheet

#endif  // TSUNAGU_COMMON_TEXT_SHEET_XML_H_
