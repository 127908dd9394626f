// Reads the parts that name the sheets and the parts that their cells refer to.
#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/text/sheet/book.h"
#include "common/text/sheet/reader.h"

namespace tsunagu::sheet {
namespace {

using Token = XmlReader::Token;

struct Relationship {
  std::string type;  // only the text after the last /, because the standard has two sets of addresses
  std::string part;
};
using Relationships = std::map<std::string, Relationship>;

absl::Status Damaged(absl::string_view part, absl::string_view detail) {
  return Fail("WORKBOOK_DAMAGED"_reason, {{"part", std::string(part)}, {"detail", std::string(detail)}});
}

absl::string_view FolderOf(absl::string_view part) {
  const size_t slash = part.rfind('/');
  return slash == absl::string_view::npos ? "" : part.substr(0, slash);
}

// Returns the part that `target` names, relative to `folder`: "worksheets/sheet1.xml", "../x.xml", "/xl/styles.xml".
std::string ResolvePart(absl::string_view folder, absl::string_view target) {
  const std::string whole = absl::StartsWith(target, "/") ? std::string(target) : absl::StrCat(folder, "/", target);
  std::vector<absl::string_view> steps;
  for (const absl::string_view step : absl::StrSplit(whole, '/')) {
    if (step.empty() || step == ".") continue;
    if (step != "..") {
      steps.push_back(step);
    } else if (!steps.empty()) {
      steps.pop_back();
    }
  }
  return absl::StrJoin(steps, "/");
}

// Returns what `part` refers to inside the file; "" means the file itself. References out of the file are ignored.
absl::StatusOr<Relationships> ReadRelationships(Package& package, absl::string_view part, const Limits& limits) {
  const absl::string_view folder = FolderOf(part);
  const absl::string_view file = absl::StripPrefix(part.substr(folder.size()), "/");
  const std::string name = ResolvePart(folder, absl::StrCat("_rels/", file, ".rels"));
  ASSIGN_OR_RETURN(XmlReader xml, package.Read(name, limits.part_bytes));
  Relationships all;
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml.Next());
    if (token == Token::kFinish) return all;
    if (token != Token::kStart || xml.name() != "Relationship") continue;
    if (xml.Attribute("TargetMode") == "External") continue;
    const absl::string_view type = xml.Attribute("Type");
    Relationship relationship{std::string(type.substr(type.rfind('/') + 1)),
                              ResolvePart(folder, xml.Attribute("Target"))};
    if (!package.Has(relationship.part)) continue;
    all[std::string(xml.Attribute("Id"))] = std::move(relationship);
    if (static_cast<int64_t>(all.size()) > 2 * limits.entries) return xml.Damaged("too many relationships");
  }
}

std::string PartOfType(const Relationships& relationships, absl::string_view type) {
  for (const auto& [id, relationship] : relationships) {
    if (relationship.type == type) return relationship.part;
  }
  return "";
}

// Recognizes the kinds of workbooks that differ by the type of their `main` part. The type of an extension counts only
// when that part has the extension: some libraries list in every workbook the types that others may have.
absl::Status JudgeContentTypes(Package& package, absl::string_view main, const Limits& limits) {
  ASSIGN_OR_RETURN(XmlReader xml, package.Read("[Content_Types].xml", limits.part_bytes));
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml.Next());
    if (token == Token::kFinish) return absl::OkStatus();
    if (token != Token::kStart) continue;
    const absl::string_view extension = xml.Attribute("Extension");
    if (!extension.empty() && !absl::EndsWithIgnoreCase(main, absl::StrCat(".", extension))) continue;
    const absl::string_view type = xml.Attribute("ContentType");
    if (absl::StrContains(type, "excel.sheet.binary")) return Fail("WORKBOOK_IS_XLSB"_reason);
    if (absl::StrContains(type, "macroEnabled")) return Fail("WORKBOOK_HAS_MACROS"_reason);
  }
}

struct Contents {
  std::vector<SheetInfo> sheets;
  std::vector<std::string> parts;
  bool date1904 = false;
};

absl::StatusOr<Contents> ReadContents(Package& package, absl::string_view part, const Relationships& relationships,
                                      const Limits& limits) {
  ASSIGN_OR_RETURN(XmlReader xml, package.Read(part, limits.part_bytes));
  Contents contents;
  for (;;) {
    ASSIGN_OR_RETURN(const Token token, xml.Next());
    if (token == Token::kFinish) return contents;
    if (token != Token::kStart) continue;
    if (xml.depth() == 1 && xml.name() != "workbook") return xml.Damaged("this is no workbook");
    if (xml.depth() == 2 && xml.name() == "workbookPr") {
      const absl::string_view date1904 = xml.Attribute("date1904");
      contents.date1904 = date1904 == "1" || date1904 == "true";
    }
    if (xml.depth() != 3 || xml.name() != "sheet") continue;
    const auto relationship = relationships.find(std::string(xml.PrefixedAttribute("id")));
    if (relationship == relationships.end()) return xml.Damaged("a sheet is missing");
    if (relationship->second.type != "worksheet") continue;
    const absl::string_view state = xml.Attribute("state");
    contents.sheets.push_back({std::string(xml.Attribute("name")), state == "hidden" || state == "veryHidden"});
    contents.parts.push_back(relationship->second.part);
    if (static_cast<int64_t>(contents.sheets.size()) > limits.entries) return xml.Damaged("too many sheets");
  }
}

}  // namespace

Workbook::Workbook(std::unique_ptr<Package> package, const Limits& limits)
    : package_(std::move(package)), book_(std::make_unique<SheetReader::Book>()) {
  book_->limits = limits;
}

Workbook::~Workbook() = default;

absl::StatusOr<std::unique_ptr<Workbook>> Workbook::Open(const Spool& spool, const Limits& limits) {
  return OpenDescriptor(spool.descriptor(), limits);
}

absl::StatusOr<std::unique_ptr<Workbook>> Workbook::Open(const std::string& path, const Limits& limits) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Fail("TEMPORARY_FILE_FAILED"_reason, {{"detail", "open"}});
  absl::StatusOr<std::unique_ptr<Workbook>> workbook = OpenDescriptor(descriptor, limits);
  close(descriptor);
  return workbook;
}

absl::StatusOr<std::unique_ptr<Workbook>> Workbook::OpenDescriptor(int descriptor, const Limits& limits) {
  ASSIGN_OR_RETURN(std::unique_ptr<Package> package, Package::Open(descriptor, limits));
  std::unique_ptr<Workbook> workbook(new Workbook(std::move(package), limits));
  RETURN_IF_ERROR(workbook->Load());
  return workbook;
}

absl::Status Workbook::Load() {
  const Limits& limits = book_->limits;
  // Another archive, such as a zipped folder.
  if (!package_->Has("[Content_Types].xml") || !package_->Has("_rels/.rels")) return Fail("NOT_A_WORKBOOK"_reason);
  ASSIGN_OR_RETURN(const Relationships root, ReadRelationships(*package_, "", limits));
  const std::string main = PartOfType(root, "officeDocument");
  RETURN_IF_ERROR(JudgeContentTypes(*package_, main, limits));
  if (main.empty()) return Damaged("_rels/.rels", "the workbook is missing");
  if (absl::StartsWith(main, "word/") || absl::StartsWith(main, "ppt/")) return Fail("NOT_A_WORKBOOK"_reason);
  ASSIGN_OR_RETURN(const Relationships relationships, ReadRelationships(*package_, main, limits));
  if (!PartOfType(relationships, "vbaProject").empty()) return Fail("WORKBOOK_HAS_MACROS"_reason);
  ASSIGN_OR_RETURN(Contents contents, ReadContents(*package_, main, relationships, limits));
  if (contents.sheets.empty()) return Fail("WORKBOOK_HAS_NO_SHEET"_reason);
  sheets_ = std::move(contents.sheets);
  parts_ = std::move(contents.parts);
  book_->date1904 = contents.date1904;
  if (const std::string styles = PartOfType(relationships, "styles"); !styles.empty()) {
    ASSIGN_OR_RETURN(XmlReader xml, package_->Read(styles, limits.part_bytes));
    ASSIGN_OR_RETURN(book_->formats, ReadStyles(xml));
  }
  const std::string strings = PartOfType(relationships, "sharedStrings");
  if (strings.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(XmlReader xml, package_->Read(strings, limits.part_bytes));
  return book_->strings.Read(xml, limits);
}

absl::StatusOr<std::unique_ptr<SheetReader>> Workbook::Sheet(size_t index) {
  if (index >= parts_.size()) return NotFound();
  ASSIGN_OR_RETURN(XmlReader xml, package_->Read(parts_[index], book_->limits.sheet_bytes));
  return std::unique_ptr<SheetReader>(new SheetReader(*book_, std::move(xml)));
}

absl::StatusOr<std::unique_ptr<SheetReader>> Workbook::Sheet(absl::string_view name) {
  for (size_t i = 0; i < sheets_.size(); ++i) {
    if (sheets_[i].name == name) return Sheet(i);
  }
  return NotFound();
}

absl::Status Workbook::NotFound() const {
  std::vector<std::string> names;
  for (const SheetInfo& sheet : sheets_) {
    if (!sheet.hidden) names.push_back(sheet.name);
  }
  return Fail("SHEET_NOT_FOUND"_reason, {{"sheets", absl::StrJoin(names, ", ")}});
}

}  // namespace tsunagu::sheet
