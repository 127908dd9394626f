#include "common/web/rest/comments.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.pb.h"

namespace tsunagu::web {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FileDescriptorProto;

// Joins lines, except across empty lines.
std::string Unwrap(absl::string_view comment) {
  std::string text;
  bool gap = false;
  for (const absl::string_view raw : absl::StrSplit(comment, '\n')) {
    const absl::string_view line = absl::StripAsciiWhitespace(raw);
    if (line.empty()) {
      gap = !text.empty();
      continue;
    }
    absl::StrAppend(&text, text.empty() ? "" : gap ? "\n\n" : " ", line);
    gap = false;
  }
  return text;
}

// Walks over the declarations of a file. A path of field numbers and indexes leads to each.
class Walk {
 public:
  Walk(const FileDescriptorProto& file, std::map<std::string, std::string, std::less<>>& all) : all_(all) {
    for (const auto& location : file.source_code_info().location()) {
      if (location.leading_comments().empty()) continue;
      comments_[{location.path().begin(), location.path().end()}] = Unwrap(location.leading_comments());
    }
    const std::string& scope = file.package();
    for (int i = 0; i < file.message_type_size(); ++i) Message(scope, file.message_type(i), {4, i});
    for (int i = 0; i < file.enum_type_size(); ++i) Enum(scope, file.enum_type(i), {5, i});
    for (int i = 0; i < file.service_size(); ++i) {
      const std::string name = Note(scope, file.service(i).name(), {6, i});
      for (int k = 0; k < file.service(i).method_size(); ++k)
        Note(name, file.service(i).method(k).name(), {6, i, 2, k});
    }
  }

 private:
  using Path = std::vector<int>;

  static Path Below(Path path, int number, int index) {
    path.push_back(number);
    path.push_back(index);
    return path;
  }

  std::string Note(absl::string_view scope, absl::string_view name, const Path& path) {
    std::string full_name = absl::StrCat(scope, ".", name);
    if (const auto found = comments_.find(path); found != comments_.end()) all_[full_name] = std::move(found->second);
    return full_name;
  }

  void Message(absl::string_view scope, const DescriptorProto& message, const Path& path) {
    const std::string name = Note(scope, message.name(), path);
    for (int i = 0; i < message.field_size(); ++i) Note(name, message.field(i).name(), Below(path, 2, i));
    for (int i = 0; i < message.nested_type_size(); ++i) Message(name, message.nested_type(i), Below(path, 3, i));
    for (int i = 0; i < message.enum_type_size(); ++i) Enum(name, message.enum_type(i), Below(path, 4, i));
  }

  // Enum values are beside their enum, not below it.
  void Enum(absl::string_view scope, const EnumDescriptorProto& type, const Path& path) {
    Note(scope, type.name(), path);
    for (int i = 0; i < type.value_size(); ++i) Note(scope, type.value(i).name(), Below(path, 2, i));
  }

  std::map<std::string, std::string, std::less<>>& all_;
  std::map<Path, std::string> comments_;
};

}  // namespace

Comments::Comments(absl::string_view descriptor_set) {
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromArray(descriptor_set.data(), static_cast<int>(descriptor_set.size()))) return;
  for (const FileDescriptorProto& file : set.file()) Walk(file, all_);
}

absl::string_view Comments::Of(absl::string_view full_name) const {
  const auto found = all_.find(full_name);
  return found == all_.end() ? absl::string_view() : absl::string_view(found->second);
}

}  // namespace tsunagu::web
